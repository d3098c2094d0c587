"""Articles of several outlets on the same news."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from stance.sample import Entry

DAYS = 2
"""An article joins an event whose last article is at most so many days older."""

ALIKE = 0.15
"""Least cosine of an article with an event's mean article."""

COMMON = 0.2
"""Words that stand in more than this share of the articles tell nothing."""


def day_of(text: str) -> date | None:
    """The day of an ISO 8601 date; ``None`` where the day is not known.

    >>> day_of("2023-05-29T10:00:00Z"), day_of("2023-05")
    (datetime.date(2023, 5, 29), None)
    """
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def events(entries: Sequence[Entry]) -> list[tuple[int, ...]]:
    """Groups of articles on the same news, those of at least two outlets, by date.

    Articles with an ``event`` are grouped by it. The others are taken by date, and each joins the event whose articles are most
    like it, if its last article is at most two days older: cosine of title and first sentences, words weighted by how rare they
    are (TF-IDF), at least ``ALIKE``; else it opens an event. An article without a day stays alone. Words are compared across both
    Serbian scripts, but not across languages: outlets of different languages meet only through an ``event`` column.
    """
    named: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if entry.event:
            named[entry.event].append(number)
    groups = [*named.values(), *_found(entries)]
    several = [tuple(group) for group in groups if len({entries[number].outlet for number in group}) > 1]
    return sorted(several, key=lambda group: (min(entries[number].date for number in group), entries[group[0]].outlet, group))


def _found(entries: Sequence[Entry]) -> list[list[int]]:
    dated = [(day, entry.digest, number) for number, entry in enumerate(entries) if not entry.event and (day := day_of(entry.date))]
    frequency = Counter(word for _, _, number in dated for word in entries[number].lead)
    weight = {
        word: math.log(len(dated) / count) for word, count in frequency.items() if 1 < count <= max(2, COMMON * len(dated)) and count < len(dated)
    }
    groups: list[list[int]] = []
    last: list[date] = []
    vectors: list[dict[str, float]] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for day, _, number in sorted(dated):
        vector = {word: weight[word] for word in entries[number].lead if word in weight}
        overlap: dict[int, float] = defaultdict(float)
        for word in sorted(vector):
            holders[word] = [group for group in holders[word] if (day - last[group]).days <= DAYS]
            for group in holders[word]:
                overlap[group] += vector[word] * vectors[group][word]
        cosine = {group: product / (_length(vector) * _length(vectors[group])) for group, product in overlap.items()}
        best = min(cosine, key=lambda group: (-cosine[group], group), default=-1)
        if best < 0 or cosine[best] < ALIKE:
            best = len(groups)
            groups.append([])
            vectors.append({})
            last.append(day)
        groups[best].append(number)
        last[best] = day
        for word in sorted(vector):
            if word not in vectors[best]:
                holders[word].append(best)
            vectors[best][word] = vectors[best].get(word, 0.0) + vector[word]
    return groups


def _length(vector: dict[str, float]) -> float:
    return math.sqrt(math.fsum(value * value for value in vector.values()))
