from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stance
from stance import Article, Comparison, Frame, StanceError
from stance.annotate import draw
from stance.corpus import read_articles
from stance.evidence import TELLING
from stance.labels import Estimator
from stance.records import Labelled
from stance.sample import Gathering
from stance.scoring import Classifier

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
    assert (plain.wire, sharp.wire, plain.on_topic, sharp.on_topic) == (1, 0.5, 0.5, 1)
    assert (comparison.first_date, comparison.last_date) == ("2023-06-01", "2023-06-09")
    assert plain.all.too_few
    assert sharp.all.too_few
    for row in comparison.outlets:
        assert sum(share.value for share in row.all.shares.values()) == pytest.approx(1)
        assert row.all.lean.low <= row.all.lean.value <= row.all.lean.high


def test_figures_are_the_means_over_sentences(articles: list[Article]) -> None:
    comparison = stance.compare(articles)
    sentences = [s for article in articles if article.outlet == "Sharp" for s in stance.score(article.text, title=article.title).sentences]
    for frame in Frame:
        mean = np.mean([sentence.probabilities[frame] for sentence in sentences])
        assert comparison.outlets[1].all.estimates[Estimator.EXPECTED][frame].value == pytest.approx(mean)


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


@pytest.fixture(scope="module")
def corpus(root: Path) -> list[Article]:
    """Two outlets of the demonstration corpus, eleven articles each, and one article of a third."""
    found = [article for article in read_articles(root / "seeds" / "demonstration.jsonl") if isinstance(article, Article)]
    names = sorted({article.outlet for article in found})
    return [article for article in found if article.outlet in names[:2]] + [article for article in found if article.outlet == names[2]][:1]


@pytest.fixture(scope="module")
def comparison(corpus: list[Article]) -> Comparison:
    return stance.compare(corpus)


def test_order_of_articles_does_not_matter(comparison: Comparison, corpus: list[Article]) -> None:
    assert stance.compare(corpus[::-1]) == comparison


def test_outlets_with_too_few_articles_are_not_compared(comparison: Comparison) -> None:
    first, second, third = (row.outlet for row in comparison.outlets)
    assert [row.all.too_few for row in comparison.outlets] == [False, False, True]
    assert [(item.first, item.second) for item in comparison.pairs] == [(first, second)]
    assert comparison.pooled == ()
    assert comparison.outlets[2].outlet == third
    assert comparison.outlets[2].all.lean.low == -1
    assert comparison.pairs[0].lean.value == pytest.approx(comparison.outlets[0].all.lean.value - comparison.outlets[1].all.lean.value)


def test_leans_are_by_the_recommended_estimator(comparison: Comparison) -> None:
    assert comparison.estimator is Estimator.MAXIMUM_LIKELIHOOD
    for row in comparison.outlets:
        for figures in filter(None, (row.all, row.own, row.attributed)):
            assert figures.shares == figures.estimates[comparison.estimator]
            assert figures.lean.value == pytest.approx(figures.shares[Frame.PRO_BELGRADE].value - figures.shares[Frame.PRO_PRISTINA].value)
            assert 0 < figures.effective <= figures.sentences
        assert sum(camp.value for camp in row.camps.values()) == pytest.approx(1)


def test_events_and_periods(comparison: Comparison, corpus: list[Article]) -> None:
    assert {event.name for event in comparison.events} <= {article.event for article in corpus}
    assert len(comparison.events) >= 9
    for event in comparison.events:
        assert len(event.articles) >= 2
        assert set(event.leans) == set(event.articles)
        assert event.first_date <= event.last_date
    assert comparison.step == "month"
    assert sum(period.articles for period in comparison.periods) == comparison.articles
    unnamed = stance.compare([replace(article, event="") for article in corpus if "2023-05" in article.date], shown=0)
    assert unnamed.step == "week"
    assert unnamed.shown == ()


def test_shown_articles(comparison: Comparison, corpus: list[Article]) -> None:
    assert len(comparison.shown) == len(corpus)
    few = stance.compare(corpus[:4] + corpus[-1:], shown=2).shown
    assert [shown.outlet for shown in few] == sorted({corpus[0].outlet, corpus[-1].outlet})
    assert all(item.sentences for item in few)
    assert all(item in comparison.shown for item in few)


def test_gold_labels_give_a_prediction_powered_estimate(corpus: list[Article]) -> None:
    outlet = corpus[0].outlet
    mine = [article for article in corpus if article.outlet == outlet]
    gold = [
        Labelled(sentence.text, "", Frame.NEUTRAL, None, "", outlet)
        for article in mine
        for sentence in stance.score(article.text, title=article.title).sentences
    ]
    found = stance.compare(mine, gold=gold)
    (row,) = found.outlets
    assert row.all.estimates[Estimator.PREDICTION_POWERED][Frame.NEUTRAL].value == pytest.approx(1)
    assert row.all.disagree
    assert row.all.labelled > 0
    assert found.agreement
    assert found.agreement.accuracy == pytest.approx(row.all.estimates[Estimator.COUNTED][Frame.NEUTRAL].value, abs=0.02), "gold says neutral of all"
    assert str(found).splitlines()[-1].startswith("beside gold labels: macro-F1 ")


