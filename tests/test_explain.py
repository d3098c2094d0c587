from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import Classifier, SentenceScore, Voice
from stance.explain import CHUNK, END, WORDS, described, explain, marked, without, word_weights
from stance.labels import FRAMES, Camp, Frame
from stance.records import Excerpt, Explanation, Speaker

TEXT = "Belgrade accused Pristina of terror against unarmed Serbs."


@pytest.fixture(scope="module")
def score() -> SentenceScore:
    return Classifier.load().classify([TEXT])[0]


def example(**changes: object) -> Explanation:
    probabilities = dict(zip(Frame, (0.6, 0.1, 0.05, 0.25), strict=True))
    known = SentenceScore("Terror in\x1b[2J the 3.5 km strip.", 0, 32, Frame.PRO_BELGRADE, probabilities, True, Voice.OWN)
    return Explanation(replace(known, **changes), ((0, 6, 0.31), (7, 9, -0.02), (14, 17, 0.01), (18, 21, -0.06), (22, 24, 0.0), (25, 30, 0.0)))  # type: ignore[arg-type]


def test_weights_are_what_leaving_a_word_out_costs(score: SentenceScore) -> None:
    classifier = Classifier.load()
    words = score.explain(classifier=classifier).words
    assert [TEXT[start:end] for start, end, _ in words] == TEXT.rstrip(".").split()
    for start, end, weight in words:
        rest = classifier.classify([without(TEXT, [(start, end)])])[0]
        assert weight == pytest.approx(score.probabilities[score.frame] - rest.probabilities[score.frame])


@pytest.mark.parametrize("title", ["", "Envoy blames Pristina"])
def test_a_sentence_of_an_article_is_explained_where_it_was_read(title: str) -> None:
    classifier = Classifier.load()
    text = "\n".join(f"{TEXT} Talks resume on day {number}. The envoy met both leaders on Monday." for number in range(6))
    article = classifier.score(text, title=title)
    excerpt = Excerpt.of([sentence.text for sentence in article.sentences], title)
    assert len(excerpt.texts) == len(article.sentences) + bool(title)
    for at in (0, 7, len(article.sentences) - 1):
        window, place = classifier.network.around(excerpt, at)
        assert window.texts[place] == article.sentences[at].text
        assert window.texts[0] == (title or article.sentences[0].text)
        assert len(window.texts) > 1
        start, end, weight = article.explain(at, classifier=classifier).words[0]
        without_it = (*window.texts[:place], without(window.texts[place], [(start, end)]), *window.texts[place + 1 :])
        whole, rest = (classifier.network.probabilities([window._replace(texts=texts)])[0] for texts in (window.texts, without_it))
        row, frame = place - len(window.texts), FRAMES.index(article.sentences[at].frame)
        assert whole[row].tolist() == list(article.sentences[at].probabilities.values())
        assert weight == pytest.approx(whole[row][frame] - rest[row][frame])


def test_a_very_long_sentence_costs_no_more_than_its_beginning() -> None:
    sizes: list[int] = []

    class Counting:
        settings = SimpleNamespace(longest=20)

        def around(self, excerpt: Excerpt, at: int) -> tuple[Excerpt, int]:
            return excerpt, at

        def probabilities(self, pairs: list[Excerpt]) -> tuple[np.ndarray, ...]:
            sizes.append(sum(len(pair.texts[-1]) for pair in pairs))
            return np.array([[len(texts[-1]) / 1000, 0.0, 0.0, 0.0] for texts, *_ in pairs]), np.empty((len(pairs), 2))

    words = word_weights(Counting(), FRAMES[0], Excerpt.of(["word " * 5000]), 0)  # type: ignore[arg-type]
    assert [weight > 0 for _, _, weight in words] == [True] * WORDS * 20 + [False] * (5000 - WORDS * 20)
    assert max(sizes) <= CHUNK * WORDS * 20 * len("word ")
    assert sum(sizes) <= (WORDS * 20 + 1) * WORDS * 20 * len("word ")


def test_the_built_in_model_is_used_where_none_is_given(score: SentenceScore) -> None:
    assert score.explain() == explain(score, Excerpt.of([TEXT]), 0, classifier=Classifier.load())


def test_top_is_by_weight() -> None:
    assert [word[2] for word in example().top(3)] == [0.31, -0.06, -0.02]


def test_a_terminal_gets_marks_or_colours() -> None:
    plain, coloured = described(example(), colour=False), described(example(), colour=True)
    assert plain.splitlines() == ["  pro-Belgrade 0.60, own", "    [Terror +0.31] in [2J the [3.5 -0.06] km strip.", "    -> Terror +0.31, 3.5 -0.06"]
    assert "\x1b" not in plain
    assert coloured.count(END) == 3
    assert "\x1b[2J" not in coloured
    unsure = example(certain=False, voice=Voice.ATTRIBUTED, speaker=Speaker("the\x9bmayor", 0, 9, Camp.OTHER))
    assert described(unsure, colour=False).splitlines()[0] == "? pro-Belgrade 0.60 or neutral 0.25, attributed to the mayor (other)"


def test_a_sentence_without_words() -> None:
    nothing = Explanation(replace(example().sentence, text="…"), ())
    assert marked(nothing, colour=False) == "…"
    assert len(described(nothing, colour=True).splitlines()) == 2


@given(st.text(max_size=60), st.data())
def test_without_takes_out_only_spans_and_white_space(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    kept = "".join(character for at, character in enumerate(text) if not any(start <= at < end for start, end in spans))
    assert "".join(without(text, spans).split()) == "".join(kept.split())


def test_results_show_that_the_words_matter(root: Path) -> None:
    results = json.loads((root / "benchmarks" / "results" / "explain.json").read_text(encoding="utf-8"))
    assert results["sentences"] >= 50
    assert results["difference"][1] > 0
    assert results["top words"][0] > results["random words"][0]
