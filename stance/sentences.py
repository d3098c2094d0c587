"""Where the sentences of a paragraph begin and end, in English, Serbian (both scripts) and Albanian.

Every stop that white space follows is judged once, from a few dozen characters on either side: so the work grows with the text's length and no
mark that is missing its partner can swallow a page. What is told apart by lists is closed classes: abbreviations and function words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stance.records import Span

REACH = 60
"""Characters on either side of a stop that are looked at."""

CLOSING = "\"'”’»«“)\\]"
STOP = re.compile(rf"(?<![.!?…])[.!?…]++([{CLOSING}]*+)")
NEXT = re.compile(r"[\"'“”„«»‘’(\[\s–—•·*-]*(…\s*|\.\.\.\s*)?([^\W_]+)")
"""What follows a stop: opening marks, dashes and bullets, then the first word."""

LAST = re.compile(r"[^\s(\[\"'“„«»‘/,;:]*$")
"""The word that a stop ends."""

TITLES = {
    "en": "mr mrs ms mx dr prof gen lt col maj sgt cpl capt cmdr adm brig sen rep gov amb rev fr hon pres st mt messrs supt insp spc pvt pat vs approx ca cf al e.g i.e",
    "sr": "dr mr prof doc akad inž ing dipl adv g gđa gđe gđi gđica gosp gen puk ppuk potpuk maj kap por ppor vod nar sv ul bul trg tzv npr tj odn",
    "sq": "dr mr prof doc akad ing av z znj zt zj gjen kol nënkol kap toger shën rr bul ef p.sh psh d.m.th dmth",
}
"""Abbreviations that are never the end of a sentence: something follows that belongs to them."""

NUMBERED = {
    "en": "no nos nr art res sec fig p pp para paras vol ch jan feb mar apr jun jul aug sep sept oct nov dec",
    "sr": "br čl st tač al str sl t vol jan feb mar apr jun jul avg sept okt nov dec",
    "sq": "nr nen par fq pika vëll shek jan shk mar pri qer kor gush sht tet nën dhj",
}
"""Abbreviations that belong to a number after them, and may end a sentence otherwise."""

COMPANY = set("inc ltd co corp plc llc jr sr esq ret est doo ad vetëvendosje vetevendosje".split())
"""May end a sentence or stand before a name. The last are a party's name, whose mark ! is part of it."""

STARTERS = {
    "en": "the a an he she it they we i you his her their its our my this that these those there here in on at by for from with to after before when while if as "
    "but and or so yet no not nobody none nothing everyone some many most all both each few several what who why how where since until although because "
    "however meanwhile instead then now later earlier only more less another other neither either such under over during according about between within",
    "sr": "u na i a ali on ona ono oni one to ta taj te ti ovaj ova ovo oni tako zato zbog posle nakon pre tokom od do iz sa s za po o kad kada kako dok ako "
    "jer što šta ko koji niko ništa nije je nisu su bio bila svi sve neki mnogi samo još već tada sada zatim potom međutim ipak među prema kod njegov njihov njen",
    "sq": "ai ajo ata ato kjo ky këta këto në më me nga për por dhe edhe kur si nuk një të e i ka kanë është janë pas para gjatë sipas askush asgjë disa "
    "shumë gjithë të pasi nëse sepse kush çfarë ku pse tani pastaj atëherë megjithatë ndërsa vetëm po jo kështu aty këtu",
}
"""Function words: capitalised after an abbreviation or an initial, they begin a sentence."""

INITIAL = re.compile(r"[^\W\d_]|Sh|Xh|Dh|Gj|Ll|Rr|Th|Zh|Nj|Lj|Dž|Dj")
DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}|Ph\.D")
HOUR = re.compile(r"[ap]\.m", re.IGNORECASE)
ZONE = re.compile(r"\s*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|\w+ (?:local )?time\b|local)")
ORDINAL = re.compile(r"\b(?:čl|st|tač|član|stav|tačk|aneks|amandman|poglavlj|glav|odelj)\w*\.?\s+\d+$", re.IGNORECASE)
ROMAN = re.compile(r"[IVX]{2,5}")
REPORTED = re.compile(r"\s*(?:[A-Z][\w.’'-]*\s+){1,3}(?:said|says|asked|asks|told|cried|shouted|wrote|replied|added|wondered|demanded|exclaimed|warned)\b")
DATELINE = re.compile(r"\W*[^\W\d_a-zа-я]{3}.{0,40}")
CREDIT = re.compile(r"\s*\([^().!?]{1,30}\)\s*")
TOGETHER = re.compile(r"[^\W\d_]{2}$")
APART = re.compile(r"[A-ZČĆŠŽĐÇËЀ-Я](?:[a-zčćšžđçëа-џ]+\s|\s)")
"""A capitalised word straight after a stop and a lower-case one: the space between them was lost."""

