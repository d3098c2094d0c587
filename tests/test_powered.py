"""Prediction-powered shares against ppi_py."""

from __future__ import annotations

import numpy as np
import pytest

from stance.powered import Labels, powered
from stance.prevalence import interval, resamples


def sample(generator: np.random.Generator, sentences: int, labelled: int, noise: float = 1.0) -> Labels:
    gold = generator.choice(4, sentences, p=[0.2, 0.1, 0.1, 0.6])
    powers = np.exp(1.5 * np.eye(4)[gold] + noise * generator.normal(size=(sentences, 4)) + [0.5, 0, 0, 0])  # biased towards the first
    known = np.where(generator.permutation(sentences) < labelled, gold, -1)
    return Labels(np.arange(sentences) // 10, powers / powers.sum(axis=1, keepdims=True), known)


def test_against_ppi_py() -> None:
    ppi_py = pytest.importorskip("ppi_py")
    labels = sample(np.random.default_rng(0), 800, 200)
    found = powered(labels, resamples(80, 10))
    assert found is not None
    known = labels.gold >= 0
    gold, said, rest = np.eye(4)[labels.gold[known]], labels.probabilities[known], labels.probabilities[~known]
    theirs = ppi_py.ppi_mean_pointestimate(gold, said, rest, lam_optim_mode="overall")
    assert found[0] == pytest.approx(theirs, abs=2e-3)  # its variances divide by n - 1


def test_every_sentence_labelled_gives_the_gold_shares() -> None:
    labels = sample(np.random.default_rng(1), 100, 100)
    found = powered(labels, resamples(10, 5))
    assert found is not None
    assert found[0] == pytest.approx(np.bincount(labels.gold, minlength=4) / 100)
    assert found.sum(axis=1) == pytest.approx(1)


def test_intervals_cover_and_are_narrower_than_those_of_the_labels_alone() -> None:
    generator = np.random.default_rng(2)
    held, widths, plain = [], [], []
    for number in range(150):
        labels = sample(generator, 600, 150, noise=0.5)
        weights = resamples(60, 400, seed=number)
        found = powered(labels, weights)
        alone = powered(Labels(labels.units, np.full((600, 4), 0.25), labels.gold), weights)
        assert found is not None
        assert alone is not None
        ours, theirs = interval(found[:, 3], 60), interval(alone[:, 3], 60)
        held.append(ours.low <= 0.6 <= ours.high)
        widths.append(ours.high - ours.low)
        plain.append(theirs.high - theirs.low)
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)
    assert np.mean(widths) < 0.85 * np.mean(plain)


def test_labels_from_few_articles_tell_nothing() -> None:
    labels = sample(np.random.default_rng(3), 100, 100)
    few = Labels(labels.units, labels.probabilities, np.where(labels.units < 4, labels.gold, -1))
    assert powered(few, resamples(10, 5)) is None
