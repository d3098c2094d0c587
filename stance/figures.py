"""What ``compare`` finds: figures of outlets with their intervals, differences, events, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any, Final

from stance.agreement import Agreement
from stance.labels import FRAMES, Camp, Estimator, Frame, StanceError, Voice
from stance.records import SentenceScore, Speaker, signed

MARKS: Final[Mapping[str, str]] = {
    "too few": "below 10 articles or 100 sentences; not to be ranked",
    "contested": "the ways of estimating shares contradict each other in these sentences; read the evidence before quoting a figure",
}
"""What marks at an outlet's name in the terminal's table mean."""

Row = dict[str, Any]
"""Column names and plain values: text, numbers, true or false, ``None``."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its 95 % interval; over fewer than five articles the bounds are the widest that can be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Frame shares and lean over some sentences of one outlet, each with a 95 % interval over its articles.

    ``articles`` counts those with such a sentence; agency copy that an outlet has several times is one sentence. ``too_few`` is true
    below 10 articles or 100 sentences: the figures are shown, but should not be ranked. ``shares`` and ``lean`` are by the
    recommended estimator; ``estimates`` holds the shares by each. ``effective`` is the number of independent sentences, read by a
    person, that would give an interval of the lean as wide. ``disagree`` is true where estimators that correct for the classifier's
    errors contradict each other (``contested`` where figures are printed): then read the evidence before quoting a figure.
    ``labelled`` counts the sentences with gold labels, of which ``estimates`` holds prediction-powered shares where five articles have one.
    """

    articles: int
    sentences: int
    shares: Mapping[Frame, Interval]
    lean: Interval
    too_few: bool
    estimates: Mapping[Estimator, Mapping[Frame, Interval]]
    effective: float
    disagree: bool
    labelled: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that the classifier is most sure of, with the words that moved it.

    ``words`` holds (start, end, weight): half-open offsets into ``text``, and how much of the frame's probability is lost
    when the word is left out, -1 to 1. ``speaker`` is as in the sentence's score.
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
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class OutletFigures:
    """One outlet's row.

    ``own`` and ``attributed`` are ``None`` where the outlet has no sentence in that voice. ``abstained`` is the share of its
    sentences that are not certain, ``on_topic`` the share of its articles that deal with the dispute, ``wire`` the share of its
    sentences that other outlets have too (agency copy). ``camps`` is the share of each camp among its attributed sentences, empty where it has none;
    its intervals cover the sample of articles, not the errors of whoever tells camps, rules or classifier.
    """

    outlet: str
    all: Figures
    own: Figures | None
    attributed: Figures | None
    abstained: float
    on_topic: float
    wire: float
    camps: Mapping[Camp, Interval]


@dataclass(frozen=True, slots=True)
class Difference:
    """Lean of one outlet minus that of another, or of all others pooled (``second`` empty).

    ``p`` is of a permutation test over articles; where the two do not write in one and the same language (``across``), of resamples of
    their corrected leans, since the classifier's errors differ by language. ``adjusted`` is the same after Holm's correction over all
    differences of its kind. ``detectable`` is the smallest difference whose 95 % interval, at samples of this size, would leave out 0 in
    four of five cases; Holm's correction is not allowed for.
    """

    first: str
    second: str
    lean: Interval
    p: float
    adjusted: float
    detectable: float
    across: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Articles of several outlets on the same news: how many each has, and its lean on it (none where all its sentences stand elsewhere)."""

    name: str
    first_date: str
    last_date: str
    articles: Mapping[str, int]
    leans: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Wire:
    """A sentence that stands, nearly word for word, in several outlets: agency copy."""

    text: str
    outlets: tuple[str, ...]
    frame: Frame
    voice: Voice


@dataclass(frozen=True, slots=True)
class Period:
    """One outlet's lean in one week or month; ``start`` is its first day."""

    outlet: str
    start: str
    articles: int
    sentences: int
    lean: Interval


