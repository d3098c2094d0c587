from __future__ import annotations

import unicodedata

import pytest

from stance import classify
from stance.spelling import plain


def test_signs_and_scripts_have_one_spelling() -> None:
    assert plain("„Куртијева полиција“ — ‘напад’") == "\"Kurtijeva policija\" – 'napad'"
    assert plain("Vučić met Haxhiu – “twice”") == 'Vucic met Haxhiu – "twice"'


@pytest.mark.parametrize(
    ("one", "others"),
    [
        ("Vučić spoke in Pristina, Kosovo.", ["Vuçiq spoke in Prishtina, Kosova.", "Vucic spoke in Priština, Kosovo."]),
        ("Đurić o Kosovskoj Mitrovici", ["Ђурић о Косовској Митровици"]),
        ("VUČIĆ U PRIŠTINI", ["VUCIC U PRISTINI", "ВУЧИЋ У ПРИШТИНИ"]),
        ("Vuçiqi në Prishtinë, Kosovë", ["Vucici në Prishtine, Kosove", "Vuçiçi në Prishtinë, Kosovë"]),
        ("Talks failed.", ["14 March 2023 - Talks failed.", "June 28, 2024 – Talks failed.", "5 Dec. | Talks failed.", "05.12. - Talks failed."]),
        (
            "Razgovori su propali.",
            ["2. oktobar 2021 - Razgovori su propali.", "05.12.2023. - Razgovori su propali.", "2. октобар - Razgovori su propali."],
        ),
        ("Bisedimet dështuan.", ["28 nëntor 2024 - Bisedimet dështuan.", "14 mars: Bisedimet dështuan."]),
    ],
)
def test_names_and_dates_have_one_spelling(one: str, others: list[str]) -> None:
    assert {plain(text) for text in others} == {plain(one)}


@pytest.mark.parametrize(
    "text",
    [
        "12 people - all of them Serbs - fled.",
        "On 14 March 2023 - a Tuesday - talks failed.",
        "14 March",
        "12 marines - all of them Serbs - fled.",
        "pažnja na severu",
    ],
)
def test_spelling_leaves_the_rest(text: str) -> None:
    assert plain(text) == text


def test_script_and_quotation_marks_do_not_change_the_score() -> None:
    same = ["Vučić je rekao „Kosovo je Srbija“.", "Вучић је рекао „Косово је Србија“.", "Vučić je rekao «Kosovo je Srbija»."]
    first, *others = classify(same)
    assert all(other.probabilities == first.probabilities and other.voice == first.voice for other in others)


def test_decomposed_letters_do_not_change_the_score() -> None:
    text = "The Kosovo minister Haradinaj said Vučić was wrong."
    one, other = classify([text, unicodedata.normalize("NFD", text)])
    assert other.text != one.text
    assert (other.probabilities, other.voice) == (one.probabilities, one.voice)
