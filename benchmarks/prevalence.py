"""How near the truth each estimator of frame shares comes, and how often its interval holds it: ``python -m benchmarks.prevalence``.

Outlets are simulated from held-out sentences (artificial prevalence; Forman 2008): an outlet's shares are drawn, each of its articles has shares
around them, and each sentence is drawn from the held-out sentences of its gold frame, with the probabilities and the voice that the model
gives it. Writes ``benchmarks/results/prevalence.json`` and with ``--readme`` the table in README.md. Takes a few minutes.

Each outlet writes in one language and is corrected by language and voice, as the library does. Designs: *halves* cut the documents of the
held-out news sentences in two at random, many times; one half is the holdout that corrections are made from, the other the pool that outlets are
drawn from. *Test* keeps the model's own holdout and draws from news of the test split, of all languages in turn or of one. *Shift* does the same with
composed sentences, which are not news: there the corrections' assumption fails, as it may for a real outlet.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotations.dataset import load
from benchmarks.simulation import DRAWS, LABELLED, measured, one_language, simulated, take
from stance.artifacts import BUILT_IN, NEWS, Holdout
from stance.correction import Corrections, corrections
from stance.estimates import RECOMMENDED
from stance.labels import FRAMES, Estimator
from stance.prevalence import Floats
from stance.report import VALIDATION
from stance.scoring import Classifier
from training.calibrate import holdout_of

RESULTS = Path(__file__).resolve().parent / "results" / "prevalence.json"
SHIPPED = BUILT_IN / VALIDATION
START, END = "<!-- prevalence: start -->", "<!-- prevalence: end -->"
HALVES = 36
"""Ways to cut the held-out documents into a holdout and a pool."""
OUTLETS = 6
"""Simulated outlets for each of them."""
ENOUGH = 0.93
"""Share of the 95 % intervals that must hold the truth."""
TESTED = 120
"""Simulated outlets for each kind of test sentences."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results: means over simulated outlets.

    ``share_error`` and ``lean_error`` are mean absolute errors, ``share_coverage`` and ``lean_coverage`` the part of the 95 % intervals that
    hold the truth, ``lean_width`` the mean width of the lean's interval.
    """

    design: str
    estimator: str
    outlets: int
    share_error: float
    lean_error: float
    share_coverage: float
    lean_coverage: float
    lean_width: float


class Tally:
    """Errors and coverage, gathered over simulated outlets."""

    def __init__(self, design: str) -> None:
        self.design = design
        self.values: dict[str, list[tuple[float, float, float, bool, float]]] = {}
        self.flagged: list[bool] = []

    def add(self, known: Corrections, pool: Holdout, shares: Floats, generator: np.random.Generator, variants: bool = True) -> None:
        """Simulate an outlet in one language and measure it."""
        sample = simulated(one_language(pool, generator), shares, generator)
        found, flagged = measured(sample, known, str(generator.integers(2**31)), variants)
        self.flagged.append(flagged)
        truth = float(shares[0] - shares[1])
        for name, (intervals, lean) in found.items():
            errors = [abs(item.value - share) for item, share in zip(intervals, shares, strict=True)]
            held = [item.low <= share <= item.high for item, share in zip(intervals, shares, strict=True)]
            row = (float(np.mean(errors)), float(np.mean(held)), abs(lean.value - truth), lean.low <= truth <= lean.high, lean.high - lean.low)
            self.values.setdefault(name, []).append(row)

    def rows(self) -> list[Row]:
        """One line for each estimator."""
        lines = []
        for name, values in self.values.items():
            error, held, lean_error, lean_held, width = (round(float(value), 4) for value in np.mean(values, axis=0))
            lines.append(Row(self.design, name, len(values), error, lean_error, held, lean_held, width))
        return lines


def drawn(kind: str, usual: Floats, generator: np.random.Generator) -> Floats:
    """Shares of a new outlet: anything ("any mixture"), or around those of real pages ("mixture of news")."""
    return np.asarray(generator.dirichlet(np.ones(len(FRAMES)) if kind == "any mixture" else 8 * usual))


def run(validation: Holdout, test: Holdout) -> tuple[list[Row], dict[str, float]]:
    """All designs."""
    both = replace(
        test,
        frames=np.concatenate([validation.frames, test.frames]),
        voices=np.concatenate([validation.voices, test.voices]),
        probabilities=np.concatenate([validation.probabilities, test.probabilities]),
        spoken=np.concatenate([validation.spoken, test.spoken]),
        groups=np.concatenate([validation.groups, test.groups + validation.groups.max() + 1]),
        langs=validation.langs + test.langs,
        origins=validation.origins + test.origins,
    )
    news = take(both, np.array(both.origins) == NEWS)
    usual = np.bincount(news.frames, minlength=len(FRAMES)) / len(news.frames)
    rows: list[Row] = []
    flagged = {}

    def finish(tally: Tally) -> None:
        rows.extend(tally.rows())
        flagged[tally.design] = round(float(np.mean(tally.flagged)), 4)

    halves = {kind: Tally(f"halves, {kind}") for kind in ("mixture of news", "any mixture")}
    generator = np.random.default_rng(7)
    for number in range(HALVES):
        chosen = generator.permutation(int(news.groups.max()) + 1) < (news.groups.max() + 1) // 2
        known = corrections(take(news, chosen[news.groups]), DRAWS, seed=number)
        pool = take(news, ~chosen[news.groups])
        if known is None:
            continue
        for kind, tally in halves.items():
            for _ in range(OUTLETS):
                tally.add(known, pool, drawn(kind, usual, generator), generator)
    for tally in halves.values():
        finish(tally)
    known = corrections(validation, DRAWS)
    if known is None:
        raise SystemExit("the validation split holds too few sentences of a frame")
    origins, langs = np.array(test.origins), np.array(test.langs)
    pools = {"test: news": origins == NEWS} | {f"test: news in {lang}": (origins == NEWS) & (langs == lang) for lang in ("en", "sr", "sq")}
    pools["shift: composed sentences"] = origins != NEWS
    for name, chosen in pools.items():
        tally = Tally(name)
        pool = take(test, chosen)
        if np.bincount(pool.frames, minlength=len(FRAMES)).min() == 0:
            print(f"{name}: a frame is missing, left out", file=sys.stderr)
            continue
        for _ in range(TESTED):
            tally.add(known, pool, drawn("mixture of news", usual, generator), generator, variants=False)
        finish(tally)
    return rows, flagged


def recommended(rows: Sequence[Row]) -> str:
    """The estimator with the smallest error of the shares among those whose intervals of the lean hold the truth often enough in the halves."""
    halves = [row for row in rows if row.design.startswith("halves") and row.estimator in list(Estimator)]
    names = {row.estimator for row in halves if all(other.lean_coverage >= ENOUGH for other in halves if other.estimator == row.estimator)}
    error = {name: sum(row.share_error for row in halves if row.estimator == name) for name in sorted(names)}
    return min(error, key=lambda name: error[name], default="")


def table(rows: Sequence[Row], flagged: Mapping[str, float]) -> str:
    """A Markdown table: the halves in full, of the others labels, counting and the recommended estimator; and where counting is nearer to the truth."""
    lines = [
        "| simulated outlets | n | estimator | error of shares | error of lean | intervals of shares that hold | of lean | width of lean's interval |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    brief = {LABELLED, Estimator.COUNTED, RECOMMENDED}
    for row in rows:
        if row.design.startswith("halves") or row.estimator in brief:
            cells = [row.design, str(row.outlets), row.estimator, f"{row.share_error:.3f}", f"{row.lean_error:.3f}", f"{row.share_coverage:.1%}"]
            lines.append("| " + " | ".join([*cells, f"{row.lean_coverage:.1%}", f"{row.lean_width:.2f}"]) + " |")
    said = ", ".join(f"{design} {share:.0%}" for design, share in flagged.items())
    return "\n".join(lines) + f"\n\n{nearer(rows)} Flagged because the estimators contradict each other: {said}."


def nearer(rows: Sequence[Row]) -> str:
    """Where plain counting comes nearer to the true lean than the recommended estimator, in words."""
    error = {(row.design, row.estimator): row.lean_error for row in rows}
    designs = list(dict.fromkeys(row.design for row in rows))
    found = [
        f"{design} (error of lean {counted:.3f}, corrected {corrected:.3f})"
        for design in designs
        if (counted := error[design, Estimator.COUNTED]) < (corrected := error[design, RECOMMENDED])
    ]
    if not found:
        return "In none of these is plain counting nearer to the true lean than the correction."
    return f"Plain counting is nearer to the true lean than the correction in: {'; '.join(found)}."


def readme(result: Mapping[str, Any]) -> str:
    """The part of README between the markers, from the results file."""
    rows = [Row(**row) for row in result["rows"]]
    return f"{START}\nModel revision {result['revision']}.\n\n{table(rows, result['flagged'])}\n{END}"


def shipped(result: Mapping[str, Any]) -> dict[str, Any]:
    """What reports quote of the results: counting beside the recommended estimator."""
    brief = (str(Estimator.COUNTED), result["recommended"])
    return {"revision": result["revision"], "rows": [row for row in result["rows"] if row["estimator"] in brief]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    classifier = Classifier.load(options.model)
    validation, test = (holdout_of(classifier, [row for row in load(split) if row["settled"]]) for split in ("validation", "test"))
    rows, flagged = run(validation, test)
    result = {"revision": classifier.revision, "recommended": recommended(rows), "rows": [asdict(row) for row in rows], "flagged": flagged}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    SHIPPED.write_text(json.dumps(shipped(result), indent=1) + "\n", encoding="utf-8")
    print(readme(result))
    if result["recommended"] != RECOMMENDED:
        print(f"stance/estimates.py recommends {RECOMMENDED!r}; these results recommend {result['recommended']!r}", file=sys.stderr)
    if options.readme:
        path = RESULTS.parents[2] / "README.md"
        before, _, rest = path.read_text(encoding="utf-8").partition(START)
        path.write_text(before + readme(result) + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
