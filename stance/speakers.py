"""Who is given as the source of an attributed sentence: the name or role as written, and the camp.

Rules over words instead of a parser: every reporting verb, ``according to`` and headline colon is a cue, every cue looks for the phrase that is its
subject, and the plainest cue wins. Lexicons stand in ``speech.toml``, names in ``gazetteer.toml``, what counts as a speaker in ``annotations/SPEAKERS.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stance.gazetteer import stem_of
from stance.labels import Camp, Voice
from stance.phrases import Phrase, Words, camp_of
from stance.records import Span, Speaker
from stance.voice import QUOTED, inside, quoted_share

UNTOLD = 0.7
"""A sentence without any cue of speech is attributed from this probability on. Chosen on the validation split."""

REACH = 14
"""Words between a reporting verb and its subject, at most."""

QUOTES = frozenset("\"“”„«»‘’‹›'")
BREAK = frozenset(";:–—")


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that tells of speech, and its subject; ``phrase`` is ``None`` where the subject is a pronoun or missing."""

    weight: int
    at: int
    phrase: Phrase | None


def heard(text: str, spans: Sequence[Span], likely: Sequence[float], lang: str, year: int | None = None) -> list[tuple[Voice, Speaker | None]]:
    """The voice of each sentence, and the speaker of each that is attributed (``None`` for the others and where nobody is found).

    A sentence is attributed where it is a quotation (``stance.voice``), where the classifier says so, and where it says so with
    less than ``UNTOLD`` only if a cue tells of speech. One that names nobody ("he added", a quotation that runs on) has the speaker of
    the sentence before, with an empty span at its start.

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
    return [memory.heard(Words(text[start:end], lang, marked[start:end]), start, probability) for (start, end), probability in zip(spans, likely, strict=True)]


def heard_after(previous: str, text: str, likely: float, lang: str) -> tuple[Voice, Speaker | None]:
    """``heard`` for one sentence, what stands before it being known as context only; offsets are into the sentence.

    >>> heard_after("“We waited for a year.", "Nobody came.", 0.1, "en")[0]
    <Voice.ATTRIBUTED: 'attributed'>
    """
    if not previous:
        return heard(text, [(0, len(text))], [likely], lang)[0]
    start = len(previous) + 1
    voice, speaker = heard(f"{previous} {text}", [(0, start - 1), (start, start + len(text))], [1.0, likely], lang)[1]
    return voice, replace(speaker, start=speaker.start - start, end=speaker.end - start) if speaker else None


class _Memory:
    """What earlier sentences told: the speaker before, and the camps of names and roles that came up ("the minister")."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.before: Speaker | None = None
        self.camps: dict[str, Camp] = {}

    def heard(self, words: Words, start: int, likely: float) -> tuple[Voice, Speaker | None]:
        """Voice and speaker of the next sentence, which begins at ``start``."""
        attributed = quoted_share(words.text, words.marked) >= QUOTED or likely >= UNTOLD or likely >= 0.5 and any(True for _ in cues_of(words))
        phrase = chosen(words) if attributed else None
        found: Speaker | None = None
        if phrase:
            first, last = words.span(phrase)
            found = Speaker(words.text[first:last], start + first, start + last, self._camp(words, phrase), phrase.name)
        elif attributed and self.before:
            found = replace(self.before, text="", start=start, end=start)
        self.before = found or self._subject(words)
        for earlier in words.phrases:
            if earlier.entry:
                self.camps |= dict.fromkeys(earlier.keys, camp_of(earlier, self.year))
        return (Voice.ATTRIBUTED if attributed else Voice.OWN), found

    def _camp(self, words: Words, phrase: Phrase) -> Camp:
        if phrase.entry:
            return camp_of(phrase, self.year)
        camp = next((self.camps[key] for key in reversed(phrase.keys) if key in self.camps), Camp.UNKNOWN)
        if camp is Camp.UNKNOWN and phrase.role:
            camp = self.before.camp if self.before else Camp.UNKNOWN
            if camp is Camp.UNKNOWN and phrase.role in words.lexicon.offices:
                camp = Camp.PRISTINA  # in an Albanian text an office without a country is Kosovo's
        return camp

    def _subject(self, words: Words) -> Speaker | None:
        """Whom a sentence without a speaker is about: its first phrase, where that has a camp."""
        first = words.phrases[0] if words.phrases else None
        return Speaker("", 0, 0, camp_of(first, self.year), first.name) if first and first.entry and first.first <= 2 and (first.role or first.entry.kind == "people") else None


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
        if source := _according(words, at):
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
        return words.plain[at + 1 : at + 2] == ["se"] and not words.is_in("impersonal", at) and not words.plain[at].endswith(("o", "la", "li", "le"))
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
    return Cue(5, 0, phrase) if phrase else None


def _according(words: Words, at: int) -> Cue | None:
    """``according to X``, ``in X's view``, ``prema rečima X``, ``sipas X``; ``For X, ...`` at the start."""
    for phrase in words.lexicon.according.get(words.plain[at], ()):
        if tuple(words.plain[at : at + len(phrase)]) == phrase:
            after = at + len(phrase)
            held = words.is_in("held", after) or words.is_in("held", after + 1)
            if not words.phrase_at(after):
                after += words.is_in("held", after) or 2 * words.is_in("held", after + 1)
            if phrase == ("po",) and not held and not (at == 0 or words.words[at - 1] == ","):
                return None
            source = _at(words, after)
            if source and phrase in (("po",), ("prema",)) and not held and not (source.proper and (at == 0 or words.words[at - 1] == ",")):
                return None
            document = any(stem_of(word) in words.lexicon.documents for word in words.plain[after : after + 3])
            if document and not source:  # according to a report by X
                issuer = next((by for by in range(after, after + 7) if words.is_in("by", by)), None)
                source = _at(words, issuer + 1) if issuer else None
            if source or words.is_in("pronouns", after) or held or document:
                return Cue(4, at, source)
    if words.lang == "en" and words.plain[at] == "in":
        source = _at(words, at + 1)
        if source and words.genitive[source.last - 1] and words.is_in("held", source.last):
            return Cue(4, at, source)
        if words.plain[at + 1 : at + 2] in (["his"], ["her"], ["their"], ["its"]) and words.is_in("held", at + 2):
            return Cue(4, at, None)
    if at == 0 and words.is_in("opening", at):
        source = _at(words, 1)
        if source and words.words[source.last : source.last + 1] == [","]:
            return Cue(2, at, source)
    return None


def _at(words: Words, at: int) -> Phrase | None:
    """The phrase that begins at ``at``, articles and linking words skipped."""
    while words.is_in("determiners", at) or words.lang == "sq" and words.is_in("joins", at):
        at += 1
    return words.phrase_at(at)


def _subject(words: Words, verb: int) -> tuple[Phrase | None, bool]:
    """A verb's subject, and whether it is told at all (a pronoun is told, but no phrase)."""
    before = verb - 1
    while before >= 0 and words.is_in("light", before) and not words.is_in("conjunctions", before):
        before -= 1
    tagged = before < 0 or words.words[before] in QUOTES or words.words[before] in ",–—-" or words.quoted[before]
    if tagged and (found := _behind(words, verb)):
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
        if words.is_in("pronouns", at) or not words.words[at][0].isalpha() or words.lang == "en" and not words.is_in("light", at):
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
    at = phrase.first - 1
    while words.is_in("determiners", at):
        at -= 1
    earlier = next((other for other in words.phrases if other.last == at), None) if words.is_in("conjunctions", at) else None
    return _first_of(words, earlier) if earlier else phrase
