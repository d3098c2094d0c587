"""Which words moved a sentence's frame: each word is left out in turn (occlusion; Zeiler and Fergus 2014).

``benchmarks/explain.py`` measures how far the frame's probability falls without the words found, next to random ones.
"""

from __future__ import annotations

import re

from stance.labels import FRAMES, Frame
from stance.model import Network
from stance.records import Explanation, SentenceScore, Words, signed
from stance.scoring import Classifier, built_in

WORD = re.compile(r"\w+(?:[-’']\w+)*")
SHOWN = 0.05
"""Weight from which a word is highlighted."""

STRONG = 0.2
"""Weight from which it is highlighted strongly."""

BOLD, COLOUR, AGAINST, END = "\x1b[1m", "\x1b[33m", "\x1b[36m", "\x1b[0m"


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
    """Two lines for a terminal: frame, probability, voice and the sentence with its words highlighted; then the words that weigh most.

    With ``colour``, bold yellow words made the frame more probable and cyan ones less; without, both stand in brackets with their weights.
    """
    sentence = explanation.sentence
    mark = " " if sentence.certain else "?"
    head = f"{mark} {sentence.frame:<16} {sentence.probabilities[sentence.frame]:.2f}  {sentence.voice:<10}  "
    if colour:
        head = f"{BOLD}{head}{END}"
    lines = [head + marked(explanation, colour=colour)]
    if words := [f"{sentence.text[start:end]} {signed(weight)}" for start, end, weight in explanation.top() if abs(weight) >= SHOWN]:
        lines.append("    " + ", ".join(words))
    return "\n".join(lines)


def marked(explanation: Explanation, *, colour: bool) -> str:
    """The sentence's text with the words highlighted that weigh at least ``SHOWN``."""
    text, pieces, at = _printable(explanation.sentence.text), [], 0
    for start, end, weight in explanation.words:
        if abs(weight) < SHOWN:
            continue
        word = text[start:end]
        style = AGAINST if weight < 0 else COLOUR
        shown = f"{BOLD if abs(weight) >= STRONG else ''}{style}{word}{END}" if colour else f"[{word} {signed(weight)}]"
        pieces += [text[at:start], shown]
        at = end
    return "".join([*pieces, text[at:]])


def _printable(text: str) -> str:
    """The same length, with line breaks and control characters (a page might carry escape sequences) as spaces."""
    return "".join(character if character.isprintable() else " " for character in text)
