from __future__ import annotations

import numpy as np
import pytest

from stance.labels import CAMPS, FRAMES, Camp, Frame, Voice
from stance.records import Article, ArticleScore, Labelled, SentenceScore, Speaker
from stance.sample import Gathering, Sample

WIRE = "The mission said on Friday that it had sent more soldiers to four towns in the north of Kosovo after clashes"
PLAIN = "{0} was where the envoy, in {1}, spent the second day after {0} of a visit begun in {1} by dinner"


def scored(article: Article, *texts: str, camp: Camp | None = None) -> tuple[Article, ArticleScore]:
    probabilities = dict(zip(FRAMES, (0.1, 0.2, 0.3, 0.4), strict=True))
    speaker = Speaker("x", 0, 1, camp) if camp else None
    sentences = tuple(
        SentenceScore(text, 0, len(text), Frame.NEUTRAL, probabilities, True, Voice.ATTRIBUTED if camp else Voice.OWN, speaker) for text in texts
    )
    return article, ArticleScore(Frame.NEUTRAL, probabilities, 0.0, None, None, sentences)


CORPUS = [
    scored(Article("1", "B", date="2023-05-29"), WIRE + ".", PLAIN.format("Ranilug", "Klokot")),
    scored(Article("2", "A", date="2023-05-30"), WIRE + ", officials said.", camp=Camp.WESTERN),
    scored(Article("3", "A", date="2023-05-31"), "Short.", WIRE + "!", PLAIN.format("Vitina", "Parteš"), PLAIN.format("Vitina", "Parteš")),
]


def sample_of(corpus: list[tuple[Article, ArticleScore]], gold: list[Labelled] | None = None) -> Sample:
    gathering = Gathering(gold or [])
    for article, score in corpus:
        gathering.add(article, score)
    return gathering.sample()


def test_agency_copy_counts_once_in_each_outlet() -> None:
    sample = sample_of(CORPUS)
    copies = [number for number in range(len(sample.articles)) if sample.copy[number] >= 0]
    assert [sample.text(number)[:11] for number in copies] == ["The mission"] * 3
    counted = {
        name: sum(sample.counted[number] for number in copies if sample.articles[number] in articles) for name, articles in sample.outlets().items()
    }
    assert counted == {"A": 1, "B": 1}


def test_what_one_outlet_repeats_is_no_agency_copy() -> None:
    sample = sample_of(CORPUS)
    repeated = [number for number in range(len(sample.articles)) if sample.text(number).startswith("Vitina")]
    assert len(repeated) == 2
    assert sample.counted[repeated].all()
    assert (sample.copy[repeated] == -1).all()


def test_language_is_that_of_most_sentences() -> None:
    serbian = "Vlada je saopštila da su se strane dogovorile o tablicama i da će se sastati u maju."
    corpus = [scored(Article("1", "A"), serbian, "The end."), scored(Article("2", "B"), WIRE)]
    assert [entry.lang for entry in sample_of(corpus).entries] == ["sr", "en"]


def test_order_does_not_matter() -> None:
    there, back = sample_of(CORPUS), sample_of(CORPUS[::-1])
    assert there.entries == back.entries
    assert there.outlets() == back.outlets() == {"A": range(2), "B": range(2, 3)}
    for name in ("units", "articles", "probabilities", "voices", "camps", "copy", "counted"):
        assert np.array_equal(getattr(there, name), getattr(back, name)), name
    assert [there.text(number) for number in range(7)] == [back.text(number) for number in range(7)]


def test_columns() -> None:
    labels = [Labelled("Short.", "", Frame.PRO_BELGRADE, None, "en", "A"), Labelled("Short.", "", Frame.PRO_PRISTINA, None, "en", "B")]
    sample = sample_of(CORPUS, labels)
    gold = {sample.text(number): FRAMES[sample.gold[number]] for number in range(7) if sample.gold[number] >= 0}
    assert gold == {"Short.": Frame.PRO_BELGRADE}
    assert sample.probabilities[0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    western = [number for number in range(7) if CAMPS[sample.camps[number]] is Camp.WESTERN]
    assert [sample.text(number)[-5:] for number in western] == ["said."]
    assert sample.voices[western].tolist() == [1]


def test_many_articles_share_units() -> None:
    sample = sample_of([scored(Article(str(number), "A"), f"One {number}.") for number in range(1200)])
    assert np.bincount(sample.units).tolist() == [3] * 200 + [2] * 300


def test_nothing() -> None:
    sample = sample_of([])
    assert (len(sample.articles), sample.outlets()) == (0, {})
