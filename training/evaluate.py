"""Measure a model on held-out files: ``python -m training.evaluate [FOLDER] --files a.jsonl b.jsonl``.

Writes ``training/results/REVISION.json`` and prints the table. The own test split is always measured; other files are named on the
command line (rows with text and frame, and if known previous, voice, lang). Prediction is the shipped 8-bit model's.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotations.dataset import load
from stance.evaluation import Evaluation, Labelled, evaluate, read_labelled
from stance.labels import Frame, Voice
from stance.scoring import Classifier
from training.prepare import in_other_script

RESULTS = Path(__file__).resolve().parent / "results"


def labelled(rows: list[dict[str, Any]]) -> list[Labelled]:
    """Gold rows as the library's records."""
    return [Labelled(row["text"], row["previous"], Frame(row["frame"]), Voice(row["voice"]), row["lang"]) for row in rows]


def own_sets() -> dict[str, list[Labelled]]:
    """The settled test split: whole, by language, by origin, and the Serbian sentences in their other script."""
    rows = [row for row in load("test") if row["settled"]]
    sets = {"test": rows}
    sets |= {f"test {lang}": [row for row in rows if row["lang"] == lang] for lang in ("en", "sr", "sq")}
    sets |= {f"test {origin}": [row for row in rows if row["origin"] == origin] for origin in ("re-reported", "composed", "contrast", "translated")}
    sets["test sr, other script"] = [in_other_script(row) for row in sets["test sr"]]
    return {name: labelled(found) for name, found in sets.items() if found}


def consistency(classifier: Classifier) -> dict[str, float]:
    """Share of test sentences with the same frame in both Serbian scripts, and as their English source."""
    rows = [row for row in load("test") if row["settled"]]
    known = {row["id"]: row for row in rows}
    pairs = {
        "same frame in both scripts": [(row, in_other_script(row)) for row in rows if row["lang"] == "sr"],
        "same frame as the source": [(row, known[row["source"]]) for row in rows if row["source"] in known],
    }
    shares = {}
    for name, found in pairs.items():
        if found:
            sides = [classifier.classify([row["text"] for row in side], previous=[row["previous"] for row in side]) for side in zip(*found, strict=True)]
            shares[name] = sum(a.frame == b.frame for a, b in zip(*sides, strict=True)) / len(found)
    return shares


def table(results: dict[str, Evaluation]) -> str:
    """A Markdown table, one row a file."""
    lines = [
        "| set | sentences | frame macro-F1 | accuracy | " + " | ".join(Frame) + " | voice macro-F1 | calibration error | coverage | accuracy when certain |",
        "| --- |" + " ---: |" * (3 + len(Frame) + 4),
    ]
    for name, result in results.items():
        classes = [f"{figures.f1:.2f}" if figures.support else "-" for figures in result.frame.classes.values()]
        voice = f"{result.voice.macro_f1:.3f}" if result.voice else "-"
        sure = f"{result.certain_accuracy:.3f}" if result.certain_accuracy is not None else "-"
        cells = [name, result.sentences, f"{result.frame.macro_f1:.3f}", f"{result.frame.accuracy:.3f}", *classes, voice]
        cells += [f"{result.calibration_error:.3f}", f"{result.coverage:.2f}", sure]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--files", nargs="*", type=Path, default=[], help="labelled files; several given as one with + between them are pooled")
    options = parser.parse_args()
    classifier = Classifier.load(options.model)
    results = {name: evaluate(rows, classifier) for name, rows in own_sets().items()}
    for file in options.files:
        parts = [Path(part) for part in str(file).split("+")]
        rows = [row for part in parts for row in read_labelled(part if part.is_absolute() or len(parts) == 1 else parts[0].parent / part.name)]
        results[" + ".join(part.stem for part in parts)] = evaluate(rows, classifier)
    agreeing = consistency(classifier)
    print(table(results))
    for name, share in agreeing.items():
        print(f"{name}: {share:.3f}")
    RESULTS.mkdir(exist_ok=True)
    row = {"revision": classifier.revision, "sets": {name: asdict(result) for name, result in results.items()}, "consistency": agreeing}
    (RESULTS / f"{classifier.revision}.json").write_text(json.dumps(row, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
