from __future__ import annotations

import pytest

from stance.words import words


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Đorđe i Njegoš žive u Čačku", "Ђорђе и Његош живе у Чачку"),
        ("džep, ljubav, ćup, šuma, žaba", "џеп, љубав, ћуп, шума, жаба"),
        ("Priština", "Приштина"),
    ],
)
def test_both_scripts_are_one(latin: str, cyrillic: str) -> None:
    assert words(latin) == words(cyrillic)


def test_composed_and_decomposed_letters_are_one() -> None:
    assert words("Kosovë") == words("Kosove\u0308") == ["kosove"]
