from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance import Article, Classifier, Frame, StanceError
from stance.artifacts import BUILT_IN, FILES, UPPER
from stance.labels import CAMPS, FRAMES, Camp
from stance.model import evened, windows_of
from stance.records import NEAR, Excerpt, lean_of

TEXT = (
    "Kosovo police fired tear gas on Friday. Belgrade accused Pristina of terror against unarmed Serbs.\n"
    "The prime minister said gangs paid by Serbia had attacked his officers. Brussels called on both sides to calm down."
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


def test_a_title_is_read_as_the_headline(classifier: Classifier) -> None:
    title, body = "Belgrade blames Pristina for the failure", "The envoy left on Monday. Nobody came to the talks."
    under, inside = classifier.score(body, title=title), classifier.score(f"{title}\n{body}")
    for one, other in zip(under.sentences, inside.sentences[1:], strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=0.005), "8-bit heads see two sentences here, three there"
    assert under.sentences != classifier.score(body).sentences
    assert inside.sentences == classifier.score(f"{title}\n{body}", title=title).sentences


@pytest.mark.parametrize(
    "title",
    [
        "Razgovori su propali",
        "Разговори су пропали",
        "RAZGOVORI SU PROPALI | B92",
        "Razgovori su propali – Dnevnik",
        "Razgovori su propali - Niko nije došao | B92",
    ],
)
def test_a_title_is_found_in_the_text_in_either_script_and_with_the_name_of_its_site(title: str) -> None:
    texts = ["Razgovori su propali.", "Niko nije došao."]
    assert Excerpt.of(texts, title).texts == tuple(texts)
    assert Excerpt.of(texts, "Razgovori su nastavljeni | B92").texts[1:] == tuple(texts)
    assert len(Excerpt.of(texts, "Razgovori – bez dogovora ponovo").texts) == 3, "the name of a site is shorter than the title before it"


def test_a_sentence_that_is_not_read_to_its_end_is_not_certain(classifier: Classifier) -> None:
    short = "The envoy met both leaders in Brussels on Monday"
    (plain,) = classifier.classify([short + "."])
    assert plain.certain
    (cut,) = classifier.classify([short + ", and then in Ohrid" * classifier.network.settings.longest + "."])
    assert not cut.certain
    assert not classifier.network.reads_all(cut.text)
    assert classifier.candidates(plain) == (Frame.NEUTRAL,)
    assert set(classifier.candidates(cut)) == set(FRAMES)
    assert classifier.candidates(cut)[0] == cut.frame


def test_what_holds_no_word_is_not_certain(classifier: Classifier) -> None:
    assert not any(sentence.certain for sentence in classifier.classify(["", " ", "***"]))


def test_an_article(classifier: Classifier) -> None:
    article = classifier.score(TEXT, title="Clashes", outlet="Daily")
    assert [TEXT[s.start : s.end] for s in article.sentences] == [s.text for s in article.sentences]
    assert len(article.sentences) == 4
    assert math.isclose(sum(article.probabilities.values()), 1, abs_tol=1e-9)
    assert list(article.probabilities) == list(Frame)
    assert article.lean == lean_of(article.probabilities)
    assert (article.title, article.outlet) == ("Clashes", "Daily")
    for sentence in article.sentences:
        assert math.isclose(sum(sentence.probabilities.values()), 1, abs_tol=1e-9)
        assert sentence.frame == max(sentence.probabilities, key=lambda frame: sentence.probabilities[frame])


def test_nothing_to_score(classifier: Classifier) -> None:
    for text in ("", "   \n"):
        article = classifier.score(text)
        assert (article.frame, article.sentences, article.own, article.attributed) == (None, (), None, None)
        assert math.isclose(sum(article.probabilities.values()), 1)


def test_voices_split_the_article(classifier: Classifier) -> None:
    article = classifier.score(TEXT)
    voices = {sentence.voice for sentence in article.sentences}
    assert (article.own is None) == (stance.Voice.OWN not in voices)
    assert (article.attributed is None) == (stance.Voice.ATTRIBUTED not in voices)


@pytest.mark.parametrize("model", [None, "fast"])
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([*TEXT.split(". "), "", "Ž", "Кфор је стигао.", "x " * 500, "\x00"]), min_size=1, max_size=8), st.randoms())
def test_a_sentence_stands_alone(model: str | None, sentences: list[str], random: object) -> None:
    """Batch mates, order and number of threads do not change a probability."""
    one, two = Classifier.load(model, threads=1), Classifier.load(model, threads=2)
    together = two.classify(sentences)
    order = list(range(len(sentences)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = one.classify([sentences[i] for i in order])
    for place, index in enumerate(order):
        assert shuffled[place] == together[index]
        assert one.classify([sentences[index]])[0] == together[index]


def test_the_fast_model_is_the_same_network_stopped_early(classifier: Classifier) -> None:
    fast = Classifier.load("fast")
    assert fast.revision == f"{classifier.revision}-fast"
    assert fast.network.holdout is not None
    assert fast.network.settings.data == classifier.network.settings.data
    assert fast.score(TEXT) != classifier.score(TEXT)
    assert fast.score(TEXT) == Classifier.load(BUILT_IN / "fast").score(TEXT)


def test_speakers(classifier: Classifier) -> None:
    article = classifier.score(TEXT)
    found = [sentence.speaker for sentence in article.sentences]
    assert found[1] is not None
    assert (found[1].text, found[1].camp) == ("Belgrade", stance.labels.Camp.BELGRADE)
    for sentence, speaker in zip(article.sentences, found, strict=True):
        assert speaker is None or sentence.voice is stance.Voice.ATTRIBUTED
        assert speaker is None or TEXT[speaker.start : speaker.end] == speaker.text
        assert speaker is None or sentence.start <= speaker.start <= speaker.end <= sentence.end
    (alone,) = classifier.classify(["Belgrade accused Pristina of terror against unarmed Serbs."], previous=["Kurti said so."])
    assert alone.speaker is not None
    assert (alone.speaker.start, alone.speaker.end, alone.speaker.text) == (0, 8, "Belgrade")


def test_a_sentence_is_read_after_those_before_it(classifier: Classifier) -> None:
    """And after the first of all."""
    sentences = classifier.score("\n".join(f"{TEXT} That was day {number}." for number in range(6))).sentences
    texts = [sentence.text for sentence in sentences]
    assert len(texts) > NEAR + 2
    nearest = texts[-NEAR - 1 : -1]
    alone, none, last, headed, whole = (
        classifier.classify([texts[-1]], previous=[before])[0].probabilities for before in ("", ["", ""], texts[-2], [texts[0], *nearest], texts[:-1])
    )
    assert alone == none == classifier.classify([texts[-1]])[0].probabilities
    assert headed == whole, "the first and the nearest are read"
    assert len({tuple(found.values()) for found in (alone, last, whole)}) == 3
    together = classifier.classify(texts, consecutive=True)
    assert [(row.text, row.probabilities) for row in together] == [(row.text, row.probabilities) for row in sentences]


def test_classify_keeps_order_and_context(classifier: Classifier) -> None:
    sentences = ["They refused.", "Talks resume in May."]
    results = classifier.classify(sentences, previous=["The Serbs were asked to leave.", ""])
    assert [result.text for result in results] == sentences
    assert [(result.start, result.end) for result in results] == [(0, len(text)) for text in sentences]
    assert classifier.classify([]) == []


def test_score_many_is_lazy_and_ordered(classifier: Classifier) -> None:
    scores = classifier.score_many(Article(f"Envoy number {number} arrived.", "Daily") for number in itertools.count())
    first = list(itertools.islice(scores, 3))
    assert [score.sentences[0].text for score in first] == [f"Envoy number {number} arrived." for number in range(3)]


def test_same_as_module_functions(classifier: Classifier) -> None:
    assert stance.score(TEXT) == classifier.score(TEXT)
    assert stance.classify(["Talks resume."]) == classifier.classify(["Talks resume."])
    assert list(stance.score_many([TEXT])) == [classifier.score(TEXT)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: c.score(None), "the article's text is NoneType, needs str"),
        (lambda c: c.score(TEXT, lang="de"), "lang is 'de'; known are en, sr, sq"),
        (lambda c: c.classify("one string"), "got one string, needs a list"),
        (lambda c: c.classify(["a"], previous=[]), "got 1 sentences and 0 previous"),
        (lambda c: c.classify(5), "classify: got int, needs a list"),
        (lambda c: c.classify(["a"], previous=5), "previous: got int, needs a list"),
        (lambda c: c.classify(["a"], previous="b"), "previous: got one string, needs a list"),
        (lambda c: c.classify([3]), "sentence 0 is int, needs str"),
        (lambda c: c.classify(["a"], previous=["b"], consecutive=True), "previous and consecutive"),
        (lambda c: c.candidates("Talks resume in May."), "candidates: got str, needs a SentenceScore"),
        (lambda c: c.classify(["a"], previous=[None]), "previous sentence 0 is NoneType"),
        (lambda c: c.classify(["a"], previous=[["b", 5]]), "previous sentence 0 is int"),
        (lambda c: c.score("a \ud800"), "holds half a character"),
        (lambda _: Classifier.load(threads=0), "threads is 0"),
        (lambda _: Classifier.load("runs/typo"), "runs/typo"),
        (lambda _: Classifier.load(5), "model is int"),
        (lambda c: c.score_many(5), "got int, needs an iterable"),
        (lambda c: list(c.score_many(["a", 5])), "article 2's text is int, needs str"),
        (lambda c: list(c.score_many([Article("a", "b", date=None)])), "article 1's date is NoneType, needs str"),
        (lambda c: stance.compare([Article("a", None)], classifier=c), "article 1 has no outlet"),
        (lambda c: c.score_many("text"), "got one string, needs an iterable"),
        (lambda _: Classifier.load("no/such/folder"), "no such folder"),
    ],
)
def test_refusals(classifier: Classifier, call: object, message: str) -> None:
    with pytest.raises(StanceError, match=message):
        call(classifier)  # type: ignore[operator]


