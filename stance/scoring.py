"""Scoring of articles and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from stance.article import frame_of
from stance.artifacts import find
from stance.conformal import candidates
from stance.labels import FRAMES, VOICES, Frame, StanceError, Voice
from stance.model import Floats, Network
from stance.records import Article, ArticleScore, Excerpt, SentenceScore, Shares, Span, Speaker, lean_of
from stance.speakers import heard, heard_among
from stance.text import language_of, split

BATCH = 64
"""Articles that ``score_many`` holds in memory at a time."""

T = TypeVar("T")

ATTRIBUTED = VOICES.index(Voice.ATTRIBUTED)

LANGUAGES = ("en", "sr", "sq")


class Classifier:
    """A model, ready to score. ``Classifier.load()`` opens one; it may be used from several threads."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @classmethod
    def load(cls, name: str | Path | None = None, *, threads: int | None = None) -> Classifier:
        """Open the built-in model (``None``), a local model folder, or a hub id (needs the extra ``train``).

        ``"fast"`` is the built-in network stopped after a quarter of its layers: less exact, for very many articles.

        Parameters
        ----------
        threads
            Windows of sentences that run at the same time; all cores that the process may use by default. Results do not depend on it.

        Raises
        ------
        StanceError
            If there is no such model, or its folder is incomplete.
        """
        return cls(Network(find(name), threads))

    @property
    def revision(self) -> str:
        """Name of the model's version."""
        return self.network.settings.revision

    def score(self, text: str, *, title: str = "", outlet: str = "", lang: str | None = None) -> ArticleScore:
        """Score one article of any length; see ``stance.score``."""
        return next(self.score_many([replace(_article(text), title=title, outlet=outlet)], lang=lang))

    def classify(
        self, sentences: Sequence[str], *, previous: Sequence[str | Sequence[str]] | None = None, consecutive: bool = False
    ) -> list[SentenceScore]:
        """Score given sentences as they are, one result each, in order; see ``stance.classify``."""
        sentences = _listed(sentences, "classify", "a list of sentences; for a whole text use score(text)")
        if previous is not None and consecutive:
            raise StanceError("classify: got both previous and consecutive; sentences that follow each other need no previous")
        given = [""] * len(sentences) if previous is None else _listed(previous, "previous", "a list with the sentence before each, or ''")
        if len(given) != len(sentences):
            raise StanceError(f"classify: got {len(sentences)} sentences and {len(given)} previous ones; needed is one (or '') for each")
        for number, text in enumerate(sentences):
            _check(text, f"sentence {number}")
        for number, item in enumerate(given):
            for earlier in item if isinstance(item, list | tuple) else [item]:
                _check(earlier, f"previous sentence {number}")
        return self.read([Excerpt.of(sentences)] if consecutive else [Excerpt.after(*pair) for pair in zip(given, sentences, strict=True)])

    def read(self, excerpts: Sequence[Excerpt]) -> list[SentenceScore]:
        """Score the sentences of excerpts that are asked for, in order; offsets are into the sentence."""
        frames, voices, camps = self.network.probabilities(excerpts)
        likely, guess = voices[:, ATTRIBUTED].tolist(), camps.tolist()
        told: list[tuple[Voice, Speaker | None]] = []
        for excerpt in excerpts:
            rows = slice(len(told), len(told) + excerpt.asked)
            before, own = excerpt.texts[: -excerpt.asked], excerpt.texts[-excerpt.asked :]
            told += heard_among(before[-1:], own, likely[rows], language_of(" ".join(own)), guess[rows])
        texts = [text for excerpt in excerpts for text in excerpt.texts[-excerpt.asked :]]
        return [self._sentence(text, (0, len(text)), *row) for text, *row in zip(texts, frames, told, strict=True)]

    def candidates(self, sentence: SentenceScore, level: float = 0.9) -> tuple[Frame, ...]:
        """The frames that a sentence of this classifier's may well have, likeliest first; see ``stance.conformal.candidates``. All four, where the sentence is
        longer than the model reads.

        >>> model = built_in()
        >>> str(model.candidates(model.classify(["The envoy met both leaders on Monday."])[0])[0])
        'neutral'
        """
        if not isinstance(sentence, SentenceScore):
            raise StanceError(f"candidates: got {type(sentence).__name__}, needs a SentenceScore, as score and classify give them")
        found = candidates(sentence, self.network.holdout, level)
        return found if self.network.reads_all(sentence.text) else tuple(sorted(FRAMES, key=lambda frame: -sentence.probabilities[frame]))

    def score_many(self, texts: Iterable[str | Article], *, lang: str | None = None, progress: bool = False) -> Iterator[ArticleScore]:
        """Score articles lazily and in order; see ``stance.score_many``."""
        return (score for _, score in self.pairs(texts, lang=lang, progress=progress))

    def pairs(self, texts: Iterable[str | Article], *, lang: str | None = None, progress: bool = False) -> Iterator[tuple[Article, ArticleScore]]:
        """Like ``score_many``, each score with its article."""
        _check_several(texts, "score_many", "an iterable of texts; for one text use score(text)")
        if lang is not None and lang not in LANGUAGES:
            raise StanceError(f"lang is {lang!r}; known are {', '.join(LANGUAGES)}, or None to tell it from the text")
        return self._pairs(iter(texts), lang, progress)

    def _pairs(self, texts: Iterator[str | Article], lang: str | None, progress: bool) -> Iterator[tuple[Article, ArticleScore]]:
        from tqdm import tqdm

        with tqdm(unit=" articles", disable=not progress) as bar:
            numbered = enumerate(texts, 1)
            while batch := [_article(item, f"article {number}") for number, item in islice(numbered, BATCH)]:
                for article, score in zip(batch, self._batch(batch, lang), strict=True):
                    bar.update()
                    yield article, score

    def _batch(self, articles: list[Article], lang: str | None) -> Iterator[ArticleScore]:
        spans = [list(split(article.text, lang)) for article in articles]
        texts = [[article.text[start:end] for start, end in found] for article, found in zip(articles, spans, strict=True)]
        excerpts = [Excerpt.of(found, article.title) for article, found in zip(articles, texts, strict=True)]
        frames, voices, camps = self.network.probabilities(excerpts)
        at = 0
        for article, found in zip(articles, spans, strict=True):
            rows = slice(at, at + len(found))
            at += len(found)
            year = int(article.date[:4]) if article.date[:4].isdecimal() else None
            language = lang or language_of(article.text)
            told = heard(article.text, found, voices[rows, ATTRIBUTED].tolist(), language, year, guesses=camps[rows].tolist())
            yield self._article(article, found, frames[rows], told, language)

    def _article(self, article: Article, spans: list[Span], frames: Floats, told: list[tuple[Voice, Speaker | None]], lang: str) -> ArticleScore:
        texts = [article.text[start:end] for start, end in spans]
        sentences = tuple(self._sentence(*row) for row in zip(texts, spans, frames, told, strict=True))
        shares = _shares(frames) if sentences else None
        spoken = np.array([sentence.voice is Voice.OWN for sentence in sentences], dtype=bool)
        return ArticleScore(
            frame=frame_of(frames),
            probabilities=shares or dict.fromkeys(FRAMES, 1 / len(FRAMES)),
            lean=lean_of(shares) if shares else 0.0,
            own=_shares(frames[spoken]) if spoken.any() else None,
            attributed=_shares(frames[~spoken]) if (~spoken).any() else None,
            sentences=sentences,
            title=article.title,
            outlet=article.outlet,
            lang=lang,
        )

    def _sentence(self, text: str, span: Span, frames: Floats, told: tuple[Voice, Speaker | None]) -> SentenceScore:
        best = int(frames.argmax())
        *_, second, first = sorted(frames.tolist())
        return SentenceScore(
            text=text,
            start=span[0],
            end=span[1],
            frame=FRAMES[best],
            probabilities=dict(zip(FRAMES, frames.tolist(), strict=True)),
            certain=first - second >= self.network.settings.threshold and any(map(str.isalnum, text)) and self.network.reads_all(text),
            voice=told[0],
            speaker=told[1],
        )


