from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stance.correction import Corrections, corrections
from stance.estimates import Draws, contradict, effective, estimate, figures, recommended
from stance.figures import Interval
from stance.labels import FRAMES, Estimator, Frame, Voice
from stance.powered import Tally
from stance.prevalence import bound_of
from stance.sample import Entry, Sample, Texts
from stance.scoring import built_in


@pytest.fixture(scope="module")
def known() -> Corrections:
    found = corrections(built_in().network.holdout, 400)
    assert found is not None
    return found


def sample_of(probabilities: np.ndarray, articles: int, voices: np.ndarray | None = None) -> Sample:
    count = len(probabilities)
    nothing, sure = np.full(count, -1), np.ones(count, dtype=bool)
    entries = tuple(Entry("A", str(number), "", "", "", True, frozenset()) for number in range(articles))
    articles_of = np.sort(np.arange(count) % articles)
    spoken = np.arange(count) % 2 if voices is None else voices
    return Sample(entries, np.arange(articles), articles_of, probabilities, spoken, sure, nothing, nothing, nothing, sure, Texts(), nothing)


def drawn(count: int, seed: int = 0) -> np.ndarray:
    holdout = built_in().network.holdout
    assert holdout is not None
    return holdout.probabilities[np.random.default_rng(seed).integers(len(holdout.frames), size=count)]


def test_every_estimator_gives_shares(known: Corrections) -> None:
    sample = sample_of(drawn(240), 24)
    found = estimate(sample, np.arange(240), "A", known, 400)
    assert set(found) == {Voice.OWN, Voice.ATTRIBUTED, None}
    assert set(found[None].shares) == set(Estimator) - {Estimator.PREDICTION_POWERED}
    for draws in found.values():
        for shares in draws.shares.values():
            assert shares.shape == (401, 4)
            assert shares.sum(axis=1) == pytest.approx(1)
            assert (shares >= 0).all()
    assert found[None].shares[Estimator.EXPECTED][0] == pytest.approx(sample.probabilities.mean(axis=0))
    counts = np.bincount(sample.probabilities.argmax(axis=1), minlength=4) / 240
    assert found[None].shares[Estimator.COUNTED][0] == pytest.approx(counts)


def test_both_voices_together_are_their_mixture(known: Corrections) -> None:
    voices = (np.arange(240) % 3 == 0).astype(int)
    found = estimate(sample_of(drawn(240), 24, voices), np.arange(240), "A", known, 50)
    mixed = (
        160 * found[Voice.OWN].shares[Estimator.MAXIMUM_LIKELIHOOD][0] + 80 * found[Voice.ATTRIBUTED].shares[Estimator.MAXIMUM_LIKELIHOOD][0]
    ) / 240
    assert found[None].shares[Estimator.MAXIMUM_LIKELIHOOD][0] == pytest.approx(mixed)


def test_articles_are_corrected_in_their_language(known: Corrections) -> None:
    """Half of the articles in Albanian: the mean of what either half gives alone."""
    probabilities = drawn(240)
    sample = sample_of(probabilities, 24, np.zeros(240, dtype=int))
    mixed = replace(sample, entries=tuple(replace(entry, lang="sq" if number < 12 else "en") for number, entry in enumerate(sample.entries)))
    albanian = replace(sample, entries=tuple(replace(entry, lang="sq") for entry in sample.entries))

    def shares(sample: Sample, rows: range) -> np.ndarray:
        return estimate(sample, np.array(rows), "A", known, 40)[None].shares[Estimator.MAXIMUM_LIKELIHOOD][0]

    parts = shares(albanian, range(120)), shares(sample, range(120, 240))
    assert shares(mixed, range(240)) == pytest.approx((parts[0] + parts[1]) / 2, abs=1e-3)
    assert parts[0] != pytest.approx(shares(sample, range(120)), abs=1e-3)


