"""How well speakers and camps are told: ``python -m benchmarks.speakers`` writes ``benchmarks/results/speakers.json``.

Measured on the attributed sentences of ``annotations/speakers.jsonl``, each with the sentence before it as context, per half and language. Overlap counts a
span that shares a character with the annotated one, exact one with the same bounds; both are F1 over the sentences that name a speaker.
Camp accuracy is the share of the sentences whose camp is the annotated one ("unknown" counts as a camp), over all and over those whose span was found.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.dataset import load
from annotations.speakers import SpeakerLabel, read_speakers
from stance.labels import Camp
from stance.records import Speaker
from stance.speakers import heard_after

RESULTS = Path(__file__).resolve().parent / "results" / "speakers.json"
PUBLISHED = {
    "note": "Published figures of rule systems that find quotations or their speakers, each on its own English news data: another task and other texts, for orientation only.",
    "GenderGapTracker (Asr et al. 2021)": {"loose": 0.837, "strict": 0.761},
    "BBC Citron": {"overlap": 0.832, "exact": 0.567},
}


def predicted(row: dict[str, Any]) -> Speaker | None:
    """The speaker that the rules give for a gold row, the sentence before it being context."""
    return heard_after(row["previous"], row["text"], 1.0, row["lang"])[1]


def figures(pairs: list[tuple[SpeakerLabel, Speaker | None]]) -> dict[str, float | int]:
    """Span F1 by overlap and exactly, and camp accuracy."""
    named = [(label, found) for label, found in pairs if label.start is not None]
    spans = sum(bool(found and found.text) for _, found in pairs)
    overlap = [(label, found) for label, found in named if found and found.text and found.start < (label.end or 0) and found.end > (label.start or 0)]
    exact = sum(found is not None and (found.start, found.end) == (label.start, label.end) for label, found in overlap)
    right = sum(label.camp == camp_of(found) for label, found in pairs)
    return {
        "sentences": len(pairs),
        "spans": len(named),
        "overlap precision": len(overlap) / max(1, spans),
        "overlap recall": len(overlap) / max(1, len(named)),
        "overlap F1": 2 * len(overlap) / max(1, spans + len(named)),
        "exact F1": 2 * exact / max(1, spans + len(named)),
        "camp accuracy": right / max(1, len(pairs)),
        "camp accuracy of found spans": sum(label.camp == camp_of(found) for label, found in overlap) / max(1, len(overlap)),
    }


def camp_of(speaker: Speaker | None) -> Camp:
    """The camp, unknown where there is no speaker."""
    return speaker.camp if speaker else Camp.UNKNOWN


def sets(rows: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[tuple[SpeakerLabel, Speaker | None]]]]:
    """Labels with predictions, by half and language."""
    pairs = [(label, predicted(rows[label.id])) for label in read_speakers()]
    for half in ("development", "test"):
        chosen = [(label, found) for label, found in pairs if label.half == half]
        yield half, chosen
        for lang in ("en", "sr", "sq"):
            yield f"{half} {lang}", [(label, found) for label, found in chosen if rows[label.id]["lang"] == lang]


def main() -> None:
    rows = {row["id"]: row for row in load()}
    began = time.perf_counter()
    results = {name: figures(pairs) for name, pairs in sets(rows)}
    print(f"{time.perf_counter() - began:.2f} s")
    for name, values in results.items():
        print(f"{name:<16}" + "  ".join(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in values.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    rounded = {name: {key: round(value, 4) for key, value in values.items()} for name, values in results.items()}
    RESULTS.write_text(json.dumps({"sets": rounded, "published": PUBLISHED}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
