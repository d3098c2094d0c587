"""How often a sentence's candidates hold its frame: ``python -m benchmarks.conformal [MODEL] [--readme]``.

The held-out sentences (validation and test) are scored once. Those that stand for news are cut into halves 100 times, by sentence and by document;
the bounds come from one half, coverage is counted on the other, for each frame by itself. "By sentence" shows that the procedure keeps its promise where its assumption
holds, "by document" what is left of it for documents that the bounds know nothing of. The rows ``test ...`` take the bounds as
the model ships them, from the validation split: kinds of sentences that differ from the mixture need not be covered.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.dataset import load
from stance.artifacts import NEWS, Holdout
from stance.conformal import bounds, sets, usable
from stance.labels import FRAMES, Frame
from stance.scoring import Classifier
from training.calibrate import holdout_of
from training.evaluate import into_readme

RESULTS = Path(__file__).resolve().parent / "results" / "conformal.json"
SPLITS = 100
LEVELS = (0.8, 0.9, 0.95)
SHIPPED_LEVEL = 0.9
Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]
FEWEST = 10
"""Sentences of a frame below which a kind's coverage of it is not shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results, means over the splits.

    ``coverage`` is the share of the sentences of each frame that have it among their candidates, 0 to 1; ``None`` for too few of them.
    ``spread`` is the largest standard deviation of these shares over the splits; ``size`` the mean number of candidates, 1 to 4, ``single`` the
    share of sentences with one.
    """

    design: str
    level: float
    sentences: int
    coverage: dict[str, float | None]
    spread: float
    size: float
    single: float


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Held-out sentences, n of them: frame probabilities (n, 4), gold frames and units (n,), each as in ``stance.artifacts.Holdout``."""

    probabilities: Floats
    gold: NDArray[np.int64]
    documents: NDArray[np.int64]


def measured(design: str, level: float, pool: Pool, parts: Sequence[tuple[Rows, Rows]]) -> Row:
    """Means over pairs of which sentences the bounds come from and which they are tried on."""
    shares, sizes = np.full((len(parts), len(FRAMES)), np.nan), []
    for number, (known, tried) in enumerate(parts):
        found = sets(pool.probabilities[tried], bounds(pool.probabilities[known], pool.gold[known], level))
        sizes.append((found.sum(axis=1).mean(), (found.sum(axis=1) == 1).mean()))
        for frame in range(len(FRAMES)):
            of_frame = pool.gold[tried] == frame
            if of_frame.sum() >= FEWEST:
                shares[number, frame] = found[of_frame, frame].mean()
    coverage = {str(frame): None if np.isnan(share) else round(float(share), 4) for frame, share in zip(FRAMES, shares.mean(axis=0), strict=True)}
    size, single = (round(float(value), 4) for value in np.mean(sizes, axis=0))
    spread = round(float(np.nan_to_num(shares.std(axis=0)).max()), 4)
    return Row(design, level, int(parts[0][1].sum()), coverage, spread, size, single)


def halves(units: NDArray[np.int64], wanted: Rows) -> list[tuple[Rows, Rows]]:
    """Random halves of the wanted sentences that do not tear a unit apart."""
    _, units = np.unique(np.where(wanted, units, -1), return_inverse=True)
    generator, count = np.random.default_rng(11), int(units.max()) + 1
    chosen = [generator.permutation(count)[units] < count // 2 for _ in range(SPLITS)]
    return [(rows & wanted, ~rows & wanted) for rows in chosen]


def run(validation: Holdout, test: Holdout) -> list[Row]:
    """All designs."""
    pool = Pool(
        np.concatenate([validation.probabilities, test.probabilities]),
        np.concatenate([validation.frames, test.frames]),
        np.concatenate([validation.groups, test.groups + validation.groups.max() + 1]),
    )
    news = np.array(validation.origins + test.origins) == NEWS
    units = {"halves, by sentence": np.arange(len(pool.gold)), "halves, by document": pool.documents}
    rows = [measured(name, level, pool, halves(unit, news)) for name, unit in units.items() for level in LEVELS]
    tried = np.arange(len(pool.gold)) >= len(validation.frames)
    known = np.concatenate([usable(validation, SHIPPED_LEVEL), np.zeros(len(test.frames), dtype=bool)])
    kinds = {f"test {NEWS}": tried & news}
    kinds |= {f"test {NEWS}, {lang}": tried & news & (np.array(validation.langs + test.langs) == lang) for lang in sorted(set(test.langs))}
    kinds["test, other origins"] = tried & ~news
    return rows + [measured(name, SHIPPED_LEVEL, pool, [(known, chosen)]) for name, chosen in kinds.items()]


def table(rows: Sequence[Row]) -> str:
    """A Markdown table."""
    lines = [
        "| sentences | wanted | " + " | ".join(f"covered, {frame}" for frame in Frame) + " | candidates | just one |",
        "| --- | ---: |" + " ---: |" * (len(FRAMES) + 2),
    ]
    for row in rows:
        shares = ["-" if share is None else f"{share:.1%}" for share in row.coverage.values()]
        lines.append("| " + " | ".join([row.design, f"{row.level:.0%}", *shares, f"{row.size:.2f}", f"{row.single:.0%}"]) + " |")
    return "\n".join(lines)


def block(result: Mapping[str, Any]) -> str:
    """README's part, from the results file."""
    return f"Model revision {result['revision']}.\n\n{table([Row(**row) for row in result['rows']])}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    classifier = Classifier.load(options.model)
    validation = classifier.network.holdout
    if validation is None:
        raise SystemExit("the model's folder has no holdout.json; write it: python -m training.calibrate FOLDER")
    test = holdout_of(classifier, [row for row in load("test") if row["settled"]])
    result = {"revision": classifier.revision, "rows": [asdict(row) for row in run(validation, test)]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(block(result))
    if options.readme:
        into_readme("conformal", block(result))


if __name__ == "__main__":
    main()
