"""A comparison's tables as a file: JSON, Markdown, an Excel workbook, or a folder of CSV files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from stance.figures import Comparison, Row
from stance.labels import StanceError

FORMATS: Final = ("json", "csv", "md", "xlsx")
LONGEST: Final = 32_767
"""Characters that a cell of a workbook can hold; longer text is cut there."""


def about(comparison: Comparison) -> Row:
    """What the figures rest on: counts, dates, revision, hash of the gold labels, recommended estimator."""
    plain = {field.name: getattr(comparison, field.name) for field in fields(comparison)}
    return {name: str(value) if isinstance(value, str) else value for name, value in plain.items() if isinstance(value, str | int)}


def write_tables(comparison: Comparison, path: Path, form: str) -> None:
    """Write all tables of a comparison, and what they rest on; the same bytes for the same comparison.

    Parameters
    ----------
    path
        A file, or for ``csv`` a folder (made if need be) that gets one file a table, and ``about.csv``; a table that is empty has none there.
    form
        One of ``FORMATS``. Text in a workbook is never read as a formula; of CSV files no spreadsheet program promises that.

    Raises
    ------
    StanceError
        If the format is unknown, or is ``xlsx`` and the extra ``report`` is not installed.
    """
    require(form)
    tables = {name: rows for name, rows in comparison.tables().items() if rows}
    if form == "json":
        path.write_text(json.dumps({"about": about(comparison), **tables}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif form == "csv":
        path.mkdir(exist_ok=True)
        for name in comparison.tables().keys() - tables.keys():
            (path / f"{name}.csv").unlink(missing_ok=True)  # of an earlier comparison
        for name, rows in {"about": [about(comparison)], **tables}.items():
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    elif form == "md":
        parts = [_markdown(name, rows) for name, rows in {"about": [about(comparison)], **tables}.items()]
        path.write_text("\n".join(parts), encoding="utf-8")
    else:
        path.write_bytes(_workbook({"about": [about(comparison)], **tables}))


def require(form: str) -> None:
    """Raise a ``StanceError`` if the format is unknown, or what it needs is not installed.

    >>> require("pdf")
    Traceback (most recent call last):
    stance.labels.StanceError: format is 'pdf'; known are json, csv, md, xlsx
    """
    if form not in FORMATS:
        raise StanceError(f"format is {form!r}; known are {', '.join(FORMATS)}")
    if form == "xlsx" and find_spec("xlsxwriter") is None:
        raise StanceError("a workbook needs xlsxwriter: pip install 'stance-kosovo[report]'")


def _markdown(name: str, rows: list[Row]) -> str:
    head = list(rows[0])
    numeric = [all(isinstance(row[column], int | float) for row in rows) for column in head]
    lines = [f"## {name}", "", _line(head), _line(["---:" if number else "---" for number in numeric])]
    return "\n".join([*lines, *(_line([_cell(row[column]) for column in head]) for row in rows)]) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Any) -> str:
    """The value as the text of a cell; nothing in it is read as HTML or Markdown."""
    if isinstance(value, float):
        return f"{value:.4g}"
    text = "" if value is None else " ".join(str(value).split())
    for mark in "\\`*_[]<>|&":
        text = text.replace(mark, "\\" + mark)
    return text


def _workbook(tables: Mapping[str, list[Row]]) -> bytes:
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    content = BytesIO()
    with xlsxwriter.Workbook(content, plain) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # else the hour of writing
        bold = book.add_format({"bold": True})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, list(rows[0]), bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row.values()):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value[:LONGEST])
                    elif value is not None:
                        sheet.write(number, column, value)
            sheet.autofit()
    return content.getvalue()