def test_model_without_a_holdout_is_not_corrected(corpus: list[Article], tmp_path: Path) -> None:
    from stance.artifacts import BUILT_IN, FILES, UPPER

    for name in (*FILES, UPPER):
        (tmp_path / name).symlink_to(BUILT_IN / name)
    found = stance.compare(corpus[:2], classifier=stance.Classifier.load(tmp_path))
    assert found.estimator is Estimator.EXPECTED
    assert set(found.outlets[0].all.estimates) == {Estimator.COUNTED, Estimator.EXPECTED}


def test_gold_is_found_by_its_words(articles: list[Article]) -> None:
    page = Article("The envoy met both leaders on Monday. Talks resume in May.", "Daily")
    rows = [Labelled("the envoy met both leaders on Monday!", "", Frame.NEUTRAL, None, "en", "Daily")]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        stance.compare([page], gold=rows)
    with pytest.warns(UserWarning, match="1 of 1 gold rows were not found"):
        stance.compare([page], gold=[replace(rows[0], outlet="Weekly")])


def test_a_drawn_sentence_is_labelled_where_it_was_drawn() -> None:
    articles = [Article(f"He repeated the charge. Envoy {number} left on Monday.", "Daily") for number in range(6)]
    gathering = Gathering([Labelled(item.text, "", Frame.NEUTRAL, None, "en", item.outlet, item.article) for item in draw(articles, 4)])
    for article, score in Classifier.load().pairs([*articles, *articles]):
        gathering.add(article, score)
    assert (gathering.sample().gold >= 0).sum() == 4
    assert gathering.lost == 0


def test_gold_that_contradicts_itself() -> None:
    rows = [
        Labelled(text, "", frame, None, "en", "Daily") for text, frame in (("Talks failed.", Frame.NEUTRAL), ("Talks failed!", Frame.PRO_BELGRADE))
    ]
    with pytest.raises(StanceError, match="as neutral and as pro-Belgrade"):
        stance.compare([], gold=rows)


def test_fewer_articles_shown_than_none() -> None:
    with pytest.raises(StanceError, match="shown is -1"):
        stance.compare([], shown=-1)


def test_nothing_to_compare() -> None:
    comparison = stance.compare([])
    assert (comparison.outlets, comparison.articles) == ((), 0)
    assert "0 articles" in stance.render(comparison)


def test_an_article_that_its_outlet_has_twice_counts_once(articles: list[Article]) -> None:
    again = [
        Article(article.text.upper() if number % 2 else article.text, article.outlet, title=f"Again {number}", date="2024-01-01")
        for number, article in enumerate(articles)
    ]
    once, twice = stance.compare(articles), stance.compare([*again, *articles])
    assert twice.repeated == len(articles) - once.empty
    assert [row.all.articles for row in twice.outlets] == [row.all.articles for row in once.outlets]
    assert twice.sentences == once.sentences
    assert [len(found.sentences) for found in twice.shown] == [len(found.sentences) for found in once.shown], "shown once, too"
    assert twice.shown == stance.compare([*articles, *again]).shown, "in any order"
    elsewhere = stance.compare([*articles, *(Article(article.text, "Third") for article in articles)])
    assert elsewhere.repeated == once.repeated, "other outlets may have it too"
    told = [
        Article("Talks failed.", outlet, date=date, event=event)
        for outlet, date, event in (("A", "2023-05-01", ""), ("A", "2023-05-02", "E"), ("B", "", "E"))
    ]
    assert [event.name for event in stance.compare(told).events] == ["E"], "of copies the one whose event is known is kept"


def test_a_date_that_is_none_is_not_known() -> None:
    with pytest.warns(UserWarning, match="article 1: date is '30.5.2023', needs ISO 8601"):
        comparison = stance.compare([Article("Talks failed.", "Daily", date="30.5.2023"), Article("Talks began.", "Daily", date="2023-05-29")])
    assert (comparison.first_date, comparison.last_date) == ("2023-05-29", "2023-05-29")
    with pytest.raises(StanceError, match="article 1's date is int, needs str"):
        stance.compare([Article("Talks failed.", "Daily", date=2023)])


def test_gold_rows_that_are_none_and_gold_rows_that_are_not_found() -> None:
    articles = [Article("Talks failed.", "Daily")]
    with pytest.raises(StanceError, match="gold row 1 is dict; needed is Labelled"):
        stance.compare(articles, gold=[{"text": "Talks failed."}])
    with pytest.warns(UserWarning, match="1 of 1 gold rows were not found"):
        stance.compare(articles, gold=[Labelled("Talks failed.", "", Frame.NEUTRAL, None, "en", "Weekly")])
