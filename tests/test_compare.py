from __future__ import annotations

import numpy as np
import pytest

import stance
from stance import Article, Frame, StanceError
from stance.compare import TELLING

SHARP = "Kurti's brutal police terrorised unarmed Serbs again in {}."
PLAIN = "The envoy met both leaders in {} on Monday and left in the evening."
PLACES = ["Leposavić", "Zvečan", "Gračanica", "Štrpce", "Zubin Potok", "Klokot", "Novo Brdo", "Ranilug", "Parteš", "Mitrovica", "Obilić", "Vitina"]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    sharp = [
        Article(f"{SHARP.format(place)} {PLAIN.format(place)}", "Sharp", title=f"In {place}", date="2023-06-0" + str(1 + n % 9))
        for n, place in enumerate(PLACES)
    ]
    plain = [Article(PLAIN.format(place), "Plain", url="https://example.org/" + str(n)) for n, place in enumerate(PLACES)]
    return [*sharp, *plain, Article("", "Plain")]


def test_counts_and_shares(articles: list[Article]) -> None:
    comparison = stance.compare(articles)
    plain, sharp = comparison.outlets
    assert [row.outlet for row in comparison.outlets] == ["Plain", "Sharp"]
    assert (plain.all.articles, plain.all.sentences, sharp.all.articles, sharp.all.sentences) == (12, 12, 12, 24)
    assert (comparison.articles, comparison.sentences, comparison.empty) == (25, 36, 1)
    assert (comparison.first_date, comparison.last_date) == ("2023-06-01", "2023-06-09")
    assert plain.all.too_few
    assert sharp.all.too_few
    for row in comparison.outlets:
        assert sum(share.value for share in row.all.shares.values()) == pytest.approx(1)
        assert row.all.lean.low <= row.all.lean.value <= row.all.lean.high


def test_figures_are_the_means_over_sentences(articles: list[Article]) -> None:
    comparison = stance.compare(articles)
    sentences = [s for article in articles if article.outlet == "Sharp" for s in stance.score(article.text).sentences]
    for frame in Frame:
        mean = np.mean([sentence.probabilities[frame] for sentence in sentences])
        assert comparison.outlets[1].all.shares[frame].value == pytest.approx(mean)


def test_order_of_articles_does_not_matter_to_shares_and_evidence(articles: list[Article]) -> None:
    twins = [Article(SHARP.format("Peć"), "Sharp", title=title) for title in ("b", "a", "c")]
    there, back = stance.compare([*articles, *twins]), stance.compare([*twins[::-1], *articles[::-1]])
    assert there.evidence == back.evidence
    for a, b in zip(there.outlets, back.outlets, strict=True):
        assert [share.value for share in a.all.shares.values()] == pytest.approx([share.value for share in b.all.shares.values()])


def test_evidence(articles: list[Article]) -> None:
    comparison = stance.compare(articles)
    for outlet in ("Plain", "Sharp"):
        for frame in Frame:
            shown = [item for item in comparison.evidence if item.outlet == outlet and item.frame is frame]
            assert len(shown) <= (0 if frame is Frame.NEUTRAL else TELLING)
            assert len({item.text for item in shown}) == len(shown)
    for item in comparison.evidence:
        assert all(0 <= start < end <= len(item.text) and -1 <= weight <= 1 for start, end, weight in item.words)


def test_table(articles: list[Article]) -> None:
    lines = str(stance.compare(articles)).splitlines()
    assert lines[0].split()[:3] == ["outlet", "articles", "sentences"]
    assert "(too few)" in lines[1]


@pytest.mark.parametrize(("article", "message"), [("text", "article 1 is str"), (Article("A.", "  "), "article 1 has no outlet")])
def test_refusals(article: object, message: str) -> None:
    with pytest.raises(StanceError, match=message):
        stance.compare([article])  # type: ignore[list-item]


def test_nothing_to_compare() -> None:
    comparison = stance.compare([])
    assert (comparison.outlets, comparison.articles) == ((), 0)
    assert "0 articles" in stance.render(comparison)
