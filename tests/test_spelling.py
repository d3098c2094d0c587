from __future__ import annotations

import unicodedata

from stance import classify
from stance.spelling import plain


def test_signs_and_scripts_have_one_spelling() -> None:
    assert plain("„Куртијева полиција“ — ‘напад’") == "\"Kurtijeva policija\" – 'napad'"
    assert plain("Vučić met Haxhiu – “twice”") == 'Vučić met Haxhiu – "twice"'


def test_script_and_quotation_marks_do_not_change_the_score() -> None:
    same = ["Vučić je rekao „Kosovo je Srbija“.", "Вучић је рекао „Косово је Србија“.", "Vučić je rekao «Kosovo je Srbija»."]
    first, *others = classify(same)
    assert all(other.probabilities == first.probabilities and other.voice == first.voice for other in others)


def test_decomposed_letters_do_not_change_the_score() -> None:
    text = "The Kosovo minister Haradinaj said Vučić was wrong."
    one, other = classify([text, unicodedata.normalize("NFD", text)])
    assert other.text != one.text
    assert (other.probabilities, other.voice) == (one.probabilities, one.voice)
