"""How well pages and sentences are read: ``python -m benchmarks.reading`` writes ``benchmarks/results/reading.json`` (no model; half a minute).

Pages: ``seeds/blocks.jsonl`` says of every line of the source documents what it is. Precision, recall and F1 count the characters, white space aside, of
headlines and running text; once more with subheadings counted as article. Skipped where the documents do not lie beside the project.

Sentences: boundary F1 on the cases of ``tests/boundaries.jsonl`` (see ``benchmarks/boundaries.py``), and on the articles of ``annotations/`` put together
again from their sentences, which were written by others for another purpose; sentencex (Thottingal 2023) is run on the same, paragraph by paragraph.

Long pages: seconds to split a page of up to 1 MB, and to score it with a network that costs nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from annotations.dataset import load
from benchmarks.boundaries import Case, Counts, Splitter, count, read_cases
from seeds.verify import blocks, standoff, verify
from stance.labels import CAMPS, FRAMES, VOICES
from stance.model import Network
from stance.records import Excerpt, Span
from stance.rows import read_text
from stance.scoring import Classifier
from stance.sentences import sentences
from stance.text import paragraphs, split

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "reading.json"
DOCUMENTS = ROOT.parent / "shared" / "seeds"
ENDED = re.compile(r"[.!?…][\"'”’»“)]*$")


def pages(folder: Path) -> dict[str, Any]:
    """Character figures of each document, of all together, and of all with subheadings as article."""
    results: dict[str, Any] = {}
    pooled = np.zeros(3, dtype=int)
    wider = np.zeros(3, dtype=int)
    lost = 0
    for file in sorted({block.file for block in blocks()}):
        text = read_text(folder / file)
        found = _characters(text, list(split(text)))
        wanted = _characters(text, [(b.start, b.end) for b in blocks() if b.file == file and b.kind in ("headline", "text")])
        heads = _characters(text, [(b.start, b.end) for b in blocks() if b.file == file and b.kind == "subheading"])
        counts = np.array([len(found & wanted), len(found - wanted), len(wanted - found)])
        pooled += counts
        wider += [len(found & (wanted | heads)), len(found - wanted - heads), len((wanted | heads) - found)]
        lost += sum(not _characters(text, [(item.start, item.end)]) <= found for item in standoff() if item.file == file)
        results[file[:3]] = _row(*counts)
    return results | {"all": _row(*pooled), "all, subheadings counted": _row(*wider), "sentences annotated": len(standoff()), "sentences lost": lost}


def _characters(text: str, spans: Sequence[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end) if not text[at].isspace()}


def _row(right: int, false: int, missed: int) -> dict[str, float]:
    counts = Counts(int(right), int(false), int(missed))
    precision, recall = right / max(1, right + false), right / max(1, right + missed)
    return {"precision": round(float(precision), 4), "recall": round(float(recall), 4), "F1": round(counts.f1, 4)}


def joined() -> Iterator[Case]:
    """The annotated articles, each as one paragraph of its sentences; those without a stop at their end (headlines) are left out."""
    groups = defaultdict(list)
    for row in load():
        if row["origin"] in ("re-reported", "composed") and ENDED.search(row["text"]):
            groups[row["group"]].append(row)
    for rows in groups.values():
        texts = [row["text"] for row in sorted(rows, key=lambda row: row["position"])]
        starts = np.cumsum([len(text) + 1 for text in texts[:-1]]).tolist()
        if starts:
            yield Case(rows[0]["lang"], "joined", " ".join(texts), frozenset(starts))


def own(text: str, lang: str) -> Iterator[Span]:
    """The library's splitter on a whole page."""
    return split(text, lang)


def plain(text: str, lang: str) -> Iterator[Span]:
    """The library's splitter on one paragraph."""
    return sentences(text, 0, len(text), lang)


def peer(text: str, lang: str) -> Iterator[Span]:
    """sentencex on the paragraphs that the library finds."""
    from sentencex import get_sentence_boundaries

    for start, end in paragraphs(text):
        paragraph, at = text[start:end], 0
        for boundary in get_sentence_boundaries(lang, paragraph):
            piece = boundary["text"]
            at = paragraph.index(piece, at)
            yield start + at + len(piece) - len(piece.lstrip()), start + at + len(piece)
            at += len(piece)


def boundaries(cases: Sequence[Case], splitters: dict[str, Splitter]) -> dict[str, Any]:
    """Figures of each splitter by language and script, and together."""
    names = sorted({case.name for case in cases})
    chosen = {name: [case for case in cases if case.name == name] for name in names} | {"all": list(cases)}
    return {title: {name: count(some, splitter).row(len(some)) for name, some in chosen.items()} for title, splitter in splitters.items()}


def long_pages() -> dict[str, Any]:
    """Seconds and sentences of pages of 250,000 to 1,000,000 characters."""
    text = " ".join(case.text for case in joined())
    network = SimpleNamespace(settings=SimpleNamespace(threshold=0.5), probabilities=_even)
    classifier = Classifier(cast(Network, network))
    results = {}
    for size in (250_000, 500_000, 1_000_000):
        page = (text * (size // len(text) + 1))[:size].replace(". ", ".\n\n", size // 2000)
        began = time.perf_counter()
        found = len(list(split(page)))
        middle = time.perf_counter()
        classifier.score(page)
        results[f"{size}"] = {"sentences": found, "split": round(middle - began, 2), "scored": round(time.perf_counter() - middle, 2)}
    return results


def _even(excerpts: Sequence[Excerpt]) -> tuple[Any, ...]:
    count = sum(excerpt.asked for excerpt in excerpts)
    return tuple(np.full((count, len(labels)), 1 / len(labels)) for labels in (FRAMES, VOICES, CAMPS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="where the source documents lie")
    folder = parser.parse_args().documents
    old = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    if not folder.is_dir():
        print(f"pages are kept from the last run: there is no folder {folder}")
    elif faults := verify(folder):
        raise SystemExit("\n".join(faults))
    results = {"pages": pages(folder) if folder.is_dir() else old.get("pages")}
    for half in ("development", "test"):
        results[f"boundaries, {half}"] = boundaries([case for case in read_cases() if case.half == half], {"stance": own, "sentencex": peer})
    results["boundaries, annotated articles"] = boundaries(list(joined()), {"stance": plain, "sentencex": peer})
    results["long pages"] = long_pages()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for title, figures in results.items():
        print(f"\n{title}")
        for name, values in (figures or {}).items():
            print(f"  {name}: {json.dumps(values, ensure_ascii=False)}")


if __name__ == "__main__":
    main()
