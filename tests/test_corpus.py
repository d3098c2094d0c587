from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance import Article, StanceError
from stance.corpus import Rejected, checked, read_articles, read_source

ROWS = [{"text": "One. Two.", "outlet": "Daily", "date": "2023-05-30", "extra": 1}, {"text": "Три.", "outlet": "Дневник"}]


def test_every_format_gives_the_same_articles(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    (tmp_path / "a.csv").write_text("outlet,text,date\nDaily,One. Two.,2023-05-30\nДневник,Три.,\n", encoding="utf-8-sig")
    parquet.write_table(
        pyarrow.Table.from_pylist([{"text": r["text"], "outlet": r["outlet"], "date": r.get("date")} for r in ROWS]), tmp_path / "a.parquet"
    )
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "1.txt").write_text("One. Two.", encoding="utf-8")
    (folder / "2.txt").write_text("Три.", encoding="utf-8")
    (folder / "outlets.csv").write_text("file,outlet,date,id\n1.txt,Daily,2023-05-30,\n2.txt,Дневник,,\n", encoding="utf-8")
    wanted = [Article("One. Two.", "Daily", date="2023-05-30"), Article("Три.", "Дневник")]
    for source in ("a.jsonl", "a.csv", "a.parquet", "texts"):
        assert list(read_articles(tmp_path / source)) == wanted, source


def test_a_folder_without_outlets_takes_file_names(tmp_path: Path) -> None:
    (tmp_path / "daily_1.txt").write_text("One.", encoding="utf-8")
    notice, article = read_articles(tmp_path)
    assert str(notice) == f"{tmp_path}: holds no outlets.csv, so each file is an outlet of its own"
    assert article == Article("One.", "daily_1", id="daily_1")


def test_bad_records_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(ROWS[0]).encode()
    path.write_bytes(
        b"\n".join([good, b"{", b'"text"', b'{"outlet": "x"}', b'{"text": 3, "outlet": "x"}', b"\xff\xfe", b'{"text": "a", "outlet": " "}', good])
    )
    records = list(read_articles(path))
    assert [str(record) for record in records if isinstance(record, Rejected)] == [
        "a.jsonl:2: is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))",
        "a.jsonl:3: is str; needs an object with text and outlet",
        'a.jsonl:4: text is missing; every article needs "text" (see README, Input)',
        'a.jsonl:5: text is int, not text; every article needs "text" (see README, Input)',
        "a.jsonl:6: is not UTF-8 (byte 0); save it as UTF-8, e.g. iconv -f WINDOWS-1250 -t UTF-8",
        'a.jsonl:7: outlet is empty; every article needs "outlet" (see README, Input)',
    ]
    assert sum(isinstance(record, Article) for record in records) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "text,paper\n", "column outlet is missing; got text, paper; every article needs it"),
        ("a.csv", "\n", "columns outlet and text are missing; got none; every article needs them"),
        ("a.csv", "text,outlet\n".encode("utf-16"), r"a\.csv: is not UTF-8 \(byte 0\); save it as UTF-8, e\.g\. iconv"),
        ("a.jsonl", json.dumps(ROWS), r"one object a line: jq -c '\.\[\]' a\.jsonl"),
        ("a.json", json.dumps(ROWS, indent=1), r"one object a line: jq -c '\.\[\]' a\.json"),
        ("a.json", "\ufeff\n" + json.dumps(ROWS[0], indent=1), r"one object a line: jq -c \. a\.json"),
        ("a.docx", "", r"cannot read \.docx"),
        (None, "", "no such file or folder"),
    ],
)
def test_unusable_inputs(tmp_path: Path, name: str | None, content: str | bytes, message: str) -> None:
    path = tmp_path / (name or "absent")
    if name:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StanceError, match=message):
        list(read_articles(path))


def test_odd_records_are_rejected_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    huge, deep = b'{"text": "a", "outlet": ' + b"1" * 5000 + b"}", b"[" * 100_000
    path.write_bytes(b"\n".join([rb'{"text": "a \ud800 b", "outlet": "x"}', huge, deep, json.dumps(ROWS[0]).encode()]))
    assert [type(record).__name__ for record in read_articles(path)] == ["Rejected", "Rejected", "Rejected", "Article"]


