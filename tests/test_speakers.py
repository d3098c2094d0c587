"""Speakers in all three languages; every sentence is composed for this test."""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.cues import chosen
from stance.labels import CAMPS, Camp, Voice
from stance.lexicon import lexicons
from stance.phrases import Words
from stance.speakers import TOLD, UNTOLD, heard, heard_after
from stance.voice import inside

NAMED = [
    ("en", "The road stays shut, Serbian President Aleksandar Vucic said.", "Serbian President Aleksandar Vucic", Camp.BELGRADE),
    ("en", "Petar Petkovic, who heads the Office, said on Friday that talks had failed.", "Petar Petkovic", Camp.BELGRADE),
    ("en", "The head of the mission, Farid Zarif, warned both sides.", "Farid Zarif", Camp.WESTERN),
    ("en", "According to the Russian foreign ministry, the vote was void.", "Russian foreign ministry", Camp.RUSSIAN),
    ("en", "In Kurti's view the paper is dead.", "Kurti", Camp.PRISTINA),
    ("en", "Osmani: No talks this week", "Osmani", Camp.PRISTINA),
    ("en", "The deal was denounced by the Chinese ambassador.", "Chinese ambassador", Camp.OTHER),
    ("en", "“Nobody asked us,” said the mayor of Leposavic.", "mayor of Leposavic", Camp.BELGRADE),
    ("en", "A State Department report found that both had stalled.", "State Department", Camp.WESTERN),
    ("en", "The minister, who came late, told Reuters that the road stays shut.", "minister", Camp.UNKNOWN),
    ("en", "The shop was closed, Tanjug reported.", "Tanjug", Camp.BELGRADE),
    ("en", "A waiter reported that nobody paid.", "waiter", Camp.UNKNOWN),
    ("sr", "Sporazum je mrtav, rekao je ministar spoljnih poslova Srbije.", "ministar spoljnih poslova Srbije", Camp.BELGRADE),
    ("sr", "„Нико нас није питао“, поручио је Вучић.", "Вучић", Camp.BELGRADE),
    ("sr", "Prema rečima portparola NATO-a, mandat ostaje isti.", "portparola NATO-a", Camp.WESTERN),
    ("sr", "Dogovora nema, poručio je u Njujorku šef ruske diplomatije.", "šef ruske diplomatije", Camp.RUSSIAN),
    ("sr", "Po Kurtiju, sever će čekati.", "Kurtiju", Camp.PRISTINA),
    ("sr", "Nacrt je gotov, kažu u Briselu.", "Briselu", Camp.WESTERN),
    ("sq", "Nuk ka marrëveshje, tha kryeministri i Kosovës.", "kryeministri i Kosovës", Camp.PRISTINA),
    ("sq", "Sipas Vuçiqit, takimi dështoi.", "Vuçiqit", Camp.BELGRADE),
    ("sq", "Zëdhënësi i KFOR-it njoftoi se rruga është e hapur.", "Zëdhënësi i KFOR-it", Camp.WESTERN),
    ("sq", "Qeveria serbe e akuzoi Prishtinën për vonesë.", "Qeveria serbe", Camp.BELGRADE),
    ("sq", "Kryeministri tha se dera mbetet e hapur.", "Kryeministri", Camp.PRISTINA),
    ("en", "The police said that nobody was hurt.", "police", Camp.PRISTINA),
    ("en", "The Serbian List will run alone, its spokesman said.", "spokesman", Camp.BELGRADE),
    ("en", "Spain will wait, its deputy prime minister, Ana Perez, said.", "Ana Perez", Camp.WESTERN),
    ("en", "Jovan Simonov, a deputy of the Serbian List, said the road was shut.", "Jovan Simonov", Camp.BELGRADE),
    ("en", "“Nobody came,” said the mayor of a village near Suhareka.", "mayor of a village near Suhareka", Camp.PRISTINA),
    ("sr", "U Beogradu je ministar rekao da dogovora nema.", "ministar", Camp.BELGRADE),
    ("sr", "Nastavnica iz Prizrena dodaje da je škola prazna.", "Nastavnica iz Prizrena", Camp.PRISTINA),
    ("sr", "Rezultat je saopštio predsednik Srbije.", "predsednik Srbije", Camp.BELGRADE),
    ("sr", "Da je gotovo, rekao je za „Novosti“ vladika.", "vladika", Camp.BELGRADE),
    ("sr", "Ali premijer tvrdi da je kraj.", "premijer", Camp.PRISTINA),
    ("sq", "Sipas kryetarit, rruga është e hapur.", "kryetarit", Camp.PRISTINA),
    ("sq", "Për Vuçiqin foli misioni i Kosovës.", "misioni i Kosovës", Camp.PRISTINA),
]


