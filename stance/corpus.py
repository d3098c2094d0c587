"""Reading articles from JSON lines, CSV, Parquet, text and HTML files, or a folder of those, as a stream."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stance.labels import StanceError
from stance.pages import is_html, read_page
from stance.records import Article
from stance.rows import Rejected, csv_rows, json_rows, need_columns, not_utf8, present

FIELDS = tuple(field.name for field in fields(Article))
TEXTS = (".txt", ".html", ".htm")
HALVES = re.compile("[\ud800-\udfff]")
"""Surrogates, at which a reader of HTML would stop."""
SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".parquet", *TEXTS)
OUTLETS = "outlets.csv"
"""In a folder of such files: columns file, outlet and, if wanted, title, date, url, id, event."""


JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*"')
"""How JSON begins."""
DAY = re.compile(r"\d{4}(-\d\d){0,2}|\d{4}-\d\d-\d\d[T ].*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the reader assumes about an input, or about the article that comes next, that its owner should know; nothing is left out."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


Record = Article | Rejected | Notice


def read_articles(path: str | Path) -> Iterator[Record]:
    """Articles of one input, lazily, in order; records that cannot be used come as ``Rejected``, and a ``Notice`` before an article whose date is none.

    Parameters
    ----------
    path
        A .jsonl (also .ndjson, .json), .csv or .parquet file with the columns text (or html, a page's source) and outlet (title, date, url, id, event optional;
        others are ignored), a .txt or .html file, or a folder of those. Outlets of the latter stand in an ``outlets.csv`` beside them, and
        what it does not name is rejected; without it they are the files' names. HTML needs the extra ``html``.

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
    readers: dict[str, Callable[[Path], Iterator[Record]]] = dict.fromkeys(TEXTS, _read_file)
    readers |= dict.fromkeys((".jsonl", ".ndjson", ".json"), lambda path: _read_rows(json_rows(path)))
    readers |= {".csv": lambda path: _read_rows(csv_rows(path)), ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StanceError(
            f"{path.name}: cannot read {path.suffix or 'a file without suffix'}; needed is {', '.join(readers)} or a folder of {', '.join(TEXTS)} files"
        )
    return _some(path, reader(path))


def _some(path: Path, records: Iterable[Record]) -> Iterator[Record]:
    """The records; where there is none, that is told."""
    number = 0
    for number, record in enumerate(records, 1):  # noqa: B007
        yield record
    if not number:
        yield Rejected(path.name, "holds no article" if path.stat().st_size else "is empty")


def _records(row: Any, where: str) -> Iterator[Record]:
    record = _article(row, where)
    if isinstance(record, Article) and record.date and not is_date(record.date):
        yield Notice(where, f"date is {record.date!r}, needs ISO 8601 (2023, 2023-05 or 2023-05-30, with or without a time); taken as not known")
        record = replace(record, date="")
    yield record


def is_date(text: str) -> bool:
    """Whether a text is an ISO 8601 date, a year or a month, with or without a time."""
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return DAY.fullmatch(text) is not None


def checked(articles: Iterable[Article]) -> Iterator[Article]:
    """Articles of outlets: ``None`` and NaN, as in rows of a data frame, taken as not given, each outlet's name without space around it, and a date that is
    none taken as not known, with a warning.

    Raises
    ------
    StanceError
        If something else than an ``Article`` comes, or one without outlet.
    """
    for number, item in enumerate(articles, 1):
        if not isinstance(item, Article):
            raise StanceError(f"article {number} is {type(item).__name__}; needed are Article(text, outlet, ...) records")
        given = present({name: getattr(item, name) for name in FIELDS})
        article = replace(item, **{name: given.get(name, "") for name in FIELDS if name != "text"})
        if not isinstance(article.outlet, str):
            yield article  # whoever scores it tells of fields that are no text
            continue
        if not article.outlet.strip():
            raise StanceError(f"article {number} has no outlet; every article needs one")
        date = article.date
        if isinstance(date, str) and date and not is_date(date):
            warnings.warn(f"article {number}: date is {date!r}, needs ISO 8601 (2023, 2023-05 or 2023-05-30); taken as not known", stacklevel=3)
            date = ""
        yield replace(article, outlet=article.outlet.strip(), date=date)


def _article(row: Any, where: str) -> Article | Rejected:
    if not isinstance(row, dict):
        return Rejected(where, f"is {type(row).__name__}; needs an object with text and outlet")
    row = present(row)
    if row.get("html") and not row.get("text"):
        if isinstance(row["html"], str) and HALVES.search(row["html"]):
            return Rejected(where, "holds half a character (a lone surrogate)")
        page = read_page(row["html"]) if isinstance(row["html"], str | bytes) else None
        if page is None:
            return Rejected(where, "no article was found in the HTML")
        row = row | {name: row.get(name) or getattr(page, name) for name in ("text", "title", "date")}
    for name in ("text", "outlet"):
        value = row.get(name)
        if not isinstance(value, str) or not value.strip():
            what = "missing" if value in (None, "") else "empty" if isinstance(value, str) else f"{type(value).__name__}, not text"
            return Rejected(where, f'{name} is {what}; every article needs "{name}" (see README, Input)')
    values = {name: str(row.get(name, "")) for name in FIELDS}
    values["outlet"] = values["outlet"].strip()
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        return Rejected(where, "holds half a character (a lone surrogate)")
    return Article(**values)


def _read_rows(rows: Iterable[tuple[str, Any]]) -> Iterator[Record]:
    for where, row in rows:
        yield from [row] if isinstance(row, Rejected) else _records(row, where)


def _read_parquet(path: Path) -> Iterator[Record]:
    try:
        from pyarrow.lib import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise StanceError(f"{path.name}: reading Parquet needs pyarrow: pip install 'stance-kosovo[scale]'") from error
    try:
        file = ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise StanceError(f"{path.name}: is no Parquet file ({error})") from error
    names = need_columns(path, file.schema_arrow.names)
    wanted = [index for index, name in enumerate(names) if name in (*FIELDS, "html")]
    number = 0
    for batch in file.iter_batches(batch_size=256, columns=[file.schema_arrow.names[index] for index in wanted]):
        for row in batch.rename_columns([name.strip().lower() for name in batch.schema.names]).to_pylist():
            number += 1
            yield from _records(row, f"{path.name}: row {number}")


def _read_folder(folder: Path) -> Iterator[Record]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in TEXTS and path.is_file())
    if not files:
        raise StanceError(f"{folder}: holds no {', '.join(TEXTS)} file")
    if not (folder / OUTLETS).is_file():
        yield Notice(str(folder), f"holds no {OUTLETS}, so each file is an outlet of its own")
        known: dict[str, dict[str, str]] = {file.name: {} for file in files}
    else:
        known = _read_outlets(folder / OUTLETS)
    others = sorted(
        path.name + "/" * path.is_dir() for path in folder.iterdir() if path not in files and path.name != OUTLETS and path.name[0] != "."
    )
    if others:
        more = f" and {len(others) - 1} more" * (len(others) > 1)
        yield Notice(str(folder), f"{others[0]}{more} not read: of a folder only {', '.join(TEXTS)} files are, none in folders inside it")
    for name in sorted(known.keys() - {file.name for file in files}):
        yield Rejected(OUTLETS, f"names {name!r}, which is not in the folder")
    for file in files:
        if file.name in known:
            yield from _read_file(file, known[file.name])
        else:
            yield Rejected(file.name, f"is not named in {OUTLETS}, so its outlet is not known")


