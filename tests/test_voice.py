from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.text import split
from stance.voice import quotations


def quoted(text: str) -> list[bool]:
    return quotations(text, list(split(text)))


def test_every_kind_of_mark() -> None:
    for opening, closing in [('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«")]:
        assert quoted(f"{opening}Nobody asked us.{closing}") == [True], opening
        assert quoted(f"{opening}Nobody asked us,{closing} the mayor told reporters outside.") == [False], opening


def test_a_quotation_runs_on_within_its_paragraph_only() -> None:
    for line_break in ("\n", "\r\n", "\u2028"):
        text = f"He said: “We waited for a year.{line_break}The talks then went on without any of them."
        assert quoted(text)[-1] is False


def test_a_paragraph_that_opens_again_is_quoted() -> None:
    for opening, closing in [('"', '"'), ("“", "”"), ("„", "“"), ("«", "»")]:
        text = f"{opening}We waited for a whole year.\n{opening}Nobody came to see us.{closing} He left the room after that. The talks went on."
        assert quoted(text) == [True, True, False, False], opening


@given(st.text(alphabet='ab. "“”„«»\n', max_size=80))
def test_unbalanced_marks_never_raise(text: str) -> None:
    spans = list(split(text))
    assert len(quotations(text, spans)) == len(spans)
