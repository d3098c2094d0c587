"""Rows of text files, and what is said of those that cannot be read."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from math import isnan
from pathlib import Path
from typing import Any

from stance.labels import StanceError
from stance.records import Article

NAMES = {*(field.name for field in fields(Article)), "html", "file"}
"""Columns that are read."""

SEPARATORS = ",;\t"
"""What may stand between columns; a spreadsheet program writes semicolons where the comma is the decimal mark, as in Serbian and Albanian."""

NOT_GIVEN = ("NAType", "NaTType")
"""Types of what pandas writes for what is not given, which need no pandas to be told."""

NOTHING = ("NA", "NaN", "nan")
"""What R and pandas write into a cell for what is not given."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is no article; ``where`` is file and line. It is reported, and the run goes on."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def present(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row gives: neither ``None`` nor NaN, ``pandas.NA`` or ``NaT``, which pandas writes for what is not given.

    >>> present({"text": "Talks resume.", "date": float("nan"), "url": None})
    {'text': 'Talks resume.'}
    """
    return {
        name: value
        for name, value in row.items()
        if not (value is None or type(value).__name__ in NOT_GIVEN or (isinstance(value, float) and isnan(value)))
    }


def not_utf8(byte: int) -> str:
    """What is said of bytes that are no UTF-8, from ``byte`` on."""
    return f"is not UTF-8 (byte {byte}); save it as UTF-8, e.g. iconv -f WINDOWS-1250 -t UTF-8"


def read_text(path: Path) -> str:
    """The file's text without a byte-order mark, line ends as they are, so that offsets count what stands in the file.

    Raises
    ------
    StanceError
        If there is no such file, or it is not UTF-8.
    """
    if not path.is_file():
        raise StanceError(f"{path}: no such file")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StanceError(f"{path.name}: {not_utf8(error.start)}") from error


def json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """File and line, and parsed JSON, of each line that is not empty; ``Rejected`` for what is no UTF-8 or no JSON.

    Raises
    ------
    StanceError
        If the file begins as one array, or as an object over several lines.
    """
    first = True
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            where, line = f"{path.name}:{number}", raw.strip().removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
            if not line:
                continue
            if first and (line.startswith(b"[") or line == b"{"):
                each = "'.[]'" if line.startswith(b"[") else "."
                raise StanceError(f"{path.name}: is JSON over several lines or in an array, needs one object a line: jq -c {each} {path.name}")
            first = False
            try:
                yield where, json.loads(line.decode())
            except UnicodeDecodeError as error:
                yield where, Rejected(where, not_utf8(error.start))
            except (ValueError, RecursionError) as error:
                yield where, Rejected(where, f"is not JSON ({error})")


def csv_rows(path: Path, *needed: str) -> Iterator[tuple[str, dict[str, str] | Rejected]]:
    """File and line, and the row by its columns' names in small letters; ``Rejected`` for a row that cannot be read.

    Columns are separated by what the header has most of among ``SEPARATORS``. Cells that say ``NOTHING`` are empty.

    Raises
    ------
    StanceError
        If columns are missing (see ``need_columns``), or the header is not UTF-8.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        header = file.readline()
        if not header:
            return
        if (byte := _undecoded(header)) is not None:
            raise StanceError(f"{path.name}: {not_utf8(byte)}")
        over = False

        def lines() -> Iterator[str]:
            nonlocal over
            yield header
            yield from file
            over = True

        rows = csv.DictReader(lines(), delimiter=max(SEPARATORS, key=header.count))
        rows.fieldnames = need_columns(path, rows.fieldnames or [], *needed)
        after = rows.line_num
        for row in rows:
            where = f"{path.name}:{rows.line_num}"
            byte = next((byte for value in row.values() if isinstance(value, str) and (byte := _undecoded(value)) is not None), None)
            if over:  # the reader asked for a line beyond the last to complete this row
                where = f"{path.name}:{after + 1}"
                yield where, Rejected(where, 'a quotation mark that opens here is not closed; inside a quoted text it is written twice ("")')
            elif any(map(str.strip, extra := row.pop(None, []))):
                fields = len(rows.fieldnames) + len(extra)
                yield (
                    where,
                    Rejected(where, f"has {fields} fields, the header has {len(rows.fieldnames)}; a text that holds the separator must be quoted"),
                )
            else:
                yield (
                    where,
                    {name: "" if cell in NOTHING else cell for name, cell in row.items()} if byte is None else Rejected(where, not_utf8(byte)),
                )
            after = rows.line_num


def _undecoded(text: str) -> int | None:
    """Byte from which text that was read with ``surrogateescape`` is not UTF-8; ``None`` where all is."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return len(text[: error.start].encode())
    return None


def need_columns(path: Path, names: Iterable[str], *needed: str) -> list[str]:
    """The columns' names in small letters.

    Raises
    ------
    StanceError
        If one is there twice, or one that is needed is missing; without ``needed`` these are outlet, and text or html.
    """
    names = list(names)
    found = [name.strip().lower() for name in names]
    if twice := sorted({name for name in found if name in NAMES and found.count(name) > 1}):
        raise StanceError(f"{path.name}: column {' and '.join(twice)} stands in the header twice; leave one or rename it")
    missing = sorted(set(needed or ("text" if "html" not in found else "html", "outlet")) - set(found))
    if missing:
        columns, them = ("column", "it") if len(missing) == 1 else ("columns", "them")
        verb = "is" if len(missing) == 1 else "are"
        got = ", ".join(names)[:200] or "none"
        raise StanceError(f"{path.name}: {columns} {' and '.join(missing)} {verb} missing; got {got}; every article needs {them} (see README, Input)")
    return found
