"""Edits of a sentence that must not change its frame; each gives the edited sentences, none where it does not apply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from annotations.dataset import identify, script_of
from stance.spelling import latin
from training.evaluate import cyrillic

OUTLETS = {
    "en": ("Reuters", "Tanjug", "Balkan Insight", "Gazeta Express", "Associated Press", "RT"),
    "sr": ("Tanjug", "Beta", "N1", "Politika", "KoSSev", "Danas"),
    "sq": ("Koha Ditore", "Kallxo", "Gazeta Express", "Telegrafi", "RTK", "Tanjug"),
}
DATES = {
    "en": ("14 March 2023", "2 October 2021", "June 28, 2024", "5 Dec."),
    "sr": ("14. mart 2023", "2. oktobar 2021", "28. jun 2024", "05.12."),
    "sq": ("14 mars 2023", "2 tetor 2021", "28 qershor 2024", "05.12."),
}
SPELLINGS = {
    "en": (
        (("Kosovo", "Kosova"),),
        (("Pristina", "Prishtina"), ("Priština", "Prishtina")),
        (("Vučić", "Vucic"), ("Vucic", "Vučić")),
        (("Vučić", "Vuçiq"), ("Vucic", "Vuçiq")),
    ),
    "sr": ((("Vučić", "Vucic"),), (("Prištin", "Pristin"),)),
    "sq": ((("Vuçiq", "Vuçiç"), ("Vuçiç", "Vuçiq")), (("Vuçiq", "Vucic"), ("Vuçiç", "Vucic")), (("Prishtinë", "Prishtine"), ("Kosovë", "Kosove"))),
}
"""Names written in more than one way: each entry is one edit, the spellings that it changes and what to; a stem stands for its inflected
forms. Albanian and Serbian are often typed without the letters that other keyboards lack."""
MARKS = (("„", "“"), ("«", "»"), ("“", "”"), ('"', '"'))
QUOTED = re.compile('["„“”«»]([^"„“”«»]+)["„“”«»]')


def _pick(text: str, purpose: str, count: int) -> int:
    """A number below ``count`` that hangs on the sentence alone."""
    return int(identify(purpose, text), 16) % count


def _in_its_script(text: str, added: str) -> str:
    return cyrillic(added) if script_of(text) == "Cyrl" else added


def outlet(text: str, lang: str) -> Iterator[str]:
    """An outlet's name before the sentence."""
    names = OUTLETS[lang]
    yield f"{_in_its_script(text, names[_pick(text, 'outlet', len(names))])}: {text}"


def date(text: str, lang: str) -> Iterator[str]:
    """A date before the sentence."""
    dates = DATES[lang]
    yield f"{_in_its_script(text, dates[_pick(text, 'date', len(dates))])} - {text}"


def typo(text: str, lang: str) -> Iterator[str]:
    """Two letters inside one word in lower case change places.

    >>> list(typo("The envoy returned.", "en"))
    ['The envoy retruned.']
    """
    words = [found for found in re.finditer(r"\w+", text) if len(found[0]) >= 5 and found[0].isalpha() and found[0].islower()]
    places = [found.start() + at for found in words for at in range(1, len(found[0]) - 2) if found[0][at] != found[0][at + 1]]
    if places:
        at = places[_pick(text, "typo", len(places))]
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def quotation_marks(text: str, lang: str) -> Iterator[str]:
    """Another kind of quotation marks.

    >>> list(quotation_marks('He called it a "farce".', "en"))
    ['He called it a „farce“.']
    """
    start = _pick(text, "marks", len(MARKS))
    edits = (QUOTED.sub(rf"{left}\1{right}", text) for left, right in MARKS[start:] + MARKS[:start])
    yield from [edited for edited in edits if edited != text][:1]


def spelling(text: str, lang: str) -> Iterator[str]:
    """The other usual spellings of a name, in Latin script.

    >>> list(spelling("Vučić left Pristina.", "en"))
    ['Vučić left Prishtina.', 'Vucic left Pristina.', 'Vuçiq left Pristina.']
    """
    text = latin(text)
    for pairs in SPELLINGS[lang]:
        edits = (re.sub(rf"\b{old}", new, text) for old, new in pairs)
        yield from [edited for edited in edits if edited != text][:1]


def script(text: str, lang: str) -> Iterator[str]:
    """Serbian in its other script."""
    if lang == "sr":
        yield latin(text) if script_of(text) == "Cyrl" else cyrillic(text)


EDITS: dict[str, Callable[[str, str], Iterator[str]]] = {
    "outlet named": outlet,
    "date named": date,
    "typo": typo,
    "quotation marks": quotation_marks,
    "spelling of names": spelling,
    "script": script,
}
