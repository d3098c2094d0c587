"""The values that cross files: what goes in (``Article``) and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stance.labels import FRAMES, Frame, Voice

Span = tuple[int, int]
"""Half-open character offsets into the original text."""

BREAKS = "\r\n\u2028\u2029"
"""Characters that end a line, and with it a paragraph."""

Shares = Mapping[Frame, float]
"""A number from 0 to 1 for each of the four frames; they sum to 1."""


def lean_of(shares: Shares) -> float:
    """pro-Belgrade share minus pro-Pristina share, from -1 to 1."""
    return shares[Frame.PRO_BELGRADE] - shares[Frame.PRO_PRISTINA]


def signed(value: float) -> str:
    """Two decimals with a sign, and no minus before zero.

    >>> signed(0.25), signed(-0.001)
    ('+0.25', '+0.00')
    """
    return f"{round(value, 2) + 0.0:+.2f}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article to compare. ``date`` is ISO 8601 as far as known, else empty, as are the other optional fields."""

    text: str
    outlet: str
    title: str = ""
    date: str = ""
    url: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """What the classifier says of one sentence.

    ``start`` and ``end`` are half-open character offsets: ``text == original[start:end]``. ``certain`` is false where the
    model abstains: the highest probability is below the revision's threshold, and ``frame`` is only its best guess.
    """

    text: str
    start: int
    end: int
    frame: Frame
    probabilities: Shares
    certain: bool
    voice: Voice


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """What the classifier says of one article.

    ``probabilities`` is the expected share of each frame over the article's sentences, ``own`` and ``attributed`` the same
    over the sentences in either voice (``None`` where there is none). ``frame`` is ``None`` when the article cannot be told:
    no sentence, or no frame of its framed sentences that stands out.
    """

    frame: Frame | None
    probabilities: Shares
    lean: float
    own: Shares | None
    attributed: Shares | None
    sentences: tuple[SentenceScore, ...]
    title: str = ""
    outlet: str = ""

    def __str__(self) -> str:
        shares = "  ".join(f"{frame} {self.probabilities[frame]:.2f}" for frame in FRAMES)
        lines = [f"{self.frame or 'cannot tell'}  lean {signed(self.lean)}  ({len(self.sentences)} sentences: {shares})"]
        for sentence in self.sentences:
            mark = " " if sentence.certain else "?"
            lines.append(f"{mark} {sentence.frame:<16} {sentence.probabilities[sentence.frame]:.2f} {sentence.voice:<10} {sentence.text}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its 95 % interval; over fewer than five articles the bounds are the widest that can be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Expected frame shares and lean over some sentences of one outlet, each with a 95 % interval over its articles.

    ``articles`` counts those with such a sentence. ``too_few`` is true below 10 articles or 100 sentences: the figures are shown,
    but should not be ranked.
    """

    articles: int
    sentences: int
    shares: Mapping[Frame, Interval]
    lean: Interval
    too_few: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that the classifier is most sure of, with the words that moved it.

    ``words`` holds (start, end, weight): half-open offsets into ``text``, and how much of the frame's probability is lost
    when the word is left out, -1 to 1.
    """

    outlet: str
    title: str
    url: str
    date: str
    text: str
    frame: Frame
    probability: float
    voice: Voice
    words: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class OutletFigures:
    """One outlet's row. ``abstained`` is the share of its sentences that are not certain.

    ``own`` and ``attributed`` are ``None`` where the outlet has no sentence in that voice.
    """

    outlet: str
    all: Figures
    own: Figures | None
    attributed: Figures | None
    abstained: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outlets side by side, by name; articles without a sentence are counted in ``empty`` only."""

    outlets: tuple[OutletFigures, ...]
    evidence: tuple[Evidence, ...]
    articles: int
    sentences: int
    empty: int
    first_date: str
    last_date: str
    revision: str

    def __str__(self) -> str:
        rows = [("outlet", "articles", "sentences", "lean", "95 % interval", "own", "attributed", *(str(frame) for frame in FRAMES))]
        for outlet in self.outlets:
            lean = outlet.all.lean
            sides = [signed(figures.lean.value) if figures else "-" for figures in (outlet.own, outlet.attributed)]
            shares = [f"{outlet.all.shares[frame].value:.2f}" for frame in FRAMES]
            name = outlet.outlet + (" (too few)" if outlet.all.too_few else "")
            rows.append(
                (
                    name,
                    f"{outlet.all.articles}",
                    f"{outlet.all.sentences}",
                    signed(lean.value),
                    f"{signed(lean.low)} .. {signed(lean.high)}",
                    *sides,
                    *shares,
                )
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join(
            "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        )
