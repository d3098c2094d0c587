"""Outlets side by side: frame shares and leans with intervals over articles, and the most telling sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from stance.explain import word_weights
from stance.figures import Comparison, Evidence, Figures, OutletFigures
from stance.labels import FRAMES, Estimator, Frame, StanceError, Voice
from stance.prevalence import Floats, intervals
from stance.records import Article, ArticleScore, SentenceScore
from stance.scoring import Classifier, built_in

FEWEST_ARTICLES, FEWEST_SENTENCES = 10, 100
"""Below either, figures are marked as too few to rank."""

TELLING = 3
"""Sentences shown as evidence for each outlet and frame."""


@dataclass(frozen=True, slots=True)
class _Telling:
    sentence: SentenceScore
    previous: str
    article: Article

    def rank(self) -> tuple[float, str, str, str, str]:
        """Surest first; ties are broken by what the articles say of themselves, so that their order does not matter."""
        article = self.article
        return -self.sentence.probabilities[self.sentence.frame], self.sentence.text, article.date, article.url, article.title


@dataclass(slots=True)
class _Outlet:
    """What is kept of an outlet while its articles stream by: a few numbers an article, and the best evidence."""

    sums: dict[Voice, list[Floats]] = field(default_factory=lambda: {voice: [] for voice in Voice})
    counts: dict[Voice, list[int]] = field(default_factory=lambda: {voice: [] for voice in Voice})
    certain: int = 0
    telling: dict[Frame, list[_Telling]] = field(default_factory=lambda: {frame: [] for frame in FRAMES if frame is not Frame.NEUTRAL})

    def add(self, article: Article, score: ArticleScore) -> None:
        for voice in Voice:
            rows = [list(sentence.probabilities.values()) for sentence in score.sentences if sentence.voice is voice]
            self.sums[voice].append(np.sum(rows, axis=0) if rows else np.zeros(len(FRAMES)))
            self.counts[voice].append(len(rows))
        self.certain += sum(sentence.certain for sentence in score.sentences)
        previous = ""
        for sentence in score.sentences:
            if sentence.certain and sentence.frame in self.telling:
                ranked = sorted([*self.telling[sentence.frame], _Telling(sentence, previous, article)], key=_Telling.rank)
                texts = [item.sentence.text for item in ranked]
                self.telling[sentence.frame] = [item for at, item in enumerate(ranked) if item.sentence.text not in texts[:at]][:TELLING]
            previous = sentence.text

    def figures(self, *voices: Voice) -> Figures | None:
        counts = np.sum([self.counts[voice] for voice in voices], axis=0, dtype=float)
        if not counts.sum():
            return None
        shares, lean = intervals(np.sum([self.sums[voice] for voice in voices], axis=0), counts)
        articles, sentences = int(np.count_nonzero(counts)), int(counts.sum())
        too_few = articles < FEWEST_ARTICLES or sentences < FEWEST_SENTENCES
        expected = dict(zip(FRAMES, shares, strict=True))
        return Figures(articles, sentences, expected, lean, too_few, {Estimator.EXPECTED: expected}, float(sentences), disagree=False)


def compare(articles: Iterable[Article], *, classifier: Classifier | None = None, progress: bool = False) -> Comparison:
    """Compare how outlets frame the dispute.

    Parameters
    ----------
    articles
        Any iterable of ``Article``; it is read once and not kept, so it may be larger than memory.
    classifier
        The built-in model by default.
    progress
        Show a bar on standard error.

    Raises
    ------
    StanceError
        If something else than an ``Article`` comes, or an article without outlet.

    Notes
    -----
    Shares are expected shares: sums of calibrated probabilities over sentences (Bella et al. 2010, "probabilistic classify and
    count"). Intervals come from a bootstrap over articles. They do not cover a bias that the classifier may have on an outlet.

    Examples
    --------
    >>> page = "The envoy met both leaders on Monday. Talks resume in May."
    >>> [row.outlet for row in compare([Article(page, "Daily"), Article(page, "Weekly")]).outlets]
    ['Daily', 'Weekly']
    >>> compare([Article(page, "")])
    Traceback (most recent call last):
    stance.labels.StanceError: article 1 has no outlet; every article needs one
    """
    classifier = classifier or built_in()
    outlets: dict[str, _Outlet] = {}
    dates: list[str] = []
    total = empty = 0
    for article, score in classifier.pairs(_checked(articles), progress=progress):
        total += 1
        if not score.sentences:
            empty += 1
            continue
        outlets.setdefault(article.outlet, _Outlet()).add(article, score)
        dates = [min([*dates[:1], article.date]), max([*dates[1:], article.date])] if article.date else dates
    rows = tuple(_row(name, outlets[name]) for name in sorted(outlets))
    return Comparison(
        outlets=rows,
        evidence=tuple(item for name in sorted(outlets) for item in _evidence(classifier, name, outlets[name])),
        articles=total,
        sentences=sum(row.all.sentences for row in rows),
        empty=empty,
        first_date=dates[0] if dates else "",
        last_date=dates[1] if dates else "",
        revision=classifier.revision,
        data=classifier.network.settings.data,
        estimator=Estimator.EXPECTED,
        pairs=(), pooled=(), events=(), wire=(), periods=(), step="month", shown=(),
    )


def _checked(articles: Iterable[Article]) -> Iterator[Article]:
    for number, article in enumerate(articles, 1):
        if not isinstance(article, Article):
            raise StanceError(f"article {number} is {type(article).__name__}; compare needs Article(text, outlet, ...) records")
        if not article.outlet.strip():
            raise StanceError(f"article {number} has no outlet; every article needs one")
        yield article


def _row(name: str, outlet: _Outlet) -> OutletFigures:
    whole = outlet.figures(*Voice)
    assert whole is not None, "an outlet is only kept for an article with sentences"
    return OutletFigures(
        outlet=name,
        all=whole,
        own=outlet.figures(Voice.OWN),
        attributed=outlet.figures(Voice.ATTRIBUTED),
        abstained=1 - outlet.certain / whole.sentences,
        on_topic=1.0,
        wire=0.0,
        camps={},
    )


def _evidence(classifier: Classifier, name: str, outlet: _Outlet) -> Iterator[Evidence]:
    for frame, best in outlet.telling.items():
        for item in best:
            sentence, article = item.sentence, item.article
            words = word_weights(classifier.network, sentence.text, frame, item.previous)
            probability = sentence.probabilities[frame]
            yield Evidence(name, article.title, article.url, article.date, sentence.text, frame, probability, sentence.voice, words)
