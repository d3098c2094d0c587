"""Names of the dispute in every script, spelling and case: from a word to the people, institutions and places it may stand for."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from stance.labels import Camp, StanceError
from stance.spelling import latin

PATH = Path(__file__).with_name("gazetteer.toml")

ENDINGS = frozenset(
    "|a|u|om|em|e|i|o|s|es|og|oga|ome|omu|oj|im|ih|ima|ama|ja|ju|je|jem|ije|iju|ija|ijem|ijom|ijama|ina|ine|inu|inom|in|it|is|et|en|eve|ve|t|n|ut|un|us|at|an"
    "|as|ave|at|ate|ate|ese|eses|ise|ises|jes|jen|te|tes|ten|ov|ova|ovo|ove|ovi|ovu|ovog|ovom|ovim|ovih|ev|eva|evo|eve|evi|evu|evog|evom|evim|evih|ijev|ijeva|ijevo"
    "|ijeve|ijevi|ijevu|ijevog|ijevom|ijevim|ijevih|jev|jeva|jevo|jeve|jevu|ene|enes|ite|inj|injte|aj".split("|")
)
"""What may follow a stem: endings of Serbian and Albanian nouns, names and adjectives, and the English plural."""

_OTHERS = str.maketrans({"đ": "dj", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'"})
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("kh", "h"),
    ("gj", "dj"),
    ("gh", "g"),
    ("xh", "dz"),
    ("sh", "s"),
    ("zh", "z"),
    ("ch", "c"),
    ("th", "t"),
    ("ph", "f"),
    ("lj", "l"),
)
_SOUNDS += (("ck", "k"), ("q", "c"), ("x", "dz"), ("y", "i"), ("w", "v"))
LINKS = frozenset(("i", "e", "te", "se"))
"""Albanian linking words, which change with the case: Departamenti i Shtetit, Departamentit të Shtetit."""

_DOUBLED = re.compile(r"([a-z])\1+")
_YEARS = re.compile(r"(\d{4})-(\d{4})? (.+?)(?: \((\w+)\))?")


@lru_cache(maxsize=1 << 16)
def bare(word: str) -> str:
    """Lower case, Latin script, no diacritics.

    >>> bare("Вучић"), bare("Përfaqësuesi")
    ('vucic', 'perfaqesuesi')
    """
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", latin(word).lower())
    return "".join(character for character in parts if not unicodedata.combining(character)).translate(_OTHERS)


@lru_cache(maxsize=1 << 16)
def sounded(word: str) -> str:
    """A name brought to one spelling for English, Serbian and Albanian.

    >>> sounded("Vučić") == sounded("Vuçiq") == sounded("Вучић") == sounded("Vucic")
    True
    """
    word = bare(word)
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return _DOUBLED.sub(r"\1", word)


def stem_of(word: str) -> str:
    """What stays of a plain word when its case changes: all but a last vowel."""
    return word[:-1] if len(word) > 3 and word[-1] in "aeiou" else word


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was from ``first`` to ``last`` year; ``camp`` where it was another then than the person's."""

    name: str
    first: int
    last: int
    camp: Camp | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something that may speak. ``kind`` is people, institutions, places or roles."""

    name: str
    kind: str
    camp: Camp
    offices: tuple[Office, ...] = ()
    relays: bool = False

    def camp_in(self, year: int | None) -> Camp:
        """The camp in a year: an office's where it has one of its own, else the entry's."""
        held = (office.camp for office in self.offices if office.camp and year is not None and office.first <= year <= office.last)
        return next(held, self.camp)

    @property
    def weak(self) -> bool:
        """Whether whatever stands with it tells more: a mission, a troika, which are Western where nobody says whose."""
        return self.kind == "roles" and self.camp is Camp.WESTERN

    def held(self, post: str) -> bool:
        """Whether the person held such a post at some time; "minister" is no prime minister."""
        return any(re.search(rf"(?<!prime )\b{post}\b", office.name) for office in self.offices)


@dataclass(frozen=True, slots=True)
class _Alias:
    """One way to write an entry: stems of its words; ``first`` is a person's first name, to choose between namesakes, ``given`` the initials of all names that may stand before.

    ``prefix`` and ``least`` are what a word must begin with and how long it must be: a short name keeps its last vowel ("Aliu", not "ali"), one in -a has
    some ending ("Vela", not "well").
    """

    entry: Entry
    words: tuple[str, ...]
    exact: tuple[bool, ...]
    capital: bool
    first: str
    given: frozenset[str]
    prefix: str
    least: int


SHORT = {"people": 6, "places": 4}
"""Letters up to which a surname or a place is short."""


class Gazetteer:
    """The entries of a TOML file, ready to be found; see the head of ``gazetteer.toml``.

    Raises
    ------
    StanceError
        If an entry names a camp or writes an office that cannot be read.
    """

    def __init__(self, path: Path = PATH) -> None:
        self.entries: list[Entry] = []
        self._index: dict[str, list[_Alias]] = defaultdict(list)
        self._known: dict[str, tuple[_Alias, ...]] = {}
        self._firsts: set[str] = set()
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        relays = set(data.pop("relays", ()))
        self._never, self._openers = (frozenset(data.pop(name, "").split()) for name in ("never", "openers"))
        for kind, camps in data.items():
            for camp, entries in camps.items():
                if camp not in list(Camp):
                    raise StanceError(f"{path.name}: {kind}.{camp} is no camp; needed is one of {', '.join(Camp)}")
                for name, row in entries.items():
                    aliases, offices = (row, ()) if isinstance(row, list) else (row.get("also", ()), row.get("office", ()))
                    entry = Entry(name, kind, Camp(camp), tuple(_office(text, name) for text in offices), name in relays)
                    self.entries.append(entry)
                    self._add(entry, aliases)

    def _add(self, entry: Entry, aliases: Sequence[str]) -> None:
        names = [] if entry.kind == "roles" else [entry.name]
        if entry.kind == "people":
            names = [] if any(" " in alias for alias in aliases) else [entry.name.split()[-1]]
        person = [stem_of(sounded(part)) for part in entry.name.split()] if entry.kind == "people" else []
        first, given = "".join(person[:1]), frozenset(part[0] for part in person)
        self._firsts.update(person[:1] if len(person) > 1 else ())
        for alias in dict.fromkeys([*names, *aliases]):
            words = alias.split()
            exact = tuple(word.isupper() and len(word) > 1 for word in words)
            stems = tuple(word if same else stem_of(sounded(word)) for word, same in zip(words, exact, strict=True))
            hard = tuple(stem.replace("c", "k") for stem in stems) if entry.kind == "people" and entry.camp is Camp.WESTERN else stems
            sound = sounded(alias)
            alone = len(words) == 1 and alias[0].isupper() and not exact[0]
            short = alone and len(sound) <= SHORT.get(entry.kind, 0)
            for way in {stems, hard}:  # Escobar, Eskobar
                prefix = way[0] + sound[len(way[0]) :] if short and sound[-1] != "a" else ""
                least = len(way[0]) + 1 if short and sound[-1] == "a" else 0
                self._index[way[0]].append(_Alias(entry, way, exact, alias[0].isupper(), first, given, prefix, least))

    def find(self, words: Sequence[str]) -> list[tuple[int, int, Entry]]:
        """Entries that occur: (first word, word after the last, entry), the longest at each place, not overlapping.

        >>> [(start, end, entry.name) for start, end, entry in Gazetteer().find("predsednik Vučić i KFOR-in shef".split())]
        [(1, 2, 'Aleksandar Vučić'), (3, 4, 'KFOR')]
        """
        found, at = [], 0
        while at < len(words):
            best: _Alias | None = None
            opens = (at == 0 or not words[at - 1][-1].isalnum()) and bare(words[at]) in self._openers
            for alias in () if opens else self._candidates(words[at]):
                if (best is None or len(alias.words) >= len(best.words)) and self._fits(alias, words, at) and not self._namesake(alias, words, at):
                    named = bool(at and alias.first) and _inflects(words[at - 1], alias.first)
                    if best is None or len(alias.words) > len(best.words) or named:
                        best = alias
            if best:
                found.append((at, at + len(best.words), best.entry))
            at += len(best.words) if best else 1
        return found

    def _namesake(self, alias: _Alias, words: Sequence[str], at: int) -> bool:
        """Whether another person's first name stands before a surname: Dejan Pantić is not Krstimir. Initials decide, as first names have short forms and spellings."""
        before = words[at - 1] if at and alias.given else ""
        if not before[:1].isupper() or bare(before) in self._openers or sounded(before)[0] in alias.given:
            return False
        return any(_inflects(before, sounded(before)[:length]) for length in range(3, len(before) + 1) if sounded(before)[:length] in self._firsts)

    def _candidates(self, word: str) -> tuple[_Alias, ...]:
        known = self._known.get(word)
        if known is None:
            sound = sounded(word)
            keys = [sound[: len(sound) - cut] for cut in range(min(7, len(sound))) if sound[len(sound) - cut :] in ENDINGS]
            aliases = [alias for key in keys for alias in self._index.get(key, ()) if not alias.exact[0]]
            aliases = [alias for alias in aliases if sound.startswith(alias.prefix) and len(sound) >= alias.least]
            if not aliases and "-" in word[1:]:  # Pristina-based
                aliases = (
                    [alias for alias in self._candidates(word.split("-", maxsplit=1)[0]) if not alias.exact[0] and len(alias.words) == 1]
                    if word[0] != "-"
                    else []
                )
            aliases = [alias for alias in self._index.get(_initials(word), ()) if alias.exact[0]] + aliases
            known = () if bare(word) in self._never else tuple(alias for alias in aliases if word[0].isupper() or not alias.capital)
            if len(self._known) < 1 << 17:
                self._known[word] = known
        return known

    @staticmethod
    def _fits(alias: _Alias, words: Sequence[str], at: int) -> bool:
        if at + len(alias.words) > len(words):
            return False
        rest = zip(alias.words[1:], alias.exact[1:], words[at + 1 : at + len(alias.words)], strict=True)
        return all(_initials(word) == stem if same else _inflects(word, stem) for stem, same, word in rest)


def _inflects(word: str, stem: str) -> bool:
    sound = sounded(word)
    return (sound.startswith(stem) and sound[len(stem) :] in ENDINGS) or (stem in LINKS and sound in LINKS)


def _initials(word: str) -> str:
    """A word of initials without its case ending (``KFOR-in``), in Latin script; others as they are."""
    head = word.split("-", maxsplit=1)[0]
    return bare(head).upper() if head.isupper() and len(head) > 1 else word


def _office(text: str, name: str) -> Office:
    match = _YEARS.fullmatch(text)
    if not match or (match[4] and match[4] not in list(Camp)):
        raise StanceError(f'gazetteer: {name} has the office {text!r}, needed is "2014-2017 prime minister of Serbia", at the end a camp in brackets')
    return Office(match[3], int(match[1]), int(match[2] or 9999), Camp(match[4]) if match[4] else None)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The shipped gazetteer, read once."""
    return Gazetteer()
