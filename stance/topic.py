"""Whether an article deals with the dispute, by a short list of names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from stance.words import words

TERMS = Path(__file__).resolve().parent / "topic_terms.txt"

SHARE = 0.1
"""An article without a term in its title deals with the dispute when at least this share of its sentences holds one."""


@lru_cache(maxsize=1)
def terms() -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words, from the list."""
    lines = [line.strip() for line in TERMS.read_text(encoding="utf-8").splitlines()]
    entries = [line for line in lines if line and not line.startswith("#")]
    return frozenset(entry for entry in entries if not entry.endswith("*")), tuple(entry[:-1] for entry in entries if entry.endswith("*"))


def names_dispute(text: str) -> bool:
    """Whether a term stands in the text.

    >>> names_dispute("Vojnici KFOR-a kod Zvečana"), names_dispute("The minister opened a bakery.")
    (True, False)
    """
    whole, beginnings = terms()
    return any(word in whole or word.startswith(beginnings) for word in words(text))


def on_topic(title: str, sentences: Sequence[str]) -> bool:
    """Whether the title, or at least a tenth of the sentences, holds a term."""
    return names_dispute(title) or sum(map(names_dispute, sentences)) >= max(1, SHARE * len(sentences))