def test_without_a_holdout_shares_are_expected_ones() -> None:
    assert recommended(None) is Estimator.EXPECTED
    found = estimate(sample_of(drawn(240), 24), np.arange(240), "A", None, 100)[None]
    assert set(found.shares) == {Estimator.COUNTED, Estimator.EXPECTED}
    row = figures(found, Estimator.EXPECTED)
    assert row.shares == row.estimates[Estimator.EXPECTED]
    assert not row.disagree


def test_gold_labels_give_another_estimate(known: Corrections) -> None:
    sample = sample_of(drawn(240), 24)
    sample = replace(sample, gold=np.full(240, FRAMES.index(Frame.NEUTRAL)))
    found = estimate(sample, np.arange(240), "A", known, 400)[None]
    assert found.shares[Estimator.PREDICTION_POWERED][0] == pytest.approx([0, 0, 0, 1])
    assert figures(found, Estimator.MAXIMUM_LIKELIHOOD).disagree, "gold labels that contradict the correction are told"
    few = replace(sample, gold=np.where(np.arange(240) % 25 == 0, sample.gold, -1))
    some = figures(estimate(few, np.arange(240), "A", known, 400)[None], Estimator.MAXIMUM_LIKELIHOOD)
    assert some.estimates[Estimator.PREDICTION_POWERED][Frame.PRO_BELGRADE].high == pytest.approx(bound_of(10)), "ten labels in as many articles"


def test_labels_at_random_contradict_nothing(known: Corrections) -> None:
    """Outlets made of held-out news, a dozen of whose sentences have their true labels: these are few, but they do not contradict."""
    holdout, chance = built_in().network.holdout, np.random.default_rng(3)
    assert holdout is not None
    pool = np.flatnonzero((np.array(holdout.origins) == "re-reported") & (np.array(holdout.langs) == "en"))
    flagged = 0
    for number in range(20):
        rows = chance.choice(pool, 180)
        sample = sample_of(holdout.probabilities[rows], 12, holdout.spoken[rows])
        gold = np.full(180, -1)
        few = chance.choice(180, 15, replace=False)
        gold[few] = holdout.frames[rows[few]]
        found = estimate(replace(sample, gold=gold), np.arange(180), f"Outlet {number}", known, 400)
        flagged += figures(found[None], Estimator.MAXIMUM_LIKELIHOOD).disagree
    assert flagged <= 3


def test_labels_too_few_in_one_voice_still_count_in_both_together(known: Corrections) -> None:
    probabilities = drawn(240)
    voices = (np.arange(240) < 20).astype(int)  # attributed sentences stand in the first two articles alone
    sample = sample_of(probabilities, 24, voices)
    gold = np.where(np.arange(240) % 3 == 0, probabilities.argmax(axis=1), -1)
    found = estimate(replace(sample, gold=gold), np.arange(240), "A", known, 100)
    assert Estimator.PREDICTION_POWERED not in found[Voice.ATTRIBUTED].shares
    assert Estimator.PREDICTION_POWERED in found[Voice.OWN].shares
    assert Estimator.PREDICTION_POWERED in found[None].shares
    assert figures(found[Voice.ATTRIBUTED], Estimator.MAXIMUM_LIKELIHOOD).labelled == (gold[:20] >= 0).sum()
    assert figures(found[None], Estimator.MAXIMUM_LIKELIHOOD).labelled == (gold >= 0).sum()


def test_few_labels_that_are_all_alike_contradict_nothing() -> None:
    share = np.concatenate([[0.05], np.random.default_rng(0).normal(0.05, 0.01, 400)])
    one = np.stack([share, np.zeros(401), np.zeros(401), 1 - share], axis=1)
    other = np.tile([0.0, 0.0, 0.0, 1.0], (401, 1))
    assert not contradict(one, other, Tally(np.array([0, 0, 0, 25]), 25)), "28 in 100 such samples of 25 show nothing"
    assert contradict(one, other, Tally(np.array([0, 0, 0, 500]), 500))


