from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from benchmarks.conformal import LEVELS, RESULTS, SPLITS, Row, halves, run
from stance.artifacts import NEWS, Holdout
from stance.conformal import bounds, candidates, sets, usable
from stance.labels import FRAMES, StanceError
from stance.scoring import built_in


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and gold frames that follow them."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet([0.5, 0.4, 0.2, 1.0], count)
    return probabilities, (probabilities.cumsum(axis=1) > generator.random((count, 1))).argmax(axis=1)


@pytest.fixture(scope="module")
def holdout() -> Holdout:
    found = built_in().network.holdout
    assert found is not None
    return found


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_against_mapie(level: float) -> None:
    """One MAPIE classifier for each frame, conformalised on the sentences of that frame alone."""
    pytest.importorskip("mapie")
    from mapie.classification import SplitConformalClassifier
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Given(ClassifierMixin, BaseEstimator):
        def __init__(self) -> None:
            self.classes_ = np.arange(len(FRAMES))

        def fit(self, _: object, __: object) -> Given:
            return self

        def __sklearn_is_fitted__(self) -> bool:
            return True

        def predict_proba(self, probabilities: np.ndarray) -> np.ndarray:
            return probabilities

        def predict(self, probabilities: np.ndarray) -> np.ndarray:
            return probabilities.argmax(axis=1)

    (known, gold), (tried, _) = drawn(300, 0), drawn(400, 1)
    ours = tried >= bounds(known, gold, level)
    for frame in range(len(FRAMES)):
        theirs = SplitConformalClassifier(Given(), confidence_level=level, conformity_score="lac", prefit=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that one label alone is given
            theirs.conformalize(known[gold == frame], gold[gold == frame])
        assert np.array_equal(ours[:, frame], theirs.predict_set(tried)[1][:, frame, 0])


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_guarantee(level: float) -> None:
    """Over many draws the coverage of each frame is at least the level, and at most 1 / (n + 1) above it (Vovk 2012)."""
    shares = np.zeros((200, len(FRAMES)))
    for seed in range(len(shares)):
        (known, gold), (tried, truth) = drawn(200, 2 * seed), drawn(300, 2 * seed + 1)
        inside = (tried >= bounds(known, gold, level))[np.arange(len(truth)), truth]
        shares[seed] = [inside[truth == frame].mean() for frame in range(len(FRAMES))]
    error = 3 * shares.std(axis=0) / np.sqrt(len(shares))
    assert (shares.mean(axis=0) >= level - error).all()
    assert (shares.mean(axis=0) <= level + 1 / 10 + error).all()


def test_too_few_sentences_make_every_frame_a_candidate() -> None:
    probabilities, gold = np.full((8, 4), 0.25), np.repeat(np.arange(4), 2)
    assert bounds(probabilities, gold, 0.9).tolist() == [0, 0, 0, 0]
    assert bounds(probabilities[:0], gold[:0], 0.9).tolist() == [0, 0, 0, 0]
    nine = np.linspace(0.1, 0.9, 9)
    assert bounds(np.column_stack([nine] * 4), np.zeros(9, dtype=int), 0.9)[0] == 0.1, "the tenth of nine and one is the lowest"


def test_candidates_are_ordered_and_never_empty(holdout: Holdout) -> None:
    for sentence in built_in().classify(["The envoy met both leaders.", "Kosovo police brutally beat innocent Serbs.", "NATO"]):
        wider = [built_in().candidates(sentence, level) for level in (0.01, 0.5, 0.9, 0.9999)]
        assert len(wider[0]) >= 1
        assert len(wider[-1]) == len(FRAMES)
        for found in wider:
            assert list(found) == sorted(found, key=lambda frame: -sentence.probabilities[frame])
        assert candidates(sentence, holdout) == built_in().candidates(sentence)
    probabilities, _ = drawn(50, 3)
    assert (sets(probabilities, np.ones(4)).sum(axis=1) == 1).all()


@pytest.mark.parametrize("level", [0, 1, -0.1, float("nan"), 90])
def test_levels_out_of_range_are_refused(holdout: Holdout, level: float) -> None:
    with pytest.raises(StanceError, match="needs a number between 0 and 1"):
        candidates(built_in().classify(["NATO"])[0], holdout, level)


def test_bounds_come_from_news_where_there_is_enough(holdout: Holdout) -> None:
    news = np.array(holdout.origins) == NEWS
    assert 0 < news.sum() < len(news)
    assert np.array_equal(usable(holdout, 0.9), news)
    assert usable(holdout, 0.9999).all(), "a level that news alone is too little for"


def test_model_without_holdout_is_refused() -> None:
    with pytest.raises(StanceError, match=r"no holdout\.json.*training\.calibrate"):
        candidates(built_in().classify(["NATO"])[0], None)


def test_halves_keep_documents_whole() -> None:
    units = np.repeat(np.arange(30), 4)
    wanted = np.arange(120) >= 20
    parts = halves(units, wanted)
    assert len(parts) == SPLITS
    for first, second in parts:
        assert not set(units[first]) & set(units[second])
        assert np.array_equal(first | second, wanted)
        assert abs(first.sum() - second.sum()) <= 8


def test_run(holdout: Holdout) -> None:
    """Bounds from a copy of what they are tried on cover as many as they were made to."""
    row = {row.design: row for row in run(holdout, holdout)}["test re-reported"]
    assert row.sentences == holdout.origins.count("re-reported")
    assert all(share is not None and 0.9 - 0.01 <= share <= 0.93 for share in row.coverage.values())


def test_results() -> None:
    """Class-conditional coverage is within 2 points of what was asked for; the results are the built-in model's."""
    result = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert result["revision"] == built_in().revision, "run python -m benchmarks.conformal --readme"
    rows = [Row(**row) for row in result["rows"] if row["design"] == "halves, by sentence"]
    assert [row.level for row in rows] == list(LEVELS)
    for row in rows:
        assert all(share is not None and abs(share - row.level) <= 0.02 for share in row.coverage.values())
        assert 1 <= row.size <= 4
