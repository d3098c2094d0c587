"""Which words moved a sentence's frame: each word is left out in turn (occlusion; Zeiler and Fergus 2014).

``benchmarks/explain.py`` measures how far the frame's probability falls without the words found, next to random ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.labels import FRAMES, Frame
from stance.model import Floats, Network
from stance.records import Excerpt, Explanation, SentenceScore, Words, printable, signed
from stance.scoring import Classifier, built_in

WORD = re.compile(r"\w+(?:[-’']\w+|[.,]\d+)*")
WORDS = 4
"""Words that are left out, times the tokens that the network reads of a sentence: a word has one token at least, so no later one counts."""

CHUNK = 64
"""Words left out at a time, which bounds memory."""

SHOWN = 0.05
"""Weight from which one of the words that weigh most is shown."""

STRONG = 0.2
"""Weight from which it is highlighted strongly."""

BOLD, COLOUR, AGAINST, END = "\x1b[1m", "\x1b[33m", "\x1b[34m", "\x1b[0m"


def word_weights(network: Network, frame: Frame, excerpt: Excerpt, at: int) -> Words:
    """(start, end, weight) for every word of a sentence, the one at ``at`` of those that an excerpt asks for: how much of the frame's probability is lost without it, -1 to 1; 0 for words beyond the
    network's reach. The sentence is read in the same window each time."""
    window, place = network.around(excerpt, at)
    text, asked = window.texts[place], window.asked
    spans = [match.span() for match in WORD.finditer(text)]
    near = spans[: WORDS * network.settings.longest]
    read = text[: near[-1][1]] if len(near) < len(spans) else text

    def probable(forms: Sequence[str]) -> Floats:
        frames, *_ = network.probabilities([window._replace(texts=(*window.texts[:place], form, *window.texts[place + 1 :])) for form in forms])
        return frames[place - len(window.texts) + asked :: asked, FRAMES.index(frame)]

    (whole,) = probable([read])
    weights = [0.0] * len(spans)
    for first in range(0, len(near), CHUNK):
        part = near[first : first + CHUNK]
        weights[first : first + len(part)] = (whole - probable([without(read, [span]) for span in part])).tolist()
    return tuple((start, end, weight) for (start, end), weight in zip(spans, weights, strict=True))


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the given spans and the white space after each.

    >>> without("A brutal raid.", [(2, 8)])
    'A raid.'
    """
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:].lstrip()
    return text


def explain(sentence: SentenceScore, excerpt: Excerpt, at: int, *, classifier: Classifier | None = None) -> Explanation:
    """Which words moved a scored sentence, the one at ``at`` of those that an excerpt asks for, to its frame; see ``SentenceScore.explain``."""
    return Explanation(sentence, word_weights((classifier or built_in()).network, sentence.frame, excerpt, at))


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
    head += f", {sentence.voice}" + (f" to {printable(str(sentence.speaker))}" if sentence.speaker else "")
    words = [f"{sentence.text[start:end]} {signed(weight)}" for start, end, weight in _shown(explanation)]
    lines = [f"{BOLD}{head}{END}" if colour else head, "    " + marked(explanation, colour=colour), "    -> " + ", ".join(words)]
    return "\n".join(lines if words else lines[:2])


def marked(explanation: Explanation, *, colour: bool) -> str:
    """The sentence's text with the words highlighted that weigh most."""
    text = printable(explanation.sentence.text)  # a page may hold escape sequences
    for start, end, weight in sorted(_shown(explanation), reverse=True):
        style = (BOLD if abs(weight) >= STRONG else "") + (AGAINST if weight < 0 else COLOUR)
        shown = f"{style}{text[start:end]}{END}" if colour else f"[{text[start:end]} {signed(weight)}]"
        text = text[:start] + shown + text[end:]
    return text


def _shown(explanation: Explanation) -> Words:
    return tuple(word for word in explanation.top() if abs(word[2]) >= SHOWN)
