"""Which characters of a page stand inside quotation marks, and so which sentences are wholly somebody else's words."""

from __future__ import annotations

from collections.abc import Sequence

from stance.records import BREAKS, Span

CLOSERS = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"”'}
"""Closing marks by opening mark. “ closes what „ opened and opens otherwise. Single marks are apostrophes too often."""

QUOTED = 0.9
"""A sentence is a quotation when at least this share of its letters stands inside marks."""


def quotations(text: str, spans: Sequence[Span]) -> list[bool]:
    """For each sentence whether it is a quotation, also one that an earlier sentence opened.

    A quotation runs on until its closing mark or the end of its paragraph (a line); one that goes on in the next paragraph opens
    with a mark again there. So an unbalanced mark never swallows a page.

    >>> text = 'He said: "We waited. Nobody came." They left.'
    >>> quotations(text, [(0, 20), (21, 34), (35, 45)])
    [False, True, False]
    """
    results = []
    opened = ""
    last = 0
    for start, end in spans:
        if any(character in BREAKS for character in text[last:start]):
            opened = ""  # a mark at the start of the new paragraph opens again
        inside = letters = 0
        for at in range(start, end):
            character = text[at]
            if opened and character in CLOSERS[opened]:
                opened = ""
            elif not opened and character in CLOSERS and not _inch(text, at):
                opened = character
            elif character.isalpha():
                letters += 1
                inside += bool(opened)
        last = end
        results.append(letters > 0 and inside >= QUOTED * letters)
    return results


def _inch(text: str, at: int) -> bool:
    """Whether a straight mark stands where only a closing one can, after a letter or digit: nothing is open, so skip it."""
    return text[at] == '"' and at > 0 and text[at - 1].isalnum()
