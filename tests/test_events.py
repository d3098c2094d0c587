from __future__ import annotations

import time

import numpy as np
import pytest

from benchmarks.events import joined, news, rates, same
from stance.events import SPAN, events
from stance.sample import Entry
from stance.words import words

ATTACK = "Gunmen storm monastery in Banjska after killing a police sergeant"
SIEGE = "Police sergeant killed near Banjska, gunmen hold monastery"
PLATES = "Drivers remove plates with Serbian abbreviations at the border crossing"


def entry(outlet: str, title: str, date: str, event: str = "") -> Entry:
    return Entry(outlet, f"{outlet}{title}{date}", title, date, event, True, frozenset(word for word in words(title) if len(word) > 2))


def found(entries: list[Entry]) -> list[set[str]]:
    return [{entries[number].outlet for number in group} for group in events(entries)]


def test_same_news_of_the_same_days() -> None:
    entries = [entry("A", ATTACK, "2023-09-24"), entry("B", SIEGE, "2023-09-25"), entry("C", PLATES, "2023-09-24"), entry("D", PLATES, "2023-09-26")]
    assert found(entries) == [{"A", "B"}, {"C", "D"}]
    assert [{entries[::-1][number].outlet for number in group} for group in events(entries[::-1])] == [{"A", "B"}, {"C", "D"}]


@pytest.mark.parametrize("date", ["2023-09-27", "2023-09", ""])
def test_other_days_are_other_news(date: str) -> None:
    entries = [entry("A", ATTACK, "2023-09-24"), entry("B", SIEGE, date), entry("C", PLATES, "2023-09-24"), entry("D", PLATES, "2023-09-24")]
    assert found(entries) == [{"C", "D"}]


def test_named_events_are_believed() -> None:
    entries = [
        entry("A", ATTACK, "2023-09-24", "x"),
        entry("B", PLATES, "2024-01-01", "x"),
        entry("C", SIEGE, "2023-09-24", "y"),
        entry("D", SIEGE, "2023-09-24"),
    ]
    assert found(entries) == [{"A", "B"}]


def test_one_outlet_alone_is_no_event() -> None:
    assert events([entry("A", ATTACK, "2023-09-24"), entry("A", SIEGE, "2023-09-24")]) == []


def test_few_articles_all_on_one_event() -> None:
    """What all of a small corpus share is its news; what tells two of its articles apart still counts."""
    one = [entry(outlet, title, "2023-09-24") for outlet, title in zip("ABCD", (ATTACK, SIEGE, ATTACK, SIEGE), strict=True)]
    assert found(one) == [{"A", "B", "C", "D"}]
    assert found(one[:2]) == [{"A", "B"}]
    assert found([one[0], entry("B", PLATES.replace("the border", "Banjska"), "2023-09-24")]) == []


def test_an_event_lasts_a_week() -> None:
    """News told anew every day for ten days: a second event begins."""
    entries = [entry(outlet, ATTACK, f"2023-09-{day:02}") for day in range(1, 11) for outlet in "AB"]
    groups = events(entries)
    assert [len(group) for group in groups] == [2 * SPAN, 2 * (10 - SPAN)]


def test_a_busy_day_takes_little() -> None:
    """1,200 articles of one day on 150 events: nothing is summed anew for every article and event."""
    generator = np.random.default_rng(0)
    topics = [[f"w{word}" for word in generator.integers(20_000, size=40)] for _ in range(150)]
    entries = [
        Entry(f"O{n % 7}", f"{n:05}", "", "2023-09-24", "", True, frozenset([*generator.choice(topics[n % 150], 25).tolist(), f"c{n % 9}"]))
        for n in range(1200)
    ]
    start = time.process_time()
    groups = events(entries)
    assert time.process_time() - start < 3
    assert len(groups) == 150


def test_against_events_named_by_annotators() -> None:
    """English news pages: most pairs that are joined tell of one event, three in eight of those that do are joined."""
    pages, entries = news("en")
    found = rates(joined(entries), same(pages))
    assert found["precision"] >= 0.8
    assert found["recall"] >= 0.375
