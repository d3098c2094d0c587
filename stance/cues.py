"""Cues that somebody speaks in a sentence, and whom they point at.

Rules over words instead of a parser: every reporting verb, ``according to`` and headline colon is a cue, every cue looks for the phrase that is its
subject, and the plainest cue wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stance.gazetteer import stem_of
from stance.phrases import Phrase, Words

HEADLINE, SOURCE = 5, 4
"""Weights of a headline's ``X:`` and of ``according to X``; verbs have 3 to 1."""

DOUBTFUL = (("po",), ("prema",))
"""Serbian prepositions that name a source only before somebody's name or words."""

REACH = 14
"""Words between a reporting verb and its subject, at most."""

LISTENED = frozenset(("tell", "tells", "told", "telling", "inform", "informs", "informed", "assured", "reminded", "notified"))
"""English verbs behind which the listener stands, never the speaker."""

QUOTES = frozenset("\"“”„«»‘’‹›'")
BREAK = frozenset(";:–—")


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that tells of speech, and its subject; ``phrase`` is ``None`` where the subject is a pronoun or missing."""

    weight: int
    at: int
    phrase: Phrase | None


def chosen(words: Words) -> Phrase | None:
    """The phrase that the plainest cue points at; an agency only where no other cue names somebody."""
    cues = sorted(cues_of(words), key=lambda cue: (-cue.weight, cue.at))
    if not cues:
        first = words.phrases[0] if words.phrases else None
        return first if first and first.first <= 1 else None
    best = cues[0].phrase
    if best and best.relays:
        others = (cue for cue in cues if cue.weight > 1 and not (cue.phrase and cue.phrase.relays))
        return next((cue.phrase for cue in others), best)
    return best


def cues_of(words: Words) -> Iterator[Cue]:
    """Every cue outside quotations."""
    head = _headline(words)
    if head:
        yield head
    for at in range(len(words.words)):
        if words.quoted[at]:
            continue
        if source := _source(words, at):
            yield source
        if weight := words.weight(at):
            if _nominal(words, at):
                continue
            if _passive(words, at):
                agent = next((back for back in range(at + 1, min(at + REACH, len(words.words))) if words.is_in("by", back)), None)
                phrase = _at(words, agent + 1) if agent else None
                told = phrase is not None
            elif _impersonal(words, at):
                phrase, told = None, True
            else:
                phrase, told = _subject(words, at)
            if told:
                yield Cue(weight, at, phrase)


def _passive(words: Words, at: int) -> bool:
    """Whether the verb form tells what was done to its subject: ``was accused``, ``u tha nga X``."""
    if words.lang == "en":
        back = at - 1
        while back > 0 and (words.is_in("light", back) or words.plain[back].endswith("ly")) and words.plain[back] not in words.lexicon.passive:
            back -= 1
        return back >= 0 and words.plain[back] in words.lexicon.passive
    return words.plain[max(0, at - 1)] in words.lexicon.passive and words.is_in("by", at + 1)


def _impersonal(words: Words, at: int) -> bool:
    """Whether the verb has no subject: ``navodi se``, ``thuhet``."""
    if words.lang == "sr":
        return words.plain[at + 1 : at + 2] == ["se"] and not words.is_in("reflexive", at) and not words.plain[at].endswith(("o", "la", "li", "le"))
    return words.is_in("impersonal", at)


def _nominal(words: Words, at: int) -> bool:
    """Whether a verb form is a noun here: it follows a determiner, a preposition or a genitive, or stands inside a phrase."""
    if at and (words.is_in("determiners", at - 1) or words.is_in("prepositions", at - 1) or words.genitive[at - 1] or words.plain[at - 1] == "duke"):
        return True
    return words.phrase_at(at) is not None


def _headline(words: Words) -> Cue | None:
    """``Vucic: ...`` and ``... : Vučić o ...`` at the start of a sentence."""
    colon = next((at for at, word in enumerate(words.words[:14]) if word == ":"), None)
    if not colon or any(words.weight(at) for at in range(colon)):
        return None
    phrase = next((phrase for phrase in words.phrases if phrase.first <= 1 and phrase.last <= colon), None)
    return Cue(HEADLINE, 0, phrase) if phrase else None


def _source(words: Words, at: int) -> Cue | None:
    """``according to X``, ``in X's view``, ``prema rečima X``, ``sipas X``; ``For X, ...`` at the start."""
    for phrase in words.lexicon.according.get(words.plain[at], ()):
        if tuple(words.plain[at : at + len(phrase)]) == phrase and (found := _according(words, at, phrase)):
            return found
    if words.lang == "en" and words.plain[at] == "in":
        owner = _at(words, at + 1)
        if owner and words.genitive[owner.last - 1] and words.is_in("held", owner.last):
            return Cue(SOURCE, at, owner)
        if words.is_in("owners", at + 1) and words.is_in("held", at + 2):
            return Cue(SOURCE, at, None)
    first = _at(words, 1) if at == 0 and words.is_in("opening", 0) else None
    return Cue(2, 0, first) if first and words.words[first.last : first.last + 1] == [","] else None