PIECES = [
    *"abiu .,:;\"“”„'’–-AKV\n",
    "said ",
    "Kurti",
    " the ",
    "tha ",
    "rekao je ",
    "'s ",
    "Вучић",
    " prema ",
    " minister ",
    "\u030c",
    " \u0301 ",
    "c\u0301",
]


@pytest.mark.parametrize(("lang", "text", "span", "camp"), NAMED)
def test_who_speaks(lang: str, text: str, span: str, camp: Camp) -> None:
    voice, speaker = heard_after("", text, 1.0, lang)
    assert voice is Voice.ATTRIBUTED
    assert speaker is not None
    assert (speaker.text, speaker.camp) == (span, camp)
    assert text[speaker.start : speaker.end] == speaker.text


@pytest.mark.parametrize(("lang", "text", "span", "camp"), NAMED)
def test_decomposed_letters_change_nothing(lang: str, text: str, span: str, camp: Camp) -> None:
    voice, speaker = heard_after("", unicodedata.normalize("NFD", text), 1.0, lang)
    assert voice is Voice.ATTRIBUTED
    assert speaker is not None
    assert (speaker.text, speaker.camp) == (unicodedata.normalize("NFD", span), camp)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "He said that Kosovo had waited."),
        ("sr", "Navodi se da je Priština čekala."),
        ("sr", "Srbija će, rekao je, čekati."),
        ("sq", "Thuhet se Beogradi priti."),
    ],
)
def test_a_pronoun_or_nobody_is_no_speaker(lang: str, text: str) -> None:
    assert heard_after("", text, 1.0, lang) == (Voice.ATTRIBUTED, None)


def test_the_speaker_is_carried_on_with_an_empty_span() -> None:
    text = "Lavrov said the West had failed. “It will fail again.” He added that talks were over. Snow fell."
    spans = [(0, 32), (33, 54), (55, 85), (86, 96)]
    found = heard(text, spans, [0.9, 0.1, 0.9, 0.1], "en")
    assert [voice for voice, _ in found] == [Voice.ATTRIBUTED] * 3 + [Voice.OWN]
    assert [speaker and (speaker.text, speaker.start, speaker.camp) for _, speaker in found] == [
        ("Lavrov", 0, Camp.RUSSIAN),
        ("", 33, Camp.RUSSIAN),
        ("", 55, Camp.RUSSIAN),
        None,
    ]


def test_a_role_takes_the_camp_that_it_had_before() -> None:
    text = "The Serbian minister arrived late. KFOR said nothing. The minister said the road was shut."
    speaker = heard(text, [(0, 34), (35, 53), (54, 90)], [0.1, 0.9, 0.9], "en")[2][1]
    assert speaker is not None
    assert (speaker.text, speaker.camp) == ("minister", Camp.BELGRADE)


@pytest.mark.parametrize(
    ("lang", "first", "second", "camp"),
    [
        ("en", "Serbian President Aleksandar Vučić said talks failed.", "An analyst said he was wrong.", Camp.UNKNOWN),
        ("en", "Serbian President Aleksandar Vučić said talks failed.", "The analyst said he was wrong.", Camp.UNKNOWN),
        ("en", "Serbian President Aleksandar Vučić said talks failed.", "A president said he was wrong.", Camp.UNKNOWN),
        ("en", "Serbian President Aleksandar Vučić said talks failed.", "The president said he was right.", Camp.BELGRADE),
        ("en", "Serbian President Aleksandar Vučić said talks failed.", "He said nobody came.", Camp.BELGRADE),
        ("en", "Albin Kurti arrived late.", "The prime minister said talks failed.", Camp.PRISTINA),
        ("en", "Aleksandar Vučić received Farid Zarif.", "The president said talks failed.", Camp.BELGRADE),
        ("en", "Cyprus set out its view.", "The government said nothing had changed.", Camp.WESTERN),
        ("en", "China repeated its view.", "A spokesperson said nothing had changed.", Camp.OTHER),
        ("sr", "Ministar Srbije je stigao.", "Dogovora nema, prema rečima ministra.", Camp.BELGRADE),
        ("sr", "Ministar Srbije je rekao da dogovora nema.", "Jedan ministar je rekao da ga ima.", Camp.UNKNOWN),
        ("sq", "Moti ishte i mirë.", "Një ministër tha se nuk ka marrëveshje.", Camp.UNKNOWN),
        ("sq", "Moti ishte i mirë.", "Ministri tha se nuk ka marrëveshje.", Camp.PRISTINA),
    ],
)
def test_a_role_alone_has_no_camp_but_one_it_was_named_with(lang: str, first: str, second: str, camp: Camp) -> None:
    speaker = heard(f"{first} {second}", [(0, len(first)), (len(first) + 1, len(first) + 1 + len(second))], [0.9, 0.9], lang)[1][1]
    assert speaker is not None
    assert speaker.camp is camp


