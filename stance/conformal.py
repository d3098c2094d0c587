"""Sets of frames that hold the right one as often as was asked for: split-conformal prediction, for each frame on its own."""

from __future__ import annotations

from functools import lru_cache
from math import floor

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import HOLDOUT, NEWS, Holdout
from stance.labels import FRAMES, Frame, StanceError
from stance.records import SentenceScore

Floats = NDArray[np.float64]


def candidates(sentence: SentenceScore, holdout: Holdout | None, level: float = 0.9) -> tuple[Frame, ...]:
    """The frames that a sentence may well have, likeliest first; at least one. Many mean that the model cannot tell.

    Of sentences like the held-out ones, whichever their frame, at least the share ``level`` have it among their candidates, however good the
    model is (Vovk 2012, "Conditional Validity of Inductive Conformal Predictors", section 4.2; Sadinle, Lei and Wasserman 2019, "Least
    Ambiguous Set-Valued Classifiers with Bounded Error Levels", section 3). That is no promise for one sentence or one article, whose sentences
    are alike, and none for news of another style, topic or mixture of languages than the held-out news: those are not exchangeable with them,
    and coverage may be lower. The same sentences set the model's temperature, one number, which hardly matters.
    How often it held, and where it did not: ``benchmarks/results/conformal.json``.

    Parameters
    ----------
    sentence
        As scored by the model whose ``holdout`` is given.
    level
        Between 0 and 1.

    Raises
    ------
    StanceError
        If there is no holdout, or ``level`` is out of range.

    Examples
    --------
    >>> from stance import Classifier
    >>> model = Classifier.load()
    >>> sentence = model.classify(["The envoy met both leaders on Monday."])[0]
    >>> [str(frame) for frame in candidates(sentence, model.network.holdout, level=0.5)]
    ['neutral']
    >>> candidates(sentence, model.network.holdout, level=90)
    Traceback (most recent call last):
    stance.labels.StanceError: level is 90; needs a number between 0 and 1, such as 0.9
    """
    probabilities = np.array([[sentence.probabilities[frame] for frame in FRAMES]])
    inside = sets(probabilities, _bounds_of(holdout, level))[0]
    return tuple(FRAMES[index] for index in np.argsort(-probabilities[0], kind="stable") if inside[index])


@lru_cache(maxsize=16)
def _bounds_of(holdout: Holdout | None, level: float) -> Floats:
    if not 0 < level < 1:
        raise StanceError(f"level is {level}; needs a number between 0 and 1, such as 0.9")
    if holdout is None:
        raise StanceError(f"candidates: this model has no {HOLDOUT}, which says how it errs; write it: python -m training.calibrate FOLDER")
    rows = usable(holdout, level)
    return bounds(holdout.probabilities[rows], holdout.frames[rows], level)


def usable(holdout: Holdout, level: float) -> NDArray[np.bool_]:
    """The held-out sentences that the bounds come from, shape (n,): those that stand for news, where enough of each frame do; else all."""
    news = np.array(holdout.origins) == NEWS
    counts = np.bincount(holdout.frames[news], minlength=len(FRAMES))
    return news if ((counts + 1) * (1 - level) + 1e-9 >= 1).all() else np.ones(len(news), dtype=bool)


def bounds(probabilities: Floats, gold: NDArray[np.int64], level: float) -> Floats:
    """The probability from which on a frame is a candidate, for each of the four frames; shape (4,), 0 to 1.

    Of the held-out sentences whose gold frame is k, n of them, the share 1 - ``level`` on which the model gave k the lowest probability is
    given up: the bound is the j-th smallest of those probabilities, j = floor((n + 1) * (1 - level)). It is 0, and the frame always a
    candidate, where n is too small for that (j = 0).

    Parameters
    ----------
    probabilities
        Of the four frames, shape (n, 4).
    gold
        Indices of the gold frames, shape (n,).

    Examples
    --------
    >>> bounds(np.full((9, 4), 0.25), np.array([0, 1, 1, 1, 2, 2, 2, 2, 2]), level=0.75).tolist()
    [0.0, 0.25, 0.25, 0.0]
    """
    found = np.zeros(len(FRAMES))
    for frame in range(len(FRAMES)):
        given = np.sort(probabilities[gold == frame, frame])
        place = floor((len(given) + 1) * (1 - level) + 1e-9)  # 10 * (1 - 0.9) is a little less than 1
        if place:
            found[frame] = given[place - 1]
    return found


def sets(probabilities: Floats, bounds: Floats) -> NDArray[np.bool_]:
    """Which frames are candidates, shape (n, 4), given frame probabilities of that shape and what ``bounds`` found.

    No set is empty: where no frame reaches its bound, the most probable one is taken, which can only raise the coverage.

    >>> sets(np.array([[0.1, 0.2, 0.1, 0.6], [0.4, 0.1, 0.3, 0.2]]), np.array([0.5, 0.2, 0.5, 0.5])).astype(int).tolist()
    [[0, 1, 0, 1], [1, 0, 0, 0]]
    """
    found = probabilities >= bounds
    empty = ~found.any(axis=1)
    found[empty, probabilities[empty].argmax(axis=1)] = True
    return np.asarray(found)
