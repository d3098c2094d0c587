"""A comparison as one self-contained HTML page: data first, then an autoescaped template."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from stance.artifacts import BUILT_IN
from stance.charts import STACK
from stance.drawing import drawable, inline, largest, require
from stance.figures import Comparison, Difference, Interval, Row
from stance.labels import Camp, Estimator
from stance.leans import EVENTS
from stance.palette import COLOUR, PALETTE
from stance.passages import articles_of, evidence_of
from stance.summary import BOUNDED, LEVEL, differs, distance, number, p_text, percent, printable, ranked, summarize, voices
from stance.text import language_of

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
ROWS: Final = 300
"""Most rows of a table of pairs, events or periods in the page; files made with ``--format`` hold all."""

VALIDATION: Final = "validation.json"
"""In the built-in model's folder: how well the estimators did in simulated outlets, by model revision."""

ESTIMATED: Final[Mapping[Estimator, str]] = {
    Estimator.COUNTED: "Each sentence counts for its likeliest frame. Such counts are drawn towards the average outlet, because the model errs.",
    Estimator.EXPECTED: "Shares are sums of the model's probabilities (Bella et al. 2010). They are drawn towards the average outlet, because the model errs.",
    Estimator.ADJUSTED: "Mean probabilities are corrected by the model's known errors on labelled sentences (probabilistic adjusted count; Bella et al. 2010, after Forman 2008).",
    Estimator.MAXIMUM_LIKELIHOOD: "Counting labels is biased where outlets differ, so shares are those that make the model's probabilities likeliest, "
    "given what these are on labelled sentences (maximum likelihood by expectation maximisation; Saerens et al. 2002).",
    Estimator.PREDICTION_POWERED: "Shares are corrected by labels of the outlet's own sentences (prediction-powered inference; Angelopoulos et al. 2023).",
}


def render(comparison: Comparison, *, command: str = "", left_out: int = 0) -> str:
    """The comparison as one HTML page, complete in itself: no request, same bytes for the same comparison.

    It can be read without its script, which filters the sentences and shows figures under the pointer.

    Parameters
    ----------
    command
        The command that made it, for the page's section on methods.
    left_out
        How many records of the input could not be used, for the same place.

    Raises
    ------
    StanceError
        If the extra ``report`` is not installed.

    Examples
    --------
    >>> from stance.compare import compare
    >>> from stance.records import Article
    >>> page = render(compare([Article("The envoy met <both> leaders on Monday.", "A & B")]))
    >>> page.startswith("<!doctype html>"), "A &amp; B" in page
    (True, True)
    """
    require("jinja2")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {
        "number": number,
        "share": percent,
        "p": lambda value: p_text(value).removeprefix("p = ").removeprefix("p "),
        "count_text": lambda value: f"{value:,}",
        "differs": differs,
        "language": language_of,
    }
    style, script = environment.get_template("report.css").render(palette=PALETTE), (TEMPLATES / "report.js").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    page: str = environment.get_template("report.html").render(
        comparison=comparison,
        command=command,
        left_out=left_out,
        style=style,
        script=script,
        policy=policy,
        **_figures(comparison),
        **_reading(comparison),
        **_methods(comparison),
    )
    return page


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _figures(comparison: Comparison) -> Row:
    """What the sections with figures show."""
    drawn = largest(comparison)
    able = drawable(drawn) if comparison.outlets else {}
    charts = {name: {"wide": inline(drawn, name, False), "narrow": inline(drawn, name, True)} for name, yes in able.items() if yes}
    pairs = sorted(comparison.pairs, key=lambda pair: (pair.adjusted, -abs(pair.lean.value), pair.first, pair.second))
    outlets = ranked(comparison.outlets)
    enough = [row for row in outlets if not row.all.too_few]
    distances = sorted(((one.outlet, other.outlet, distance(one, other)) for one, other in combinations(enough, 2)), key=lambda row: row[2])
    sections = {
        "summary": ("In short", True),
        "lean": ("Lean", True),
        "frames": ("Frames", True),
        "speakers": ("Who speaks", "camps" in charts),
        "differences": ("Differences", bool(pairs)),
        "events": ("On the same news", "events" in charts),
        "time": ("Over time", "time" in charts),
        "similarity": ("How alike", "similarity" in charts),
        "wire": ("Agency copy", bool(comparison.wire)),
        "reading": ("Read the sentences", True),
        "methods": ("Methods and limits", True),
    }
    others: dict[str, Difference | None] = dict.fromkeys((row.outlet for row in outlets), None)
    return {
        "contents": [(name, title) for name, (title, there) in sections.items() if there],
        "summary": summarize(comparison),
        "outlets": outlets,
        "pooled": others | _beside(comparison),
        "charts": dict.fromkeys(("camps", "events", "time", "similarity")) | charts,
        "cut": len(drawn.outlets) if len(drawn.outlets) < len(outlets) else 0,
        "few_voices": any(part.too_few for row in outlets for _, part in voices(row)),
        "pairs": pairs[:ROWS],
        "events": sorted(comparison.events, key=lambda event: (event.first_date, event.name))[:ROWS],
        "drawn_events": EVENTS,
        "periods": comparison.periods[:ROWS],
        "banded": any(period.articles >= BOUNDED for period in comparison.periods),
        "distances": distances[:ROWS],
        "voices": voices,
        "stack": STACK,
        "camps": list(Camp),
        "colour": COLOUR,
        "bounded": BOUNDED,
        "level": LEVEL,
    }


def _beside(comparison: Comparison) -> dict[str, Difference]:
    """Each outlet beside all others; of two outlets their one pair, seen from either."""
    if comparison.pooled:
        return {one.first: one for one in comparison.pooled}
    turned = [
        replace(pair, first=pair.second, second=pair.first, lean=Interval(-pair.lean.value, -pair.lean.high, -pair.lean.low))
        for pair in comparison.pairs
    ]
    return {one.first: one for one in (*comparison.pairs, *turned)}


def _reading(comparison: Comparison) -> Row:
    """The sentences to read; outlets stand for their numbers by name, so that no name enters an attribute that the script compares."""
    return {"by_name": comparison.outlets, "evidence": evidence_of(comparison), "articles": articles_of(comparison)}


def _methods(comparison: Comparison) -> Row:
    rows: list[Row] = [
        {"outlet": row.outlet, "voice": name, "estimator": estimator, "shares": shares, "articles": part.articles, "part": part}
        for row in comparison.outlets
        for name, part in (("all", row.all), *voices(row))
        for estimator, shares in part.estimates.items()
    ]
    return {
        "estimator_text": ESTIMATED[comparison.estimator],
        "corrected": comparison.estimator in (Estimator.ADJUSTED, Estimator.MAXIMUM_LIKELIHOOD),
        "flagged": [row for row in rows if row["part"].disagree],
        "powered": [row for row in rows if row["estimator"] is Estimator.PREDICTION_POWERED],
        "validation": validation(comparison.revision),
    }


def validation(revision: str) -> list[dict[str, Any]]:
    """How well the estimators did in simulated outlets with this model; empty where that was not measured."""
    path = BUILT_IN / VALIDATION
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"revision": None}
    return list(found["rows"]) if found["revision"] == revision else []
