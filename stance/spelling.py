"""One spelling for what is written in several ways, so that the network's answer does not hang on it.

Serbian is read in Latin script, whichever of its two scripts it is written in; letters and their marks are one character; quotation marks,
apostrophes and dashes are each read as one sign. Offsets are never taken in the text that comes out: it serves as the network's input alone.
"""

from __future__ import annotations

import unicodedata

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
LATIN = ("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š A B V G D Đ E Ž Z I J K L Lj M N Nj O P R S T Ć U F H C Č Dž Š").split()
TO_LATIN = str.maketrans(dict(zip(CYRILLIC, LATIN, strict=True)))
SIGNS = str.maketrans(dict.fromkeys("„“”‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′`´", "'") | dict.fromkeys("—―−", "–"))


def composed(text: str) -> str:
    """The text with letters and their marks as one character (NFC), which is how every list of words is written.

    >>> len("c\u030c"), len(composed("c\u030c"))
    (2, 1)
    """
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin script.

    >>> latin("Љубиша Џонић")
    'Ljubiša Džonić'
    """
    return text.translate(TO_LATIN)


def plain(text: str) -> str:
    """The text as the network reads it.

    >>> plain("„Косово“ — ‘Kosova’")
    '"Kosovo" – \\'Kosova\\''
    """
    return composed(text).translate(TO_LATIN | SIGNS)
