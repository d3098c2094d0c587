"""Shares of frames in a sample of articles, with intervals that take the article, not the sentence, as the unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stance.figures import Interval
from stance.labels import FRAMES, Frame

DRAWS = 2000
LEVEL = 0.95
SEED = 20221
CHUNK = 200
FEWEST = 5
"""Articles below which no interval is estimated."""

Floats = NDArray[np.float64]


def bootstrap(sums: Floats, counts: Floats, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Shares of the frames in ``draws`` resamples of the articles, shape (draws, 4).

    Parameters
    ----------
    sums
        Per article the sum of its sentences' frame probabilities, shape (articles, 4).
    counts
        Per article its number of sentences, shape (articles,); at least one must be above 0.

    Notes
    -----
    The cluster bootstrap of a ratio (Davison and Hinkley 1997, section 3.8): sentences of one article are not independent, so
    whole articles are drawn with replacement. Draws in which no sentence falls repeat the sample's own share.
    """
    generator = np.random.default_rng(seed)
    articles = len(counts)
    whole = sums.sum(axis=0) / counts.sum()
    results = []
    for start in range(0, draws, CHUNK):
        weights = generator.multinomial(articles, np.full(articles, 1 / articles), size=min(CHUNK, draws - start))
        totals = weights @ counts
        shares = np.where(totals[:, None] > 0, weights @ sums / np.maximum(totals, 1e-12)[:, None], whole)
        results.append(shares)
    return np.concatenate(results)


def interval(value: float, draws: Floats, articles: int) -> Interval:
    """The value with the bounds of its draws: percentiles, expanded for the number of articles.

    Plain percentiles are too narrow for few units; their level is moved out by what Student's distribution asks for (Hesterberg
    2015, "What Teachers Should Know About the Bootstrap", section 4.3). The bounds always hold the value.
    """
    tail = NormalDist().cdf(-math.sqrt(articles / (articles - 1)) * student((1 + LEVEL) / 2, articles - 1))
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Interval(float(value), float(min(low, value)), float(max(high, value)))


def student(level: float, freedom: int) -> float:
    """Quantile of Student's distribution by Fisher and Cornish's expansion (1960), good to 1 % from 4 degrees of freedom."""
    z = NormalDist().inv_cdf(level)
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum((term / freedom ** (power + 1) for power, term in enumerate(terms)), 0.0)


def intervals(sums: Floats, counts: Floats) -> tuple[Sequence[Interval], Interval]:
    """The four frames' shares and the lean, each with its 95 % interval.

    Fewer than five articles say too little of how an outlet's articles differ: the intervals are then as wide as they can be.
    """
    shares = sums.sum(axis=0) / counts.sum()
    belgrade, pristina = FRAMES.index(Frame.PRO_BELGRADE), FRAMES.index(Frame.PRO_PRISTINA)
    value = float(shares[belgrade] - shares[pristina])
    articles = int(np.count_nonzero(counts))
    if articles < FEWEST:
        return [Interval(float(share), 0.0, 1.0) for share in shares], Interval(value, -1.0, 1.0)
    draws = bootstrap(sums, counts)
    lean = interval(value, draws[:, belgrade] - draws[:, pristina], articles)
    return [interval(float(share), draws[:, index], articles) for index, share in enumerate(shares)], lean
