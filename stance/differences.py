"""Whether outlets differ: intervals, a permutation test over articles, and what could have been found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stance.figures import Difference
from stance.prevalence import LEVEL, SEED, UNITS, Floats, interval, student

PERMUTATIONS = 9999
POWER = 0.8
DENSE = 4
"""Where an outlet has less than this share, one in so many, of all articles, the articles exchanged are drawn one by one."""
CHUNK = 2_000_000
"""Random numbers held in memory at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One outlet's part in a comparison.

    Attributes
    ----------
    articles
        How many it has.
    lean
        By the recommended estimator in each resample, shape (draws + 1,), the first of the sample itself.
    totals
        Sentences in each resample, shape (draws + 1,).
    sums, counts
        By unit the sum of pro-Belgrade minus pro-Pristina probabilities, and the number of sentences; shape (units,).
    langs
        The languages that it writes in.
    """

    articles: int
    lean: Floats
    totals: Floats
    sums: Floats
    counts: Floats
    langs: frozenset[str] = frozenset()


def differences(sides: Mapping[str, Side]) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Every two outlets compared, and each with all others together, by name; Holm's correction within either kind.

    Two outlets are one pair; each beside the other would be the same hypothesis twice more.
    """
    pairs = [_difference(one, other, sides[one], sides[other]) for one, other in combinations(sorted(sides), 2)]
    pooled = []
    if len(sides) > 2:
        pooled = [_difference(name, "", sides[name], _pool([sides[other] for other in sorted(sides) if other != name])) for name in sorted(sides)]
    return _corrected(pairs), _corrected(pooled)


def _pool(sides: Sequence[Side]) -> Side:
    totals = np.sum([side.totals for side in sides], axis=0)
    lean = np.sum([side.lean * side.totals for side in sides], axis=0) / totals
    sums, counts = np.concatenate([side.sums for side in sides]), np.concatenate([side.counts for side in sides])
    return Side(sum(side.articles for side in sides), lean, totals, sums, counts, frozenset().union(*(side.langs for side in sides)))


def _difference(first: str, second: str, one: Side, other: Side) -> Difference:
    draws = one.lean - other.lean
    fewer = min(one.articles, other.articles)
    lean = interval(draws, fewer, (-2.0, 2.0))
    needed = student((1 + LEVEL) / 2, one.articles + other.articles - 2) + NormalDist().inv_cdf(POWER)
    across = len(one.langs | other.langs) > 1
    p = resampled_p(draws) if across else permutation_p(one.sums, one.counts, other.sums, other.counts)
    return Difference(first, second, lean, p, p, min(2.0, needed * float(np.std(draws[1:]))), across)


def resampled_p(draws: Floats) -> float:
    """Two-sided p of the hypothesis that there is no difference: twice the part of the resamples that lie on the other side of 0.

    Parameters
    ----------
    draws
        The difference of corrected leans, shape (draws + 1,), the first of the sample itself, which counts as one of the resamples.

    Notes
    -----
    For outlets that write in different languages: the classifier's errors differ by language, which an exchange of articles would take
    for a difference of the outlets.

    >>> resampled_p(np.array([0.2, 0.1, 0.3, -0.1, 0.2]))
    0.8
    """
    beyond = min((draws[1:] <= 0).sum(), (draws[1:] >= 0).sum())
    return min(1.0, 2 * (int(beyond) + 1) / len(draws))


def permutation_p(sums: Floats, counts: Floats, other_sums: Floats, other_counts: Floats, permutations: int = PERMUTATIONS) -> float:
    """Two-sided p of the hypothesis that the articles could be exchanged between two outlets; above 0, at most 1.

    The statistic is the difference of expected leans. It needs no correction: whatever the classifier's errors are, if they are the
    same for both outlets, outlets that do not differ have the same expected lean. Errors that differ by language break that: such outlets
    are compared by ``resampled_p``. The sample itself is counted as one of the
    permutations (Phipson and Smyth 2010).
    """
    together = -(-min(len(sums), len(other_sums)) // UNITS)
    sums, counts, other_sums, other_counts = (_taken(values, together) for values in (sums, counts, other_sums, other_counts))
    all_sums, all_counts = np.concatenate([sums, other_sums]), np.concatenate([counts, other_counts])
    generator = np.random.default_rng(SEED)
    units, smaller = len(all_sums), min(len(sums), len(other_sums))

    def statistic(part: Floats, size: Floats) -> Floats:
        rest = np.maximum(all_counts.sum() - size, 1e-12)
        return np.asarray(np.abs(part / np.maximum(size, 1e-12) - (all_sums.sum() - part) / rest))

    seen = float(statistic(sums.sum(), counts.sum()))
    reached = 0
    wide = units if DENSE * smaller > units else smaller
    for start in range(0, permutations, max(1, CHUNK // wide)):
        rows = min(max(1, CHUNK // wide), permutations - start)
        chosen = _chosen(generator, rows, smaller, units)
        reached += int((statistic(all_sums[chosen].sum(axis=1), all_counts[chosen].sum(axis=1)) >= seen - 1e-12).sum())
    return (reached + 1) / (permutations + 1)


def _taken(values: Floats, together: int) -> Floats:
    """Sums over so many articles each, in both outlets as many: what is exchanged must be alike."""
    return np.bincount(np.arange(len(values)) % (len(values) // together), values).astype(np.float64)


def _chosen(generator: np.random.Generator, rows: int, size: int, units: int) -> NDArray[np.int64]:
    """``size`` different numbers below ``units`` in each row."""
    if DENSE * size > units:
        return generator.random((rows, units), dtype=np.float32).argpartition(size - 1, axis=1)[:, :size]
    found = generator.integers(units, size=(rows, size))
    while True:
        found.sort(axis=1)
        again = np.zeros_like(found, dtype=bool)
        again[:, 1:] = found[:, 1:] == found[:, :-1]
        if not again.any():
            return found
        found[again] = generator.integers(units, size=int(again.sum()))


def holm(values: Sequence[float]) -> list[float]:
    """p values adjusted for how many they are (Holm 1979), in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda place: values[place])):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted


def _corrected(found: list[Difference]) -> tuple[Difference, ...]:
    return tuple(replace(item, adjusted=p) for item, p in zip(found, holm([item.p for item in found]), strict=True))