def test_an_incomplete_model_folder(tmp_path: object) -> None:
    with pytest.raises(StanceError, match=r"model\.onnx, tokenizer\.json, stance\.json is missing"):
        Classifier.load(str(tmp_path))


@pytest.mark.parametrize("name", [*FILES, UPPER])
@pytest.mark.parametrize("content", [b"", b"junk \xff", b"{}"])
def test_a_damaged_model_folder(tmp_path: Path, name: str, content: bytes) -> None:
    for file in (*FILES, UPPER):
        (tmp_path / file).symlink_to(BUILT_IN / file)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StanceError, match=re.escape(name)):
        Classifier.load(tmp_path)


def test_a_model_folder_that_lacks_its_later_layers(tmp_path: Path) -> None:
    for file in FILES:
        (tmp_path / file).symlink_to(BUILT_IN / file)
    with pytest.raises(StanceError, match=r"model\.onnx cannot be used \(has no output logits; is a file missing beside it"):
        Classifier.load(tmp_path)


def test_the_camp_comes_from_the_classifier_where_names_tell_nothing() -> None:
    class Sure:
        settings = Classifier.load().network.settings

        def probabilities(self, pairs: list[Excerpt]) -> tuple[np.ndarray, ...]:
            count = sum(pair.asked for pair in pairs)
            camps = np.tile([0.5 if camp is Camp.RUSSIAN else 0.1 for camp in CAMPS], (count, 1))
            return np.full((count, 4), 0.25), np.tile([0.0, 1.0], (count, 1)), camps

    classifier = Classifier(Sure())  # type: ignore[arg-type]
    texts = ["“We waited for a year.”", "Kurti said the road was shut."]
    found = [*classifier.classify(texts), *(sentence for text in texts for sentence in classifier.score(text).sentences)]
    assert [sentence.speaker and sentence.speaker.camp for sentence in found] == [Camp.RUSSIAN, Camp.PRISTINA] * 2


