"""Agency copy: sentences that stand, nearly word for word, in several articles."""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.words import words

RUN = 3
"""Words in a shingle."""

SAME = 0.7
"""Sentences are the same copy when they share at least this part of all their different shingles (Jaccard index). A sentence of 20
words in which one is exchanged keeps 15 of 21."""

SHORTEST = 8
"""Words below which a sentence may be the same by chance."""

Hashes = NDArray[np.uint32]
_MIX = np.array([2654435761, 40503, 1], dtype=np.uint64)


def shingles(text: str) -> Hashes:
    """Hashes of the text's runs of three words, ascending, each once; none for a text of fewer than eight words.

    >>> list(shingles("Talks resume in May.")), len(shingles("one two three four five six seven eight"))
    ([], 6)
    """
    found = words(text)
    if len(found) < SHORTEST:
        return np.empty(0, dtype=np.uint32)
    codes = np.array([zlib.crc32(word.encode()) for word in found], dtype=np.uint64)
    runs = sum(codes[at : len(codes) - RUN + 1 + at] * _MIX[at] for at in range(RUN))
    return np.unique(((runs ^ (runs >> np.uint64(29))) & np.uint64(0xFFFFFFFF)).astype(np.uint32))


def copies(sets: Sequence[Hashes]) -> NDArray[np.int64]:
    """Which sets are near-duplicates of each other: one number for each group, -1 for a set that has none.

    Two sets are in one group when a chain of sets joins them in which each shares ``SAME`` with the next. The search is exact:
    sets that are so alike share one of their rarest elements (prefix filter; Chaudhuri et al. 2006, Bayardo et al. 2007).
    """
    parents = list(range(len(sets)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    seen: dict[bytes, int] = {}
    different: dict[int, Hashes] = {}
    for number, row in enumerate(sets):
        if len(row):
            first = seen.setdefault(row.tobytes(), number)
            parents[number] = first
            if first == number:
                different[number] = row
    for one, other in _candidates(different):
        a, b = root(one), root(other)
        if a != b and _jaccard(different[one], different[other]) >= SAME:
            parents[max(a, b)] = min(a, b)
    roots = np.array([root(number) for number in range(len(sets))], dtype=np.int64)
    sizes = np.bincount(roots, minlength=len(sets)) if len(sets) else roots
    return np.where(sizes[roots] > 1, roots, -1) if len(sets) else roots


def _candidates(different: dict[int, Hashes]) -> Iterator[tuple[int, int]]:
    if not different:
        return
    values, counts = np.unique(np.concatenate(list(different.values())), return_counts=True)
    holders: dict[int, list[int]] = defaultdict(list)
    for number, row in different.items():
        frequency = counts[np.searchsorted(values, row)]
        prefix = len(row) - math.ceil(SAME * len(row) - 1e-9) + 1
        for place in np.lexsort((row, frequency))[:prefix]:
            if frequency[place] > 1:
                holder = holders[int(row[place])]
                yield from ((other, number) for other in holder)
                holder.append(number)


def _jaccard(one: Hashes, other: Hashes) -> float:
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return 0.0
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)
