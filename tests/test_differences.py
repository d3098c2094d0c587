"""Tests and corrections against scipy and statsmodels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.differences import Side, differences, holm, permutation_p, resampled_p
from stance.prevalence import ratios, resamples

P = st.floats(0, 1)


def side(leans: np.ndarray, sentences: float = 10.0, seed: int = 0) -> Side:
    counts = np.full(len(leans), sentences)
    weights = resamples(len(leans), 500, seed)
    return Side(len(leans), ratios((leans * counts)[:, None], counts, weights)[:, 0], weights @ counts, leans * counts, counts)


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.6])
def test_permutation_against_scipy(shift: float) -> None:
    """Every exchange of 6 and 7 articles by scipy, drawn exchanges here."""
    stats = pytest.importorskip("scipy.stats")
    generator = np.random.default_rng(8)
    one, other = generator.normal(shift, 0.4, 6), generator.normal(0, 0.4, 7)
    theirs = stats.permutation_test((one, other), lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis), vectorized=True, n_resamples=np.inf)
    ours = permutation_p(one, np.ones(6), other, np.ones(7))
    assert ours == pytest.approx(theirs.pvalue, abs=0.02)


def test_permutation_weighs_articles_by_their_sentences() -> None:
    """The statistic is a difference of means over sentences; exchanged are whole articles. Exact p by hand: 2 of 6 exchanges."""
    p = permutation_p(np.array([9.0, 1.0]), np.array([9.0, 1.0]), np.array([0.0, 0.0]), np.array([9.0, 1.0]), permutations=20_000)
    assert p == pytest.approx(2 / 6, abs=0.02)


def test_p_is_uniform_where_outlets_do_not_differ() -> None:
    generator = np.random.default_rng(2)
    found = [permutation_p(generator.normal(size=12), np.ones(12), generator.normal(size=20), np.ones(20), 399) for _ in range(300)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.04)
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


@settings(deadline=None, max_examples=30)
@given(st.lists(P, max_size=12))
def test_holm_against_statsmodels(values: list[float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    theirs = multitest.multipletests(values, method="holm")[1] if values else []
    assert holm(values) == pytest.approx(list(theirs))


@given(st.lists(P, min_size=1, max_size=12))
def test_holm_laws(values: list[float]) -> None:
    adjusted = holm(values)
    assert all(before <= after <= 1 for before, after in zip(values, adjusted, strict=True))
    assert sorted(adjusted) == [p for _, p in sorted(zip(values, adjusted, strict=True))]


def test_all_pairs_and_each_with_the_others() -> None:
    generator = np.random.default_rng(4)
    sides = {name: side(generator.normal(mean, 0.3, 30), seed=number) for number, (name, mean) in enumerate([("a", 0.0), ("b", 0.0), ("c", 0.6)])}
    pairs, pooled = differences(sides)
    assert [(item.first, item.second) for item in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [(item.first, item.second) for item in pooled] == [("a", ""), ("b", ""), ("c", "")]
    for item in (*pairs, *pooled):
        assert item.lean.low <= item.lean.value <= item.lean.high
        assert item.p <= item.adjusted <= 1
    assert pairs[0].adjusted > 0.05 > pairs[1].adjusted
    assert pooled[2].lean.value == pytest.approx(sides["c"].lean[0] - (sides["a"].lean[0] + sides["b"].lean[0]) / 2)
    assert differences(dict(reversed(sides.items()))) == (pairs, pooled)


def test_two_outlets_are_one_hypothesis() -> None:
    generator = np.random.default_rng(3)
    pairs, pooled = differences({"a": side(generator.normal(0, 0.3, 20)), "b": side(generator.normal(0.1, 0.3, 20), seed=1)})
    assert pooled == ()
    assert pairs[0].adjusted == pairs[0].p


def test_errors_that_differ_by_language_are_no_difference() -> None:
    """Expected leans far apart, corrected ones the same: within a language the test sees the first, across languages the second."""
    generator = np.random.default_rng(5)
    one, other = (side(generator.normal(0, 0.2, 40), seed=seed) for seed in (0, 1))
    other = replace(other, lean=other.lean - other.lean[0] + one.lean[0], sums=other.sums + 0.5 * other.counts)
    (same,), _ = differences({"a": one, "b": other})
    (across,), _ = differences({"a": replace(one, langs=frozenset({"en"})), "b": replace(other, langs=frozenset({"sq"}))})
    assert (same.across, across.across) == (False, True)
    assert same.p < 0.001
    assert across.p > 0.5


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.0, 3.0])
def test_resampled_p_of_normal_draws(shift: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    draws = np.concatenate([[shift], stats.norm.ppf((np.arange(4000) + 0.5) / 4000) + shift])
    assert resampled_p(draws) == pytest.approx(2 * stats.norm.sf(shift), abs=0.002)


def test_one_outlet_is_compared_with_nothing() -> None:
    assert differences({"a": side(np.zeros(12))}) == ((), ())


def test_detectable_difference_is_found_in_four_of_five_cases() -> None:
    """Outlets that differ by the smallest detectable difference."""
    generator = np.random.default_rng(9)
    first = differences({"a": side(generator.normal(0, 0.3, 25)), "b": side(generator.normal(0, 0.3, 25), seed=1)})[0][0]
    expected = 2.8 * 0.3 * np.sqrt(2 / 25)
    assert first.detectable == pytest.approx(expected, rel=0.35)
    found = [permutation_p(generator.normal(expected, 0.3, 25), np.ones(25), generator.normal(0, 0.3, 25), np.ones(25), 399) for _ in range(200)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.8, abs=0.08)


def test_an_outlet_of_thousands_of_articles_beside_a_small_one() -> None:
    """Without a difference, p is below 0.05 about once in twenty samples, however unequal the outlets are."""
    generator = np.random.default_rng(7)
    low = 0
    for _ in range(60):
        large, small = generator.normal(0, 5, 3000), generator.normal(0, 5, 15)
        low += permutation_p(large, np.full(3000, 12.0), small, np.full(15, 12.0), permutations=199) < 0.05
    assert low <= 8, "a binomial of 60 and 0.05 is above 8 once in 500"
