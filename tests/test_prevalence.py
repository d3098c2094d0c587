"""The bootstrap against scipy's and against what is known about clustered samples."""

from __future__ import annotations

import numpy as np
import pytest

from stance.figures import Interval
from stance.prevalence import Floats, interval, never_seen, ratios, resamples, student

scipy_stats = pytest.importorskip("scipy.stats")


def lean_interval(sums: Floats, counts: Floats) -> Interval:
    drawn = ratios(sums, counts, resamples(len(counts)))
    return interval(drawn[:, 0] - drawn[:, 1], len(counts), (-1, 1))


def test_against_scipy() -> None:
    generator = np.random.default_rng(1)
    sums = generator.dirichlet([1, 1, 1, 3], size=60) * 10
    ours = np.quantile(ratios(sums, np.full(60, 10.0), resamples(60))[1:, 0], [0.025, 0.975])
    theirs = scipy_stats.bootstrap((sums[:, 0] / 10,), np.mean, n_resamples=4000, method="percentile", rng=2).confidence_interval
    assert ours == pytest.approx([theirs.low, theirs.high], abs=0.01)


def test_interval_widens_when_articles_are_of_one_piece() -> None:
    """Forty articles of ten equal sentences tell no more than forty sentences."""
    drawn = np.eye(4)[np.random.default_rng(3).choice(4, size=40)]
    clustered = lean_interval(drawn * 10, np.full(40, 10.0))
    independent = lean_interval(np.repeat(drawn, 10, axis=0), np.ones(400))
    assert clustered.value == pytest.approx(independent.value)
    assert clustered.high - clustered.low > 2.5 * (independent.high - independent.low)


@pytest.mark.parametrize("articles", [1, 2, 4])
def test_few_articles_tell_nothing_of_others(articles: int) -> None:
    assert lean_interval(np.array([[2.0, 0, 0, 2]] * articles), np.full(articles, 4.0)) == Interval(0.5, -1, 1)


def test_student_against_scipy() -> None:
    for freedom in (4, 9, 30, 500):
        assert student(0.975, freedom) == pytest.approx(scipy_stats.t.ppf(0.975, freedom), rel=0.01)


@pytest.mark.parametrize("articles", [10, 20, 40])
def test_intervals_cover(articles: int) -> None:
    """Simulated outlets whose articles differ: the 95 % interval of the lean holds the truth nearly as often as it says."""
    generator = np.random.default_rng(articles)
    truth = np.array([0.2, 0.1, 0.1, 0.6])
    held = []
    for _ in range(300):
        counts = generator.integers(5, 30, articles).astype(float)
        sums = np.stack([generator.multinomial(int(count), generator.dirichlet(truth * 6)) for count in counts]).astype(float)
        lean = lean_interval(sums, counts)
        held.append(lean.low <= truth[0] - truth[1] <= lean.high)
    assert 0.91 <= np.mean(held) <= 0.99


def test_shares_sum_to_one_also_with_empty_articles() -> None:
    sums = np.array([[0, 0, 0, 0], [1, 0, 0, 2]], dtype=float)
    drawn = ratios(sums, np.array([0.0, 3.0]), resamples(2))
    assert drawn.sum(axis=1) == pytest.approx(1)


def test_first_row_is_the_sample() -> None:
    weights = resamples(7, draws=3)
    assert weights[0].tolist() == [1] * 7
    assert weights.sum(axis=1).tolist() == [7] * 4


@pytest.mark.parametrize("size", [12, 80.5, 400])
def test_bound_of_what_was_never_seen(size: float) -> None:
    """The exact bound of Clopper and Pearson; a share that was seen keeps its interval."""
    exact = scipy_stats.beta.ppf(0.975, 1, size)
    assert never_seen(Interval(0.0, 0.0, 0.0), size).high == pytest.approx(exact)
    assert never_seen(Interval(1.0, 1.0, 1.0), size).low == pytest.approx(1 - exact)
    assert never_seen(Interval(0.2, 0.1, 0.3), size) == Interval(0.2, 0.1, 0.3)
