"""Outlets made of held-out sentences whose shares of frames are known, and what the estimators say of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import Holdout
from stance.correction import Correction, Corrections
from stance.estimates import RECOMMENDED, Draws, estimate, figures
from stance.figures import Interval
from stance.labels import FRAMES, Estimator
from stance.prevalence import Floats
from stance.sample import Entry, Sample, Texts

DRAWS = 500
LABELLED = "every sentence labelled by hand"
LOOSE = "counted, sentences resampled"
"""A bootstrap of sentences as if they were independent."""
FIXED = f"{RECOMMENDED}, holdout not resampled"
POOLED = 5
"""Sentences of each frame that a language needs for outlets to be drawn from it: with fewer, all would be made of the same ones."""
CLUSTERED = 3.0
"""How like its outlet an article is: the shares of its frames are drawn from a Dirichlet distribution with this concentration, which makes the
intraclass correlation of a frame within articles 1 / (1 + 3); the real pages of the annotations have 0.28 to 0.31, differences of their
outlets included."""


def take(holdout: Holdout, rows: NDArray[np.bool_]) -> Holdout:
    """Some of its rows."""
    kept = np.flatnonzero(rows)
    _, groups = np.unique(holdout.groups[kept], return_inverse=True)
    langs, origins = (tuple(values[row] for row in kept) for values in (holdout.langs, holdout.origins))
    return replace(
        holdout, frames=holdout.frames[kept], voices=holdout.voices[kept], probabilities=holdout.probabilities[kept],
        spoken=holdout.spoken[kept], groups=groups, langs=langs, origins=origins,
    )  # fmt: skip


def one_language(pool: Holdout, generator: np.random.Generator) -> Holdout:
    """The sentences of one language, drawn by how many it has of those that have ``POOLED`` of each frame; all where none has.

    Nearly every outlet writes in one language.
    """
    langs = np.array(pool.langs)
    tallies = {lang: np.bincount(pool.frames[langs == lang], minlength=len(FRAMES)) for lang in sorted(set(pool.langs))}
    sizes = {lang: int(tally.sum()) for lang, tally in tallies.items() if tally.min() >= POOLED}
    if not sizes:
        return pool
    chosen = generator.choice(list(sizes), p=np.array(list(sizes.values())) / sum(sizes.values()))
    return take(pool, langs == chosen)


def simulated(pool: Holdout, shares: Floats, generator: np.random.Generator) -> Sample:
    """An outlet of 20 to 50 articles with 10 to 25 sentences each, in the language of most of the pool."""
    places = [np.flatnonzero(pool.frames == frame) for frame in range(len(FRAMES))]
    rows, articles = [], []
    for article in range(generator.integers(20, 51)):
        counts = generator.multinomial(generator.integers(10, 26), generator.dirichlet(CLUSTERED * shares + 1e-3))
        for frame, count in enumerate(counts):
            rows.append(generator.choice(places[frame], count))
            articles.append(np.full(count, article))
    row, article_of = np.concatenate(rows), np.concatenate(articles)
    count = int(article_of.max()) + 1
    lang = Counter(pool.langs).most_common(1)[0][0]
    entries = tuple(Entry("", str(number), "", "", "", True, frozenset(), lang) for number in range(count))
    nothing = np.full(len(row), -1)
    sure = np.ones(len(row), dtype=bool)
    return Sample(
        entries, np.arange(count), article_of, pool.probabilities[row], pool.spoken[row], sure, nothing, pool.frames[row], nothing, sure, Texts(), nothing
    )  # fmt: skip


def measured(sample: Sample, known: Corrections, name: str, variants: bool = True) -> tuple[dict[str, tuple[list[Interval], Interval]], bool]:
    """Shares and lean by estimator, and whether the estimators contradict.

    With ``variants`` also with sentences resampled as if they were independent, and with a holdout that is not resampled.
    """
    rows = np.arange(len(sample.articles))
    unlabelled = replace(sample, gold=np.full(len(rows), -1))
    by_hand = replace(unlabelled, probabilities=np.eye(len(FRAMES))[sample.gold])
    draws = estimate(unlabelled, rows, name, known, DRAWS)[None]
    found = {LABELLED: _intervals(estimate(by_hand, rows, name, None, DRAWS)[None], Estimator.COUNTED)}
    found |= {str(estimator): _intervals(draws, estimator) for estimator in draws.shares}
    disagree = figures(draws, RECOMMENDED).disagree
    if not variants:
        return found, disagree
    loose = replace(unlabelled, entries=tuple(sample.entries[article] for article in sample.articles), units=rows, articles=rows)
    found[LOOSE] = _intervals(estimate(loose, rows, name, None, DRAWS)[None], Estimator.COUNTED)
    fixed = {key: _fixed(correction) for key, correction in known.items()}
    found[FIXED] = _intervals(estimate(unlabelled, rows, name, fixed, DRAWS)[None], RECOMMENDED)
    return found, disagree


def _intervals(draws: Draws, estimator: Estimator) -> tuple[list[Interval], Interval]:
    shown = figures(draws, estimator)
    return [shown.shares[frame] for frame in FRAMES], shown.lean


def _fixed(correction: Correction) -> Correction:
    first = correction.first(1)
    return Correction(*(np.repeat(array, len(correction.priors), axis=0) for array in (first.confusion, first.priors, first.maps, first.shifts)))
