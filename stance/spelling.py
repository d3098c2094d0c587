"""One spelling for what is written in several ways, so that the network's answer does not hang on it.

Serbian is read in Latin script, whichever of its two scripts it is written in; letters and their marks are one character; quotation marks,
apostrophes and dashes are each read as one sign. The names that every page has are read in one of their forms, and a date that a page's layout sets before
the text is left out. Offsets are never taken in the text that comes out: it serves as the network's input alone.
"""

from __future__ import annotations

import re
import unicodedata

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
LATIN = ("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š A B V G D Đ E Ž Z I J K L Lj M N Nj O P R S T Ć U F H C Č Dž Š").split()
TO_LATIN = str.maketrans(dict(zip(CYRILLIC, LATIN, strict=True)))
SIGNS = str.maketrans(dict.fromkeys("„“”‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′`´", "'") | dict.fromkeys("—―−", "–"))

REWRITTEN = {
    r"\bVu[cčç]i[cćçq]": "Vucic",
    r"\bVU[CČÇ]I[CĆÇQ]": "VUCIC",
    r"\bPri(?:š|sh)tin": "Pristin",
    r"\bPRI(?:Š|SH)TIN": "PRISTIN",
    r"\bPristinë": "Pristine",
    r"\bPRISTINË": "PRISTINE",
    r"\bKosovë": "Kosove",
    r"\bKOSOVË": "KOSOVE",
    r"\bKosova\b": "Kosovo",
    r"\bKOSOVA\b": "KOSOVO",
}
"""Names that are spelled in several ways, by patterns, each applied to what the ones before it left."""
MONTH = (
    "(?i:jan(?:uar[ya]?|ar)?|feb(?:ruar[ya]?)?|mar(?:ch|ta?|s)?|apr(?:ila?)?|ma[jy]a?|june?|juna?|july?|jula?|(?:aug|avg)(?:usta?)?"
    "|(?:sept?|nov|dec)(?:emb(?:er|ar|ra))?|o[ck]t(?:ob(?:er|ar|ra))?|shkurt|prill|qershor|korrik|gusht|shtator|tetor|n[ëe]ntor|dhjetor)[.]?"
)
DATE = rf"^(?:[0-9]{{1,2}}[.]? ?(?:{MONTH}(?: [0-9]{{4}}[.]?)?|[0-9]{{1,2}}[.](?: ?[0-9]{{4}}[.]?)?)|{MONTH} [0-9]{{1,2}}(?:, [0-9]{{4}})?) ?[-–|:] +"
"""A date at the head of a text, set off by a sign."""


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

    >>> plain("„Косово“ — ‘Kosova’"), plain("14. mart 2023 - Vučić napušta Prištinu"), plain("Kryeministri në Prishtinë")
    ('"Kosovo" – \\'Kosovo\\'', 'Vucic napušta Pristinu', 'Kryeministri në Pristine')
    """
    text = _DATE.sub("", composed(text).translate(TO_LATIN | SIGNS))
    for pattern, name in _REWRITTEN.items():
        text = pattern.sub(name, text)
    return text


_DATE, _REWRITTEN = re.compile(DATE), {re.compile(pattern): name for pattern, name in REWRITTEN.items()}