def _article(item: str | Article, name: str = "the article") -> Article:
    article = item if isinstance(item, Article) else Article(item, "")
    for field in fields(article):
        _check(getattr(article, field.name), f"{name}'s {field.name}")
    return article


def _check_several(given: object, name: str, needed: str) -> None:
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise StanceError(f"{name}: got {'one string' if isinstance(given, str) else type(given).__name__}, needs {needed}")


def _listed(given: Iterable[T], name: str, needed: str) -> list[T]:
    _check_several(given, name, needed)
    return list(given)


def _check(text: object, what: str) -> None:
    if not isinstance(text, str):
        raise StanceError(f"{what} is {type(text).__name__}, needs str")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise StanceError(f"{what} holds half a character (a lone surrogate) at {error.start}; decode it from its bytes again") from error


def _shares(frames: Floats) -> Shares:
    return dict(zip(FRAMES, frames.mean(axis=0).tolist(), strict=True))


@lru_cache(maxsize=1)
def built_in() -> Classifier:
    """The built-in model, opened once."""
    return Classifier.load(None)


def score(text: str, *, title: str = "", outlet: str = "", lang: str | None = None) -> ArticleScore:
    """How an article frames the dispute, by the built-in model.

    Parameters
    ----------
    text
        The article, or the page as scraped: menus, captions, bylines and teasers are left out. Any length.
    title
        Read as the headline ahead of the sentences, unless it stands in the first three of them; kept in the result.
    outlet
        Kept in the result; it does not change the score.
    lang
        ``en``, ``sr`` (either script) or ``sq``; told from the text by default. It steers where sentences end, how quotations and cues of speech are
        read, and so voices and speakers; the probabilities hang on it only through the sentences.

    Raises
    ------
    StanceError
        If ``text`` is no string, or ``lang`` is unknown.

    Examples
    --------
    >>> article = score("The envoy met both leaders on Monday. Talks resume in May.")
    >>> len(article.sentences), str(article.frame)
    (2, 'neutral')
    >>> score(b"bytes")
    Traceback (most recent call last):
    stance.labels.StanceError: the article's text is bytes, needs str
    """
    return built_in().score(text, title=title, outlet=outlet, lang=lang)


def classify(sentences: Sequence[str], *, previous: Sequence[str | Sequence[str]] | None = None, consecutive: bool = False) -> list[SentenceScore]:
    """Frame and voice of given sentences, one result each, in order, without any splitting.

    ``previous`` holds what stands before each: the nearest sentence (or ``""``), or a list of several in their order: "he", "the move" and a quotation
    that runs on are told by what came before. ``consecutive`` says that the sentences follow each other in one text: each is then read among its neighbours, as
    ``score`` does. ``stance info`` says how far the model reads.

    >>> [result.text for result in classify(["Talks resume in May.", "The envoy left."])]
    ['Talks resume in May.', 'The envoy left.']
    """
    return built_in().classify(sentences, previous=previous, consecutive=consecutive)


def score_many(texts: Iterable[str | Article], *, lang: str | None = None, progress: bool = False) -> Iterator[ArticleScore]:
    """``score`` for many articles: an iterator, lazy, in order, at most 64 articles in memory.

    >>> [article.frame is None for article in score_many(["", "Talks resume in May."])]
    [True, False]
    """
    return built_in().score_many(texts, lang=lang, progress=progress)
