"""The prevalence benchmark: what it recommends is what the library does, and its simulation is sound."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.prevalence import ENOUGH, RESULTS, Row, Tally, readme, recommended
from benchmarks.simulation import FIXED, LABELLED, LOOSE, simulated
from stance.correction import corrections
from stance.estimates import RECOMMENDED
from stance.labels import Estimator
from stance.scoring import built_in


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [Row(**row) for row in json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]]


def test_recommended_estimator_is_the_one_that_the_results_recommend(rows: list[Row]) -> None:
    assert recommended(rows) == RECOMMENDED


def test_results_are_of_the_built_in_model() -> None:
    assert json.loads(RESULTS.read_text(encoding="utf-8"))["revision"] == built_in().revision, "run python -m benchmarks.prevalence --readme"


def test_readme_has_the_table(root: Path) -> None:
    assert readme(json.loads(RESULTS.read_text(encoding="utf-8"))) in (root / "README.md").read_text(encoding="utf-8")


def test_floor(rows: list[Row]) -> None:
    """News-like outlets: error at most 0.05, intervals that hold; counting is worse and its intervals are wrong."""
    found = {row.estimator: row for row in rows if row.design == "halves, mixture of news"}
    best = found[str(RECOMMENDED)]
    assert best.share_error <= 0.05
    assert min(best.share_coverage, best.lean_coverage) >= ENOUGH
    assert found[str(Estimator.COUNTED)].share_error > best.share_error > found[LABELLED].share_error
    assert found[LOOSE].lean_coverage < 0.5


def test_rule() -> None:
    def row(estimator: str, error: float, held: float, design: str = "halves") -> Row:
        return Row(design, estimator, 1, error, 0.1, 0.9, held, 0.1)

    assert (
        recommended([row("counted", 0.01, 0.5), row("adjusted", 0.03, 0.94), row("expected", 0.02, 0.95), row("expected", 0.0, 0.1, "shift")])
        == "expected"
    )
    assert recommended([row("counted", 0.01, 0.5)]) == ""


def test_simulated_outlets_have_the_shares_that_were_asked_for() -> None:
    holdout = built_in().network.holdout
    assert holdout is not None
    generator = np.random.default_rng(0)
    shares = np.array([0.4, 0.1, 0.2, 0.3])
    means = [np.bincount(simulated(holdout, shares, generator).gold, minlength=4) for _ in range(60)]
    total = np.sum(means, axis=0)
    assert total / total.sum() == pytest.approx(shares, abs=0.03)


def test_tally() -> None:
    holdout = built_in().network.holdout
    known = corrections(holdout, 500)
    assert holdout is not None
    assert known is not None
    tally = Tally("a")
    tally.add(known, holdout, np.array([0.1, 0.1, 0.1, 0.7]), np.random.default_rng(0))
    rows = {row.estimator: row for row in tally.rows()}
    assert {LABELLED, LOOSE, FIXED, "counted", "expected", "adjusted", "maximum likelihood"} == set(rows)
    assert rows["maximum likelihood"].lean_width > rows[FIXED].lean_width > 0
