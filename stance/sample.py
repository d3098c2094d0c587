"""What is kept of articles while they stream by: a few numbers a sentence, so that a corpus may be larger than memory."""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.labels import CAMPS, FRAMES, VOICES, Camp, Frame, StanceError
from stance.prevalence import UNITS, Floats
from stance.records import Article, ArticleScore, Labelled
from stance.text import language_of
from stance.topic import on_topic
from stance.wire import Hashes, copies, shingles
from stance.words import words

Integers = NDArray[np.int64]
LEAD = 3
"""Sentences that, with the title, tell what an article reports."""

UNLABELLED = -1

_Key = tuple[str, str, str]
"""Outlet, words and article of a gold sentence; no article where it stands for all that have the words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as kept: its outlet's name, a digest of all it holds, what tells its event, its language (``en``, ``sr`` or ``sq``), and a digest of its words."""

    outlet: str
    digest: str
    title: str
    date: str
    event: str
    on_topic: bool
    lead: frozenset[str]
    lang: str = "en"
    content: str = ""

    def rank(self) -> tuple[bool, bool, str, str]:
        """Of an outlet's articles with the same words the first is kept: one whose event or day is known before others, then the earliest."""
        return not self.event, len(self.date) < len("2023-05-30"), self.date, self.digest


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The corpus as columns; articles by outlet and digest, so that their order in the input does not matter.

    Attributes
    ----------
    entries
        One for each article. Of articles of one outlet with the same words, the first by ``Entry.rank`` alone is here.
    units
        The unit of each article within its outlet: its place, or where there are more than ``UNITS``, one of so many.
    articles
        The article of each sentence, ascending; all arrays below are by sentence, shape (n,) or (n, 4).
    probabilities, voices, certain, camps
        What the classifier says; voices and camps as indices.
    gold
        Index of the gold frame, or -1.
    copy
        A number for each sentence that several outlets have, -1 for the others.
    counted
        False for a sentence that the same outlet has already in another article, where several outlets have it.
    repeated
        How many articles were left out, as their outlet has the same words in another.
    """

    entries: tuple[Entry, ...]
    units: Integers
    articles: Integers
    probabilities: Floats
    voices: Integers
    certain: NDArray[np.bool_]
    camps: Integers
    gold: Integers
    copy: Integers
    counted: NDArray[np.bool_]
    texts: Texts
    places: Integers
    repeated: int = 0

    def outlets(self) -> dict[str, range]:
        """The articles of each outlet, by name."""
        bounds: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            bounds.setdefault(entry.outlet, [number, number])[1] = number
        return {name: range(first, last + 1) for name, (first, last) in bounds.items()}

    def text(self, sentence: int) -> str:
        """The text of a sentence."""
        return self.texts[int(self.places[sentence])]


class Texts:
    """Texts in a temporary file, which vanishes with this object."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=2**24)  # noqa: SIM115 (closed when collected)
        self._ends = array("q", [0])

    def append(self, text: str) -> None:
        """Add a text at the end."""
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

    def __getitem__(self, number: int) -> str:
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def content_of(sentences: Iterable[str]) -> str:
    """A digest of an article's words: the same for copies whose layout or signs differ."""
    return _digest(" ".join(words(" ".join(sentences))))


