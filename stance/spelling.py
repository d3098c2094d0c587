"""One spelling for what is written in several ways, so that the network's answer does not hang on it.

Serbian is read in Latin script, whichever of its two scripts it is written in; quotation marks, apostrophes and dashes are each read as one
sign. Offsets are never taken in the text that comes out: it serves as the network's input alone.
"""

from __future__ import annotations

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
LATIN = ("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š A B V G D Đ E Ž Z I J K L Lj M N Nj O P R S T Ć U F H C Č Dž Š").split()
TO_LATIN = str.maketrans(dict(zip(CYRILLIC, LATIN, strict=True)))
SIGNS = str.maketrans(dict.fromkeys("„“”‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′`´", "'") | dict.fromkeys("—―−", "–"))


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
    return text.translate(TO_LATIN | SIGNS)
