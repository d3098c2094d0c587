"""Which words moved a sentence's frame: each word is left out in turn (occlusion; Zeiler and Fergus 2014)."""

from __future__ import annotations

import re

from stance.labels import FRAMES, Frame
from stance.model import Network

WORD = re.compile(r"\w+(?:[-’']\w+)*")


def word_weights(network: Network, text: str, frame: Frame, previous: str = "") -> tuple[tuple[int, int, float], ...]:
    """(start, end, weight) for every word: how much of the frame's probability is lost without it, -1 to 1."""
    spans = [match.span() for match in WORD.finditer(text)]
    variants = [(previous, text[:start] + text[end:].lstrip()) for start, end in spans]
    frames, _ = network.probabilities([(previous, text), *variants])
    column = frames[:, FRAMES.index(frame)]
    return tuple((start, end, float(column[0] - without)) for (start, end), without in zip(spans, column[1:], strict=True))
