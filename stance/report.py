"""A comparison as one self-contained HTML page: data first, then an autoescaped template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from stance.figures import Comparison, Evidence, Figures, OutletFigures
from stance.labels import FRAMES, Frame, StanceError
from stance.records import signed
from stance.text import language_of

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
COLOURS: Final[Mapping[Frame, str]] = {
    Frame.PRO_BELGRADE: "#b2560d",
    Frame.PRO_PRISTINA: "#2a6fb0",
    Frame.WESTERN_CRITICAL: "#8a4fa3",
    Frame.NEUTRAL: "#8b9097",
}
"""Told apart by people with colour-vision deficiencies too, and by the text beside them in any case."""

SHOWN: Final = 0.05
"""A word is marked when leaving it out takes at least this much from the frame's probability."""


def require() -> None:
    """Raise a ``StanceError`` with the install line if the extra ``report`` is not installed."""
    missing = [name for name in ("altair", "jinja2", "vl_convert") if find_spec(name) is None]
    if missing:
        raise StanceError(f"rendering needs {', '.join(missing)}: pip install 'stance-kosovo[report]'")


def render(comparison: Comparison) -> str:
    """The comparison as one HTML page, complete in itself: no script, no request, same bytes for the same comparison.

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
    require()
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["signed"] = lambda value: signed(value).replace("-", "\N{MINUS SIGN}")
    environment.filters["share"] = lambda value: f"{100 * value:.0f} %"
    evidence = {outlet.outlet: [_marked(item) for item in comparison.evidence if item.outlet == outlet.outlet] for outlet in comparison.outlets}
    page: str = environment.get_template("report.html").render(
        comparison=comparison,
        frames=FRAMES,
        colours=COLOURS,
        lean_chart=_svg(lean_chart(comparison.outlets)) if comparison.outlets else "",
        share_chart=_svg(share_chart(comparison.outlets)) if comparison.outlets else "",
        evidence=evidence,
    )
    return page


def _marked(item: Evidence) -> dict[str, Any]:
    """The evidence with its text cut into (piece, strength) pairs; strength 0 to 3 says how much a word moved the frame."""
    pieces: list[tuple[str, int]] = []
    at = 0
    for start, end, weight in item.words:
        if weight < SHOWN:
            continue
        pieces += [(item.text[at:start], 0), (item.text[start:end], 1 + (weight >= 0.15) + (weight >= 0.3))]
        at = end
    url = item.url if re.match(r"https?://", item.url) else ""
    return {"item": item, "pieces": [*pieces, (item.text[at:], 0)], "url": url, "lang": language_of(item.text)}


def _voices(outlet: OutletFigures) -> list[tuple[str, Figures]]:
    return [(name, figures) for name, figures in (("own voice", outlet.own), ("attributed", outlet.attributed)) if figures]


def lean_chart(outlets: Sequence[OutletFigures]) -> dict[str, Any]:
    """Vega-Lite specification of the forest plot: each outlet's lean in either voice with its 95 % interval."""
    import altair

    rows: list[dict[str, Any]] = [
        {"outlet": outlet.outlet, "voice": name, "lean": figures.lean.value, "low": figures.lean.low, "high": figures.lean.high}
        for outlet in outlets
        for name, figures in _voices(outlet)
    ]
    voice = altair.Color("voice:N", title=None, scale=altair.Scale(domain=["own voice", "attributed"], range=["#c2410c", "#0f766e"]))
    shape = altair.Shape("voice:N", title=None, scale=altair.Scale(domain=["own voice", "attributed"], range=["circle", "diamond"]))
    base = altair.Chart(altair.Data(values=rows)).encode(
        y=altair.Y("outlet:N", title=None, sort=None), yOffset=altair.YOffset("voice:N", scale=altair.Scale(domain=["own voice", "attributed"]))
    )
    reach = max([0.1, *(abs(row[end]) for row in rows for end in ("low", "high"))])
    axis = altair.X(
        "low:Q", title="lean: pro-Pristina ← 0 → pro-Belgrade", scale=altair.Scale(domain=[-reach, reach]), axis=altair.Axis(format="+.2~f")
    )
    bars = base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q", color=voice)
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x="lean:Q", color=voice, shape=shape)
    zero = altair.Chart(altair.Data(values=[{"x": 0}])).mark_rule(strokeDash=[3, 3], color="#8b9097").encode(x="x:Q")
    return dict((zero + bars + points).properties(width=560, height=altair.Step(16)).to_dict())


def share_chart(outlets: Sequence[OutletFigures]) -> dict[str, Any]:
    """Vega-Lite specification of the stacked frame shares by outlet and voice."""
    import altair

    rows: list[dict[str, Any]] = [
        {"row": f"{outlet.outlet}, {name}", "frame": str(frame), "share": figures.shares[frame].value, "order": FRAMES.index(frame)}
        for outlet in outlets
        for name, figures in _voices(outlet)
        for frame in FRAMES
    ]
    colour = altair.Color(
        "frame:N", title=None, scale=altair.Scale(domain=[str(frame) for frame in FRAMES], range=[COLOURS[frame] for frame in FRAMES])
    )
    chart = (
        altair.Chart(altair.Data(values=rows))
        .mark_bar()
        .encode(
            y=altair.Y("row:N", title=None, sort=None),
            x=altair.X("share:Q", title="expected share of sentences", stack="zero", scale=altair.Scale(domain=[0, 1]), axis=altair.Axis(format="%")),
            color=colour,
            order="order:O",
        )
    )
    return dict(chart.properties(width=560, height=altair.Step(18)).to_dict())


def _svg(chart: dict[str, Any]) -> str:
    """The chart drawn; texts and axes in the page's own colour, so that it suits light and dark."""
    import vl_convert

    text = {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 420}
    axis = text | {"domainColor": "#8b9097", "tickColor": "#8b9097", "gridColor": "#8b909755"}
    config = {
        "background": "transparent",
        "axis": axis,
        "legend": text | {"orient": "top"},
        "view": {"stroke": None},
        "font": "Arial, Helvetica, sans-serif",
        "padding": {"left": 24, "right": 24, "top": 5, "bottom": 5},
    }
    return str(vl_convert.vegalite_to_svg(chart | {"config": config}))
