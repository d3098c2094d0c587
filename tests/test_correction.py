"""Estimators of shares against quapy's, and against mixtures whose shares are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.artifacts import NEWS, Holdout
from stance.correction import FEWEST_ROWS, Correction, corrections, expectation_maximisation
from stance.labels import Voice
from stance.scoring import built_in

SHARES = st.lists(st.floats(0.001, 1), min_size=4, max_size=4).map(lambda row: np.array(row) / np.sum(row))


def sentences(shares: np.ndarray, count: int, generator: np.random.Generator, sharp: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Gold frames drawn by ``shares``, and probabilities that are right where all frames are as frequent."""
    gold = generator.choice(4, count, p=shares)
    signal = sharp * np.eye(4)[gold] + generator.normal(size=(count, 4))  # normal densities around the corners: likelihoods are known
    logits = sharp * signal
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return gold, powers / powers.sum(axis=1, keepdims=True)


def holdout(count: int = 4000, origin: str = NEWS, seed: int = 0) -> Holdout:
    gold, said = sentences(np.full(4, 0.25), count, np.random.default_rng(seed))
    voices = np.arange(count) % 2
    return Holdout("t-0", gold, voices, said, voices, np.arange(count) // 10, ("en",) * count, (origin,) * count)


@pytest.fixture(scope="module")
def correction() -> Correction:
    found = corrections(holdout(), draws=40)
    assert found is not None
    return found["en", Voice.OWN]


@settings(max_examples=40, deadline=None)
@given(shares=SHARES)
def test_adjusted_inverts_the_confusion(correction: Correction, shares: np.ndarray) -> None:
    """Probabilities that are just what the confusion gives lead back to the shares."""
    mixed = np.einsum("dij,j->di", correction.confusion, shares)
    assert correction.adjusted(mixed) == pytest.approx(np.tile(shares, (len(mixed), 1)), abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(found=SHARES)
def test_adjusted_is_the_least_squares_solution(correction: Correction, found: np.ndarray) -> None:
    """Against quapy's minimiser on the simplex; also where the plain inverse has negative shares."""
    functional = pytest.importorskip("quapy.functional")
    ours = correction.adjusted(np.tile(found, (len(correction.priors), 1)))[0]

    def loss(shares: np.ndarray) -> float:
        return float(((correction.confusion[0] @ shares - found) ** 2).sum())

    assert ours.sum() == pytest.approx(1)
    assert (ours >= 0).all()
    assert loss(ours) <= loss(functional.argmin_prevalence(loss, 4)) + 1e-6


def test_confusion_is_that_of_quapy() -> None:
    aggregative = pytest.importorskip("quapy.method.aggregative")
    known = holdout(300)
    own = known.spoken == 0
    theirs = aggregative.PACC.getPteCondEstim(np.arange(4), known.frames[own], known.probabilities[own])
    found = corrections(known, draws=2)
    assert found is not None
    assert found["en", Voice.OWN].confusion[0] == pytest.approx(theirs)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likelihood_is_that_of_quapy(seed: int) -> None:
    aggregative = pytest.importorskip("quapy.method.aggregative")
    generator = np.random.default_rng(seed)
    priors = generator.dirichlet([3, 3, 3, 3])
    _, said = sentences(generator.dirichlet([1, 1, 1, 1]), 500, generator)
    theirs, _ = aggregative.EMQ.EM(priors, said, epsilon=1e-9)
    ours = expectation_maximisation(said, np.ones((3, len(said))), np.tile(priors, (3, 1)))
    assert ours[0] == pytest.approx(theirs, abs=1e-4)
    assert ours[1:] == pytest.approx(np.tile(theirs, (2, 1)), abs=2e-3)


@pytest.mark.parametrize("shares", [(0.7, 0.1, 0.1, 0.1), (0.05, 0.05, 0.0, 0.9), (0.25, 0.25, 0.25, 0.25)])
def test_both_find_the_shares_that_counting_misses(correction: Correction, shares: tuple[float, ...]) -> None:
    _, said = sentences(np.array(shares), 5000, np.random.default_rng(5), sharp=1.6)
    tallies = np.ones((len(correction.priors), len(said)))
    known = corrections(of_news(), draws=2)
    assert known is not None
    expected = np.tile(said.mean(axis=0), (3, 1))
    assert known["en", Voice.OWN].adjusted(expected)[0] == pytest.approx(shares, abs=0.04)
    assert known["en", Voice.OWN].likeliest(said, tallies[:3])[0] == pytest.approx(shares, abs=0.04)
    if max(shares) > 0.5:
        assert np.abs(np.bincount(said.argmax(axis=1), minlength=4) / len(said) - shares).max() > 0.04


def of_news() -> Holdout:
    """Mostly one frame, as in news."""
    gold, said = sentences(np.array([0.1, 0.2, 0.1, 0.6]), 6000, np.random.default_rng(6), sharp=1.6)
    voices = np.zeros(len(gold), dtype=int)
    return Holdout("t-0", gold, voices, said, voices, np.arange(len(gold)) // 10, ("en",) * len(gold), (NEWS,) * len(gold))


def test_priors_give_the_holdout_its_own_shares() -> None:
    known = of_news()
    found = corrections(known, draws=2)
    assert found is not None
    shares = found["en", Voice.OWN].likeliest(known.probabilities, np.ones((3, len(known.frames))))[0]
    assert shares == pytest.approx(np.bincount(known.frames) / len(known.frames), abs=2e-3)


def test_draws_vary_with_the_documents() -> None:
    """Twice the documents, less spread; one document repeated says no more than once."""
    small, large = corrections(holdout(400), draws=300), corrections(holdout(6400), draws=300)
    assert small is not None
    assert large is not None
    ratio = small["en", Voice.OWN].confusion.std(axis=0).mean() / large["en", Voice.OWN].confusion.std(axis=0).mean()
    assert 3 < ratio < 5.5  # the root of 16 is 4


def test_too_small_a_holdout_corrects_nothing() -> None:
    assert corrections(None) is None
    few = holdout(4 * FEWEST_ROWS // 2)
    assert corrections(few) is None


def test_news_are_preferred_where_there_are_enough() -> None:
    news, composed = holdout(400), holdout(400, "composed", seed=1)
    both = Holdout(
        "t-0", np.r_[news.frames, composed.frames], np.r_[news.voices, composed.voices], np.r_[news.probabilities, composed.probabilities],
        np.r_[news.spoken, composed.spoken], np.r_[news.groups, composed.groups + 40], ("en",) * 800, news.origins + composed.origins,
    )  # fmt: skip
    mixed, alone = corrections(both, draws=2), corrections(news, draws=2)
    assert mixed is not None
    assert alone is not None
    assert mixed["en", Voice.OWN].confusion[0] == pytest.approx(alone["en", Voice.OWN].confusion[0])


def test_each_language_is_corrected_by_its_own_sentences() -> None:
    """As long as it has ten of each frame; else by all languages."""
    one, other = holdout(400), holdout(400, seed=1)
    both = Holdout(
        "t-0", np.r_[one.frames, other.frames], np.r_[one.voices, other.voices], np.r_[one.probabilities, other.probabilities],
        np.r_[one.spoken, other.spoken], np.r_[one.groups, other.groups + 40], ("en",) * 400 + ("sr",) * 400, (NEWS,) * 800,
    )  # fmt: skip
    found, english, serbian = corrections(both, draws=2), corrections(one, draws=2), corrections(other, draws=2)
    assert found is not None
    assert english is not None
    assert serbian is not None
    assert found["en", Voice.OWN].confusion[0] == pytest.approx(english["en", Voice.OWN].confusion[0])
    assert found["sr", Voice.OWN].confusion[0] == pytest.approx(serbian["en", Voice.OWN].confusion[0])
    assert found["sr", Voice.OWN].confusion[0] != pytest.approx(found["en", Voice.OWN].confusion[0])
    assert found["sq", Voice.OWN].confusion[0].sum(axis=0) == pytest.approx(1)
    assert found["sq", Voice.OWN].confusion[0] != pytest.approx(found["en", Voice.OWN].confusion[0])


def test_language_comes_before_news() -> None:
    """Composed sentences of the language are taken before news of another."""
    english, composed = holdout(400), holdout(400, "composed", seed=1)
    both = Holdout(
        "t-0", np.r_[english.frames, composed.frames], np.r_[english.voices, composed.voices], np.r_[english.probabilities, composed.probabilities],
        np.r_[english.spoken, composed.spoken], np.r_[english.groups, composed.groups + 40], ("en",) * 400 + ("sq",) * 400,
        english.origins + composed.origins,
    )  # fmt: skip
    found, alone = corrections(both, draws=2), corrections(composed, draws=2)
    assert found is not None
    assert alone is not None
    assert found["sq", Voice.OWN].confusion[0] == pytest.approx(alone["en", Voice.OWN].confusion[0])


def test_built_in_model_has_a_holdout() -> None:
    known = built_in().network.holdout
    assert known is not None
    assert known.revision == built_in().revision
    assert set(known.langs) == {"en", "sr", "sq"}
    found = corrections(known)
    assert found is not None
    assert set(found) == {(lang, voice) for lang in ("en", "sr", "sq") for voice in Voice}
    assert all((np.diagonal(one.confusion[0]) > 0.1).all() for one in found.values())
