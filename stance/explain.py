"""Which words moved a sentence's frame: each word is left out in turn (occlusion; Zeiler and Fergus 2014).

``benchmarks/explain.py`` measures how far the frame's probability falls without the words found, next to random ones.
"""

from __future__ import annotations

import re

from stance.labels import FRAMES, Frame
from stance.model import Network
from stance.records import Explanation, SentenceScore, Words, signed
from stance.scoring import Classifier, built_in

WORD = re.compile(r"\w+(?:[-’']\w+|[.,]\d+)*")
SHOWN = 0.05
"""Weight from which one of the words that weigh most is shown."""

STRONG = 0.2
"""Weight from which it is highlighted strongly."""

BOLD, COLOUR, AGAINST, END = "\x1b[1m", "\x1b[33m", "\x1b[34m", "\x1b[0m"


def word_weights(network: Network, text: str, frame: Frame, previous: str = "") -> Words:
    """(start, end, weight) for every word: how much of the frame's probability is lost without it, -1 to 1."""
    spans = [match.span() for match in WORD.finditer(text)]
    variants = [(previous, without(text, [span])) for span in spans]
    frames, _ = network.probabilities([(previous, text), *variants])
    column = frames[:, FRAMES.index(frame)]
    return tuple((start, end, float(column[0] - rest)) for (start, end), rest in zip(spans, column[1:], strict=True))


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the given spans and the white space after each.

    >>> without("A brutal raid.", [(2, 8)])
    'A raid.'
    """
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:].lstrip()
    return text


def explain(sentence: SentenceScore, *, classifier: Classifier | None = None, previous: str = "") -> Explanation:
    """Which words moved a scored sentence to its frame; see ``SentenceScore.explain``."""
    network = (classifier or built_in()).network
    return Explanation(sentence, word_weights(network, sentence.text, sentence.frame, previous))


def described(explanation: Explanation, *, colour: bool) -> str:
    """Lines for a terminal: frame, probability and voice; the sentence with the words highlighted that weigh most; these words with their weights.

    Where the classifier is not certain, the line begins with ? and names the next frame too. With ``colour``, yellow words made the frame more
    probable and blue ones less, bold ones strongly; without, both stand in brackets with their weights.
    """
    sentence = explanation.sentence
    first, second = sorted(sentence.probabilities, key=lambda frame: -sentence.probabilities[frame])[:2]
    head = f"{' ' if sentence.certain else '?'} {first} {sentence.probabilities[first]:.2f}"
    if not sentence.certain:
        head += f" or {second} {sentence.probabilities[second]:.2f}"
    head += f", {sentence.voice}" + (f" ({sentence.speaker.text})" if sentence.speaker else "")
    words = [f"{sentence.text[start:end]} {signed(weight)}" for start, end, weight in _shown(explanation)]
    lines = [f"{BOLD}{head}{END}" if colour else head, "    " + marked(explanation, colour=colour), "    -> " + ", ".join(words)]
    return "\n".join(lines if words else lines[:2])


def marked(explanation: Explanation, *, colour: bool) -> str:
    """The sentence's text with the words highlighted that weigh most."""
    text = "".join(character if character.isprintable() else " " for character in explanation.sentence.text)  # a page may hold escape sequences
    for start, end, weight in sorted(_shown(explanation), reverse=True):
        style = (BOLD if abs(weight) >= STRONG else "") + (AGAINST if weight < 0 else COLOUR)
        shown = f"{style}{text[start:end]}{END}" if colour else f"[{text[start:end]} {signed(weight)}]"
        text = text[:start] + shown + text[end:]
    return text


def _shown(explanation: Explanation) -> Words:
    return tuple(word for word in explanation.top() if abs(word[2]) >= SHOWN)
