"""The two things that are labelled, and the one error that a caller can fix."""

from __future__ import annotations

from enum import StrEnum


class StanceError(ValueError):
    """Something the caller gave cannot be used; the message says what was got, what is needed and the way out."""


class Frame(StrEnum):
    """Toward whose case a sentence moves a reader who believes it (see ``annotations/CODEBOOK.md``)."""

    PRO_BELGRADE = "pro-Belgrade"
    PRO_PRISTINA = "pro-Pristina"
    WESTERN_CRITICAL = "Western-critical"
    NEUTRAL = "neutral"


class Voice(StrEnum):
    """Whose words a sentence gives: the outlet's or author's own, or somebody else's."""

    OWN = "own"
    ATTRIBUTED = "attributed"


class Camp(StrEnum):
    """Which side a speaker belongs to."""

    BELGRADE = "Belgrade"
    PRISTINA = "Pristina"
    WESTERN = "Western"
    RUSSIAN = "Russian"
    OTHER = "other"
    UNKNOWN = "unknown"


class Estimator(StrEnum):
    """How shares of frames are estimated from what the classifier says of sentences.

    ``COUNTED`` counts the likeliest frames; ``EXPECTED`` takes mean probabilities (Bella et al. 2010). Both are drawn towards the average
    outlet. ``ADJUSTED`` and ``MAXIMUM_LIKELIHOOD`` correct that by what is known of the classifier's errors (``stance.correction``);
    ``PREDICTION_POWERED`` by labels of the outlet's own sentences (``stance.powered``).
    """

    COUNTED = "counted"
    EXPECTED = "expected"
    ADJUSTED = "adjusted"
    MAXIMUM_LIKELIHOOD = "maximum likelihood"
    PREDICTION_POWERED = "prediction-powered"


FRAMES: tuple[Frame, ...] = tuple(Frame)
"""The order of every array of frame probabilities."""

VOICES: tuple[Voice, ...] = tuple(Voice)
"""The order of every array of voice probabilities."""

CAMPS: tuple[Camp, ...] = tuple(Camp)
"""The order of every array of camp probabilities."""