@dataclass(frozen=True, slots=True)
class Shown:
    """An article kept whole for the reader of a report; of large corpora a sample is kept. ``lean`` is its expected lean, not corrected."""

    outlet: str
    title: str
    url: str
    date: str
    lean: float
    sentences: tuple[SentenceScore, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outlets side by side, by name; articles without a sentence are counted in ``articles`` and ``empty`` only, those that their outlet has twice once more in ``articles`` and ``repeated`` only.

    ``sentences`` counts those of all other articles. ``estimator`` is the recommended one, by which all leans are but those of ``shown``. ``pairs`` compares every two outlets, ``pooled`` each outlet
    with all others together (from three outlets on); outlets with too few articles take no part in either. ``step`` is ``week`` or ``month``. ``data``
    is the sha256 of the gold labels that the model was trained on. ``agreement`` says how the model's frames agree with the gold labels that were given and
    found, each sentence read on its page, with bounds over articles; ``None`` where there were none.
    """

    outlets: tuple[OutletFigures, ...]
    evidence: tuple[Evidence, ...]
    articles: int
    sentences: int
    empty: int
    repeated: int
    first_date: str
    last_date: str
    revision: str
    data: str
    estimator: Estimator
    pairs: tuple[Difference, ...]
    pooled: tuple[Difference, ...]
    events: tuple[Event, ...]
    wire: tuple[Wire, ...]
    periods: tuple[Period, ...]
    step: str
    shown: tuple[Shown, ...]
    agreement: Agreement | None = None

    def tables(self) -> dict[str, list[Row]]:
        """Every figure as tidy rows, table by table; an interval takes three columns (``lean``, ``lean_low``, ``lean_high``).

        ``outlets`` has a row for each outlet, ``voices`` for each outlet and voice (``all``, ``own``, ``attributed``), ``shares``
        for each of these, estimator and frame, ``camps`` for each outlet and camp, ``differences`` for each pair of outlets and
        each outlet against all others (``second`` empty), ``events`` and ``periods`` for each event or period and outlet, ``agreement`` one row where there are gold labels,
        ``wire`` and ``evidence`` for each sentence, ``sentences`` for each sentence of the articles that are kept whole.
        """
        named = [
            (row.outlet, name, one) for row in self.outlets for name, one in (("all", row.all), ("own", row.own), ("attributed", row.attributed))
        ]
        voices: list[tuple[Row, Figures]] = [({"outlet": outlet, "voice": name}, one) for outlet, name, one in named if one]
        return {
            "outlets": [_flat(row) for row in self.outlets],
            "voices": [key | _flat(one) for key, one in voices],
            "shares": [
                key | {"estimator": str(estimator), "frame": str(frame)} | _interval("share", share)
                for key, one in voices
                for estimator, shares in one.estimates.items()
                for frame, share in shares.items()
            ],
            "camps": [
                {"outlet": row.outlet, "camp": str(camp)} | _interval("share", share) for row in self.outlets for camp, share in row.camps.items()
            ],
            "differences": [_flat(one) for one in (*self.pairs, *self.pooled)],
            "events": [
                _flat(event) | {"outlet": outlet, "articles": event.articles[outlet]} | _interval("lean", lean)
                for event in self.events
                for outlet, lean in event.leans.items()
            ],
            "periods": [_flat(period) | {"step": self.step} for period in self.periods],
            "agreement": [self.agreement.row()] if self.agreement else [],
            "wire": [_flat(one) | {"outlets": "; ".join(one.outlets)} for one in self.wire],
            "evidence": [_flat(one) for one in self.evidence],
            "sentences": [_flat(shown) | _flat(sentence) for shown in self.shown for sentence in shown.sentences],
        }

    def to_frame(self, table: str = "voices", library: str = "pandas") -> Any:
        """One of ``tables`` as a data frame of pandas or polars, whichever is named; a table without rows has no columns.

        Raises
        ------
        StanceError
            If there is no such table, or the library is another or not installed.
        """
        tables = self.tables()
        if table not in tables:
            raise StanceError(f"there is no table {table!r}; known are {', '.join(tables)}")
        if library not in ("pandas", "polars"):
            raise StanceError(f"library is {library!r}; needed is pandas or polars (tables() gives plain rows for any other)")
        try:
            module = import_module(library)
        except ModuleNotFoundError as error:
            raise StanceError(f"to_frame needs {library}: pip install {library}") from error
        rows = tables[table]
        return module.DataFrame({name: [row[name] for row in rows] for name in (rows[0] if rows else ())})

    def __str__(self) -> str:
        marked: set[str] = set()
        rows = [("outlet", "articles", "sentences", "lean", "95 % interval", "own", "attributed", *(str(frame) for frame in FRAMES))]
        for outlet in self.outlets:
            lean = outlet.all.lean
            sides = [signed(figures.lean.value) if figures else "-" for figures in (outlet.own, outlet.attributed)]
            shares = [f"{outlet.all.shares[frame].value:.2f}" for frame in FRAMES]
            contested = [name for name, one in (("all", outlet.all), ("own", outlet.own), ("attributed", outlet.attributed)) if one and one.disagree]
            name = outlet.outlet + " (too few)" * outlet.all.too_few + f" (contested: {', '.join(contested)})" * bool(contested)
            marked |= {mark for mark, holds in zip(MARKS, (outlet.all.too_few, contested), strict=True) if holds}
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
        lines = [
            "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        ]
        lines += [f"{mark}: {meaning}" for mark, meaning in MARKS.items() if mark in marked]
        if self.agreement:
            lines.append(f"beside gold labels: {self.agreement}")
        return "\n".join(lines)


def _interval(name: str, interval: Interval) -> Row:
    return {str(name): interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _flat(record: Any) -> Row:
    """The record's plain fields in order; intervals, shares of frames and a speaker take several columns, other mappings and tuples none."""
    row: Row = {}
    for name, value in ((field.name, getattr(record, field.name)) for field in fields(record)):
        if isinstance(value, Interval):
            row |= _interval(name, value)
        elif name == "speaker":
            row |= {"speaker": value.name or value.text if value else None, "camp": str(value.camp) if value else None}
        elif name in ("probabilities", "shares"):
            for frame, share in value.items():
                row |= _interval(frame, share) if isinstance(share, Interval) else {str(frame): share}
        elif isinstance(value, str):
            row[name] = str(value)
        elif isinstance(value, int | float):
            row[name] = value
    return row
