"""What a reader of a comparison is shown: the most telling sentences of each outlet, and a sample of whole articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from stance.explain import word_weights
from stance.figures import Evidence, Shown
from stance.labels import FRAMES, Frame
from stance.model import Network
from stance.records import Article, ArticleScore, Excerpt, SentenceScore
from stance.sample import Entry

TELLING = 3
"""Sentences shown as evidence for each outlet and frame."""


@dataclass(frozen=True, slots=True)
class _Telling:
    sentences: tuple[SentenceScore, ...]
    at: int
    article: Article

    @property
    def sentence(self) -> SentenceScore:
        return self.sentences[self.at]

    def rank(self) -> tuple[float, str, str, str, str]:
        """Surest first; ties are broken by what the articles say of themselves, so that their order does not matter."""
        article = self.article
        return -self.sentence.probabilities[self.sentence.frame], self.sentence.text, article.date, article.url, article.title


@dataclass(slots=True)
class Showcase:
    """The best evidence of one outlet so far, and those of its articles whose words have the smallest digests: a random sample, each article once.

    ``limit`` is how many whole articles are kept.
    """

    limit: int
    telling: dict[Frame, list[_Telling]] = field(default_factory=lambda: {frame: [] for frame in FRAMES if frame is not Frame.NEUTRAL})
    shown: list[tuple[Entry, Shown]] = field(default_factory=list)

    def add(self, article: Article, score: ArticleScore, entry: Entry) -> None:
        """Consider an article; ``entry`` is what the sample knows of it."""
        for at, sentence in enumerate(score.sentences):
            if sentence.certain and sentence.frame in self.telling:
                ranked = sorted([*self.telling[sentence.frame], _Telling(score.sentences, at, article)], key=_Telling.rank)
                texts = [item.sentence.text for item in ranked]
                self.telling[sentence.frame] = [item for place, item in enumerate(ranked) if item.sentence.text not in texts[:place]][:TELLING]
        shown = Shown(article.outlet, article.title, article.url, article.date, score.lean, score.sentences)
        considered = sorted([*self.shown, (entry, shown)], key=lambda item: (item[0].content, item[0].rank()))
        first = {one.content: (one, other) for one, other in reversed(considered)}
        self.shown = [first[content] for content in sorted(first)][: self.limit]

    def evidence(self, network: Network) -> Iterator[Evidence]:
        """The telling sentences by frame, surest first, with the words that moved them."""
        for frame, best in self.telling.items():
            for item in best:
                sentence, article = item.sentence, item.article
                excerpt = Excerpt.of([other.text for other in item.sentences], article.title)
                words = word_weights(network, frame, excerpt, item.at)
                probability = sentence.probabilities[frame]
                yield Evidence(
                    outlet=article.outlet, title=article.title, url=article.url, date=article.date, text=sentence.text, frame=frame,
                    probability=probability, voice=sentence.voice, words=words, speaker=sentence.speaker,
                )  # fmt: skip


def shown_of(showcases: dict[str, Showcase], limit: int) -> tuple[Shown, ...]:
    """At most ``limit`` articles, as evenly from all outlets as can be; by outlet, date and title."""
    ranked = sorted((rank, entry.digest, name) for name, showcase in showcases.items() for rank, (entry, _) in enumerate(showcase.shown))
    chosen = [showcases[name].shown[rank][1] for rank, _, name in ranked[:limit]]
    return tuple(sorted(chosen, key=lambda shown: (shown.outlet, shown.date, shown.title, shown.url)))
