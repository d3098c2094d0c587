"""Rows of text files, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

from stance.labels import StanceError


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