def test_a_frame_that_no_label_has_is_bounded_by_the_labelled_articles(known: Corrections) -> None:
    """The probabilities move the labels' share off 0 a little, which makes it no better known."""
    probabilities = drawn(240)
    sample, gold = sample_of(probabilities, 24), probabilities.argmax(axis=1)
    gold[gold == FRAMES.index(Frame.WESTERN_CRITICAL)] = -1
    gold[np.repeat(np.arange(24) % 3 > 0, 10)] = -1  # eight articles have labels
    found = estimate(replace(sample, gold=gold), np.arange(240), "A", known, 400)[None]
    assert (found.gold.total, found.gold.units) == ((gold >= 0).sum(), 8)
    west = figures(found, Estimator.MAXIMUM_LIKELIHOOD).estimates[Estimator.PREDICTION_POWERED][Frame.WESTERN_CRITICAL]
    assert west.value > 0
    assert west.high >= west.value + bound_of(8)


def test_what_expectation_maximisation_leaves_of_a_share_is_nothing() -> None:
    for left in (0.0, 1e-8, 1e-5):
        shares = np.tile([left, 0, 0, 1 - left], (101, 1))
        row = figures(Draws(20, 200, np.full(101, 200.0), {Estimator.COUNTED: shares}), Estimator.COUNTED)
        assert row.shares[Frame.PRO_BELGRADE].high == pytest.approx(left + bound_of(200))


@pytest.mark.parametrize(("articles", "sentences", "too_few"), [(10, 100, False), (9, 200, True), (30, 99, True)])
def test_too_few(known: Corrections, articles: int, sentences: int, too_few: bool) -> None:
    found = estimate(sample_of(drawn(sentences), articles), np.arange(sentences), "A", known, 50)[None]
    assert figures(found, Estimator.MAXIMUM_LIKELIHOOD).too_few is too_few


def test_four_articles_have_the_widest_intervals(known: Corrections) -> None:
    found = estimate(sample_of(drawn(40), 4), np.arange(40), "A", known, 400)[None]
    row = figures(found, Estimator.MAXIMUM_LIKELIHOOD)
    assert (row.lean.low, row.lean.high) == (-1, 1)
    assert all((share.low, share.high) == (0, 1) for share in row.shares.values())
    assert not row.disagree


def test_effective_size_of_independent_labels_is_their_number() -> None:
    """400 labels, each its own article: the interval is as wide as the number says."""
    gold = np.eye(4)[np.random.default_rng(1).choice(4, 400, p=[0.3, 0.1, 0.1, 0.5])]
    row = figures(estimate(sample_of(gold, 400), np.arange(400), "A", None, 2000)[None], Estimator.COUNTED)
    assert row.effective == pytest.approx(400, rel=0.1)
    repeated = figures(estimate(sample_of(np.repeat(gold[:40], 10, axis=0), 40), np.arange(400), "A", None, 2000)[None], Estimator.COUNTED)
    assert repeated.effective == pytest.approx(40, rel=0.3)


def test_effective_size_is_at_most_the_number() -> None:
    assert effective(np.array([0.5, 0.5, 0, 0]), Interval(0, -0.001, 0.001), 50) == 50
    assert effective(np.array([0.0, 0, 0, 1]), Interval(0, 0, 0), 50) == 50


def test_contradiction() -> None:
    generator = np.random.default_rng(2)
    one = generator.dirichlet([20, 20, 20, 40], size=401)
    one[0] = 0.2, 0.2, 0.2, 0.4
    other = one[generator.permutation(401)]
    other[0] = one[0]
    assert not contradict(one, other)
    assert contradict(one, np.tile([0.9, 0.05, 0.05, 0.0], (401, 1)))
    assert not contradict(one[:1], np.array([[1.0, 0, 0, 0]])), "nothing can be told from few articles"