def _according(words: Words, at: int, phrase: tuple[str, ...]) -> Cue | None:
    """What stands behind ``according to``: somebody, somebody's words, a document and who issued it."""
    after = at + len(phrase)
    held = words.is_in("held", after) or words.is_in("held", after + 1)
    if not words.phrase_at(after):
        after += words.is_in("held", after) or 2 * words.is_in("held", after + 1)
    found = _at(words, after)
    parted = at == 0 or words.words[at - 1] == ","
    if phrase in DOUBTFUL and not held and not (parted and (found is None or found.proper)):
        return None
    document = any(stem_of(word) in words.lexicon.documents for word in words.plain[after : after + 3])
    if document and not found:  # according to a report by X
        issuer = next((by for by in range(after, after + 7) if words.is_in("by", by)), None)
        found = _at(words, issuer + 1) if issuer else None
    return Cue(SOURCE, at, found) if found or held or document or words.is_in("pronouns", after) else None


def _at(words: Words, at: int) -> Phrase | None:
    """The phrase that begins at ``at``, articles and linking words skipped."""
    while words.is_in("determiners", at) or (words.lang == "sq" and words.is_in("joins", at)):
        at += 1
    return words.phrase_at(at)


def _subject(words: Words, verb: int) -> tuple[Phrase | None, bool]:
    """A verb's subject, and whether it is told at all (a pronoun is told, but no phrase)."""
    before = verb - 1
    while before >= 0 and words.is_in("light", before) and not words.is_in("conjunctions", before):
        before -= 1
    tagged = before < 0 or words.words[before] in QUOTES or words.words[before] in ",–—-" or words.quoted[before]
    if tagged and words.plain[verb] not in LISTENED and (found := _behind(words, verb)):
        return found, True
    if tagged and before >= 0 and words.words[before] == ",":
        found = _parted(words, before)
        if found:
            return found, True
        if words.lang != "en":
            return None, True
    if before > 0 and words.is_in("conjunctions", before) and words.words[before - 1] == ",":
        return (words.phrases[0], True) if words.phrases and words.phrases[0].last <= before else (None, True)
    phrase, told = _ahead(words, verb)
    if phrase or told:
        return phrase, told
    found = _behind(words, verb) if words.lang != "en" else None
    return found, found is not None


def _behind(words: Words, verb: int) -> Phrase | None:
    """The phrase behind a verb: ``said the mayor``; what stands behind a preposition is skipped."""
    at, seat = verb + 1, None
    while at < min(verb + 8, len(words.words)):
        phrase = _at(words, at)
        if phrase:
            return phrase
        if words.is_in("prepositions", at) and "".join(words.words[at + 1 : at + 2]) in QUOTES:
            at = next((mark + 1 for mark in range(at + 2, min(at + 7, len(words.words))) if words.words[mark] in QUOTES), len(words.words))
            continue  # rekao je za „Novosti“ vladika
        if words.is_in("pronouns", at) or not words.words[at][0].isalpha() or (words.lang == "en" and not words.is_in("light", at)):
            break
        if words.is_in("prepositions", at) and (skipped := _at(words, at + 1)):
            seat = seat or (skipped if words.plain[at] in ("u", "iz") and not words.plain[verb].endswith(("o", "la")) else None)
            at = skipped.last
        elif words.is_in("stop", at) or words.weight(at):
            break
        else:
            at += 1
    return seat  # kažu u Briselu, saopšteno iz Vlade


def _parted(words: Words, comma: int) -> Phrase | None:
    """The phrase before an apposition that ends at ``comma``: ``X, who heads the office, said``."""
    opening = next((at for at in range(comma - 1, max(-1, comma - 25), -1) if words.words[at] == ","), None)
    while opening is not None:
        found = next((phrase for phrase in words.phrases if phrase.last == opening), None)
        name = _at(words, opening + 1)
        if found:
            return name if name and name.proper and name.last == comma and not found.proper else _first_of(words, found)
        opening = next((at for at in range(opening - 1, max(-1, comma - 25), -1) if words.words[at] == ","), None)
    return None


def _ahead(words: Words, verb: int) -> tuple[Phrase | None, bool]:
    """The phrase before a verb, objects of prepositions skipped."""
    at, oblique = verb - 1, None
    while at >= max(0, verb - REACH):
        phrase = words.phrase_at(at)
        if phrase:
            start = phrase.first - 1
            if words.is_in("determiners", start):
                start -= 1
            elif phrase.last - phrase.first == 1 and phrase.entry and phrase.entry.kind == "places" and words.ordinary(start):
                start -= 1  # sa juga Kosova
            if words.is_in("prepositions", start) and not words.is_in("by", start):
                oblique = oblique or phrase
                at = start - 1
                continue
            return _first_of(words, _before_relative(words, phrase)), True
        if words.is_in("pronouns", at):
            return None, True
        if words.words[at] in BREAK or words.quoted[at]:
            break
        at -= 1
    return None, False


def _before_relative(words: Words, phrase: Phrase) -> Phrase:
    """What a relative clause around ``phrase`` describes: ``monitors who follow the court say``."""
    for at in range(phrase.first - 1, max(0, phrase.first - 6), -1):
        if words.is_in("relatives", at):
            return next((other for other in words.phrases if other.last == at - (words.words[at - 1] == ",")), phrase)
    return phrase


def _first_of(words: Words, phrase: Phrase) -> Phrase:
    """The first of phrases side by side (``A and B``)."""
    while True:
        at = phrase.first - 1
        while words.is_in("determiners", at):
            at -= 1
        earlier = words.phrase_at(at - 1) if words.is_in("conjunctions", at) else None
        if earlier is None or earlier.last != at:
            return phrase
        phrase = earlier