@given(st.lists(st.integers(2, 129), min_size=1, max_size=40), st.integers(0, 160), st.data())
@settings(max_examples=200, deadline=None)
def test_windows_of_the_fast_model_read_each_sentence_once(lengths: list[int], room: int, data: st.DataObject) -> None:
    asked = data.draw(st.integers(1, len(lengths)))
    before = list(windows_of(lengths, asked, room))
    found = list(evened(lengths, before))
    assert [at for start, first, end in found for at in range(first, end)] == list(range(len(lengths) - asked, len(lengths)))
    assert len(found) <= len(before)
    assert all(start == first for start, first, _ in found[1:])
    assert all(sum(lengths[first:end]) <= max(room, *lengths) + max(lengths) for _, first, end in found)


def test_long_pages_ask_for_each_sentence_once() -> None:
    """Sentences that the network is asked for, per article: as many as the article has."""
    given = []

    class Counting:
        settings = Classifier.load().network.settings

        def probabilities(self, pairs: list[Excerpt]) -> tuple[np.ndarray, ...]:
            given.append(sum(pair.asked for pair in pairs))
            return tuple(np.full((given[-1], count), 1 / count) for count in (4, 2, 6))

    classifier = Classifier(Counting())  # type: ignore[arg-type]
    for times in (1, 50, 100):
        article = classifier.score("\n".join(TEXT.replace("Friday", f"day {number}") for number in range(times)))
        assert len(article.sentences) == given[-1] == 4 * times


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.characters(exclude_categories=["Cs"]) | st.sampled_from([" minister ", " said ", "\u030c", "\u0301 ", ". V"]), max_size=40).map(
        "".join
    )
)
def test_any_text_can_be_scored(text: str) -> None:
    sentences = stance.score(text).sentences
    assert [text[sentence.start : sentence.end] for sentence in sentences] == [sentence.text for sentence in sentences]
