from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import split
from stance.voice import FAR, QUOTED, inside, quoted_share

MARKS = [
    ('"', '"'),
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("«", "»"),
    ("»", "«"),
    ("”", "”"),
    ("‘", "’"),
    ("'", "'"),
    ("‚", "‘"),
    ("‹", "›"),
    ("``", "''"),
]


def quoted(text: str) -> list[bool]:
    spans = list(split(text))
    marked = inside(text, spans)
    return [quoted_share(text[start:end], marked[start:end]) >= QUOTED for start, end in spans]


def words(text: str) -> str:
    """What stands inside marks, the whole text being one sentence."""
    return "".join(character for character, marked in zip(text, inside(text, [(0, len(text))]), strict=True) if marked)


@pytest.mark.parametrize(("opening", "closing"), MARKS)
def test_every_kind_of_mark(opening: str, closing: str) -> None:
    assert quoted(f"{opening}Nobody asked us.{closing}") == [True]
    assert words(f"{opening}Nobody asked us,{closing} the mayor told reporters outside.") == "Nobody asked us,"


@pytest.mark.parametrize(
    "text",
    [
        "It’s the Serbs’ own word for the Albanians’ homes.",
        'He bought a 5" gun and a 12" map.',
        "Talks - the third this year - broke down – again.",
        "- a bullet in a list",
    ],
)
def test_apostrophes_inches_and_dashes_open_nothing(text: str) -> None:
    assert words(text) == ""


def test_closing_apostrophes_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    finditer = re.finditer
    monkeypatch.setattr(re, "finditer", lambda pattern, text: read.append(len(text)) or finditer(pattern, text))
    text = "'a " * 2000
    assert not any(inside(text, [(0, len(text))]))
    assert sum(read) == len(text)


@pytest.mark.parametrize(("between", "closed"), [("", True), ("\n", False), ("a" * FAR, False)])
def test_an_apostrophe_opens_what_closes_near_its_sentence(between: str, closed: bool) -> None:
    text = f"'Nobody came. {between} No.', he said."
    assert any(inside(text, [(0, 13)])) is closed


def test_closing_marks_that_nothing_opened_reach_back_together() -> None:
    assert words("One.” two.” three") == "One.” two."


def test_a_dash_opens_a_quotation_with_its_tag() -> None:
    assert words("– Neće proći – rekao je poslanik, ustajući.").strip() == "Neće proći"
    assert words("- Nema dogovora, - tha zyrtari.").strip() == "Nema dogovora,"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028"])
def test_a_quotation_runs_on_within_its_paragraph_only(line_break: str) -> None:
    assert quoted(f"He said: “We waited for a year.{line_break}The talks then went on without any of them.")[-1] is False


@pytest.mark.parametrize(("opening", "closing"), [('"', '"'), ("“", "”"), ("„", "“"), ("«", "»")])
def test_a_paragraph_that_opens_again_is_quoted(opening: str, closing: str) -> None:
    text = f"{opening}We waited for a whole year.\n{opening}Nobody came to see us.{closing} He left the room after that. The talks went on."
    assert quoted(text) == [True, True, False, False]


def test_a_closing_mark_that_nothing_opened_reaches_back_to_the_start_of_its_sentence() -> None:
    text = "Nobody came.” They left the room."
    assert bytes(inside(text, [(0, 13), (14, 33)])) == b"\1" * 12 + b"\0" * 21


@given(st.text(alphabet="ab. \"“”„«»‘’'‚‹›`–-\n", max_size=80))
def test_unbalanced_marks_never_raise_and_never_leave_their_paragraph(text: str) -> None:
    spans = list(split(text))
    marked = inside(text, spans)
    assert len(marked) == len(text)
    assert not any(marked[at] for at, character in enumerate(text) if character == "\n" and not any(start <= at < end for start, end in spans))


def test_line_breaks_inside_a_hard_wrapped_paragraph_do_not_end_a_quotation() -> None:
    said = ["The envoy rose and\nsaid: “They burned what stood.", "The world looked\naway.", "Nobody came to see us.", "And we will return.”"]
    text = "\n".join(said)
    starts = [text.index(sentence) for sentence in said]
    spans = [(start, start + len(sentence)) for start, sentence in zip(starts, said, strict=True)]
    marked = inside(text, spans)
    assert [quoted_share(text[start:end], marked[start:end]) for start, end in spans[1:]] == [1.0, 1.0, 1.0]
