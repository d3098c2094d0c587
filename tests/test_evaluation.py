from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import confusion_matrix, f1_score

from stance import StanceError
from stance.evaluation import agreement, calibration_error, evaluate, read_labelled
from stance.labels import FRAMES

ROWS = [
    {"text": "The envoy met both leaders.", "frame": "neutral", "voice": "own", "lang": "en"},
    {"text": "Kurti's brutal police terrorise Serbs, he said.", "frame": "pro-Belgrade", "voice": "attributed", "lang": "en"},
    {"text": "Predsednik je otišao u Brisel.", "frame": "neutral", "lang": "sr"},
]


def test_against_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    gold = [str(FRAMES[i]) for i in generator.choice(4, 200, p=[0.2, 0.2, 0.0, 0.6])]
    guess = [str(FRAMES[i]) for i in generator.choice(4, 200)]
    ours = agreement(gold, guess, FRAMES)
    present = sorted(set(gold))
    assert ours.macro_f1 == pytest.approx(f1_score(gold, guess, labels=present, average="macro", zero_division=0))
    assert np.array_equal(ours.confusion, confusion_matrix(gold, guess, labels=[str(frame) for frame in FRAMES]))


def test_bounds_are_those_of_a_bootstrap_over_sentences() -> None:
    generator = np.random.default_rng(1)
    gold = generator.choice(4, 300)
    guess = np.where(generator.random(300) < 0.7, gold, generator.choice(4, 300))
    drawn = [generator.integers(0, 300, 300) for _ in range(400)]
    known = np.quantile([f1_score(gold[rows], guess[rows], average="macro") for rows in drawn], [0.025, 0.975])
    names = [str(frame) for frame in FRAMES]
    ours = agreement([names[one] for one in gold], [names[one] for one in guess], names)
    assert ours.bounds == pytest.approx(known, abs=0.02)
    assert ours.bounds[0] < ours.macro_f1 < ours.bounds[1]


def test_bounds_over_articles_whose_sentences_are_alike() -> None:
    """Ten copies of each sentence tell no more than one: the bounds are those of the sentences, not of the copies."""
    generator = np.random.default_rng(2)
    gold = generator.choice(4, 60)
    guess = np.where(generator.random(60) < 0.7, gold, generator.choice(4, 60))
    names = [str(frame) for frame in FRAMES]
    once = agreement([names[one] for one in gold], [names[one] for one in guess], names)
    tenfold = [names[one] for one in np.repeat(gold, 10)], [names[one] for one in np.repeat(guess, 10)]
    assert agreement(*tenfold, names, np.repeat(np.arange(60), 10).tolist()).bounds == pytest.approx(once.bounds, abs=0.02)
    low, high = agreement(*tenfold, names).bounds
    assert high - low < 0.5 * (once.bounds[1] - once.bounds[0])


def test_few_units_have_the_widest_bounds() -> None:
    assert agreement(["a"] * 8, ["a"] * 8, ["a", "b"], [1, 1, 2, 2, 3, 3, 4, 4]).bounds == (0.0, 1.0)


def test_all_right_or_all_wrong_is_not_known_exactly() -> None:
    """No resample varies, so the bound is that of Clopper and Pearson, which scipy gives too."""
    bound = stats.binomtest(20, 20).proportion_ci(method="exact").low
    assert agreement(["a"] * 20, ["a"] * 20, ["a", "b"]).bounds == pytest.approx((bound, 1.0))
    assert agreement(["a"] * 20, ["b"] * 20, ["a", "b"]).bounds == pytest.approx((0.0, 1 - bound))


def test_units_may_be_an_array() -> None:
    units = np.arange(10)
    assert agreement(["a"] * 10, ["a"] * 9 + ["b"], ["a", "b"], units) == agreement(["a"] * 10, ["a"] * 9 + ["b"], ["a", "b"])


def test_labels_of_several_annotators(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row | {"lang": None, "outlet": float("nan")}) for row in [*ROWS, ROWS[0]]), encoding="utf-8")
    result = evaluate(list(read_labelled(path)))
    assert (result.sentences, result.labels, result.by_language) == (3, 4, {})
    assert str(result).startswith("3 sentences with 4 labels")


def test_bounds_where_a_label_is_rare() -> None:
    rare = agreement(["a"] * 9 + ["b"], ["a"] * 10, ["a", "b", "c"])
    assert rare.bounds[1] <= 0.5, "b counts in resamples without it, too"


def test_calibration_error() -> None:
    sure = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert calibration_error(sure, np.array([0, 0])) == 0
    assert calibration_error(sure, np.array([1, 1])) == 1
    assert calibration_error(np.full((10, 2), 0.5), np.array([0, 1] * 5)) == 0


def test_evaluate(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    result = evaluate(list(read_labelled(path)))
    assert result.sentences == 3
    assert result.voice is not None
    assert sum(map(sum, result.frame.confusion)) == 3
    assert sum(map(sum, result.voice.confusion)) == 2
    assert {lang: figures.row()["labels"] for lang, figures in result.by_language.items()} == {"en": 2, "sr": 1}
    assert "frame in en: macro-F1" in str(result)
    assert 0 <= result.coverage <= 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{,", "gold.jsonl:1: is not JSON"),
        ('{"text": "a", "frame": "left"}', "gold.jsonl:1: needs"),
        ('{"text": "a", "frame": "neutral", "voice": "both"}', "voice is 'both'"),
    ],
)
def test_refusals(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(StanceError, match=message):
        list(read_labelled(tmp_path / "gold.jsonl"))


def test_no_rows() -> None:
    with pytest.raises(StanceError, match="no labelled sentence"):
        evaluate([])