LATIN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)) | {"љ": "lj", "њ": "nj", "џ": "dž"}
)


def _words(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {lang: frozenset(words.split()) for lang, words in lists.items()}


_TITLES, _NUMBERED, _STARTERS = _words(TITLES), _words(NUMBERED), _words(STARTERS)


def sentences(text: str, start: int, end: int, lang: str) -> Iterator[Span]:
    """Spans of the sentences of one paragraph, ``text[start:end]``, in order and without white space around them.

    Together they hold every character of the paragraph that is not white space. Inside a quotation sentences are told apart too; the clause that reports
    it belongs to the sentence beside it. Headlines with a colon, semicolons and list items are one sentence.

    >>> text = "Dr. Bird was heard. “We waited… Nobody came,” she said."
    >>> [text[a:b] for a, b in sentences(text, 0, len(text), "en")]
    ['Dr. Bird was heard.', '“We waited…', 'Nobody came,” she said.']
    """
    opened = _skip(text, start, end)
    for stop in STOP.finditer(text, start, end):
        if stop.start() >= opened and _ends(text, opened, stop, end, lang):
            yield opened, stop.end()
            opened = _skip(text, stop.end(), end)
    while end > opened and text[end - 1].isspace():
        end -= 1
    if opened < end:
        yield opened, end


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _ends(text: str, opened: int, stop: re.Match[str], end: int, lang: str) -> bool:
    """Whether a sentence that began at ``opened`` ends with this stop."""
    at = stop.end()
    if at >= end or not any(character.isalpha() for character in text[opened : min(stop.start(), opened + REACH)]):
        return False
    before, after = text[max(opened, stop.start() - REACH) : stop.start()], text[at : min(end, at + REACH)]
    word = LAST.search(before)[0]  # type: ignore[index]  # it matches the empty string too
    if not text[at].isspace():
        return TOGETHER.search(word) is not None and word.islower() and "." not in word and APART.match(after) is not None
    found = NEXT.match(after)
    if found is None or not (found[2][0].isdigit() or any(character.isupper() for character in found[2])):
        return False
    marks, closing = text[stop.start() : stop.start(1)], stop[1]
    if CREDIT.fullmatch(text[at:end] if end - at < REACH else ""):
        return False
    if _inserted(text, opened, stop):
        return False
    if after.lstrip()[0] in "–—-" and len(before) < REACH and DATELINE.fullmatch(before):
        return False
    if closing.strip(")]"):
        return "." in marks or "…" in marks or REPORTED.match(after) is None
    if marks == "." or word.lower() in COMPANY:
        return not _abbreviated(before, word, found[2], after, found.end(2), lang)
    return True


def _inserted(text: str, opened: int, stop: re.Match[str]) -> bool:
    """Whether the stop stands at the end of a bracket within a sentence, as in "the general (ret.) Smith"."""
    if ")" not in stop[1]:
        return False
    bracket = text.rfind("(", max(opened, stop.start() - REACH), stop.start())
    return bracket > opened and text[bracket + 1].islower()


def _abbreviated(before: str, word: str, following: str, after: str, reach: int, lang: str) -> bool:
    """Whether a full stop after ``word`` only shortens it, or makes a number an ordinal. ``following`` is capitalised or a number."""
    plain = word.lower().translate(LATIN)
    digits = following[0].isdigit()
    starts = following.lower().translate(LATIN) in _STARTERS[lang] and following[1:] == following[1:].lower() and after[reach : reach + 1] != "."
    if word.isdigit():
        if digits:
            return len(word) <= 2
        return lang == "sr" and (ORDINAL.search(before.translate(LATIN)) is not None or len(before.split()) <= 2)
    if plain == "maj" and not word[0].isupper():
        return False  # the month
    if plain in _TITLES[lang]:
        return True
    if plain in _NUMBERED[lang] and digits:
        return True
    if HOUR.fullmatch(word):
        return ZONE.match(after) is not None
    short = INITIAL.fullmatch(word) or DOTTED.fullmatch(word) or plain in COMPANY or (lang == "sr" and ROMAN.fullmatch(word))
    return bool(short) and not starts
