"""Measure a model on held-out files: ``python -m training.evaluate [FOLDER] --files a.jsonl b.jsonl``.

Writes ``training/results/REVISION.json`` and prints the table. The own test split is always measured; other files are named on the
command line (rows with text and frame, and if known previous, voice, lang). Prediction is the shipped 8-bit model's.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotations.dataset import HERE, Document, load, read
from stance.artifacts import find
from stance.evaluation import compared, evaluate, read_labelled
from stance.labels import Frame, Voice
from stance.model import Floats, Network
from stance.records import Excerpt, Labelled
from stance.scoring import Classifier
from stance.spelling import CYRILLIC, LATIN, latin
from training.calibrate import read_rows

RESULTS = Path(__file__).resolve().parent / "results"
README = RESULTS.parents[1] / "README.md"


class Remembering(Network):
    """A network that runs each excerpt once, however often it is asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._known: dict[Excerpt, Floats] = {}

    def logits(self, excerpts: Sequence[Excerpt]) -> Floats:
        """As ``Network.logits``."""
        new = [excerpt for excerpt in dict.fromkeys(excerpts) if excerpt not in self._known]
        ends = np.cumsum([excerpt.asked for excerpt in new])[:-1]
        self._known |= dict(zip(new, np.split(super().logits(new), ends), strict=True)) if new else {}
        return np.concatenate([self._known[excerpt] for excerpt in excerpts]) if excerpts else super().logits(excerpts)


def between(name: str, text: str) -> str:
    """A part of README, with the marks that enclose it."""
    return f"<!-- {name}: start -->\n{text}\n<!-- {name}: end -->"


def into_readme(name: str, text: str) -> None:
    """Put a part of README, which lies between two marks, in place of what is there.

    Raises
    ------
    SystemExit
        If README has no such part.
    """
    start, end = between(name, "").split("\n\n")
    content = README.read_text(encoding="utf-8")
    before, found, rest = content.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"README.md has no part {start} .. {end} to put the table into")
    README.write_text(before + between(name, text) + after, encoding="utf-8")


def cyrillic(text: str) -> str:
    """Serbian Latin in Cyrillic script, digraphs first.

    >>> cyrillic("Ljubiša Džonić, Njegoš")
    'Љубиша Џонић, Његош'
    """
    pairs = sorted(zip(LATIN, CYRILLIC, strict=True), key=lambda pair: -len(pair[0]))
    for source, target in [("LJ", "Љ"), ("NJ", "Њ"), ("DŽ", "Џ"), *pairs]:
        text = text.replace(source, target)
    return text


def in_other_script(row: dict[str, Any]) -> dict[str, Any]:
    """A Serbian row whose sentence is written in its other script."""
    change = latin if row["script"] == "Cyrl" else cyrillic
    return row | {"text": change(row["text"])}


def labelled(rows: list[dict[str, Any]]) -> list[Labelled]:
    """Gold rows as the library's records, each with the sentences before it."""
    return [Labelled(row["text"], row["before"], Frame(row["frame"]), Voice(row["voice"]), row["lang"], article=row["group"]) for row in rows]


def own_sets() -> dict[str, list[dict[str, Any]]]:
    """The settled test split: whole, by language, by origin."""
    rows = [row for row in load("test") if row["settled"]]
    sets = {"test": rows}
    sets |= {f"test {lang}": [row for row in rows if row["lang"] == lang] for lang in ("en", "sr", "sq")}
    sets |= {f"test {origin}": [row for row in rows if row["origin"] == origin] for origin in ("re-reported", "composed", "contrast", "translated")}
    event = {row.document: row.event for row in read(Document, HERE / "documents.jsonl")}
    seen = {event[row["group"]] for row in load("train") if row["group"] in event}
    sets["test re-reported, events not in training"] = [row for row in sets["test re-reported"] if event[row["group"]] not in seen]
    return {name: found for name, found in sets.items() if found}


def consistency(classifier: Classifier) -> dict[str, float]:
    """Share of test sentences with the same frame in both Serbian scripts, and as their English source, each read alone."""
    rows = [row for row in load("test") if row["settled"]]
    known = {row["id"]: row for row in rows}
    pairs = {
        "same frame in both scripts": [(row, in_other_script(row)) for row in rows if row["lang"] == "sr"],
        "same frame as the source": [(row, known[row["source"]]) for row in rows if row["source"] in known],
    }
    shares = {}
    for name, found in pairs.items():
        if found:
            sides = [classifier.classify([row["text"] for row in side]) for side in zip(*found, strict=True)]
            shares[name] = sum(a.frame == b.frame for a, b in zip(*sides, strict=True)) / len(found)
    return shares


def table(sets: dict[str, Any]) -> str:
    """A Markdown table of a results file's ``sets``, one row a set; macro-F1 with its 95 % interval over pages and texts."""
    lines = [
        "| set | sentences | frame macro-F1 | accuracy | "
        + " | ".join(Frame)
        + " | voice macro-F1 | calibration error | coverage | accuracy when certain |",
        "| --- |" + " ---: |" * (3 + len(Frame) + 4),
    ]
    for name, result in sets.items():
        classes = [f"{figures['f1']:.2f}" if figures["support"] else "-" for figures in result["frame"]["classes"].values()]
        voice = f"{result['voice']['macro_f1']:.3f}" if result["voice"] else "-"
        sure = f"{result['certain_accuracy']:.3f}" if result["certain_accuracy"] is not None else "-"
        low, high = result["frame"]["bounds"]
        macro = f"{result['frame']['macro_f1']:.3f} ({low:.2f}-{high:.2f})"
        cells = [name, str(result["sentences"]), macro, f"{result['frame']['accuracy']:.3f}", *classes, voice]
        cells += [f"{result['calibration_error']:.3f}", f"{result['coverage']:.2f}", sure]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def block(results: dict[str, Any]) -> str:
    """README's part, from a results file."""
    agreeing = "; ".join(f"{name}: {share:.3f}" for name, share in results["consistency"].items())
    return f"Model revision {results['revision']}.\n\n{table(results['sets'])}\n\nShare of test sentences, read alone, with the {agreeing}."


def measure(classifier: Classifier, sets: dict[str, list[Labelled]]) -> dict[str, Any]:
    """The content of a results file: of the test split, whose sentences are read in their excerpts, and once alone; and of other sets, each sentence after those before it."""
    own = own_sets()
    scores = {row["id"]: score for row, score in zip(own["test"], read_rows(classifier, own["test"]), strict=True)}
    evaluated = {name: compared(labelled(rows), [scores[row["id"]] for row in rows], classifier.revision) for name, rows in own.items()}
    evaluated["test, sentences alone"] = evaluate([replace(row, previous="") for row in labelled(own["test"])], classifier)
    evaluated |= {name: evaluate(rows, classifier) for name, rows in sets.items()}
    return {
        "revision": classifier.revision,
        "sets": {name: asdict(found) for name, found in evaluated.items()},
        "consistency": consistency(classifier),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--files", nargs="*", type=Path, default=[], help="labelled files to measure on as well")
    parser.add_argument("--pool", nargs=2, action="append", default=[], metavar=("NAME", "STEMS"), help="also pool files: --pool real un,setimes")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    sets = {file.stem: list(read_labelled(file)) for file in options.files}
    sets |= {name: [row for stem in stems.split(",") for row in sets[stem]] for name, stems in options.pool}
    results = measure(Classifier(Remembering(find(options.model))), sets)
    print(block(results))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{results['revision']}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.readme:
        into_readme("results", block(results))


if __name__ == "__main__":
    main()
