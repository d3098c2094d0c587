"""Shares of frames where some of an outlet's sentences have gold labels: prediction-powered inference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.labels import FRAMES
from stance.prevalence import FEWEST, Floats
from stance.sample import Integers


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Sentences of one outlet and voice: their unit, probabilities (n, 4), and gold frame's index or -1."""

    units: Integers
    probabilities: Floats
    gold: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Gold labels of an outlet: how many sentences have each frame, shape (4,), and how many units hold a labelled sentence."""

    counts: Integers
    units: int

    @classmethod
    def of(cls, labels: Labels) -> Tally:
        known = labels.gold >= 0
        return cls(np.bincount(labels.gold[known], minlength=len(FRAMES)), len(np.unique(labels.units[known])))

    @property
    def total(self) -> int:
        """Labelled sentences."""
        return int(self.counts.sum())

    @property
    def shares(self) -> Floats:
        """Of the labels, by frame, shape (4,); 0 where there are none."""
        return np.asarray(self.counts / max(1, self.total))


def powered(labels: Labels, weights: Floats) -> Floats | None:
    """Shares in each resample, shape of (draws + 1, 4); ``None`` where fewer than five articles hold a labelled sentence.

    The mean of the gold labels, moved by how far the probabilities of all sentences differ from those of the labelled ones (Angelopoulos
    et al. 2023, "Prediction-Powered Inference"). How much of that difference is believed is the slope that makes the variance smallest
    ("PPI++", Angelopoulos, Duchi and Zrnic 2023, section 6), one for all frames, so that shares still sum to 1. The labelled
    sentences must be a random sample of the outlet's; they need not be of the articles.

    Parameters
    ----------
    weights
        From ``prevalence.resamples``: one row a resample, one column a unit.
    """
    known = labels.gold >= 0
    if len(np.unique(labels.units[known])) < FEWEST:
        return None
    said, gold = labels.probabilities[known], np.eye(len(FRAMES))[labels.gold[known]]
    spread = ((said - said.mean(axis=0)) ** 2).sum()
    slope = float(np.clip(((said - said.mean(axis=0)) * (gold - gold.mean(axis=0))).sum() / spread, 0, 1)) if spread > 0 else 0.0
    means = []
    for values, units in ((gold, labels.units[known]), (said, labels.units[known]), (labels.probabilities, labels.units)):
        sums = np.zeros((weights.shape[1], len(FRAMES) + 1))
        np.add.at(sums, units, np.column_stack([values, np.ones(len(values))]))
        totals = weights @ sums
        found = totals[:, :-1] / np.maximum(totals[:, -1:], 1e-12)
        means.append(np.where(totals[:, -1:] > 0, found, found[:1]))
    shares = np.maximum(means[0] + slope * (means[2] - means[1]), 0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
