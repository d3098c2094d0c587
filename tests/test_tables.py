from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
from fabricated import NASTY, fabricated

from stance import Comparison, StanceError
from stance.labels import Estimator
from stance.tables import FORMATS, write_tables

COMPARISON = fabricated()


def written(tmp_path: Path, form: str) -> bytes:
    path = tmp_path / f"out.{form}"
    write_tables(COMPARISON, path, form)
    return b"".join(file.read_bytes() for file in sorted(path.iterdir())) if path.is_dir() else path.read_bytes()


def test_rows_hold_the_record_values() -> None:
    tables = COMPARISON.tables()
    row = COMPARISON.outlets[1]
    own = next(one for one in tables["voices"] if one["outlet"] == row.outlet and one["voice"] == "own")
    assert row.own
    assert (own["lean"], own["lean_low"], own["lean_high"]) == (row.own.lean.value, row.own.lean.low, row.own.lean.high)
    counted = [one for one in tables["shares"] if (one["outlet"], one["voice"], one["estimator"]) == (row.outlet, "all", "counted")]
    assert {one["frame"]: one["share"] for one in counted} == {
        str(frame): share.value for frame, share in row.all.estimates[Estimator.COUNTED].items()
    }
    assert [one["adjusted"] for one in tables["differences"]] == [pair.adjusted for pair in (*COMPARISON.pairs, *COMPARISON.pooled)]
    said = next(one for one in tables["sentences"] if one["speaker"])
    assert (said["speaker"], said["camp"], said["voice"]) == ("A. <Minister>", "Pristina", "attributed")


def test_every_table_has_even_rows_of_plain_values() -> None:
    for name, rows in COMPARISON.tables().items():
        assert rows, name
        assert {tuple(row) for row in rows} == {tuple(rows[0])}, name
        assert {type(value) for row in rows for value in row.values()} <= {str, int, float, bool, type(None)}, name


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(library: str) -> None:
    pytest.importorskip(library)
    frame = COMPARISON.to_frame("differences", library)
    assert frame["lean"].to_list() == [pair.lean.value for pair in (*COMPARISON.pairs, *COMPARISON.pooled)]
    for table, rows in COMPARISON.tables().items():
        assert len(COMPARISON.to_frame(table, library)) == len(rows)


def test_data_frame_of_nothing_and_of_the_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Comparison(**{name: getattr(COMPARISON, name) for name in Comparison.__slots__} | {"wire": ()})
    assert len(empty.to_frame("wire")) == 0
    with pytest.raises(StanceError, match="no table 'leans'; known are outlets"):
        COMPARISON.to_frame("leans")
    with pytest.raises(StanceError, match="needed is pandas or polars"):
        COMPARISON.to_frame("voices", "os")
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(StanceError, match="pip install polars"):
        COMPARISON.to_frame("voices", "polars")


@pytest.mark.parametrize("form", FORMATS)
def test_same_comparison_same_bytes(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if form == "xlsx":
        pytest.importorskip("xlsxwriter")
    first = written(tmp_path, form)
    later = time.time() + 1e6
    monkeypatch.setattr(time, "time", lambda: later)
    assert written(tmp_path, form) == first


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    written(tmp_path, "json")
    written(tmp_path, "csv")
    whole = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert whole.pop("about")["revision"] == "test-0"
    assert set(whole) | {"about"} == {path.stem for path in (tmp_path / "out.csv").iterdir()}
    for name, rows in whole.items():
        with (tmp_path / "out.csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]


def test_a_folder_keeps_no_table_of_an_earlier_comparison(tmp_path: Path) -> None:
    written(tmp_path, "csv")
    mine = tmp_path / "out.csv" / "notes.csv"
    mine.write_text("mine", encoding="utf-8")
    empty = Comparison(**{name: getattr(COMPARISON, name) for name in Comparison.__slots__} | {"wire": ()})
    write_tables(empty, tmp_path / "out.csv", "csv")
    assert {path.stem for path in (tmp_path / "out.csv").iterdir()} == {"about", "notes", *empty.tables()} - {"wire"}
    assert mine.read_text(encoding="utf-8") == "mine"


def test_markdown_escapes_what_comes_from_outside(tmp_path: Path) -> None:
    text = written(tmp_path, "md").decode()
    assert "<script" not in text.replace("\\<script", "")
    assert r"\<script\>alert('x')\</script\>" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in rows)


def test_workbook_reads_back_and_holds_no_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    written(tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["about", *COMPARISON.tables()]
    head, *rows = book["differences"].iter_rows(values_only=True)
    expected = [row["lean"] for row in COMPARISON.tables()["differences"]]
    assert [dict(zip(head, row, strict=True))["lean"] for row in rows] == pytest.approx(expected, rel=1e-14)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert any(cell.value == NASTY for cell in cells)


def test_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match="known are json, csv, md, xlsx"):
        write_tables(COMPARISON, tmp_path / "x.pdf", "pdf")
