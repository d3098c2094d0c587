"""Words as they are compared across scripts: lower case, Latin letters, without diacritics."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from stance.spelling import latin

_MARKS: Final = re.compile("[\u0300-\u036f]")
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in one spelling for both Serbian scripts, also where diacritics are left out.

    >>> words("Приштина и Priština, Kosovë!")
    ['pristina', 'i', 'pristina', 'kosove']
    """
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", latin(text))).replace("đ", "dj").replace("Đ", "dj")
    return _WORD.findall(text.casefold())
