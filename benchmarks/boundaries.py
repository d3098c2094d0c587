"""The boundary cases of ``tests/boundaries.jsonl``, and how many boundaries a splitter finds.

Every case is a short text in its sentences (``parts``, white space at the end of the part before), judged before any splitter was run on it, as follows.
A sentence ends with . ! ? or … and what closes with it, where the next begins anew, and always at the end of a paragraph. Within a quotation
sentences count too; the clause that reports a quotation belongs to the sentence beside it, also after a question mark. Colons and semicolons end
nothing. A list item is a sentence, its number or bullet included; so is a sentence in brackets, but not an agency's credit. An ellipsis ends a
sentence only where a capital follows. Half of the cases, by a hash of the text, were looked at while rules were written, the other half only counted, but for one: that a Roman
numeral may follow an abbreviation was added after it had been missed there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stance.records import Span

CASES = Path(__file__).resolve().parents[1] / "tests" / "boundaries.jsonl"
Splitter = Callable[[str, str], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class Case:
    """A text and where its sentences begin, the first left out."""

    lang: str
    kind: str
    text: str
    starts: frozenset[int]

    @property
    def half(self) -> str:
        """``development`` or ``test``."""
        return "test" if int(hashlib.sha256(f"half:{self.text}".encode()).hexdigest()[:8], 16) % 2 else "development"

    @property
    def name(self) -> str:
        """Language, and the script where a language has two."""
        return f"{self.lang}-{'Cyrl' if any('а' <= character <= 'ш' for character in self.text.lower()) else 'Latn'}"


@dataclass(frozen=True, slots=True)
class Counts:
    """Boundaries found that are there, found that are not, and missed."""

    right: int
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """2 right / (2 right + false + missed); 1 where there is nothing to find and nothing was."""
        return 2 * self.right / total if (total := 2 * self.right + self.false + self.missed) else 1.0

    def row(self, cases: int) -> dict[str, float | int]:
        """The figures as a results file has them."""
        return {"cases": cases, "boundaries": self.right + self.missed, "false": self.false, "missed": self.missed, "F1": round(self.f1, 4)}


def read_cases() -> Iterator[Case]:
    """All cases, in order.

    >>> next(read_cases()).text
    'Mr. Haziri met the ambassador at noon. Nothing was signed.'
    """
    for line in CASES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        starts, at = set(), 0
        for part in row["parts"][:-1]:
            at += len(part)
            starts.add(at)
        yield Case(row["lang"], row["kind"], "".join(row["parts"]), frozenset(starts))


def count(cases: Iterable[Case], splitter: Splitter) -> Counts:
    """How many sentence beginnings the splitter finds."""
    right = false = missed = 0
    for case in cases:
        found = {start for start, _ in splitter(case.text, case.lang)} - {0}
        right, false, missed = right + len(found & case.starts), false + len(found - case.starts), missed + len(case.starts - found)
    return Counts(right, false, missed)
