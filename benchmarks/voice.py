"""How well the voice is told: ``python -m benchmarks.voice [MODEL] --files a.jsonl b.jsonl`` writes ``benchmarks/results/voice.json``.

Macro-F1 of the voice on the own validation and test splits and on other files (rows with text and voice, and if known previous and lang): by the classifier
alone, with quotation marks as well, and as shipped, with cues of speech too. One constant of the last (``stance.speakers.UNTOLD``) was
chosen on the validation split. Also what marks, voices and speakers cost, as a share of the classifier's time.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from annotations.dataset import load
from stance.evaluation import agreement, read_rows
from stance.labels import VOICES, Voice
from stance.records import Excerpt
from stance.scoring import ATTRIBUTED, Classifier
from stance.speakers import heard_after
from stance.text import language_of
from stance.voice import QUOTED, inside, quoted_share

RESULTS = Path(__file__).resolve().parent / "results" / "voice.json"


def quoted(previous: str, text: str) -> bool:
    """Whether the marks alone make the sentence a quotation."""
    page = f"{previous} {text}" if previous else text
    start = len(page) - len(text)
    spans = [(0, start - 1), (start, len(page))] if previous else [(0, len(page))]
    return quoted_share(text, inside(page, spans)[start:]) >= QUOTED


def measure(rows: list[dict[str, Any]], classifier: Classifier) -> dict[str, float | int]:
    """Macro-F1 of the three ways, and the time of the rules by that of the classifier."""
    began = time.perf_counter()
    _, voices, _ = classifier.network.probabilities([Excerpt.after(row.get("before") or row.get("previous") or "", row["text"]) for row in rows])
    ran = time.perf_counter()
    likely = voices[:, ATTRIBUTED].tolist()
    shipped = [heard_after(row.get("previous") or "", row["text"], p, language_of(row["text"]))[0] for row, p in zip(rows, likely, strict=True)]
    done = time.perf_counter()
    alone = [VOICES[int(p >= 0.5) * ATTRIBUTED] for p in likely]
    marked = [Voice.ATTRIBUTED if quoted(row.get("previous") or "", row["text"]) else voice for row, voice in zip(rows, alone, strict=True)]
    gold = [row["voice"] for row in rows]
    ways = {"classifier": alone, "with marks": marked, "shipped": shipped}
    scores: dict[str, float | int] = {"sentences": len(rows)}
    scores |= {name: round(agreement(gold, found, VOICES).macro_f1, 4) for name, found in ways.items()}
    return scores | {"time of the rules": round((done - ran) / (ran - began), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--files", nargs="*", type=Path, default=[], help="labelled files to measure on as well")
    options = parser.parse_args()
    classifier = Classifier.load(options.model)
    sets = {split: [row for row in load(split) if row["settled"]] for split in ("validation", "test")}
    sets |= {f"test {lang}": [row for row in sets["test"] if row["lang"] == lang] for lang in ("en", "sr", "sq")}
    sets |= {file.stem: [row for _, row in read_rows(file) if row.get("voice")] for file in options.files}
    results = {"revision": classifier.revision, "sets": {name: measure(rows, classifier) for name, rows in sets.items() if rows}}
    for name, scores in results["sets"].items():
        print(f"{name:<14}" + "; ".join(f"{key} {value}" for key, value in scores.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
