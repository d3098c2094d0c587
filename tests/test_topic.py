from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from annotations.dataset import Document, Sentence, read
from stance.topic import names_dispute, on_topic, terms

ELSEWHERE = [
    (
        "Budget passes in Ljubljana",
        ["The finance minister of Slovenia presented the budget.", "Deputies voted late at night.", "Taxes stay as they are."],
    ),
    ("Film festival opens", ["Sarajevo's festival opened with a comedy.", "Guests came from forty countries."]),
    ("Вода поскупљује", ["Градско веће Новог Сада повећава цену воде.", "Нова цена важи од маја."]),
    ("Çmimet e naftës bien", ["Nafta u lirua në tregjet botërore.", "Analistët presin rritje në vjeshtë."]),
]


@pytest.mark.parametrize(
    "text",
    [
        "KFOR-i shtoi patrullat",
        "na Kosovu i Metohiji",
        "на Косову",
        "Kosovar police",
        "talks in Prishtinë",
        "Zvečan",
        "Resolution 1244",
        "ish-luftëtarë të UÇK",
    ],
)
def test_terms_in_all_languages(text: str) -> None:
    assert names_dispute(text)


@pytest.mark.parametrize(("title", "sentences"), ELSEWHERE)
def test_other_news_are_off_the_topic(title: str, sentences: list[str]) -> None:
    assert not on_topic(title, sentences)


def test_passing_mention_is_not_enough() -> None:
    lines = ["Growth slows in the region."] * 14
    assert not on_topic("Economy", [*lines, "Kosovo's growth slows too."])
    assert on_topic("Economy of Kosovo", lines)
    assert on_topic("Economy", ["The mission said so.", "KFOR sent troops.", "They arrived on Monday."])
    assert not on_topic("", [])


def test_against_what_writers_said_of_real_pages(root: Path) -> None:
    """Pages of which their writers noted that they are off the topic, and all others, some of which are too; without their titles."""
    folder = root / "annotations"
    pages: dict[str, list[str]] = defaultdict(list)
    for row in read(Sentence, folder / "sentences.jsonl"):
        pages[row.group].append(row.text)
    found: dict[bool, list[bool]] = {True: [], False: []}
    for document in read(Document, folder / "documents.jsonl"):
        found["off-topic" not in document.event.casefold()].append(on_topic("", pages[document.document]))
    assert min(map(len, found.values())) >= 40
    assert sum(found[True]) >= 0.88 * len(found[True])
    assert sum(found[False]) <= 0.15 * len(found[False])


def test_list_is_in_the_spelling_of_words() -> None:
    from stance.words import words

    whole, beginnings = terms()
    assert all(words(term) == [term] for term in (*whole, *beginnings))
