"""What ties a phrase without a camp of its own to something known in its sentence: an apposition, where it is from, whose it is."""

from __future__ import annotations

from bisect import bisect_left

from stance.gazetteer import Entry
from stance.phrases import Phrase, Words

FAR = 16
"""Words that an apposition may have."""

NEAR = 5
"""Words behind a role among which the place may stand that it is of."""


def apposed(words: Words, phrase: Phrase) -> Entry | None:
    """What an apposition tells: ``Serbia's envoy, X, said``, ``X, one of the leaders of the Serbian List, said``."""
    outset, at = _outset(words, phrase), bisect_left(words.phrases, phrase.first, key=lambda one: one.first)
    for other in words.phrases[max(0, at - 1) : at + FAR + 2]:
        before = other.last + 1 == outset and words.words[other.last] == ","
        inside = words.words[phrase.last : phrase.last + 1] == [","] and 0 < other.first - phrase.last <= FAR
        if other is phrase or not (before or inside):
            continue
        entry = other.entry or (owner(words, other) if other.role and owned(words, other) else None)
        if not entry or entry.relays:
            continue
        if before and (not phrase.role if other.role else entry.kind == "people" and phrase.role):
            return entry
        if other.entry and inside and _one(words, phrase, other):
            return entry
    return None


def _outset(words: Words, phrase: Phrase) -> int:
    """Where a phrase begins with its article."""
    first = phrase.first
    while words.is_in("determiners", first - 1) or (words.lang == "sq" and words.is_in("joins", first - 1)):
        first -= 1
    return first


def _one(words: Words, phrase: Phrase, other: Phrase) -> bool:
    """Whether the clause behind a comma that holds ``other`` tells who ``phrase`` is: it begins with a role or a relative and is closed."""
    between = range(phrase.last + 1, other.first)
    if any(words.words[at] in ",;:" or words.quoted[at] or words.weight(at) for at in between):
        return False
    named = bool(other.role) or any(words.role(at) for at in between)
    parted = other.entry is not None and (bool(phrase.role) or other.entry.kind != "people" or bool(other.role))
    closed = words.words[other.last : other.last + 1] in ([","], ["."], [])
    return named and parted and (closed or "," in words.words[other.last : other.last + FAR])


def nearby(words: Words, phrase: Phrase) -> Entry | None:
    """The place or body that a role is of or from, behind the phrase or at the start: ``mayor of a village | near Suhareka``, ``In Rome, the minister``."""
    if not phrase.role:
        return None
    start = next((at for at in range(1, min(4, phrase.first)) if words.entries[at]), 0)
    opening = words.entries[start] if start and words.is_in("places", 0) and not words.is_in("indefinite", phrase.first - 1) else None
    if opening and opening.kind == "places":
        return opening
    led = words.is_in("places", phrase.last) or (words.lang == "sr" and words.is_in("indefinite", phrase.last))
    if not led and words.plain[phrase.last : phrase.last + 1] != ["of"]:
        return None
    for at in range(phrase.last + 1, min(phrase.last + NEAR, len(words.words))):
        entry = words.entries[at]
        if entry or words.weight(at) or words.quoted[at] or not words.words[at][0].isalpha():
            return entry if entry and entry.kind != "people" else None
    return None


def owned(words: Words, phrase: Phrase) -> bool:
    """Whether a phrase belongs to somebody named before: ``its spokesman``, ``zëdhënësi i tij``."""
    before = phrase.first - 1
    while words.ordinary(before) or words.plain[before : before + 1] == ["own"]:
        before -= 1
    return words.is_in("owning", before) or any(words.is_in("owning", at) for at in range(phrase.last, phrase.last + 2))


def owner(words: Words, phrase: Phrase) -> Entry | None:
    """The nearest known phrase before an owned one."""
    return next((other.entry for other in reversed(words.phrases) if other.entry and other.last <= phrase.first), None)
