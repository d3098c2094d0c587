"""Who is given as the source of an attributed sentence: the name or role as written, and the camp.

Lexicons stand in ``speech.toml``, names in ``gazetteer.toml``, what counts as a speaker in ``annotations/SPEAKERS.md``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from stance.cues import chosen, cues_of
from stance.gazetteer import Entry
from stance.labels import CAMPS, Camp, Voice
from stance.phrases import Phrase, Words, camp_of
from stance.records import Span, Speaker
from stance.ties import apposed, nearby, owned, owner
from stance.voice import QUOTED, inside, quoted_share

LEAST = 0.5
"""Below this probability a sentence is attributed only if it is a quotation."""
UNTOLD = 0.65
"""A sentence without any cue of speech is attributed from this probability on. Chosen on the validation split."""
TOLD = 2.0
"""Log odds that a camp gains where names and roles tell it, over what the classifier gives it. The value of greatest likelihood on the validation split."""
LEAST_CAMP = 1e-3
"""Added to every probability of a camp, so that none is 0."""

Guess = Sequence[float]
"""The classifier's probabilities of a speaker's camps, in the order of ``CAMPS``; empty where it was not asked."""


def heard(
    text: str, spans: Sequence[Span], likely: Sequence[float], lang: str, year: int | None = None, *, guesses: Sequence[Guess] = ()
) -> list[tuple[Voice, Speaker | None]]:
    """The voice of each sentence, and the speaker of each that is attributed (``None`` for the others, and where neither anybody nor a camp is found).

    A sentence is attributed where it is a quotation (``stance.voice``), where the classifier says so, and where it says so with
    less than ``UNTOLD`` only if a cue tells of speech. One that names nobody ("he added", a quotation that runs on) has the speaker of
    the sentence before, with an empty span at its start. The camp is the likeliest by the classifier, once that which names and roles tell has gained ``TOLD``.

    Parameters
    ----------
    spans
        The sentences in order.
    likely
        The classifier's probability for each that it is attributed.
    lang
        ``en``, ``sr`` or ``sq``.
    year
        The article's, for people who changed camps.
    guesses
        The classifier's for each sentence; none if not given, which leaves what names and roles tell.

    Examples
    --------
    >>> text = 'Talks failed, Serbian President Aleksandar Vučić said on Monday. "Nobody came."'
    >>> for voice, speaker in heard(text, [(0, 64), (65, 79)], [0.9, 0.6], "en"):
    ...     print(voice, repr(speaker.text), speaker.camp, speaker.name)
    attributed 'Serbian President Aleksandar Vučić' Belgrade Aleksandar Vučić
    attributed '' Belgrade Aleksandar Vučić
    """
    marked = inside(text, spans)
    memory = _Memory(year)
    rows = list(zip(spans, likely, guesses or [()] * len(spans), strict=True))
    while rows and rows[-1][1] < LEAST and quoted_share(text[slice(*rows[-1][0])], marked[slice(*rows[-1][0])]) < QUOTED:
        rows.pop()  # in the author's voice, and nothing comes after it that it could tell something of
    told = [memory.heard(Words(text[start:end], lang, marked[start:end]), start, probability, guess) for (start, end), probability, guess in rows]
    return told + [(Voice.OWN, None)] * (len(spans) - len(rows))


def heard_among(
    before: Sequence[str], texts: Sequence[str], likely: Sequence[float], lang: str, guesses: Sequence[Guess]
) -> list[tuple[Voice, Speaker | None]]:
    """``heard`` for sentences that follow each other, what stands ``before`` them being known as context only; offsets are into the sentence."""
    whole = [*before, *texts]
    starts = list(accumulate((len(text) + 1 for text in whole), initial=0))
    spans = [(start, start + len(text)) for start, text in zip(starts, whole, strict=False)]
    known, given = [*[1.0] * len(before), *likely], [*[()] * len(before), *guesses]
    told = heard(" ".join(whole), spans, known, lang, guesses=given)[len(before) :]
    return [
        (voice, replace(speaker, start=speaker.start - start, end=speaker.end - start) if speaker else None)
        for start, (voice, speaker) in zip(starts[len(before) :], told, strict=False)
    ]


def heard_after(previous: str, text: str, likely: float, lang: str, guess: Guess = ()) -> tuple[Voice, Speaker | None]:
    """``heard_among`` for one sentence.

    >>> heard_after("“We waited for a year.", "Nobody came.", 0.1, "en")[0]
    <Voice.ATTRIBUTED: 'attributed'>
    """
    return heard_among([previous] if previous else [], [text], [likely], lang, [guess])[0]


def likeliest(told: Camp, guess: Guess) -> Camp:
    """The camp by what names and roles tell and by the classifier's probabilities; never ``unknown`` where the former tell one.

    >>> str(likeliest(Camp.BELGRADE, [0.1, 0.6, 0.2, 0.0, 0.0, 0.1])), str(likeliest(Camp.UNKNOWN, [0.1, 0.6, 0.2, 0.0, 0.0, 0.1]))
    ('Belgrade', 'Pristina')
    """
    if told is Camp.UNKNOWN:
        return max(zip(guess, CAMPS, strict=True), key=lambda pair: pair[0])[1]
    scores = [(math.log(probability + LEAST_CAMP) + TOLD * (camp is told), camp) for probability, camp in zip(guess, CAMPS, strict=True)]
    best = max(scores, key=lambda pair: pair[0])[1]
    return told if best is Camp.UNKNOWN else best


class _Memory:
    """What earlier sentences told: the speaker before, people, and the camps of names and roles that came up ("the minister")."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.before: Speaker | None = None
        self.context = Camp.UNKNOWN
        self.camps: dict[str, Camp] = {}
        self.people: dict[str, Entry] = {}

    def heard(self, words: Words, start: int, likely: float, guess: Guess) -> tuple[Voice, Speaker | None]:
        """Voice and speaker of the next sentence, which begins at ``start``."""
        attributed = quoted_share(words.text, words.marked) >= QUOTED or likely >= UNTOLD or (likely >= LEAST and any(True for _ in cues_of(words)))
        phrase = chosen(words) if attributed else None
        self._note(words)
        found: Speaker | None = None
        if phrase:
            first, last = words.span(phrase)
            found = Speaker(words.text[first:last], start + first, start + last, self._camp(words, phrase), phrase.name)
            self._keep(phrase, found.camp)
        elif attributed and self.before:
            found = replace(self.before, text="", start=start, end=start)
        self.before = found or self._subject(words)
        self.context = self.before.camp if self.before and self.before.camp is not Camp.UNKNOWN else self._scene(words)
        if attributed and guess:  # after the memory is kept: the rules build on no guess
            camp = likeliest(found.camp if found else Camp.UNKNOWN, guess)
            found = replace(found, camp=camp) if found else Speaker("", start, start, camp) if camp is not Camp.UNKNOWN else None
        return (Voice.ATTRIBUTED if attributed else Voice.OWN), found

    def _note(self, words: Words) -> None:
        """Keep the people of a sentence, and the camps of its names and roles, appositions included."""
        for phrase in words.phrases:
            if entry := phrase.entry or apposed(words, phrase):
                self._keep(phrase, entry.camp_in(self.year))
                if entry.kind == "people":
                    self.people.pop(entry.name, None)
                    self.people[entry.name] = entry

    def _keep(self, phrase: Phrase, camp: Camp) -> None:
        if camp is not Camp.UNKNOWN:
            self.camps |= dict.fromkeys(phrase.keys, camp)

    def _camp(self, words: Words, phrase: Phrase) -> Camp:
        entry = phrase.entry or apposed(words, phrase) or nearby(words, phrase)
        if entry:
            return entry.camp_in(self.year)
        named = [self.camps[key] for key in phrase.keys if key != phrase.role and key in self.camps]
        anew = words.indefinite(phrase) and words.lexicon.posts.get(phrase.role) != "spokesperson"  # "a minister" is not the one before
        if named or anew:
            return named[-1] if named else Camp.UNKNOWN
        told = self._unnamed(words, phrase) if phrase.keys == (phrase.role,) else Camp.UNKNOWN
        if told is not Camp.UNKNOWN:
            return told
        roles = map(words.lexicon.role, words.plain[phrase.first : phrase.last])
        return next((words.lexicon.homes[role] for role in (phrase.role, *roles) if role in words.lexicon.homes), Camp.UNKNOWN)

    def _unnamed(self, words: Words, phrase: Phrase) -> Camp:
        """The camp of a role without a name: whose it is, who held it on the page, and for an office whom the page is about just now."""
        if owned(words, phrase):
            lord = owner(words, phrase)
            return lord.camp_in(self.year) if lord else self.context
        post = words.lexicon.post(words.plain[phrase.first : phrase.last])
        holder = next((entry for entry in reversed(self.people.values()) if post and entry.held(post)), None)
        if holder:
            return holder.camp_in(self.year)
        open_office = phrase.role in words.lexicon.offices and phrase.role not in words.lexicon.homes
        return self.camps.get(phrase.role, self.context if open_office else Camp.UNKNOWN)

    def _subject(self, words: Words) -> Speaker | None:
        """Whom a sentence without a speaker is about: its first phrase, where that has a camp."""
        first = words.phrases[0] if words.phrases else None
        if first is None or first.entry is None or first.first > 2 or not (first.role or first.entry.kind == "people"):
            return None
        return Speaker("", 0, 0, camp_of(first, self.year), first.name)

    def _scene(self, words: Words) -> Camp:
        """The camp that all names of a sentence have, where it begins with one or tells of no speech."""
        known = [phrase for phrase in words.phrases if phrase.entry]
        if len({camp_of(phrase, self.year) for phrase in known}) != 1:
            return Camp.UNKNOWN
        begins = known[0] is words.phrases[0] and known[0].first <= 3
        return camp_of(known[0], self.year) if begins or not any(True for _ in cues_of(words)) else Camp.UNKNOWN
