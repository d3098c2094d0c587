"""Resampling of articles, and intervals from it: the article, not the sentence, is the unit."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stance.figures import Interval

DRAWS = 2000
LEVEL = 0.95
SEED = 20221
FEWEST = 5
"""Articles below which no interval is estimated."""

NOTHING = 1e-4
"""A share below this is 0 but for what expectation maximisation leaves where it stops."""

UNITS = 500
"""Outlets with more articles have them pooled at random into so many units. The mean of the units varies as that of the articles
does, and memory and time are bounded."""

Floats = NDArray[np.float64]


def resamples(units: int, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """How often each unit is drawn, shape (draws + 1, units); the first row is the sample itself, each unit once.

    Notes
    -----
    The cluster bootstrap (Davison and Hinkley 1997, section 3.8): sentences of one article are not independent, so whole
    articles are drawn with replacement.
    """
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(units, np.full(units, 1 / units), size=draws)
    return np.concatenate([np.ones((1, units)), drawn])


def ratios(sums: Floats, counts: Floats, weights: Floats) -> Floats:
    """Means over sentences in each resample, shape (draws + 1, columns).

    Parameters
    ----------
    sums
        Per unit the sum over its sentences, shape (units, columns).
    counts
        Per unit its number of sentences, shape (units,); at least one must be above 0.
    weights
        From ``resamples``. A resample in which no sentence falls repeats the sample's own mean.
    """
    totals = weights @ counts
    means = weights @ sums / np.maximum(totals, 1e-12)[:, None]
    return np.where(totals[:, None] > 0, means, means[:1])


def interval(draws: Floats, articles: int, widest: tuple[float, float] = (0.0, 1.0)) -> Interval:
    """The value, first of ``draws``, with the bounds of the others: percentiles, expanded for the number of articles.

    Plain percentiles are too narrow for few units; their level is moved out by what Student's distribution asks for (Hesterberg
    2015, "What Teachers Should Know About the Bootstrap", section 4.3). The bounds always hold the value. Fewer than five
    articles say too little of how an outlet's articles differ: the interval is then ``widest``.

    >>> interval(np.array([0.5, 0.4, 0.6]), articles=4)
    Interval(value=0.5, low=0.0, high=1.0)
    """
    value = float(draws[0])
    if articles < FEWEST:
        return Interval(value, *widest)
    tail = expanded((1 + LEVEL) / 2, articles)
    low, high = np.quantile(draws[1:], [tail, 1 - tail])
    return Interval(value, float(min(low, value)), float(max(high, value)))


def expanded(level: float, units: int) -> float:
    """The tail to cut off a bootstrap of so many units, at least two, in place of 1 - ``level``.

    >>> round(expanded(0.975, 10), 3), round(expanded(0.975, 10**6), 3)
    (0.009, 0.025)
    """
    return NormalDist().cdf(-math.sqrt(units / (units - 1)) * student(level, units - 1))


def never_seen(found: Interval, size: float, seen: float | None = None) -> Interval:
    """The interval of a share, where nothing or all of the sample shows it: no resample can then vary, so it reaches as far as the exact bound.

    That of Clopper and Pearson (1934) for ``size`` independent units. ``seen`` is the share of the sample that shows it, the value itself by default. Other
    intervals are given back as they are.

    >>> never_seen(Interval(0.0, 0.0, 0.0), size=50)
    Interval(value=0.0, low=0.0, high=0.0711...)
    >>> never_seen(Interval(0.02, 0.01, 0.03), size=50, seen=0)
    Interval(value=0.02, low=0.01, high=0.0911...)
    """
    bound, seen = bound_of(size), found.value if seen is None else seen
    if seen <= NOTHING:
        return Interval(found.value, found.low, max(found.high, min(1.0, found.value + bound)))
    if seen >= 1 - NOTHING:
        return Interval(found.value, min(found.low, max(0.0, found.value - bound)), found.high)
    return found


def bound_of(size: float) -> float:
    """The greatest share that may well show nothing in ``size`` independent units, above 0 (Clopper and Pearson 1934).

    >>> round(bound_of(50), 4)
    0.0711
    """
    return float(1 - ((1 - LEVEL) / 2) ** (1 / size))


def student(level: float, freedom: int) -> float:
    """Quantile of Student's distribution by Fisher and Cornish's expansion (1960), good to 1 % from 4 degrees of freedom."""
    z = NormalDist().inv_cdf(level)
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum((term / freedom ** (power + 1) for power, term in enumerate(terms)), 0.0)
