"""The bootstrap against scipy's and against what is known about clustered samples."""

from __future__ import annotations

import numpy as np
import pytest

from stance.prevalence import bootstrap, intervals, student


def test_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    generator = np.random.default_rng(1)
    sums = generator.dirichlet([1, 1, 1, 3], size=60) * 10
    counts = np.full(60, 10.0)
    ours = np.quantile(bootstrap(sums, counts)[:, 0], [0.025, 0.975])
    theirs = stats.bootstrap((sums[:, 0] / 10,), np.mean, n_resamples=4000, method="percentile", rng=2).confidence_interval
    assert ours == pytest.approx([theirs.low, theirs.high], abs=0.01)


def test_interval_widens_when_articles_are_of_one_piece() -> None:
    """Forty articles of ten equal sentences tell no more than forty sentences."""
    generator = np.random.default_rng(3)
    drawn = np.eye(4)[generator.choice(4, size=40)]
    clustered = intervals(drawn * 10, np.full(40, 10.0))[1]
    independent = intervals(np.repeat(drawn, 10, axis=0), np.ones(400))[1]
    assert clustered.value == pytest.approx(independent.value)
    assert clustered.high - clustered.low > 2.5 * (independent.high - independent.low)


def test_one_article_tells_nothing_of_others() -> None:
    for count in (1, 2, 4):
        shares, lean = intervals(np.array([[2.0, 0, 0, 2]] * count), np.full(count, 4.0))
        assert [(share.low, share.high) for share in shares] == [(0, 1)] * 4
        assert (lean.value, lean.low, lean.high) == (0.5, -1, 1)


def test_student_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for freedom in (4, 9, 30, 500):
        assert student(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.01)


@pytest.mark.parametrize("articles", [10, 20, 40])
def test_intervals_cover(articles: int) -> None:
    """Simulated outlets whose articles differ: the 95 % interval of the lean holds the truth nearly as often as it says."""
    generator = np.random.default_rng(articles)
    truth = np.array([0.2, 0.1, 0.1, 0.6])
    held = []
    for _ in range(300):
        counts = generator.integers(5, 30, articles).astype(float)
        sums = np.stack([generator.multinomial(int(count), generator.dirichlet(truth * 6)) for count in counts]).astype(float)
        lean = intervals(sums, counts)[1]
        held.append(lean.low <= truth[0] - truth[1] <= lean.high)
    assert 0.91 <= np.mean(held) <= 0.99


def test_shares_sum_to_one_also_with_empty_articles() -> None:
    sums = np.array([[0, 0, 0, 0], [1, 0, 0, 2]], dtype=float)
    draws = bootstrap(sums, np.array([0.0, 3.0]))
    assert draws.sum(axis=1) == pytest.approx(1)
