from __future__ import annotations

from pathlib import Path

import pytest

from stance.gazetteer import Gazetteer, gazetteer, sounded
from stance.labels import Camp, StanceError


def names(text: str) -> list[str]:
    return [entry.name for _, _, entry in gazetteer().find(text.split())]


def test_enough_is_known() -> None:
    kinds = [entry.kind for entry in gazetteer().entries]
    assert kinds.count("people") >= 1000
    assert kinds.count("institutions") >= 250
    assert {entry.camp for entry in gazetteer().entries} == set(Camp) - {Camp.UNKNOWN}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Aleksandar Vučić", "Vucic Vučić Вучић Vuçiq Vučića Вучићу Vučićem Vuçiqi Vuçiqit Vuçiqin Vučićev VUČIĆ"),
        ("Albin Kurti", "Kurti Курти Kurtija Kurtiju Kurtijem Kurtit Kurtin Kurtijev Kurtijevom"),
        ("Hashim Thaçi", "Thaci Thaçi Tači Тачија Thaçit"),
        ("Ivica Dačić", "Dacic Daçiq Дачића Daçiqi"),
        ("Zoran Đinđić", "Djindjic Đinđić Ђинђића Gjingjiq"),
        ("Gabriel Escobar", "Escobar Eskobar Ескобара Eskobari"),
        ("KFOR", "KFOR Kfor КФОР Кфора KFOR-in KFOR-u"),
        ("Serbia", "Serbia Srbije Србије Serbisë srpski srpskog serbe"),
    ],
)
def test_spellings_and_cases(name: str, forms: str) -> None:
    for form in forms.split():
        assert names(form) == [name], form


def test_longer_names_and_linking_words() -> None:
    assert names("Departamentit të Shtetit") == names("Stejt departmenta") == ["State Department"]
    assert names("zyrtar i Shërbimit të Kancelarisë për Kosovë")[-1] == "Kosovo"
    assert names("the Office for Kosovo and Metohija said")[0] == "Office for Kosovo and Metohija"


def test_first_names_part_namesakes() -> None:
    assert names("Tomislav Nikolić") == ["Tomislav Nikolić"]
    assert names("Marko Nikolić") == ["Marko Nikolić"]
    assert names("Nasim Haradinaj") == ["Nasim Haradinaj"]
    assert names("Dejana Pantića") == ["Dejan Pantić"]


def test_a_namesake_is_not_whom_the_gazetteer_knows() -> None:
    assert names("Radmila Petrović") == names("Marko Rakić") == names("Енвер Хоџа") == []
    assert names("Aleksandër Vuçiqi") == names("Për Vuçiqin") == ["Aleksandar Vučić"]
    assert names("Michele Ristuccia") == ["Angelo Michele Ristuccia"]


def test_common_words_are_nobody() -> None:
    assert names("rame banka us danas beta žao mi je") == []
    assert names("Ali Srbija čeka") == ["Serbia"]
    assert names("Well") == names("Malo") == names("Shall") == names("Vlast") == names("Për") == names("Room") == names("Riga")[1:] == []


def test_words_that_open_sentences_are_no_names() -> None:
    assert names("Danas Kurti nije rekao ništa") == ["Albin Kurti"]
    assert names("“ Special envoy") == []
    assert names("piše Politika") == ["Politika"]


def test_posts() -> None:
    known = {entry.name: entry for entry in gazetteer().entries}
    assert known["Albin Kurti"].held("prime minister")
    assert not known["Albin Kurti"].held("minister")
    assert known["Ivica Dačić"].held("minister")
    assert not known["NATO"].held("president")


def test_camps_change_with_office() -> None:
    known = next(entry for entry in gazetteer().entries if entry.name == "Milo Đukanović")
    assert [known.camp_in(year) for year in (1999, 2020, None)] == [Camp.BELGRADE, Camp.OTHER, Camp.OTHER]
    assert all(1980 < office.first <= office.last for entry in gazetteer().entries for office in entry.offices)


def test_nobody_stands_there_twice() -> None:
    people = [sounded(entry.name) for entry in gazetteer().entries if entry.kind == "people"]
    assert len(people) == len(set(people))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[people.East]\n"A B" = {}\n', "people.East is no camp"),
        ('[people.Russian]\n"A B" = { office = ["since 2000"] }\n', "A B has the office 'since 2000'"),
    ],
)
def test_refusals(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StanceError, match=message):
        Gazetteer(path)
