"""Does the model do what it should when a sentence is edited: ``python -m benchmarks.behaviour [MODEL] [--readme]``.

After Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList". Written pairs (``tests/behaviour``): the same
sentence about the other side, which must have the mirrored frame; and sentences whose claim is doubted or negated, or whose loaded verb is made plain,
which must both have the frame that the codebook gives them. Built pairs: held-out sentences of the annotations with an edit that must not
change the frame, right or wrong.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annotations.dataset import load
from benchmarks.edits import EDITS
from stance.artifacts import find
from stance.evaluation import read_rows
from stance.labels import Frame
from stance.scoring import LANGUAGES, Classifier
from training.evaluate import Remembering, into_readme

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "behaviour" / "cases.jsonl"
RESULTS = ROOT / "benchmarks" / "results" / "behaviour.json"
SEEDS = 50
"""Held-out sentences of each language that an edit is applied to."""
SWAP = "actor swap"
MIRROR = {Frame.PRO_BELGRADE: Frame.PRO_PRISTINA, Frame.PRO_PRISTINA: Frame.PRO_BELGRADE}
TARGETS = {SWAP: 0.90} | dict.fromkeys(("doubt", "negation", "plain verb"), 0.85) | dict.fromkeys(EDITS, 0.97)
"""The kinds, and the rate that each should reach."""
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, its gold frame, the edited sentence, and the frame that it must have; ``None``: the one that the model gives the first."""

    kind: str
    lang: str
    text: str
    frame: Frame
    edited: str
    expected: Frame | None


@dataclass(frozen=True, slots=True)
class Row:
    """One kind in one language, or in all.

    ``rate`` is the share of the cases where the model does what it should, 0 to 1; ``first_right`` the share whose first sentence has its gold
    frame, which tells a model that errs from one that errs because of the edit.
    """

    kind: str
    lang: str
    cases: int
    rate: float
    first_right: float


def written() -> Iterator[Case]:
    """The cases of the committed file."""
    for _, row in read_rows(CASES):
        yield Case(row["kind"], row["lang"], row["text"], Frame(row["frame"]), row["edited"], Frame(row["expected"]))


def built() -> Iterator[Case]:
    """Held-out sentences with each edit; which ones hangs on their ids alone."""
    rows = sorted((row for row in load("test") if row["settled"]), key=lambda row: row["id"])
    for kind, edit in EDITS.items():
        for lang in LANGUAGES:
            edits = ((row, tuple(edit(row["text"], lang))) for row in rows if row["lang"] == lang)
            for row, found in [pair for pair in edits if pair[1]][:SEEDS]:
                for edited in found:
                    yield Case(kind, lang, row["text"], Frame(row["frame"]), edited, None)


def behaves(case: Case, first: Frame, second: Frame) -> bool:
    """Whether the frames that the model gives a case's two sentences are as they should be.

    A swap is right where the second frame mirrors the first, even if both are wrong; but to call both sides' framed sentences neutral is
    no mirroring.
    """
    if case.expected is None:
        return first is second
    if case.kind == SWAP:
        return second is MIRROR.get(first, first) and (first is Frame.NEUTRAL) == (case.frame is Frame.NEUTRAL)
    return (first, second) == (case.frame, case.expected)


def run(classifier: Classifier, cases: Sequence[Case]) -> list[Row]:
    """Rates by kind and language."""
    firsts, seconds = (
        [score.frame for score in classifier.classify(texts)] for texts in zip(*((case.text, case.edited) for case in cases), strict=True)
    )
    found = [(case, behaves(case, *frames), frames[0] is case.frame) for case, *frames in zip(cases, firsts, seconds, strict=True)]
    rows = []
    for kind in TARGETS:
        for lang in (WHOLE, *LANGUAGES):
            chosen = [(good, right) for case, good, right in found if case.kind == kind and lang in (WHOLE, case.lang)]
            if chosen:
                rate, first_right = (round(sum(values) / len(chosen), 4) for values in zip(*chosen, strict=True))
                rows.append(Row(kind, lang, len(chosen), rate, first_right))
    return rows


def table(rows: Sequence[Row]) -> str:
    """A Markdown table, one row a kind."""
    lines = [
        "| edit | cases | as it should | wanted | " + " | ".join(LANGUAGES) + " | first sentence right |",
        "| --- | ---: | ---: | ---: |" + " ---: |" * (len(LANGUAGES) + 1),
    ]
    known = {(row.kind, row.lang): row for row in rows}
    for kind, target in TARGETS.items():
        row = known[kind, WHOLE]
        langs = [f"{known[kind, lang].rate:.0%}" if (kind, lang) in known else "-" for lang in LANGUAGES]
        reached = f"{row.rate:.1%}" + ("" if row.rate >= target else " (missed)")
        lines.append("| " + " | ".join([kind, str(row.cases), reached, f"{target:.0%}", *langs, f"{row.first_right:.0%}"]) + " |")
    return "\n".join(lines)


def block(result: Mapping[str, Any]) -> str:
    """README's part, from the results file."""
    return f"Model revision {result['revision']}.\n\n{table([Row(**row) for row in result['rows']])}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    classifier = Classifier(Remembering(find(options.model)))
    result = {"revision": classifier.revision, "rows": [asdict(row) for row in run(classifier, [*written(), *built()])]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(block(result))
    if options.readme:
        into_readme("behaviour", block(result))


if __name__ == "__main__":
    main()
