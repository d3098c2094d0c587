"""Reading articles from JSON lines, CSV, Parquet, text and HTML files, or a folder of those, as a stream."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stance.labels import StanceError
from stance.pages import is_html, read_page
from stance.records import Article
from stance.rows import read_text

FIELDS = tuple(field.name for field in fields(Article))
TEXTS = (".txt", ".html", ".htm")
SUFFIXES = (".jsonl", ".ndjson", ".csv", ".parquet", *TEXTS)
OUTLETS = "outlets.csv"
"""In a folder of such files: columns file, outlet and, if wanted, title, date, url, id, event."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is no article; ``where`` is file and line. It is reported, and the run goes on."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def read_articles(path: str | Path) -> Iterator[Article | Rejected]:
    """Articles of one input, lazily, in order; records that cannot be used come as ``Rejected``.

    Parameters
    ----------
    path
        A .jsonl, .csv or .parquet file with the columns text (or html, a page's source) and outlet (title, date, url, id, event optional;
        others are ignored), a .txt or .html file, or a folder of those. Outlets of the latter stand in an ``outlets.csv`` beside them, else are the
        files' names. HTML needs the extra ``html``.

    Raises
    ------
    StanceError
        If the path does not exist, is of another kind, or lacks the columns text or outlet altogether.
    """
    path = Path(path)
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise StanceError(f"{path}: no such file or folder")
    readers: dict[str, Callable[[Path], Iterator[Article | Rejected]]] = dict.fromkeys(TEXTS, _read_file)
    readers |= {".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StanceError(
            f"{path.name}: cannot read {path.suffix or 'a file without suffix'}; needed is {', '.join(readers)} or a folder of {', '.join(TEXTS)} files"
        )
    return reader(path)


def _article(row: Any, where: str) -> Article | Rejected:
    if not isinstance(row, dict):
        return Rejected(where, f"is {type(row).__name__}; needs an object with text and outlet")
    if row.get("html") and not row.get("text"):
        page = read_page(row["html"]) if isinstance(row["html"], str | bytes) else None
        if page is None:
            return Rejected(where, "no article was found in the HTML")
        row = row | {name: row.get(name) or getattr(page, name) for name in ("text", "title", "date")}
    for name in ("text", "outlet"):
        value = row.get(name)
        if not isinstance(value, str) or not value.strip():
            what = "missing" if value in (None, "") else "empty" if isinstance(value, str) else f"{type(value).__name__}, not text"
            return Rejected(where, f'{name} is {what}; every article needs "{name}" (see README, Input)')
    values = {name: "" if (value := row.get(name)) is None else str(value) for name in FIELDS}
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        return Rejected(where, "holds bytes or half characters that are not UTF-8")
    return Article(**values)


def _read_jsonl(path: Path) -> Iterator[Article | Rejected]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path.name}:{number}"
            if not line.strip():
                continue
            try:
                row = json.loads(line.strip().decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                yield Rejected(where, f"is not UTF-8 (byte {error.start})")
            except (ValueError, RecursionError) as error:
                yield Rejected(where, f"is not JSON ({error})")
            else:
                yield _article(row, where)


def _read_csv(path: Path) -> Iterator[Article | Rejected]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        rows = csv.DictReader(lines)
        _need_columns(path, rows.fieldnames or [])
        for row in rows:
            yield _article(row, f"{path.name}:{rows.line_num}")


def _read_parquet(path: Path) -> Iterator[Article | Rejected]:
    try:
        from pyarrow.lib import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise StanceError(f"{path.name}: reading Parquet needs pyarrow: pip install 'stance-kosovo[scale]'") from error
    try:
        file = ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise StanceError(f"{path.name}: is no Parquet file ({error})") from error
    _need_columns(path, file.schema_arrow.names)
    number = 0
    for batch in file.iter_batches(batch_size=256, columns=[name for name in (*FIELDS, "html") if name in file.schema_arrow.names]):
        for row in batch.to_pylist():
            number += 1
            yield _article(row, f"{path.name}: row {number}")


def _need_columns(path: Path, names: Iterable[str], *needed: str) -> None:
    needed = needed or ("text" if "html" not in names else "html", "outlet")
    missing = set(needed) - set(names)
    if missing:
        raise StanceError(f"{path.name}: column {' and '.join(sorted(missing))} is missing; got {', '.join(names)}")


def _read_folder(folder: Path) -> Iterator[Article | Rejected]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in TEXTS and path.is_file())
    if not files:
        raise StanceError(f"{folder}: holds no {', '.join(TEXTS)} file")
    known = _read_outlets(folder / OUTLETS) if (folder / OUTLETS).is_file() else {}
    for name in sorted(known.keys() - {file.name for file in files}):
        yield Rejected(OUTLETS, f"names {name!r}, which is not in the folder")
    for file in files:
        yield from _read_file(file, known.get(file.name, {}))


def _read_file(file: Path, known: Mapping[str, str] = MappingProxyType({})) -> Iterator[Article | Rejected]:
    row = {"outlet": file.stem, "id": file.stem} | {name: value for name, value in known.items() if name not in ("text", "html")}
    yield read_source(file.read_bytes(), file.name, row, html=file.suffix.lower() != ".txt")


def read_source(source: bytes, where: str, known: Mapping[str, str], *, html: bool | None = None) -> Article | Rejected:
    """The article of a file's content, text in UTF-8 or HTML (``None``: by how it starts); ``known`` holds outlet, and what else is known."""
    if is_html(source) if html is None else html:
        return _article({**known, "html": source} if source else {**known}, where)
    try:
        return _article({**known, "text": source.decode("utf-8-sig")}, where)
    except UnicodeDecodeError as error:
        return Rejected(where, f"is not UTF-8 (byte {error.start})")


def _read_outlets(path: Path) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(read_text(path).splitlines())
    _need_columns(path, rows.fieldnames or [], "file", "outlet")
    return {row["file"]: row for row in rows}
