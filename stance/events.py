"""Articles of several outlets on the same news."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from stance.sample import Entry

DAYS = 2
"""An article joins an event whose last article is at most so many days older."""

ALIKE = 0.13
"""Least cosine of an article with an event's mean article. Higher values join fewer of the articles on one event, lower ones more of different events
(``benchmarks/events.py``), all the more where a day has many articles."""

SPAN = 7
"""An event lasts at most so many days: another article like it opens a new one."""

COMMON, MANY = 0.2, 50
"""Words that stand in more than this share of the articles tell nothing, where there are at least so many articles to tell it by."""

KEYS = 16
"""Only events that hold one of so many of an article's heaviest words, of those that some event holds, are looked at."""


def day_of(text: str) -> date | None:
    """The day of an ISO 8601 date; ``None`` where the day is not known.

    >>> day_of("2023-05-29T10:00:00Z"), day_of("2023-05")
    (datetime.date(2023, 5, 29), None)
    """
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def events(entries: Sequence[Entry], alike: float = ALIKE) -> list[tuple[int, ...]]:
    """Groups of articles on the same news, those of at least two outlets, by date.

    Articles with an ``event`` are grouped by it. The others are taken by date, and each joins the event whose articles are most
    like it, if its last article is at most two days older and its first less than a week: cosine of title and first sentences, words weighted by how rare they
    are (TF-IDF), at least ``alike``; else it opens an event. An article without a day stays alone. Words are compared across both
    Serbian scripts, but not across languages: outlets of different languages meet only through an ``event`` column.
    """
    named: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if entry.event:
            named[entry.event].append(number)
    groups = [*named.values(), *_found(entries, alike)]
    several = [tuple(group) for group in groups if len({entries[number].outlet for number in group}) > 1]
    return sorted(several, key=lambda group: (min(entries[number].date for number in group), entries[group[0]].outlet, group))


def _found(entries: Sequence[Entry], alike: float) -> list[list[int]]:
    dated = [(day, entry.digest, number) for number, entry in enumerate(entries) if not entry.event and (day := day_of(entry.date))]
    weight = _weights([entries[number].lead for _, _, number in dated])
    found: list[_Event] = []
    holders: dict[str, list[_Event]] = defaultdict(list)
    for day, _, number in sorted(dated):
        vector = {word: weight[word] for word in sorted(entries[number].lead) if word in weight}
        near: dict[int, _Event] = {}
        for word in sorted((word for word in vector if word in holders), key=lambda word: (-vector[word], word))[:KEYS]:
            holders[word] = [event for event in holders[word] if event.takes(day)]
            near |= {event.number: event for event in holders[word]}
        cosine, _, best = max(((event.cosine(vector), -event.number, event) for event in near.values()), default=(0.0, 0, None))
        if best is None or cosine < alike:
            best = _Event(len(found), day)
            found.append(best)
        for word in best.add(number, day, vector):
            holders[word].append(best)
    return [event.members for event in found]


def _weights(leads: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much each word tells: the rarer, the more. In few articles all do, for what they share may be their news."""
    frequency = Counter(word for lead in leads for word in lead)
    most = COMMON * len(leads) if len(leads) >= MANY else len(leads)
    fewest = 2 if len(leads) >= MANY else 1
    return {word: math.log(1 + len(leads) / count) for word, count in frequency.items() if fewest <= count <= most}


class _Event:
    """Articles on the same news, and the sum of their word weights."""

    def __init__(self, number: int, day: date) -> None:
        self.number = number
        self.members: list[int] = []
        self._first = self._last = day
        self._sums: dict[str, float] = {}
        self._square = 0.0

    def takes(self, day: date) -> bool:
        """Whether an article of this day may join."""
        return (day - self._last).days <= DAYS and (day - self._first).days < SPAN

    def cosine(self, vector: Mapping[str, float]) -> float:
        """Cosine with the mean of the articles."""
        product = math.fsum(value * self._sums.get(word, 0.0) for word, value in vector.items())
        return product / math.sqrt(math.fsum(value * value for value in vector.values()) * self._square)

    def add(self, number: int, day: date, vector: Mapping[str, float]) -> list[str]:
        """Take an article in; the words that are new to the event."""
        new = [word for word in vector if word not in self._sums]
        for word, value in vector.items():
            before = self._sums.get(word, 0.0)
            self._sums[word] = before + value
            self._square += value * (2 * before + value)
        self.members.append(number)
        self._last = day
        return new
