"""Words as they are compared across scripts: lower case, Latin letters, without diacritics."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LETTERS: Final = dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdezzijklmnoprstcufhccs", strict=True)) | {
    "ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "đ": "dj"
}  # fmt: skip
"""Serbian Cyrillic as Latin without diacritics, so that both scripts of a word are one."""

_TABLE: Final = str.maketrans(LETTERS)
_MARKS: Final = re.compile("[\u0300-\u036f]")
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in one spelling for both Serbian scripts.

    >>> words("Приштина и Priština, Kosovë!")
    ['pristina', 'i', 'pristina', 'kosove']
    """
    lower = text.casefold()
    if not lower.isascii():
        lower = _MARKS.sub("", unicodedata.normalize("NFKD", lower.translate(_TABLE)))
    return _WORD.findall(lower)
