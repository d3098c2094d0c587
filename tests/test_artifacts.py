from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from stance import StanceError
from stance.artifacts import COLUMNS, HOLDOUT, Holdout, find, read_holdout, read_settings, write_holdout


@pytest.fixture
def holdout() -> Holdout:
    probabilities = np.array([[0.7, 0.1, 0.1, 0.1], [0.2004, 0.0, 0.3, 0.4996]])
    return Holdout(
        "t-0", np.array([0, 3]), np.array([0, 1]), probabilities, np.array([1, 1]), np.array([0, 0]), ("en", "sq"), ("composed", "re-reported")
    )


def test_round_trip(holdout: Holdout, tmp_path: Path) -> None:
    write_holdout(tmp_path, holdout)
    found = read_holdout(tmp_path, "t-0")
    assert found is not None
    for name in ("frames", "voices", "spoken", "groups"):
        assert np.array_equal(getattr(found, name), getattr(holdout, name))
    assert found.probabilities == pytest.approx(holdout.probabilities, abs=6e-6)
    assert (found.langs, found.origins) == (holdout.langs, holdout.origins)


def test_settings_of_a_model_that_reads_no_headline(tmp_path: Path) -> None:
    row = json.loads((find(None) / "stance.json").read_text(encoding="utf-8"))
    for given, read in (({}, False), ({"headline": True}, True)):
        (tmp_path / "stance.json").write_text(json.dumps({name: row[name] for name in row if name != "headline"} | given), encoding="utf-8")
        assert read_settings(tmp_path).headline is read
    (tmp_path / "stance.json").write_text(json.dumps(row | {"headline": "yes"}), encoding="utf-8")
    with pytest.raises(StanceError, match="headline must be true or false, got 'yes'"):
        read_settings(tmp_path)


def test_folder_without_a_holdout(tmp_path: Path) -> None:
    assert read_holdout(tmp_path, "t-0") is None


def test_another_revision_is_refused(holdout: Holdout, tmp_path: Path) -> None:
    write_holdout(tmp_path, holdout)
    with pytest.raises(StanceError, match=r"is of revision t-0, the model is t-1; .*training\.calibrate"):
        read_holdout(tmp_path, "t-1")


@pytest.mark.parametrize(
    ("column", "value"), [("frame", [0, 4]), ("spoken", [1]), ("probabilities", [[0, 0, 0, 0], [1, 0, 0, 0]]), ("group", None), ("voice", "no")]
)
def test_damaged_files_are_refused(holdout: Holdout, tmp_path: Path, column: str, value: object) -> None:
    assert column in COLUMNS
    write_holdout(tmp_path, holdout)
    row = json.loads((tmp_path / HOLDOUT).read_text(encoding="utf-8"))
    (tmp_path / HOLDOUT).write_text(json.dumps(row | {column: value}), encoding="utf-8")
    with pytest.raises(StanceError, match=r"holdout\.json: .*training\.calibrate"):
        read_holdout(tmp_path, "t-0")