HEAD = "text,outlet\n"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", (HEAD + "Došao je.,Večernji\nYes.,Daily\n").encode("cp1250"), ":2: is not UTF-8 (byte 2); save it"),
        ("a.csv", b"", ": is empty"),
        ("a.csv", HEAD.encode(), ": holds no article"),
        ("a.jsonl", b"", ": is empty"),
        ("a.jsonl", b"\n", ": holds no article"),
        ("a.csv", (HEAD + 'Yes.,Daily\n"He said ""no"".\nShe left.,Weekly\n').encode(), ":3: a quotation mark that opens here is not closed"),
        ("a.txt", b"\xff", ": is not UTF-8 (byte 0); save it"),
    ],
)
def test_what_is_left_out(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    rejected = [record for record in read_articles(tmp_path / name) if isinstance(record, Rejected)]
    assert len(rejected) == 1
    assert str(rejected[0]).startswith(name + reason)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_spreadsheets_write_it(tmp_path: Path, separator: str) -> None:
    rows = [["Outlet ", "TEXT", "Date"], ["Дневник", '"Прво, друго;\r\nтреће ""четири""."', "2023-05-30"], ["Daily", "Yes.", ""]]
    (tmp_path / "a.csv").write_bytes("\r\n".join(separator.join(row) for row in rows).encode("utf-8-sig"))
    assert list(read_articles(tmp_path / "a.csv")) == [
        Article('Прво, друго;\r\nтреће "четири".', "Дневник", date="2023-05-30"),
        Article("Yes.", "Daily"),
    ]


def test_outlets_that_do_not_fit_the_folder(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes("\ufeffOne.\r\nTwo.".encode())
    (tmp_path / "outlets.csv").write_text("file,outlet\n1,Daily\n", encoding="utf-8")
    absent, unnamed = read_articles(tmp_path)
    assert str(absent) == "outlets.csv: names '1', which is not in the folder"
    assert str(unnamed) == "1.txt: is not named in outlets.csv, so its outlet is not known"
    (tmp_path / "outlets.csv").write_text("File;Outlet\n1.txt;Daily\n", encoding="utf-8")
    assert list(read_articles(tmp_path)) == [Article("One.\r\nTwo.", "Daily", id="1")]
    (tmp_path / "outlets.csv").write_text("file|outlet\n1.txt|Daily\n", encoding="utf-8")
    with pytest.raises(StanceError, match=r"columns file and outlet are missing; got file\|outlet"):
        list(read_articles(tmp_path))


@pytest.mark.parametrize("date", ["2023", "2023-05", "2023-05-30", "2023-05-30T10:00:00Z", "2023-05-30 10:00", 2023, None, ""])
def test_dates_as_needed(tmp_path: Path, date: object) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[0] | {"date": date}), encoding="utf-8")
    assert list(read_articles(tmp_path / "a.jsonl")) == [Article("One. Two.", "Daily", date=str(date or ""))]


@pytest.mark.parametrize("date", ["30.05.2023", "05/30/2023", "20230530", "2023-13-01", "2023-05-30x", "2023-W22-1", "May 30, 2023"])
def test_other_dates_are_not_known(tmp_path: Path, date: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[0] | {"date": date}), encoding="utf-8")
    notice, article = read_articles(tmp_path / "a.jsonl")
    assert str(notice).startswith(f"a.jsonl:1: date is '{date}', needs ISO 8601 (2023, 2023-05 or 2023-05-30")
    assert article == Article("One. Two.", "Daily")


def test_names_and_what_is_not_given(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One.", "outlet": " Daily ", "title": NaN, "date": null}', encoding="utf-8")
    assert list(read_articles(tmp_path / "a.jsonl")) == [Article("One.", "Daily")], "a space makes no other outlet"
    (tmp_path / "b.jsonl").write_text('{"text": NaN, "outlet": "Daily"}', encoding="utf-8")
    (rejected,) = read_articles(tmp_path / "b.jsonl")
    assert "text is missing" in str(rejected)


def test_cells_for_what_is_not_given(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,outlet,date,event\nOne.,Daily,NA,nan\nTwo.,NA,,\n", encoding="utf-8")
    article, rejected = read_articles(tmp_path / "a.csv")
    assert article == Article("One.", "Daily"), "as R and pandas write it"
    assert "outlet is missing" in str(rejected)


def test_articles_from_a_data_frame() -> None:
    """Rows of a data frame hold NaN or None where nothing was given."""
    (article,) = checked([Article("One.", "Daily", title=None, date=float("nan"), event=float("nan"))])  # type: ignore[arg-type]
    assert article == Article("One.", "Daily")
    missing: object = type("NAType", (), {})()  # as pandas has it
    (article,) = checked([Article("One.", "Daily", title=missing)])  # type: ignore[arg-type]
    assert article == Article("One.", "Daily")
    with pytest.raises(StanceError, match="article 1 has no outlet"):
        list(checked([Article("One.", float("nan"))]))  # type: ignore[arg-type]


def test_what_a_folder_holds_besides(tmp_path: Path) -> None:
    for name in ("1.txt", "2.pdf", "3.docx", ".hidden"):
        (tmp_path / name).write_text("One.", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    (tmp_path / "outlets.csv").write_text("file,outlet\n 1.txt ,Daily\n", encoding="utf-8")
    notice, article = read_articles(tmp_path)
    assert "2.pdf and 2 more not read" in str(notice)
    assert article == Article("One.", "Daily", id="1")
    (tmp_path / "outlets.csv").write_text("file,outlet\n1.txt,Daily\n1.txt,Weekly\n", encoding="utf-8")
    with pytest.raises(StanceError, match=r"names '1\.txt' twice"):
        list(read_articles(tmp_path))


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(StanceError, match="is no Parquet file"):
        list(read_articles(tmp_path / "a.parquet"))


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match=r"holds no \.txt, \.html, \.htm file"):
        list(read_articles(tmp_path))


def test_a_row_with_more_fields_than_the_header_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,outlet\nPolice fired tear gas, officials said.,Daily\nTalks failed.,Daily, \n", encoding="utf-8")
    rejected, article = read_articles(path)
    assert str(rejected).startswith("a.csv:2: has 3 fields, the header has 2; a text that holds the separator must be quoted")
    assert article == Article("Talks failed.", "Daily")
    path.write_text("text,outlet,Text\nTalks failed.,Daily,Talks began.\n", encoding="utf-8")
    with pytest.raises(StanceError, match="column text stands in the header twice"):
        list(read_articles(path))


@pytest.mark.parametrize("source", ['{"text": "Talks failed."}', '{\n "text": "Talks failed."}', '\ufeff[{"text": "Talks failed."}]'])
def test_json_where_a_text_is_expected_is_not_read_as_one(source: str) -> None:
    (rejected,) = read_source(source.encode(), "-", {"outlet": ""})
    assert "is JSON, not the text of one article" in str(rejected)
