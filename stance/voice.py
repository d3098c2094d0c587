"""Which characters of a page stand inside quotation marks, and so which sentences are wholly somebody else's words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from stance.records import BREAKS, Span

CLOSERS = {
    **{"„": '“”"', "“": '”“"', "”": "”", "«": "»", "»": "«", '"': '"”', "``": ("''", '"', "”")},
    **{"‚": "‘’", "‘": "’", "‹": "›", "›": "‹", "'": "'", "’": "’", "–": "–", "—": "—", "-": "-"},
}
"""Closing marks by opening mark."""

MARK = re.compile(r"``|''|[\"“”„«»‘’‚‹›'–—-]")
APOSTROPHES = frozenset("'’‘‚")
DASHES = frozenset("–—-")
STOPS = ".,!?…"

FAR = 1000
"""Characters behind its sentence within which a quotation in apostrophes must close."""

BREAK = re.compile(rf"\r\n|[{BREAKS}]")
QUOTED = 0.9
"""A sentence is a quotation when at least this share of its letters stands inside marks."""


def inside(text: str, spans: Sequence[Span]) -> bytearray:
    """For each character of ``text`` 1 where it stands in a quotation, else 0, looking at the sentences in ``spans`` only.

    A quotation runs on until its closing mark or the end of its paragraph (a line); one that goes on in the next paragraph opens
    with a mark again there. A closing mark that nothing opened ends a quotation that began before: it reaches back to the start of its
    sentence. So an unbalanced mark never swallows a page. A dash opens a quotation at the start of a paragraph that has another one
    before its lower-case tag (``– Idemo – rekao je on.``).

    >>> text = "He said: “We waited. Nobody came.” They left."
    >>> "".join(character for character, quoted in zip(text, inside(text, [(0, 20), (21, 34), (35, 45)])) if quoted)
    'We waited.Nobody came.'
    """
    flags, closings = bytearray(len(text)), _Closings(text)
    opened, since, last = "", 0, 0
    wrapped = any(BREAK.search(text, start, end) for start, end in spans)  # then an empty line parts paragraphs
    for start, end in spans:
        fresh = not last or len(BREAK.findall(text, last, start)) > wrapped
        if fresh:
            opened = ""  # a mark at the start of the new paragraph opens again
        since = orphaned = start
        for match in MARK.finditer(text, start, end):
            mark, at = match[0], match.start()
            if opened:
                if mark in CLOSERS[opened] and _closes(text, at, match.end(), opened):
                    flags[since:at] = b"\1" * (at - since)
                    opened = ""
                    if mark in DASHES:
                        fresh = False
            elif _opens(text, (at, match.end()), (start, end), fresh, closings):
                opened, since = mark, match.end()
            elif mark in "”\"»''" and _orphan(text, at, match.end(), start, end):
                flags[orphaned:at] = b"\1" * (at - orphaned)
                orphaned = at
        if opened:
            flags[since:end] = b"\1" * (end - since)
        last = end
    return flags


def quoted_share(text: str, marked: bytearray) -> float:
    """Share of a text's letters that stand inside quotation marks, by what ``inside`` says of it.

    >>> text = "“Yes,” he said."
    >>> quoted_share(text, inside(text, [(0, len(text))]))
    0.3333333333333333
    """
    if not any(marked):
        return 0.0
    letters = [quoted for character, quoted in zip(text, marked, strict=True) if character.isalpha()]
    return sum(letters) / len(letters) if letters else 0.0


class _Closings:
    """Where apostrophes stand that can only close a quotation, behind punctuation: looked for once in a text, however many may open one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, list[int]] = {}

    def follow(self, mark: str, at: int, end: int) -> bool:
        """Whether one for ``mark`` comes between two places, before the paragraph ends."""
        closers = "".join(CLOSERS[mark])
        if closers not in self._found:
            self._found[closers] = [match.start() for match in re.finditer(rf"[{STOPS}][{closers}](?!\w)|[{BREAKS}]", self._text)]
        found = self._found[closers]
        following = bisect_left(found, at)
        return following < len(found) and found[following] < end - 1 and self._text[found[following]] not in BREAKS


def _opens(text: str, place: Span, span: Span, fresh: bool, closings: _Closings) -> bool:
    """Whether the mark at ``place`` can open a quotation: a word follows, none comes before; apostrophes and dashes need more."""
    (at, after), (start, end) = place, span
    mark = text[at:after]
    word_before = at > 0 and not text[at - 1].isspace() and text[at - 1] not in "([{–—-/\"“„«'‘"
    if mark in ("„", "“", "«", "``"):
        return not (mark == "“" and word_before and (after >= end or not text[after].isalnum()))
    if mark in DASHES:
        tag = re.compile(rf"\s{mark}\s*[^\W\d_A-ZČĆŠŽĐА-Ш]")
        return fresh and at == start and after < end and tag.search(text, after, end + 200) is not None
    if mark == "''" or word_before or after >= end or text[after].isspace():
        return False
    if mark in APOSTROPHES:
        return text[after].isalpha() and closings.follow(mark, after, end + FAR)
    return True


def _closes(text: str, at: int, after: int, opened: str) -> bool:
    """Whether a mark that may close what is open does so here; an apostrophe within or at the end of a plural does not."""
    following = text[after] if after < len(text) else " "
    if opened in DASHES:
        return text[at - 1].isspace() and following.isspace()
    if opened in APOSTROPHES:
        return not following.isalnum() and (text[at - 1] != "s" or following in STOPS)
    if opened == "“" and text[at] == "“":
        return not following.isalnum()
    return True


def _orphan(text: str, at: int, after: int, start: int, end: int) -> bool:
    """Whether a mark closes a quotation that opened before the text or was left open: it stands behind punctuation."""
    return at > start + 1 and text[at - 1] in STOPS and (after >= end or text[after].isspace())
