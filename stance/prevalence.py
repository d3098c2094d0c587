"""Shares of frames in a sample of articles, with intervals that take the article, not the sentence, as the unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.labels import FRAMES, Frame
from stance.records import Interval

DRAWS = 2000
LEVEL = 0.95
SEED = 20221
CHUNK = 200

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


def interval(value: float, draws: Floats) -> Interval:
    """The value with the percentile bounds of its draws."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(value), float(low), float(high))


def intervals(sums: Floats, counts: Floats) -> tuple[Sequence[Interval], Interval]:
    """The four frames' shares and the lean, each with its 95 % interval.

    A single article says nothing of how an outlet's articles differ: the intervals are then as wide as they can be.
    """
    shares = sums.sum(axis=0) / counts.sum()
    belgrade, pristina = FRAMES.index(Frame.PRO_BELGRADE), FRAMES.index(Frame.PRO_PRISTINA)
    value = float(shares[belgrade] - shares[pristina])
    if np.count_nonzero(counts) < 2:
        return [Interval(float(share), 0.0, 1.0) for share in shares], Interval(value, -1.0, 1.0)
    draws = bootstrap(sums, counts)
    lean = interval(value, draws[:, belgrade] - draws[:, pristina])
    return [interval(share, draws[:, index]) for index, share in enumerate(shares)], lean
