"""An article's frame, from the probabilities of its sentences."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stance.labels import FRAMES, Frame
from stance.records import Shares

FRAMED = 0.2
"""An article is neutral when fewer of its sentences are framed."""

AHEAD = 1.5
"""The leading frame's share must be this many times the next frame's; otherwise the sides even out and the article is neutral."""

TOLD = 0.5
"""An article cannot be told when no frame is more probable than this."""

DRAWS = 500
"""Samples from which a frame's probability is estimated; its standard error is below 0.022."""

SPREAD = 0.8
"""How far an article's sentences are misread alike; of 0, 0.3, 0.5 ... it makes the gold frames of the validation split's articles about as likely as any."""

BLOCK = 1024
"""Sentences drawn at a time."""


def rule(shares: Shares) -> Frame:
    """The frame of an article whose sentences have these frames.

    Neutral where less than a fifth of the sentences is framed, or where no frame has one and a half times the share of the next (the sides even
    out, as in rule 6 of the codebook); otherwise the most frequent of the three frames that are not neutral.

    >>> str(rule(dict(zip(FRAMES, (0.3, 0.1, 0.0, 0.6)))))
    'pro-Belgrade'
    """
    return FRAMES[int(_rule(np.array([[shares[frame] for frame in FRAMES]]))[0])]


def frame_of(probabilities: NDArray[np.float64]) -> Frame | None:
    """The most probable frame of an article by ``rule``, or ``None`` where even that is less probable than not.

    What a sentence's frame is, is not known, only how probable each is. So the sentences' frames are drawn from their probabilities ``DRAWS`` times with a
    fixed seed (a Latin hypercube; McKay et al. 1979), and the rule is applied to every draw: many weak hints can make an article sure, and sure
    sentences near the rule's borders leave it open. Sentences of one article are misread alike, so each draw moves all their log-probabilities by the
    same random amount for each frame, normal with the standard deviation ``SPREAD``: a random intercept of the article.

    Parameters
    ----------
    probabilities
        Shape (sentences, 4), in the order of ``FRAMES``; rows sum to 1.

    Examples
    --------
    >>> frame_of(np.array([[0.9, 0.0, 0.0, 0.1]] * 8)), frame_of(np.empty((0, 4)))
    (<Frame.PRO_BELGRADE: 'pro-Belgrade'>, None)
    """
    if not len(probabilities):
        return None
    found = chances(probabilities)
    return FRAMES[int(found.argmax())] if found.max() >= TOLD else None


def chances(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """How probable each frame is as the article's, shape (4,); parameters as for ``frame_of``, one sentence at least."""
    generator, even = np.random.default_rng(0), (np.arange(DRAWS) + 0.5) / DRAWS
    moved = np.exp(SPREAD * np.stack([generator.permuted(_normal()) for _ in FRAMES], axis=1))
    counts = np.zeros((DRAWS, len(FRAMES)))
    for at in range(0, len(probabilities), BLOCK):
        weights = (probabilities[at : at + BLOCK, None] * moved).cumsum(axis=2)
        points = generator.permuted(np.tile(even, (len(weights), 1)), axis=1)
        drawn = (points[:, :, None] * weights[:, :, -1:] >= weights[:, :, :-1]).sum(axis=2)
        counts += np.stack([(drawn == index).sum(axis=0) for index in range(len(FRAMES))], axis=1)
    return np.bincount(_rule(counts / len(probabilities)), minlength=len(FRAMES)) / DRAWS


@cache
def _normal() -> NDArray[np.float64]:
    """Standard normal values at the middles of ``DRAWS`` equally probable parts."""
    return np.array([NormalDist().inv_cdf((at + 0.5) / DRAWS) for at in range(DRAWS)])


def _rule(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index into ``FRAMES`` by ``rule`` for each row of shares, shape (n, 4)."""
    neutral = FRAMES.index(Frame.NEUTRAL)
    others = [index for index in range(len(FRAMES)) if index != neutral]
    ordered = np.sort(shares[:, others], axis=1)
    best = np.array(others)[shares[:, others].argmax(axis=1)]
    even = (1 - shares[:, neutral] < FRAMED - 1e-9) | (ordered[:, -1] < AHEAD * ordered[:, -2] - 1e-9)
    return np.where(even, neutral, best)
