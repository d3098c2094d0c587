"""What a reader of a comparison is shown: the most telling sentences of each outlet, and a sample of whole articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from stance.explain import word_weights
from stance.figures import Evidence, Shown
from stance.labels import FRAMES, Frame
from stance.model import Network
from stance.records import Article, ArticleScore, Excerpt, SentenceScore

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
    """The best evidence of one outlet so far, and those of its articles whose hashes are smallest: a random sample.

    ``limit`` is how many whole articles are kept.
    """

    limit: int
    telling: dict[Frame, list[_Telling]] = field(default_factory=lambda: {frame: [] for frame in FRAMES if frame is not Frame.NEUTRAL})
    shown: list[tuple[str, Shown]] = field(default_factory=list)

    def add(self, article: Article, score: ArticleScore) -> None:
        """Consider an article."""
        for at, sentence in enumerate(score.sentences):
            if sentence.certain and sentence.frame in self.telling:
                ranked = sorted([*self.telling[sentence.frame], _Telling(score.sentences, at, article)], key=_Telling.rank)
                texts = [item.sentence.text for item in ranked]
                self.telling[sentence.frame] = [item for place, item in enumerate(ranked) if item.sentence.text not in texts[:place]][:TELLING]
        key = hashlib.blake2b(
            "\0".join((article.url, article.title, article.date, article.text)).encode("utf-8", "surrogatepass"), digest_size=12
        ).hexdigest()
        shown = Shown(article.outlet, article.title, article.url, article.date, score.lean, score.sentences)
        self.shown = sorted([*self.shown, (key, shown)], key=lambda item: item[0])[: self.limit]

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
    ranked = sorted((rank, key, name) for name, showcase in showcases.items() for rank, (key, _) in enumerate(showcase.shown))
    chosen = [showcases[name].shown[rank][1] for rank, _, name in ranked[:limit]]
    return tuple(sorted(chosen, key=lambda shown: (shown.outlet, shown.date, shown.title, shown.url)))
