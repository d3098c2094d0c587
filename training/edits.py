"""Edits that leave a sentence's labels: what a page's layout adds before it, a slip of the typist, letters without their marks.

A share of the training sentences is edited anew in every pass, so that the network learns to read past them. Names of outlets and
places, and forms of dates, are others than those that ``benchmarks/edits.py`` tries.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

OUTLETS = {
    "en": ("AFP", "BBC", "B92", "Koha", "Xinhua", "TASS", "Anadolu", "Politico", "RFE/RL", "The Guardian", "Interfax", "dpa", "Kosovo Online"),
    "sr": ("FoNet", "RTS", "Blic", "Kurir", "Novosti", "Vijesti", "RTV", "Sputnjik", "Insajder", "Hina", "Radio Slobodna Evropa"),
    "sq": ("KosovaPress", "Zëri", "REL", "Klan Kosova", "Bota Sot", "Insajderi", "DW", "Balkanweb", "Indeksonline"),
}
PLACES = {
    "en": ("PRISTINA", "BELGRADE", "BRUSSELS", "MITROVICA", "WASHINGTON", "ZVECAN", "Leposavić", "New York", "MOSCOW", "TIRANA"),
    "sr": ("BEOGRAD", "PRIŠTINA", "BRISEL", "KOSOVSKA MITROVICA", "Zvečan", "MOSKVA", "Leposavić"),
    "sq": ("PRISHTINË", "BRUKSEL", "MITROVICË", "TIRANË", "BEOGRAD", "Zveçan"),
}
MONTHS = {
    "en": "January February April May July August September October November".split(),
    "sr": "januar februar april maj jul avgust septembar novembar decembar".split(),
    "sq": "janar shkurt prill maj korrik gusht shtator nëntor dhjetor".split(),
}
DAYS = {
    "en": ("Monday", "Tuesday", "Thursday", "Friday", "Sunday"),
    "sr": ("ponedeljak", "utorak", "sreda", "petak"),
    "sq": ("e hënë", "e martë", "e enjte", "e premte"),
}
LETTERS = "abcdefghijklmnoprstuvz"


def edited(text: str, lang: str, chance: Random) -> str:
    """The sentence with one edit, drawn by ``chance``.

    >>> edited("Vučić spoke.", "en", Random(2)), edited("Vučić spoke.", "en", Random(3))
    ('Vucic spoke.', 'RFE/RL: Vučić spoke.')
    """
    kind = chance.random()
    if kind < 0.45:
        return _headed(text, lang, chance)
    return _slip(text, chance) if kind < 0.7 else bare(text)


def bare(text: str) -> str:
    """Letters without their marks, as on a keyboard that lacks them.

    >>> bare("Vučić në Prishtinë, Đurić")
    'Vucic ne Prishtine, Djuric'
    """
    parts = unicodedata.normalize("NFD", text.replace("đ", "dj").replace("Đ", "Dj"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _headed(text: str, lang: str, chance: Random) -> str:
    outlet, place, date = chance.choice(OUTLETS[lang]), chance.choice(PLACES[lang]), _date(lang, chance)
    heads = (f"{outlet}: ", f"{date} - ", f"{place}, {date} ({outlet}) - ", f"{place} — ", f"{date}, {outlet} | ")
    return chance.choice(heads) + text


def _date(lang: str, chance: Random) -> str:
    day, month, year = chance.randint(1, 28), chance.choice(MONTHS[lang]), chance.randint(1998, 2025)
    dot = "." if lang == "sr" else ""
    forms = [f"{day:02}.{chance.randint(1, 12):02}.{year}", f"{day}{dot} {month} {year}", f"{day}{dot} {month}", chance.choice(DAYS[lang])]
    return chance.choice([*forms, f"{month} {day}, {year}"] if lang == "en" else forms)


def _slip(text: str, chance: Random) -> str:
    """One letter inside a long word changes places with the next, falls out, or becomes another."""
    words = list(re.finditer(r"[^\W\d_]{5,}", text))
    if not words:
        return text
    word = chance.choice(words)
    at = word.start() + chance.randrange(1, len(word[0]) - 1)
    slip = chance.choice((text[at + 1] + text[at], text[at + 1], chance.choice(LETTERS) + text[at + 1]))
    return text[:at] + slip + text[at + 2 :]
