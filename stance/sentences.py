"""Where the sentences of a paragraph begin and end, in English, Serbian (both scripts) and Albanian.

Every stop that white space follows is judged once, from a few dozen characters on either side: so the work grows with the text's length and no
mark that is missing its partner can swallow a page. What is told apart by lists is closed classes: abbreviations and function words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stance.records import Span
from stance.spelling import composed, latin

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
    "sr": "dr mr prof doc akad inž ing dipl adv g gđa gđe gđi gđica gosp gen puk ppuk potpuk maj ppor vod nar sv ul bul trg tzv npr tj odn",
    "sq": "dr mr prof doc akad ing av z znj zt zj gjen kol nënkol kap toger shën rr bul ef p.sh psh d.m.th dmth",
}
"""Abbreviations that are never the end of a sentence: something follows that belongs to them."""

WORDS = frozenset(("maj", "trg", "gov"))
"""Titles with a capital; in lower case they are words (a month, a square), and the stop behind them ends its sentence."""

RANKS = frozenset(("kap", "por"))
"""Serbian ranks that are words too: they end a sentence where a function word follows."""

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
ROMAN = re.compile(r"[IVX]{2,6}")
REPORTED = re.compile(
    r"\s*(?:[A-Z][\w.’'-]*\s+){1,3}(?:said|says|asked|asks|told|cried|shouted|wrote|replied|added|wondered|demanded|exclaimed|warned)\b"
)
DATELINE = re.compile(r"\W*[^\W\d_a-zа-я]{3}.{0,40}")
CREDIT = re.compile(r"\s*\([^().!?]{1,30}\)\s*")
"""All that is left of a paragraph: an agency's name."""
TOGETHER = re.compile(r"[^\W\d_]{2}$")
APART = re.compile(r"[A-ZČĆŠŽĐÇËЀ-Я](?:[a-zčćšžđçëа-џ]+\s|\s)")
"""A capitalised word straight after a stop and a lower-case one: the space between them was lost."""


def _words(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {lang: frozenset(words.split()) for lang, words in lists.items()}


_TITLES, _NUMBERED, _STARTERS = _words(TITLES), _words(NUMBERED), _words(STARTERS)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop with what stands around it: ``before`` from the sentence's beginning and ``after`` to the paragraph's end, ``REACH`` characters at most."""

    before: str
    word: str
    """That it ends."""
    marks: str
    closing: str
    after: str
    following: str
    """The next word; empty where there is none."""
    rest: str
    """What comes after the next word."""
    near: bool
    """Whether ``before`` reaches back to the sentence's beginning."""


def sentences(text: str, start: int, end: int, lang: str) -> Iterator[Span]:
    """Spans of the sentences of one paragraph, ``text[start:end]``, in order and without white space around them.

    Together they hold every character of the paragraph that is not white space. Inside a quotation sentences are told apart too; the clause that
    reports it belongs to the sentence beside it. Headlines with a colon, semicolons and list items are one sentence.

    Parameters
    ----------
    lang
        ``en``, ``sr`` (either script) or ``sq``.

    Examples
    --------
    >>> text = "Dr. Bird was heard. “We waited… Nobody came,” she said."
    >>> [text[a:b] for a, b in sentences(text, 0, len(text), "en")]
    ['Dr. Bird was heard.', '“We waited…', 'Nobody came,” she said.']
    """
    opened = _skip(text, start, end)
    for stop in STOP.finditer(text, start, end):
        if opened <= stop.start() and stop.end() < end and _ends(_seen(text, opened, stop, end), lang):
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


def _seen(text: str, opened: int, stop: re.Match[str], end: int) -> _Stop:
    before = composed(text[max(opened, stop.start() - REACH) : stop.start()])
    after = composed(text[stop.end() : min(end, stop.end() + REACH)])
    found, last = NEXT.match(after), LAST.search(before)
    return _Stop(
        before=before,
        word=last[0] if last else "",
        marks=text[stop.start() : stop.start(1)],
        closing=stop[1],
        after=after,
        following=found[2] if found else "",
        rest=after[found.end(2) :] if found else "",
        near=stop.start() - opened <= REACH,
    )


def _ends(stop: _Stop, lang: str) -> bool:
    """Whether a sentence ends with this stop."""
    if stop.near and not any(character.isalpha() for character in stop.before):
        return False  # a list item's number
    if not stop.after[0].isspace():
        return TOGETHER.search(stop.word) is not None and stop.word.islower() and "." not in stop.word and APART.match(stop.after) is not None
    begins = stop.following[:1].isdigit() or any(character.isupper() for character in stop.following)
    if not begins or _within(stop, lang):
        return False
    if stop.closing.strip(")]"):
        return "." in stop.marks or "…" in stop.marks or REPORTED.match(stop.after) is None
    if stop.marks == "." or stop.word.lower() in COMPANY:
        return not _abbreviated(stop, lang)
    return True


def _within(stop: _Stop, lang: str) -> bool:
    """Whether the sentence goes on although a capital or a number follows."""
    bracket = stop.before.rfind("(") if ")" in stop.closing else -1
    return (
        (lang == "en" and stop.following == "I" and stop.marks in ("…", "..."))  # always a capital
        or CREDIT.fullmatch(stop.after) is not None
        or (bracket > 0 and stop.before[bracket + 1 : bracket + 2].islower())  # as in "the general (ret.) Smith"
        or (stop.near and stop.after.lstrip()[0] in "–—-" and DATELINE.fullmatch(stop.before) is not None)
    )


def _abbreviated(stop: _Stop, lang: str) -> bool:
    """Whether the full stop only shortens its word, or makes a number an ordinal, and the sentence goes on."""
    word, plain = stop.word, latin(stop.word).lower()
    number = stop.following[0].isdigit()
    numeral = number or ROMAN.fullmatch(stop.following) is not None
    if word.isdigit():
        numbered = ORDINAL.search(latin(stop.before)) is not None or (stop.near and len(stop.before.split()) <= 3)
        return len(word) <= 2 if number else lang == "sr" and numbered
    if HOUR.fullmatch(word):
        return ZONE.match(stop.after) is not None
    if plain in WORDS and word.islower():
        return False
    if plain in _TITLES[lang] or (numeral and plain in _NUMBERED[lang]):
        return True
    short = INITIAL.fullmatch(word) or DOTTED.fullmatch(word) or plain in COMPANY or (lang == "sr" and (plain in RANKS or ROMAN.fullmatch(word)))
    return bool(short) and not _starts(stop, lang)


def _starts(stop: _Stop, lang: str) -> bool:
    """Whether the next word is a function word with a capital, and no initial: a sentence begins there."""
    word = stop.following
    return latin(word).lower() in _STARTERS[lang] and word[1:] == word[1:].lower() and not stop.rest.startswith(".")