def _read_file(file: Path, known: Mapping[str, str] = MappingProxyType({})) -> Iterator[Record]:
    row = {"outlet": file.stem, "id": file.stem} | {name: value for name, value in known.items() if name not in ("text", "html")}
    yield from read_source(file.read_bytes(), file.name, row, html=file.suffix.lower() != ".txt")


def read_source(source: bytes, where: str, known: Mapping[str, str], *, html: bool | None = None) -> Iterator[Record]:
    """The article of a file's content, text in UTF-8 or HTML (``None``: by how it starts); ``known`` holds outlet, and what else is known."""
    if html is None and JSON.match(source):
        yield Rejected(where, "is JSON, not the text of one article; put it into a file that ends in .jsonl")
        return
    if is_html(source) if html is None else html:
        row: dict[str, Any] = {**known, "html": source} if source else {**known}
    else:
        try:
            row = {**known, "text": source.decode("utf-8-sig")}
        except UnicodeDecodeError as error:
            yield Rejected(where, not_utf8(error.start))
            return
    yield from _records(row, where)


def _read_outlets(path: Path) -> dict[str, dict[str, str]]:
    rows = [row for _, row in csv_rows(path, "file", "outlet")]
    known: dict[str, dict[str, str]] = {}
    for row in rows:
        if isinstance(row, Rejected):
            raise StanceError(str(row))
        name = (row["file"] or "").strip()
        if name in known:
            raise StanceError(f"{path.name}: names {name!r} twice; needed is one row for each file")
        known[name] = row
    return known