def test_camps_by_year() -> None:
    text = "Djukanovic said the republic would wait."
    camps = [speaker.camp for year in (1999, 2020) for _, speaker in heard(text, [(0, len(text))], [1.0], "en", year) if speaker]
    assert camps == [Camp.BELGRADE, Camp.OTHER]


def test_doubtful_sentences_need_a_cue() -> None:
    between = (0.5 + UNTOLD) / 2
    assert heard_after("", "Kurti said the road was shut.", between, "en")[0] is Voice.ATTRIBUTED
    assert heard_after("", "The road to the north was shut on Friday.", between, "en")[0] is Voice.OWN
    assert heard_after("", "The road to the north was shut on Friday.", UNTOLD, "en")[0] is Voice.ATTRIBUTED


def guess(**shares: float) -> list[float]:
    """Probabilities of camps by name; what is left is ``unknown``."""
    given = {camp: shares.get(camp.value, 0.0) for camp in CAMPS}
    return list((given | {Camp.UNKNOWN: 1 - sum(given.values())}).values())


def test_the_classifier_tells_a_camp_where_names_and_roles_do_not() -> None:
    text = "Kurti said the road was shut. A farmer said nobody came. “We waited.” The road stayed shut."
    spans = [(0, 29), (30, 56), (57, 69), (70, 91)]
    told = heard(
        text,
        spans,
        [0.9, 0.9, 0.9, 0.1],
        "en",
        guesses=[guess(Russian=0.5, Pristina=0.4), guess(Belgrade=0.6), guess(Western=0.6), guess(Belgrade=1.0)],
    )
    assert [speaker.camp if speaker else None for _, speaker in told] == [Camp.PRISTINA, Camp.BELGRADE, Camp.WESTERN, None]
    _, alone = heard_after("", "“We waited.”", 1.0, "en", guess(Western=0.6))
    assert alone is not None
    assert (alone.text, alone.start, alone.end, alone.camp) == ("", 0, 0, Camp.WESTERN)
    assert heard_after("", "“We waited.”", 1.0, "en", guess(Western=0.4))[1] is None, "unknown is likelier"


@pytest.mark.parametrize(("times", "camp"), [(0.9, Camp.PRISTINA), (1.1, Camp.RUSSIAN)])
def test_a_sure_classifier_overrules_names_and_roles(times: float, camp: Camp) -> None:
    odds = times * math.exp(TOLD)
    speaker = heard_after("", "Kurti said the road was shut.", 1.0, "en", guess(Russian=odds / (1 + odds), Pristina=1 / (1 + odds)))[1]
    assert speaker is not None
    assert (speaker.text, speaker.camp) == ("Kurti", camp)
    alone = heard("Kurti spoke. The minister said so.", [(0, 12), (13, 34)], [1.0, 1.0], "en")[1][1]
    assert heard("Kurti spoke. The minister said so.", [(0, 12), (13, 34)], [1.0, 1.0], "en", guesses=[guess(Russian=1.0), ()])[1][1] == alone, (
        "a guess is not remembered"
    )


def test_what_the_classifier_leaves_beside_unknown_overrules_nothing() -> None:
    speaker = heard_after("", "Kurti said the road was shut.", 1.0, "en", guess(Russian=0.015))[1]
    assert speaker is not None
    assert speaker.camp is Camp.PRISTINA


def test_a_model_that_tells_no_camps_leaves_what_names_and_roles_tell() -> None:
    speaker = heard_after("", "Kurti said the road was shut.", 1.0, "en", guess())[1]
    assert speaker is not None
    assert speaker.camp is Camp.PRISTINA


def test_the_sentence_before_may_leave_a_quotation_open() -> None:
    assert heard_after("She said: „We waited.", "Nobody came.", 0.0, "en")[0] is Voice.ATTRIBUTED
    assert heard_after("She said: „We waited.“", "Nobody came.", 0.0, "en")[0] is Voice.OWN


def test_the_first_of_very_many_side_by_side_speaks() -> None:
    speaker = heard_after("", "the mayor " + "and the mayor " * 3000 + "said so.", 1.0, "en")[1]
    assert speaker is not None
    assert (speaker.text, speaker.start) == ("mayor", 4)


@pytest.mark.parametrize("lang", ["en", "sr", "sq"])
def test_verbs_and_roles_do_not_overlap(lang: str) -> None:
    lexicon = lexicons()[lang]
    assert not set(lexicon.weight) & (lexicon.words["pronouns"] | lexicon.words["determiners"] | lexicon.words["relatives"])
    assert lexicon.weight


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40), st.sampled_from(["en", "sr", "sq"]))
def test_any_text_can_be_read(text: str, lang: str) -> None:
    voice, speaker = heard_after("", text, 1.0, lang)
    assert voice is Voice.ATTRIBUTED
    assert speaker is None or text[speaker.start : speaker.end] == speaker.text
    phrase = chosen(Words(text, lang, inside(text, [(0, len(text))])))
    assert phrase is None or 0 <= phrase.first < phrase.last
