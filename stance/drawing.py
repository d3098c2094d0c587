"""Charts drawn: inline SVG in the page's own colours, and files for slides and print."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from stance import charts, leans
from stance.figures import Comparison
from stance.labels import StanceError
from stance.palette import PALETTE, light

CHARTS: Final[Mapping[str, Callable[[Comparison, bool], Any]]] = {
    "lean": leans.lean_chart,
    "shares": charts.share_chart,
    "camps": charts.camp_chart,
    "events": leans.event_chart,
    "time": leans.time_chart,
    "similarity": charts.similarity_chart,
}
MOST: Final = 24
"""Outlets in a chart."""

SCALE: Final = 2
"""Pixels of a PNG file for each unit of its SVG."""

FONT: Final = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
VARIABLE: Final = {value: f"var(--{name})" for name, (value, _) in PALETTE.items()}


def drawable(comparison: Comparison) -> dict[str, bool]:
    """Which charts the comparison has figures for."""
    return {
        "lean": True,
        "shares": True,
        "camps": any(row.camps for row in comparison.outlets),
        "events": bool(comparison.events),
        "time": bool(comparison.periods),
        "similarity": sum(not row.all.too_few for row in comparison.outlets) > 1,
    }


def largest(comparison: Comparison) -> Comparison:
    """The comparison with no more than ``MOST`` outlets, those with the most articles, so that charts stay readable and small."""
    if len(comparison.outlets) <= MOST:
        return comparison
    kept = sorted(comparison.outlets, key=lambda row: (-row.all.articles, row.outlet))[:MOST]
    names = {row.outlet for row in kept}
    return replace(
        comparison,
        outlets=tuple(row for row in comparison.outlets if row.outlet in names),
        periods=tuple(period for period in comparison.periods if period.outlet in names),
        events=tuple(replace(event, leans={name: lean for name, lean in event.leans.items() if name in names}) for event in comparison.events),
    )


def require(*others: str) -> None:
    """Raise a ``StanceError`` with the install line if the extra ``report`` is not installed."""
    missing = [name for name in ("altair", "vl_convert", *others) if find_spec(name) is None]
    if missing:
        raise StanceError(f"rendering needs {', '.join(missing)}: pip install 'stance-kosovo[report]'")


def inline(comparison: Comparison, name: str, narrow: bool) -> str:
    """A chart as SVG whose colours are the page's CSS variables, so that it suits light, dark and print."""
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(_specification(comparison, name, narrow)))
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda match: VARIABLE.get(match[0], match[0]), svg)
    svg = re.sub(r' (?:aria-roledescription|aria-hidden|xmlns:xlink|class|role)="[^"]*"', "", svg)
    return re.sub(r"\bclip(\d+)\b", rf"clip-{name}-{'narrow' if narrow else 'wide'}-\1", svg)


def write_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write every chart that there are figures for as SVG and PNG, on white; returns the files in order."""
    require()
    import vl_convert

    folder.mkdir(exist_ok=True)
    comparison, written = largest(comparison), []
    for name, able in drawable(comparison).items():
        if not able:
            continue
        chart = _specification(comparison, name, narrow=False)
        chart["config"]["background"] = "white"
        for path, content in (
            (folder / f"{name}.svg", str(vl_convert.vegalite_to_svg(chart)).encode()),
            (folder / f"{name}.png", bytes(vl_convert.vegalite_to_png(chart, scale=SCALE))),
        ):
            path.write_bytes(content)
            written.append(path)
    return written


def _specification(comparison: Comparison, name: str, narrow: bool) -> dict[str, Any]:
    text = {"labelColor": light("ink"), "titleColor": light("soft"), "titleFontWeight": "normal"}
    size = {"labelFontSize": 13, "titleFontSize": 13, "labelLimit": 96 if narrow else 180}
    axis = text | size | {"domainColor": light("edge"), "tickColor": light("edge"), "gridColor": light("line"), "aria": False}
    config = {
        "background": None,
        "font": FONT,
        "axis": axis,
        "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
        "header": text | {"labelFontSize": 13, "titleFontSize": 13},
        "legend": text | {"labelFontSize": 13, "orient": "top", "aria": False, "columns": 2 if narrow else 4, "symbolStrokeWidth": 1, "padding": 4},
        "text": {"color": light("ink")},
        "view": {"stroke": None},
        "padding": 2,
    }
    return dict(CHARTS[name](comparison, narrow).to_dict(validate=False)) | {"config": config}
