"""How well speakers and camps are told: ``python -m benchmarks.speakers`` writes ``benchmarks/results/speakers.json``.

Measured on the attributed sentences of ``annotations/speakers.jsonl``, per half and language, each with the sentence before it as context; sets named
``page`` hold the re-reported ones with all that stands before them on their page and its year, as in scoring an article; ``as scored`` are these and the others
with the one sentence before them. Labels know the sentence before only, so a camp that the page tells rightly may count against these two. Overlap counts a span that shares a character with the annotated
one, exact one with the same bounds; both are F1 over the sentences that name a speaker. Camp accuracy counts "unknown" as a camp; it is given over all
sentences, over those whose span was found, over those whose camp the annotator knew, and over those for which the rules tell a camp at all
(their share is ``camp told``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from annotations.dataset import HERE, Document, load, read
from annotations.speakers import SpeakerLabel, read_speakers
from stance.labels import Camp, Voice
from stance.records import Speaker
from stance.speakers import heard, heard_after

RESULTS = Path(__file__).resolve().parent / "results" / "speakers.json"
Pair = tuple[SpeakerLabel, Speaker | None]
PUBLISHED = {
    "note": "Published figures of rule systems that find quotations or their speakers, each on its own English news data: another task and other texts, for orientation only.",
    "GenderGapTracker (Asr et al. 2021)": {"loose": 0.837, "strict": 0.761},
    "BBC Citron": {"overlap": 0.832, "exact": 0.567},
}


def predicted(row: dict[str, Any]) -> Speaker | None:
    """The speaker that the rules give for a gold row, the sentence before it being context."""
    return heard_after(row["previous"], row["text"], 1.0, row["lang"])[1]


def predicted_on_page(row: dict[str, Any], page: list[dict[str, Any]], year: int | None) -> Speaker | None:
    """The same with the page up to the sentence and its year as context; voices are gold's."""
    before = [other for other in page if other["position"] <= row["position"]]
    ends = list(accumulate(len(other["text"]) + 1 for other in before))
    spans = [(end - len(other["text"]) - 1, end - 1) for end, other in zip(ends, before, strict=True)]
    likely = [float(other["voice"] == Voice.ATTRIBUTED) for other in before]
    found = heard(" ".join(other["text"] for other in before), spans, likely, row["lang"], year)[-1][1]
    return replace(found, start=found.start - spans[-1][0], end=found.end - spans[-1][0]) if found else None


def figures(pairs: list[Pair]) -> dict[str, float | int]:
    """Span F1 by overlap and exactly, and camp accuracy."""
    named = [(label, found) for label, found in pairs if label.start is not None]
    spans = sum(bool(found and found.text) for _, found in pairs)
    overlap = [(label, found) for label, found in named if found and found.text and found.start < (label.end or 0) and found.end > (label.start or 0)]
    exact = sum(found is not None and (found.start, found.end) == (label.start, label.end) for label, found in overlap)
    told = [(label, found) for label, found in pairs if camp_of(found) is not Camp.UNKNOWN]
    return {
        "sentences": len(pairs),
        "spans": len(named),
        "overlap precision": len(overlap) / max(1, spans),
        "overlap recall": len(overlap) / max(1, len(named)),
        "overlap F1": 2 * len(overlap) / max(1, spans + len(named)),
        "exact F1": 2 * exact / max(1, spans + len(named)),
        "camp accuracy": accuracy(pairs),
        "camp accuracy, span found": accuracy(overlap),
        "camp accuracy, camp annotated": accuracy([(label, found) for label, found in pairs if label.camp != Camp.UNKNOWN]),
        "camp told": len(told) / max(1, len(pairs)),
        "camp accuracy, camp told": accuracy(told),
    }


def accuracy(pairs: Sequence[Pair]) -> float:
    """Share of the sentences whose camp is the annotated one."""
    return sum(label.camp == camp_of(found) for label, found in pairs) / max(1, len(pairs))


def camp_of(speaker: Speaker | None) -> Camp:
    """The camp, unknown where there is no speaker."""
    return speaker.camp if speaker else Camp.UNKNOWN


def sets(rows: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[Pair]]]:
    """Labels with predictions, by half and language."""
    pairs = [(label, predicted(rows[label.id])) for label in read_speakers()]
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows.values(), key=lambda row: row["position"]):
        pages[row["group"] if row["origin"] == "re-reported" else ""].append(row)
    years = {page.document: int(page.date[:4]) if page.date else None for page in read(Document, HERE / "documents.jsonl")}
    for half in ("development", "test"):
        chosen = [(label, found) for label, found in pairs if label.half == half]
        yield half, chosen
        for lang in ("en", "sr", "sq"):
            yield f"{half} {lang}", [(label, found) for label, found in chosen if rows[label.id]["lang"] == lang]
        on_pages = {}
        for label, _ in chosen:
            row = rows[label.id]
            if row["origin"] == "re-reported":
                on_pages[label.id] = (label, predicted_on_page(row, pages[row["group"]], years[row["group"]]))
        yield f"{half} page", list(on_pages.values())
        yield f"{half} as scored", [on_pages.get(label.id, (label, found)) for label, found in chosen]


def main() -> None:
    rows = {row["id"]: row for row in load()}
    results = {name: figures(pairs) for name, pairs in sets(rows)}
    for name, values in results.items():
        print(f"{name:<17}" + "; ".join(f"{key} {round(value, 3)}" for key, value in values.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    rounded = {name: {key: round(value, 4) for key, value in values.items()} for name, values in results.items()}
    RESULTS.write_text(json.dumps({"sets": rounded, "published": PUBLISHED}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
