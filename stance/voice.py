"""Which characters of a page stand inside quotation marks, and so which sentences are wholly somebody else's words."""

from __future__ import annotations

from collections.abc import Sequence

from stance.records import Span

CLOSERS = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"”'}
"""Closing marks by opening mark. “ closes what „ opened and opens otherwise. Single marks are apostrophes too often."""

QUOTED = 0.9
"""A sentence is a quotation when at least this share of its letters stands inside marks."""


def quotations(text: str, spans: Sequence[Span]) -> list[bool]:
    """For each sentence whether it is a quotation, also one that an earlier sentence opened.

    A quotation runs on until its closing mark, but not into a paragraph (a line of its own) that does not open with a mark
    again, so that an unbalanced mark never swallows a page.

    >>> text = 'He said: "We waited. Nobody came." They left.'
    >>> quotations(text, [(0, 20), (21, 34), (35, 45)])
    [False, True, False]
    """
    results = []
    opened = ""
    last = 0
    for start, end in spans:
        if opened and "\n" in text[last:start] and text[start] not in CLOSERS:
            opened = ""
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
        if opened and "\n" in text[end : end + 1] and text[end:].lstrip()[:1] not in CLOSERS:
            opened = ""
        last = end
        results.append(letters > 0 and inside >= QUOTED * letters)
    return results


def _inch(text: str, at: int) -> bool:
    """Whether a straight mark stands where only a closing one can, after a letter or digit: nothing is open, so skip it."""
    return text[at] == '"' and at > 0 and text[at - 1].isalnum()
