"""The sentences that a page shows: cut into pieces that are marked, and no more of them than a reader's browser bears."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from stance.figures import Comparison, Evidence, Shown
from stance.labels import Frame, Voice
from stance.records import SentenceScore, Speaker
from stance.text import language_of

MARKED: Final = 0.05
"""A word is marked when leaving it out takes at least this much from the frame's probability."""

SENTENCES: Final = 6_000
"""Most sentences of whole articles in a page."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence's text; ``strength`` 0 to 3 says how much a word moved the frame, ``tip`` who a named speaker is."""

    text: str
    strength: int = 0
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with all that stands beside it."""

    pieces: tuple[Piece, ...]
    lang: str
    frame: Frame
    voice: Voice
    probability: float
    certain: bool
    spoken: str
    title: str = ""
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A whole article; ``outlet`` is the outlet's number in ``Comparison.outlets``."""

    outlet: int
    title: str
    url: str
    date: str
    lean: float
    entries: tuple[Passage, ...]


def evidence_of(comparison: Comparison) -> list[tuple[int, list[Passage]]]:
    """The most telling sentences, by the outlet's number in ``Comparison.outlets``."""
    found: dict[str, list[Passage]] = defaultdict(list)
    for item in comparison.evidence:
        found[item.outlet].append(_telling(item))
    return [(number, found[row.outlet]) for number, row in enumerate(comparison.outlets) if row.outlet in found]


def articles_of(comparison: Comparison, most: int = SENTENCES) -> list[Text]:
    """Whole articles, by outlet and as they come, with at most so many sentences together; outlets take turns until these are spent."""
    waiting: dict[int, list[Shown]] = defaultdict(list)
    numbers = {row.outlet: number for number, row in enumerate(comparison.outlets)}
    for shown in comparison.shown:
        waiting[numbers[shown.outlet]].append(shown)
    taken: dict[int, list[Shown]] = defaultdict(list)
    while any(waiting.values()):
        for number, queue in waiting.items():
            if queue and len(queue[0].sentences) <= most:
                most -= len(queue[0].sentences)
                taken[number].append(queue.pop(0))
            else:
                queue.clear()
    return [
        Text(number, one.title, _web(one.url), one.date, one.lean, tuple(_passage(sentence) for sentence in one.sentences))
        for number in sorted(taken)
        for one in taken[number]
    ]


def _telling(item: Evidence) -> Passage:
    pieces: list[Piece] = []
    at = 0
    for start, end, weight in item.words:
        if weight >= MARKED:
            pieces += [Piece(item.text[at:start]), Piece(item.text[start:end], 1 + (weight >= 0.15) + (weight >= 0.3))]
            at = end
    pieces.append(Piece(item.text[at:]))
    spoken = _spoken(item.voice, item.speaker)
    lang = language_of(item.text)
    return Passage(tuple(pieces), lang, item.frame, item.voice, item.probability, True, spoken, item.title, _web(item.url), item.date)


def _passage(sentence: SentenceScore) -> Passage:
    speaker, text = sentence.speaker, sentence.text
    pieces: tuple[Piece, ...] = (Piece(text),)
    if speaker:
        start, end = speaker.start - sentence.start, speaker.end - sentence.start
        if 0 <= start < end <= len(text):
            pieces = (Piece(text[:start]), Piece(text[start:end], tip=str(speaker)), Piece(text[end:]))
    probability = sentence.probabilities[sentence.frame]
    return Passage(pieces, language_of(text), sentence.frame, sentence.voice, probability, sentence.certain, _spoken(sentence.voice, speaker))


def _spoken(voice: Voice, speaker: Speaker | None) -> str:
    if voice is Voice.OWN:
        return "own voice"
    return f"attributed to {speaker}" if speaker else "attributed, speaker not found"


def _web(url: str) -> str:
    """The address if it is one of the web; a page must not carry any other."""
    return url if re.match(r"https?://", url) else ""
