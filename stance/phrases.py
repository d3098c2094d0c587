"""Words of a sentence, and the phrases in it that name people and bodies: ``the Kosovo police minister``, ``kryetari i komunës``, ``Vučić``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from stance.gazetteer import Entry, bare, gazetteer, stem_of
from stance.labels import Camp
from stance.lexicon import lexicons
from stance.records import Span

WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Gen|Mr|Mrs|Ms|Dr|St|Lt|Col|Sen|Rep|dr|др|prof|проф)\.|\w[\w\u0300-\u036f]*(?:['’\-]\w[\w\u0300-\u036f]*)*|[^\w\s]"
)
"""Letters may be followed by combining marks, as in decomposed Unicode."""

GENITIVE = ("'s", "’s")
ADJECTIVE = ("i", "a", "e", "og", "om", "ih", "im", "oj", "eg", "em")
"""Endings of Serbian adjectives, which stand before what they describe."""

CASES = ("a", "e", "i", "og", "ih", "oj", "om")
"""Endings of what stands in the genitive behind a Serbian role."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words ``first`` to ``last`` (half-open) that name somebody; ``name`` is the gazetteer's, ``proper`` is true for a name without role,
    ``relays`` for an agency or outlet, which passes on what others say; ``role`` is the stem of its first role,
    ``keys`` are that and the stem of a name at its end, by which later sentences may take it up."""

    first: int
    last: int
    entry: Entry | None
    name: str
    proper: bool
    relays: bool
    role: str
    keys: tuple[str, ...]


class Words:
    """A sentence's words with their offsets; ``marked`` is 1 for each character that stands in a quotation."""

    def __init__(self, text: str, lang: str, marked: bytearray | None = None) -> None:
        self.text, self.lang = text, lang
        self.marked = marked or bytearray(len(text))
        self.lexicon = lexicons()[lang]
        self.spans = [match.span() for match in WORD.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]
        self.genitive = [word.endswith(GENITIVE) and len(word) > 2 for word in self.words]
        self.words = [word[:-2] if genitive else word for word, genitive in zip(self.words, self.genitive, strict=True)]
        self.plain = [bare(word) for word in self.words]
        self.quoted = [self.marked[start] == 1 for start, _ in self.spans]
        capitals = sum(word.isupper() for word in self.words if len(word) > 2)
        self.shouted = capitals > sum(word[0].isalpha() for word in self.words if len(word) > 2) / 2

    def is_in(self, group: str, at: int) -> bool:
        """Whether the word at ``at`` belongs to one of the lexicon's groups."""
        return 0 <= at < len(self.plain) and self.plain[at] in self.lexicon.words[group]

    def weight(self, at: int) -> int:
        """How plainly the word reports speech, 0 to 3."""
        return self.lexicon.weight.get(self.plain[at], 0) if 0 <= at < len(self.plain) else 0

    def ordinary(self, at: int) -> bool:
        """Whether the word is a lower-case one that may be part of a name or role."""
        if not 0 <= at < len(self.words):
            return False
        word = self.plain[at]
        return word[:1].isalpha() and word not in self.lexicon.closed and not self.weight(at) and not (self.lang == "en" and word.endswith("ly"))

    @cached_property
    def entries(self) -> list[Entry | None]:
        """The gazetteer's entry at each word."""
        found: list[Entry | None] = [None] * len(self.words)
        for start, end, entry in gazetteer().find(self.words):
            found[start:end] = [entry] * (end - start)
        return found

    def role(self, at: int) -> bool:
        """Whether the word is a role."""
        return (
            0 <= at < len(self.plain)
            and self.lexicon.role(self.plain[at]) != ""
            and not (self.weight(at) and self.plain[at - 1] in self.lexicon.closed)
        )

    def core(self, at: int) -> bool:
        """Whether the word can be the heart of a phrase: known, a role, or a name."""
        if not 0 <= at < len(self.words) or not self.words[at][0].isalpha():
            return False
        if self.entries[at] or self.role(at) or self._source(at):
            return True
        if (
            self.shouted
            or stem_of(self.plain[at]) in self.lexicon.documents
            or not self.words[at][0].isupper()
            or self.plain[at] in self.lexicon.closed
        ):
            return False
        before = at - 1 if at else None
        starts = before is None or self.words[before] in '"“„«»”:–-—'
        if not starts:
            return True
        following = at + 1
        while self.is_in("light", following):
            following += 1
        named = at + 1 < len(self.words) and self.words[at + 1][0].isupper() and not self.is_in("stop", at + 1)
        return (
            named
            or (self.weight(following) > 0 and not (self.weight(following) == 3 and self._inverted(following)))
            or (at == 0 and not self.words[0].isupper() and self.words[1:2] == [":"])
            or self.genitive[at]
        ) and not self.weight(at)

    def _source(self, at: int) -> bool:
        """Whether the word is a common noun where only a speaker stands: ``a waiter reported``, ``kaže obućar``."""
        if not self.ordinary(at) or stem_of(self.plain[at]) in self.lexicon.documents:
            return False
        if self.lang == "en":
            article = self.is_in("determiners", at - 1) or (self.ordinary(at - 1) and self.is_in("determiners", at - 2))
            verb = at + 1 + self.is_in("light", at + 1)
            seat = self.is_in("places", at + 1) and at + 2 < len(self.words) and self.words[at + 2][0].isupper()
            return article and (self.weight(verb) > 0 or seat)
        if at == 0 or (at == 1 and self.is_in("determiners", 0)):
            return self._opener(at)
        verb = at - 1
        while verb > 0 and (self.is_in("light", verb) or self.is_in("determiners", verb)):
            verb -= 1
        return self.weight(verb) == 3 and (verb == 0 or not self.words[verb - 1][0].isalnum()) and not self.plain[at].endswith("o")

    def _opener(self, at: int) -> bool:
        """Whether a Serbian or Albanian sentence begins with the noun that speaks: ``Nastavnica iz Prizrena dodaje``."""
        if self.plain[at].endswith(("o", "u")) or self.is_in("held", at):  # a Serbian object
            return False
        verb = at + 1
        while verb < min(at + 5, len(self.words)) and self.words[verb][0].isalpha() and not self.weight(verb) and not self.is_in("stop", verb):
            verb += 1
        return self.weight(verb) == 3 and not self._inverted(verb)

    def _inverted(self, verb: int) -> bool:
        """Whether a Serbian verb has its subject behind it: ``Rezultat je saopštio predsednik``."""
        behind = verb + 1
        while self.is_in("light", behind):
            behind += 1
        oblique = self.plain[behind : behind + 1] == [] or self.plain[behind].endswith(("u", "om", "ima"))
        return self.lang == "sr" and not oblique and (self.entries[behind] is not None or self.role(behind))

    @cached_property
    def phrases(self) -> list[Phrase]:
        """The phrases outside quotations, in order, not overlapping; scare quotes inside a phrase are part of it."""
        found: list[Phrase] = []
        at = 0
        while at < len(self.words):
            if self.quoted[at] or not self.core(at):
                at += 1
                continue
            last = self._end(at)
            first = self._start(at, found[-1].last if found else 0)
            found.append(self._phrase(first, last))
            at = last
        return found

    @cached_property
    def _places(self) -> dict[int, Phrase]:
        return {at: phrase for phrase in self.phrases for at in range(phrase.first, phrase.last)}

    def phrase_at(self, at: int) -> Phrase | None:
        """The phrase that the word at ``at`` belongs to."""
        return self._places.get(at)

    def span(self, phrase: Phrase) -> Span:
        """Offsets of a phrase into the sentence, an English genitive's 's left out."""
        return self.spans[phrase.first][0], self.spans[phrase.last - 1][1] - 2 * self.genitive[phrase.last - 1]

    def indefinite(self, phrase: Phrase) -> bool:
        """Whether a phrase brings up somebody new: ``an (unnamed) analyst``."""
        at = phrase.first - 1
        while self.ordinary(at):
            at -= 1
        return self.is_in("indefinite", at)

    def _start(self, at: int, least: int) -> int:
        """Where the phrase around a core begins: adjectives and nouns before it belong to it."""
        first = at
        while (
            self.lang != "sq"
            and (self.role(at) or (self.plain[at + 1 : at + 2] == ["from"] and self._source(at)))
            and first > least
            and at - first < 3
            and self._describes(first - 1)
        ):
            first -= 1
        outside = first - 1
        bounded = first == 0 or not self.words[outside][0].isalpha() or self.is_in("determiners", outside) or self.is_in("prepositions", outside)
        return first if bounded or self.lang == "sr" else at

    def _describes(self, at: int) -> bool:
        """Whether a word may describe the role behind it."""
        return self.ordinary(at) and not self.is_in("held", at) and (self.lang == "en" or self.plain[at].endswith(ADJECTIVE))

    def _end(self, at: int) -> int:
        """Where the phrase around a core ends: names, complements and genitives behind it belong to it."""
        last, role = at + 1, self.role(at) or self._source(at)
        while last < len(self.words):
            step = self._step(last, role)
            if not step:
                break
            role = role or any(self.role(word) for word in range(last, last + step))
            last += step
        return last

    def _step(self, last: int, role: bool) -> int:
        """How many words behind ``last`` belong to the phrase as well, 0 for none."""
        if self.core(last) and not self.genitive[last - 1]:
            return int(not self._seat(last))
        return self._headed(last) or self._scare(last) or self._complement(last, role) or int(self.lang == "sr" and self._genitive(last, role))

    def _seat(self, at: int) -> bool:
        """Whether a Serbian phrase begins anew, what stands before being where it happens: ``u Njujorku | šef diplomatije``."""
        place = self.lang == "sr" and self.is_in("prepositions", at - 2) and self.words[at - 1][0].isupper()
        return place and self.entries[at] is not self.entries[at - 1] if self.entries[at] else place and self.role(at)

    def _headed(self, last: int) -> int:
        """Words up to the head that a genitive or an adjective leads to: ``Spain's (foreign) minister``, ``Serbian (foreign) minister``."""
        entry = self.entries[last - 1]
        if not self.genitive[last - 1] and (entry is None or entry.kind == "people" or self.lang == "sq"):
            return 0
        following = last
        while following - last < 3 and self.ordinary(following) and not self.core(following):
            following += 1
        head = self.core(following) and (self.genitive[last - 1] or self.role(following))
        return following - last + head if head or (self.genitive[last - 1] and not self.is_in("held", last)) else 0

    def _scare(self, last: int) -> int:
        """A word in scare quotes: ``Kosovo "president"``."""
        marked = last + 2 < len(self.words) and self.words[last] in '"“”„«»' and self.words[last + 2] in '"”“«»'
        return 3 if marked and self.core(last + 1) else 0

    def _complement(self, last: int, role: bool) -> int:
        """A complement: ``spokesman (for the operation)``, ``kreu (i shtetit)``, ``court (in Belgrade)``."""
        after = last + 1 + (self.lang == "en" and self.is_in("determiners", last + 1))
        core = self.core(after)
        if self.is_in("joins", last) and (role or (self.lang == "en" and self.plain[last] != "to")):
            entry = self.entries[after] if core else None
            if core and not (entry and entry.relays):
                return after + 1 - last
            if role and not core and self.ordinary(after) and not (self.lang == "sq" and self.is_in("joins", last - 2)):
                return after + 1 - last + (self.lang == "en" and self.role(after + 1))
        return after + 1 - last if role and self.is_in("places", last) and core and self.words[after][0].isupper() else 0

    def _genitive(self, at: int, role: bool) -> bool:
        """Whether a Serbian word continues a role in the genitive: ``ministar spoljnih poslova``."""
        behind = self.role(at - 1) or (role and self.plain[at - 1].endswith(("ih", "og", "eg", "oj", "ne")))
        return behind and self.ordinary(at) and self.plain[at].endswith(CASES) and not self.plain[at].endswith(("uci", "eci", "vsi", "uje"))

    def _phrase(self, first: int, last: int) -> Phrase:
        known = [entry for entry in self.entries[first:last] if entry]
        entry = (
            next((entry for entry in known if entry.kind == "people"), None)
            or next((entry for entry in known if not entry.weak), None)
            or next(iter(known), None)
        )
        whole = entry is not None and (
            entry.kind == "people" or (all(found is entry for found in self.entries[first:last]) and entry.kind != "roles")
        )
        roles = [self.lexicon.role(self.plain[at]) for at in range(first, last) if self.role(at)]
        relays = bool(entry and entry.relays) or any(self.is_in("media", at) for at in range(first, last))
        role = "premier" if "prime" in self.plain[first:last] else roles[0] if roles else ""
        named = self.words[last - 1][0].isupper() and not self.entries[last - 1] and not self.role(last - 1)
        keys = ((role,) if role else ()) + ((stem_of(self.plain[last - 1]),) if named else ())
        return Phrase(first, last, entry, entry.name if entry and whole else "", not roles, relays, role, keys)


def camp_of(phrase: Phrase, year: int | None) -> Camp:
    """The camp that a phrase tells by itself."""
    return phrase.entry.camp_in(year) if phrase.entry else Camp.UNKNOWN
