from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stance.article import BLOCK, frame_of, rule
from stance.labels import FRAMES, Frame


def shares(*values: float) -> dict[Frame, float]:
    return dict(zip(Frame, values, strict=True))


@pytest.mark.parametrize(
    ("values", "frame"),
    [
        ((0.4, 0.1, 0.1, 0.4), Frame.PRO_BELGRADE),
        ((0.3, 0.25, 0.05, 0.4), Frame.NEUTRAL),
        ((0.1, 0.02, 0.02, 0.86), Frame.NEUTRAL),
        ((0.0, 0.2, 0.0, 0.8), Frame.PRO_PRISTINA),
        ((0.2, 0.0, 0.3, 0.5), Frame.WESTERN_CRITICAL),
        ((0.0, 0.0, 0.0, 1.0), Frame.NEUTRAL),
    ],
)
def test_the_rule(values: tuple[float, ...], frame: Frame) -> None:
    assert rule(shares(*values)) is frame


def test_sure_sentences_give_the_rule() -> None:
    for counts in ((4, 1, 1, 4), (3, 3, 0, 4), (1, 0, 0, 9), (0, 2, 0, 8), (0, 0, 5, 0)):
        rows = np.repeat(np.eye(4), counts, axis=0)
        assert frame_of(rows) is rule(shares(*(rows.mean(axis=0)).tolist()))


def test_an_open_article_is_not_told() -> None:
    assert frame_of(np.full((1, 4), 0.25)) is None
    assert frame_of(np.array([[0.4, 0.3, 0.3, 0.0]])) is None


def test_weak_hints_add_up() -> None:
    hint = [[0.45, 0.05, 0.05, 0.45]]
    assert frame_of(np.array(hint)) is None
    assert frame_of(np.array(hint * 40)) is Frame.PRO_BELGRADE


@given(arrays(float, st.tuples(st.integers(1, 30), st.just(4)), elements=st.floats(0.01, 1)), st.randoms())
def test_the_same_every_time(rows: np.ndarray, random: object) -> None:
    rows = rows / rows.sum(axis=1, keepdims=True)
    assert frame_of(rows) == frame_of(rows.copy())


def test_blocks_change_nothing_for_sure_sentences() -> None:
    rows = np.repeat(np.eye(4), (2 * BLOCK, 5, 5, BLOCK + 1), axis=0)
    assert frame_of(rows) is Frame.PRO_BELGRADE


def test_results_have_an_accuracy_that_says_something(root: Path) -> None:
    results = json.loads((root / "benchmarks" / "results" / "articles.json").read_text(encoding="utf-8"))
    row = results["re-reported, test"]
    assert sum(row["gold"].values()) == row["articles"] >= 50
    most = max(row["gold"][frame] for frame in FRAMES) / row["articles"]
    assert row["accuracy"][0] > most, "no better than always the most frequent frame"
    assert all(low <= value <= high for value, low, high in (row["told"], row["accuracy"], row["share error"], row["lean error"]))
