"""From what the classifier says of sentences to shares of frames: counting corrected by what is known of its errors.

All estimators work on many resamples at once: row d of every array belongs to draw d, and row 0 to the sample itself. What is
known of the errors comes from the model's holdout, which is resampled too, by its documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import NEWS, Holdout
from stance.labels import FRAMES, VOICES, Voice
from stance.prevalence import DRAWS, SEED, Floats
from stance.text import FUNCTION_WORDS

FEWEST_ROWS = 10
"""Held-out sentences of each frame that a correction needs."""

SPREAD = 4.0
"""How many times as much the weights of the holdout's documents vary as in a bootstrap: their standard deviation is about twice as large. A bootstrap covers
that the holdout is a sample. It does not cover that an outlet writes otherwise than the holdout, at least as far as one half of the
holdout's documents differs from the other, nor that probabilities are not quite calibrated. How much is enough was found with
simulated outlets (``benchmarks/prevalence.py``): with less, intervals hold the truth too seldom."""

STEPS, NEAR, STRIDE = 1000, 1e-4, 1.8
AWAY = 0.1
"""Share of the priors in what a draw starts from."""


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """The classifier's errors on sentences of one language and voice.

    Attributes
    ----------
    confusion
        ``confusion[d, j, k]`` is the mean probability of frame j over held-out sentences whose gold frame is k.
    priors
        The frame shares at which the probabilities are right, shape (draws + 1, 4).
    maps, shifts
        The solution of the adjusted count for each set of frames that may be present: shapes (draws + 1, 15, 4, 4) and
        (draws + 1, 15, 4).
    """

    confusion: Floats
    priors: Floats
    maps: Floats
    shifts: Floats

    def first(self, draws: int) -> Correction:
        """The same of the first draws only."""
        return Correction(self.confusion[:draws], self.priors[:draws], self.maps[:draws], self.shifts[:draws])

    def adjusted(self, shares: Floats) -> Floats:
        """Adjusted count: the shares whose expected probabilities come nearest to the mean probabilities found, (draws + 1, 4).

        Least squares over shares that are not negative and sum to 1 (Forman 2008 in the form of Bella et al. 2010, "Quantification
        via Probability Estimators"). The best solution with exactly these frames present is linear in ``shares``; all
        15 sets of frames are tried, so the result is exact.
        """
        found = np.einsum("dsij,dj->dsi", self.maps, shares) + self.shifts
        gap = np.einsum("dij,dsj->dsi", self.confusion, found) - shares[:, None]
        loss = np.where((found >= -1e-9).all(axis=2), (gap**2).sum(axis=2), np.inf)
        best = np.maximum(found[np.arange(len(found)), loss.argmin(axis=1)], 0)
        return np.asarray(best / best.sum(axis=1, keepdims=True))

    def likeliest(self, cells: Floats, tallies: Floats) -> Floats:
        """Maximum likelihood by expectation maximisation (Saerens, Latinne and Decaestecker 2002, equation 9), (draws + 1, 4).

        Parameters
        ----------
        cells
            Frame probabilities, shape (cells, 4).
        tallies
            How many sentences of each resample have these probabilities, shape (draws + 1, cells).
        """
        return expectation_maximisation(cells, tallies, self.priors)


Corrections = Mapping[tuple[str, Voice], Correction]
"""By language (``en``, ``sr``, ``sq``) and voice: the classifier makes other errors in each."""


def expectation_maximisation(cells: Floats, tallies: Floats, priors: Floats) -> Floats:
    """Shares under which the sentences are likeliest, given probabilities that are right under ``priors``; shape of ``priors``.

    Each step is lengthened to the power ``STRIDE``, which has the same fixed points and takes a third of the steps (exponentiated gradient;
    Helmbold et al. 1997, "A Comparison of New and Old Algorithms for a Mixture Estimation Problem").
    """
    totals = np.maximum(tallies.sum(axis=1, keepdims=True), 1e-12)
    shares = priors.copy()
    for rows, near in ((np.arange(1), NEAR / 100), (np.arange(1, len(priors)), NEAR)):
        active = rows
        # Draws start near where the sample itself ended, but with every frame: one that is at 0 could not come back.
        shares[active] = (1 - AWAY) * shares[0] + AWAY * priors[active]
        for _ in range(STEPS):
            if not len(active):
                break
            densities = np.maximum(shares[active] / priors[active] @ cells.T, 1e-300)
            gains = (tallies[active] / densities) @ cells / priors[active] / totals[active]
            new = shares[active] * gains**STRIDE
            new /= new.sum(axis=1, keepdims=True)
            moved = np.abs(new - shares[active]).max(axis=1)
            shares[active] = new
            active = active[moved > near]
    return shares


@lru_cache(maxsize=2)
def corrections(holdout: Holdout | None, draws: int = DRAWS, seed: int = SEED) -> Corrections | None:
    """The correction for each language and voice; ``None`` where the holdout is missing or holds too few sentences of a frame.

    Taken are held-out news sentences of this language that the model gives this voice, where each frame has ten of them; else news of this
    language; else all of this language and voice; else all of this language; else the same four without regard to language. A document's
    weight in each draw is drawn from a gamma distribution (the Bayesian bootstrap, Rubin 1981), so that no frame ever falls out.
    """
    if holdout is None:
        return None
    generator = np.random.default_rng(seed + 1)
    groups = int(holdout.groups.max(initial=0)) + 1
    weights = np.concatenate([np.ones((1, groups)), generator.standard_gamma(1 / SPREAD, (draws, groups)) + 1e-9])
    news = np.array([origin == NEWS for origin in holdout.origins])
    every = np.ones(len(news), dtype=bool)
    made: dict[bytes, Correction] = {}
    found = {}
    for lang, (index, voice) in product(FUNCTION_WORDS, enumerate(VOICES)):
        spoken, written = holdout.spoken == index, np.array(holdout.langs) == lang
        choices = [inside & rows for inside in (written, every) for rows in (news & spoken, news, spoken, every)]
        rows = next((rows for rows in choices if _enough(holdout, rows)), None)
        if rows is None:
            return None
        key = rows.tobytes()
        if key not in made:
            made[key] = _correction(holdout, rows, weights)
        found[lang, voice] = made[key]
    return found


def _enough(holdout: Holdout, rows: NDArray[np.bool_]) -> bool:
    return bool((np.bincount(holdout.frames[rows], minlength=len(FRAMES)) >= FEWEST_ROWS).all())


def _correction(holdout: Holdout, rows: NDArray[np.bool_], weights: Floats) -> Correction:
    gold, said, groups = np.eye(len(FRAMES))[holdout.frames[rows]], holdout.probabilities[rows], holdout.groups[rows]
    confusion = np.empty((len(weights), len(FRAMES), len(FRAMES)))
    for frame in range(len(FRAMES)):
        sums = np.zeros((weights.shape[1], len(FRAMES) + 1))
        np.add.at(sums, groups, np.column_stack([said, np.ones(len(said))]) * gold[:, [frame]])
        totals = weights @ sums
        confusion[:, :, frame] = totals[:, :-1] / totals[:, -1:]
    row_weights = weights[:, groups]
    truth = row_weights @ gold / row_weights.sum(axis=1, keepdims=True)
    maps, shifts = _solutions(confusion)
    return Correction(confusion, _priors(said, row_weights, truth), maps, shifts)


def _priors(said: Floats, weights: Floats, truth: Floats) -> Floats:
    """Priors under which maximum likelihood, applied to the holdout itself, gives the holdout's gold shares.

    Were the probabilities calibrated on the holdout, these would be its gold shares. They are calibrated on more kinds of
    sentences, so the probabilities are first multiplied by a factor for each frame such that their mean is right
    (a bias correction; Alexandari et al. 2020, "Maximum Likelihood with Bias-Corrected Calibration is Hard-To-Beat").
    """
    factors = np.ones_like(truth)
    weights = weights / weights.sum(axis=1, keepdims=True)
    for _ in range(STEPS):
        means = (weights / (factors @ said.T)) @ said * factors
        factors = factors * truth / means
        factors /= factors.sum(axis=1, keepdims=True)
        if np.abs(means - truth).max() < NEAR / 10:
            break
    priors = truth / factors
    return np.asarray(priors / priors.sum(axis=1, keepdims=True))


def _solutions(confusion: Floats) -> tuple[Floats, Floats]:
    draws, size, _ = confusion.shape
    supports = [support for count in range(1, size + 1) for support in combinations(range(size), count)]
    maps, shifts = np.zeros((draws, len(supports), size, size)), np.zeros((draws, len(supports), size))
    for number, support in enumerate(supports):
        columns, count = confusion[:, :, support], len(support)
        system = np.zeros((draws, count + 1, count + 1))
        system[:, :count, :count] = np.swapaxes(columns, 1, 2) @ columns + 1e-9 * np.eye(count)
        system[:, count, :count] = system[:, :count, count] = 1
        inverse = np.linalg.inv(system)
        maps[:, number, support] = inverse[:, :count, :count] @ np.swapaxes(columns, 1, 2)
        shifts[:, number, support] = inverse[:, :count, count]
    return maps, shifts
