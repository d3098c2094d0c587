"""How well articles on the same news are brought together: ``python -m benchmarks.events``.

The pages that were re-reported carry the event they tell of, named by their writers and made one across pages of the same days. For each language: of the
pairs of news pages that ``stance.events`` joins, how many tell of one event (precision), and of those that do, at most two days apart, how many are joined
(recall), at several values of ``ALIKE``. Half of the events, by a hash of the name, is ``development``, on which ``ALIKE`` may be chosen; the other is
``test``. A page is a few sentences here, and names differ where writers saw different news in one: both make the figures lower than they are for whole articles.
Writes ``benchmarks/results/events.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from annotations.dataset import Document, Sentence, read
from stance.events import ALIKE, DAYS, day_of, events
from stance.sample import LEAD, Entry
from stance.words import words

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "events.json"
NEWS = ("newspaper", "wire", "broadcaster", "magazine", "aggregator", "state_media", "tabloid")
"""Registers that report events; speeches at one sitting are not told alike."""
LEVELS = (0.09, 0.11, ALIKE, 0.15, 0.17)

Pairs = set[tuple[int, int]]


def half_of(event: str) -> str:
    """``development`` or ``test``."""
    return "test" if int(hashlib.sha256(f"half:{event}".encode()).hexdigest()[:8], 16) % 2 else "development"


def news(lang: str, folder: Path = ROOT / "annotations") -> tuple[list[Document], list[Entry]]:
    """The news pages of one language whose day is known, and the same as a report has them."""
    leads: dict[str, list[str]] = defaultdict(list)
    for row in read(Sentence, folder / "sentences.jsonl"):
        leads[row.group].append(row.text)
    documents = read(Document, folder / "documents.jsonl")
    pages = [row for row in documents if row.lang == lang and row.event and day_of(row.date) and row.register in NEWS]
    told = [frozenset(word for word in words(" ".join(leads[row.document][:LEAD])) if len(word) > 2) for row in pages]
    return pages, [Entry(row.document, row.document, "", row.date, "", True, lead) for row, lead in zip(pages, told, strict=True)]


def same(pages: Sequence[Document]) -> Pairs:
    """Pairs of pages on one event, at most ``DAYS`` days apart."""
    held: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        held[page.event].append(number)
    days = [day_of(page.date) for page in pages]
    pairs = (pair for numbers in held.values() for pair in combinations(numbers, 2))
    return {(one, other) for one, other in pairs if (a := days[one]) and (b := days[other]) and abs((a - b).days) <= DAYS}


def joined(entries: Sequence[Entry], alike: float = ALIKE) -> Pairs:
    """Pairs of articles that are brought together."""
    return {pair for group in events(entries, alike) for pair in combinations(sorted(group), 2)}


def rates(found: Pairs, true: Pairs) -> dict[str, float | int]:
    """Precision and recall of pairs."""
    right = len(found & true)
    return {
        "pairs": len(true),
        "joined": len(found),
        "precision": round(right / max(1, len(found)), 4),
        "recall": round(right / max(1, len(true)), 4),
    }


def measured() -> dict[str, Any]:
    """Rates by language, half and value of ``ALIKE``; a pair belongs to the half of its first page's event."""
    result: dict[str, Any] = {}
    for lang in ("en", "sr", "sq"):
        pages, entries = news(lang)
        true = same(pages)
        for alike in LEVELS:
            found = joined(entries, alike)
            for half in ("development", "test"):
                of_half = [{pair for pair in pairs if half_of(pages[pair[0]].event) == half} for pairs in (found, true)]
                result.setdefault(f"{lang}, {half}", {"pages": sum(half_of(page.event) == half for page in pages)})[str(alike)] = rates(*of_half)
    return {"alike": ALIKE, "rates": result}


def main() -> None:
    result = measured()
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for name, row in result["rates"].items():
        print(name, *(f"  {level}: {value}" for level, value in row.items()), sep="\n")


if __name__ == "__main__":
    main()