class Gathering:
    """Takes articles with their scores one by one; ``sample`` gives the columns."""

    def __init__(self, gold: Iterable[Labelled] = ()) -> None:
        self._gold: dict[_Key, Frame] = {}
        self._found: set[_Key] = set()
        for row in gold:
            key = row.outlet.strip(), " ".join(words(row.text)), row.article
            if self._gold.setdefault(key, row.frame) != row.frame:
                raise StanceError(f"gold has {row.text!r} of {row.outlet!r} as {self._gold[key]} and as {row.frame}; settle on one")
        self._entries: list[Entry] = []
        self._sizes = array("q")
        self._probabilities = array("d")
        self._small = array("b")
        self._shingles: list[Hashes] = []
        self._texts = Texts()

    @property
    def labelled(self) -> int:
        """How many sentences have gold labels, found or not."""
        return len(self._gold)

    @property
    def lost(self) -> int:
        """How many of these were not found so far."""
        return len(self._gold) - len(self._found)

    def _label(self, outlet: str, text: str, content: str) -> int:
        """Index of a sentence's gold frame, or ``UNLABELLED``."""
        if not self._gold:
            return UNLABELLED
        said = " ".join(words(text))
        for key in ((outlet, said, content), (outlet, said, "")):
            if key in self._gold:
                self._found.add(key)
                return FRAMES.index(self._gold[key])
        return UNLABELLED

    def add(self, article: Article, score: ArticleScore) -> Entry:
        """Keep an article's numbers, and tell what is known of it; it must have a sentence."""
        texts = [sentence.text for sentence in score.sentences]
        fields = (article.outlet, article.date, article.title, article.url, article.id, article.event, article.text)
        digest, content = _digest("\0".join(fields)), content_of(texts)
        lead = frozenset(word for word in words(" ".join([article.title, *texts[:LEAD]])) if len(word) > 2)
        topical = on_topic(article.title, texts)
        lang = language_of(" ".join(texts))
        entry = Entry(article.outlet, digest, article.title, article.date, article.event, topical, lead, lang, content)
        self._entries.append(entry)
        self._sizes.append(len(texts))
        for sentence in score.sentences:
            self._probabilities.extend(sentence.probabilities[frame] for frame in FRAMES)
            camp = sentence.speaker.camp if sentence.speaker else Camp.UNKNOWN
            label = self._label(article.outlet, sentence.text, content)
            self._small.extend((VOICES.index(sentence.voice), sentence.certain, CAMPS.index(camp), label))
            self._shingles.append(shingles(sentence.text))
            self._texts.append(sentence.text)
        return entry

    def _once(self) -> list[int]:
        """Numbers of the articles by outlet and digest; of each outlet's articles with the same words the first by ``Entry.rank``."""
        kept: dict[tuple[str, str], int] = {}
        for number in sorted(range(len(self._entries)), key=lambda number: self._entries[number].rank()):
            kept.setdefault((self._entries[number].outlet, self._entries[number].content), number)
        return sorted(kept.values(), key=lambda number: (self._entries[number].outlet, self._entries[number].digest))

    def sample(self) -> Sample:
        """The columns, and which sentences are copies of others."""
        order = self._once()
        entries = tuple(self._entries[number] for number in order)
        sizes = np.array(self._sizes, dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        places = np.concatenate([np.arange(starts[number], starts[number + 1]) for number in order] or [starts[:0]])
        articles = np.repeat(np.arange(len(order)), sizes[order])
        small = np.array(self._small, dtype=np.int64).reshape(-1, 4)[places]
        names = {name: index for index, name in enumerate(dict.fromkeys(entry.outlet for entry in entries))}
        outlets = np.array([names[entry.outlet] for entry in entries], dtype=np.int64)
        copy, counted = _shared(copies([self._shingles[place] for place in places]), outlets[articles])
        units = np.arange(len(outlets)) - np.searchsorted(outlets, outlets)
        return Sample(
            entries, units % UNITS, articles, np.array(self._probabilities).reshape(-1, len(FRAMES))[places],
            small[:, 0], small[:, 1].astype(bool), small[:, 2], small[:, 3], copy, counted, self._texts, places, len(self._entries) - len(order),
        )  # fmt: skip


def _shared(groups: Integers, outlets: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Groups that several outlets have (-1: none), and which sentences count: of each outlet the first in the group."""
    copy, counted = np.full(len(groups), -1), np.ones(len(groups), dtype=bool)
    inside = np.flatnonzero(groups >= 0)
    inside = inside[np.argsort(groups[inside], kind="stable")]
    for members in np.split(inside, np.flatnonzero(np.diff(groups[inside])) + 1):
        holders, first = np.unique(outlets[members], return_index=True)
        if len(holders) > 1:
            copy[members] = members[0]
            counted[members] = False
            counted[members[first]] = True
    return copy, counted
