"""A comparison's figures as Vega-Lite charts, drawn with Altair and vl-convert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from stance.figures import Comparison, Interval, Period, Row
from stance.labels import Camp, Frame
from stance.palette import COLOUR, light
from stance.summary import BOUNDED, VOICES, distance, interval_text, pooled_lean, printable, ranked, voices

STACK: Final = (Frame.PRO_PRISTINA, Frame.NEUTRAL, Frame.WESTERN_CRITICAL, Frame.PRO_BELGRADE)
"""Bars are stacked with the two sides at their ends, on the side where the axis of leans has them."""

EVENTS: Final = 6
"""Events that are drawn: those with the most outlets, then the most articles."""

LEAN: Final = "← pro-Pristina      lean      pro-Belgrade →"
STEPS: Final = (0.05, 0.1, 0.2, 0.3)
"""Distances at which the colour of the similarity chart changes."""


def _reach(intervals: Iterable[tuple[int, Interval]]) -> float:
    """Half the width of an axis of leans, in tenths: all bounded intervals fit in it."""
    ends = [abs(end) for articles, one in intervals for end in ((one.low, one.high) if articles >= BOUNDED else (one.value,))]
    return min(1.0, -(-max([0.1, *ends]) // 0.1) / 10)


def _lean_row(articles: int, interval: Interval, reach: float, said: str) -> Row:
    bounded = articles >= BOUNDED
    text = interval_text(interval, articles)
    low, high = (max(interval.low, -reach), min(interval.high, reach)) if bounded else (interval.value, interval.value)
    return {"lean": interval.value, "low": low, "high": high, "bounded": bounded, "text": text, "said": f"{said}: {text}"}


def _lean_axis(reach: float, narrow: bool) -> Any:
    import altair

    axis = altair.Axis(format="+.2~f", tickCount=5 if narrow else 9, grid=True)
    return altair.X("low:Q", title=LEAN, scale=altair.Scale(domain=[-reach, reach], nice=False), axis=axis)


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair

    return altair.Data(values=[{key: printable(value) if isinstance(value, str) else value for key, value in row.items()} for row in rows])


def _zero() -> Any:
    import altair

    return altair.Chart().mark_rule(color=light("edge")).encode(x=altair.XDatum(0))


def lean_chart(comparison: Comparison, narrow: bool) -> Any:
    """Forest plot: each outlet's lean in either voice with its interval, and the lean of all outlets together."""
    import altair

    outlets = ranked(comparison.outlets)
    reach = _reach((one.articles, one.lean) for row in outlets for _, one in voices(row))
    rows = [
        {"outlet": row.outlet, "voice": name, **_lean_row(one.articles, one.lean, reach, f"{row.outlet}, {name}")}
        for row in outlets
        for name, one in voices(row)
    ]
    shape = altair.Shape("voice:N", title=None, scale=altair.Scale(domain=VOICES, range=["circle", "diamond"]))
    colour = altair.Color("voice:N", title=None, scale=altair.Scale(domain=VOICES, range=[light("ink"), light("accent")]))
    dash = altair.StrokeDash("voice:N", title=None, legend=None, scale=altair.Scale(domain=VOICES, range=[[1, 0], [4, 2]]))
    base = altair.Chart().encode(
        y=altair.Y("outlet:N", title=None, sort=None, scale=altair.Scale(paddingInner=0.25)),
        yOffset=altair.YOffset("voice:N", sort=VOICES, scale=altair.Scale(domain=VOICES)),
        description="said:N",
    )
    bars = base.mark_rule(strokeWidth=2).encode(x=_lean_axis(reach, narrow), x2="high:Q", color=colour, strokeDash=dash)
    full = altair.condition("datum.bounded", altair.value(1), altair.value(0))
    points = base.mark_point(filled=True, size=75, opacity=1, strokeWidth=1.5).encode(x="lean:Q", color=colour, shape=shape, fillOpacity=full, stroke=colour)
    pooled = altair.Chart().mark_rule(strokeDash=[2, 3], color=light("ink"), strokeWidth=1.2).encode(x=altair.XDatum(pooled_lean(comparison)))
    layers = [_zero(), pooled, bars, points]
    if not narrow:
        layers.append(base.mark_text(align="left", fontSize=11.5).encode(x=altair.value(_width(narrow, 190) - 166 + 12), text="text:N"))
    chart: Any = altair.layer(*layers, data=_data(rows))
    return chart.properties(width=_width(narrow, 190) - (0 if narrow else 166), height=altair.Step(17))


def _width(narrow: bool, labels: int) -> int:
    """Width of what is drawn beside labels of this width (which are cut shorter on a narrow chart)."""
    return 340 - 112 if narrow else 700 - labels


def share_chart(comparison: Comparison, narrow: bool) -> Any:
    """Stacked bars of frame shares, one panel for each voice."""
    import altair

    outlets = ranked(comparison.outlets)
    rows: list[Row] = []
    for row in outlets:
        for name, one in voices(row):
            at = 0.0
            for frame in STACK:
                share = one.shares[frame]
                bounds = f"{100 * share.low:.0f} to {100 * share.high:.0f} %"
                said = f"{row.outlet}, {name}, {frame}: {100 * share.value:.0f} %, interval {bounds}"
                label = f"{100 * share.value:.0f}" if share.value >= 0.09 else ""
                rows.append({"outlet": row.outlet, "voice": name, "frame": str(frame), "from": at, "to": at + share.value, "label": label, "said": said})
                at += share.value
    names = [str(frame) for frame in STACK]
    colour = altair.Color("frame:N", title=None, sort=names, scale=altair.Scale(domain=names, range=[light(COLOUR[frame]) for frame in STACK]))
    text = altair.Color("frame:N", legend=None, scale=altair.Scale(domain=names, range=[light(f"on-{COLOUR[frame]}") for frame in STACK]))
    base = altair.Chart().encode(
        y=altair.Y("outlet:N", title=None, sort=None, scale=altair.Scale(paddingInner=0.2)), description="said:N"
    )
    percent = altair.X("from:Q", title="% of sentences", scale=altair.Scale(domain=[0, 1]), axis=altair.Axis(format=".0%", tickCount=4, grid=False))
    bars = base.mark_bar(stroke=light("paper"), strokeWidth=1).encode(x=percent, x2="to:Q", color=colour)
    middle = base.mark_text(fontSize=11).encode(x="middle:Q", text="label:N", color=text).transform_calculate(middle="(datum.from + datum.to) / 2")
    panel = altair.layer(bars, middle, data=_data(rows)).properties(width=_width(narrow, 190) if narrow else 250, height=altair.Step(22))
    header = altair.Header(title=None, labelFontWeight="bold", labelAnchor="start", labelOrient="top")
    facet = altair.Facet("voice:N", sort=None, header=header)
    return panel.facet(facet=facet, columns=1 if narrow else 2, spacing=14).resolve_scale(color="independent")


def camp_chart(comparison: Comparison, narrow: bool) -> Any:
    """Share of each camp among an outlet's attributed sentences, one panel for each camp."""
    import altair

    outlets = [row for row in ranked(comparison.outlets) if row.camps]
    rows = [
        {
            "outlet": row.outlet, "camp": str(camp), "share": share.value, "low": share.low, "high": share.high,
            "said": f"{row.outlet}, {camp}: {100 * share.value:.0f} %, interval {100 * share.low:.0f} to {100 * share.high:.0f} %",
        }
        for row in outlets
        for camp, share in row.camps.items()
    ]  # fmt: skip
    top = min(1.0, -(-max(row["high"] for row in rows) // 0.1) / 10)
    base = altair.Chart().encode(y=altair.Y("outlet:N", title=None, sort=None), description="said:N")
    axis = altair.Axis(format=".0%", tickCount=3 if not narrow else 5, labelOverlap=True)
    bars = base.mark_rule(strokeWidth=2, color=light("ink")).encode(x=altair.X("low:Q", title=None, scale=altair.Scale(domain=[0, top]), axis=axis), x2="high:Q")
    points = base.mark_point(filled=True, size=55, opacity=1, color=light("ink")).encode(x="share:Q")
    panel = altair.layer(bars, points, data=_data(rows)).properties(width=_width(narrow, 190) if narrow else 76, height=altair.Step(20))
    header = altair.Header(title=None, labelFontWeight="bold", labelAnchor="start", labelOrient="top")
    return panel.facet(facet=altair.Facet("camp:N", sort=None, header=header), columns=1 if narrow else 6, spacing=12)


def event_chart(comparison: Comparison, narrow: bool) -> Any:
    """Leans of the outlets on the same news, one panel for each event."""
    import altair

    events = sorted(comparison.events, key=lambda event: (-len(event.leans), -sum(event.articles.values()), event.first_date, event.name))[:EVENTS]
    events.sort(key=lambda event: (event.first_date, event.name))
    reach = _reach((event.articles[outlet], lean) for event in events for outlet, lean in event.leans.items())
    order = [row.outlet for row in ranked(comparison.outlets)]
    rows = [
        {"event": f"{event.name}, {event.first_date}", "outlet": outlet, **_lean_row(event.articles[outlet], event.leans[outlet], reach, outlet)}
        for event in events
        for outlet in order
        if outlet in event.leans
    ]
    panel = _dots(rows, reach, narrow).properties(width=_width(narrow, 190), height=altair.Step(19))
    header = altair.Header(title=None, labelFontWeight="bold", labelAnchor="start", labelOrient="top", labelLimit=330 if narrow else 640)
    return panel.facet(facet=altair.Facet("event:N", sort=None, header=header), columns=1, spacing=8).resolve_scale(y="independent")


def _dots(rows: Sequence[Row], reach: float, narrow: bool) -> Any:
    """Leans with intervals, one outlet a line; hollow where there is no interval."""
    import altair

    base = altair.Chart().encode(y=altair.Y("outlet:N", title=None, sort=None), description="said:N")
    bars = base.mark_rule(strokeWidth=2, color=light("ink")).encode(x=_lean_axis(reach, narrow), x2="high:Q")
    fill = altair.condition("datum.bounded", altair.value(light("ink")), altair.value(light("paper")))
    points = base.mark_point(filled=True, size=60, opacity=1, stroke=light("ink"), strokeWidth=1.5).encode(x="lean:Q", fill=fill)
    return altair.layer(_zero(), bars, points, data=_data(rows))


def time_chart(comparison: Comparison, narrow: bool) -> Any:
    """Each outlet's lean by week or month with its band; the line breaks where a period is missing or too thin for an interval."""
    import altair

    order = [row.outlet for row in ranked(comparison.outlets)]
    reach = _reach((period.articles, period.lean) for period in comparison.periods)
    rows = []
    for outlet in order:
        run, last = 0, ""
        for period in sorted((one for one in comparison.periods if one.outlet == outlet), key=lambda one: one.start):
            run += not last or not _follows(last, period, comparison.step) or period.articles < BOUNDED
            last = period.start if period.articles >= BOUNDED else ""
            row = _lean_row(period.articles, period.lean, reach, f"{outlet}, {comparison.step} of {period.start}")
            rows.append({"outlet": outlet, "start": period.start, "run": run, **row})
    base = altair.Chart().encode(x=altair.X("utcyearmonthdate(start):T", title=None, axis=altair.Axis(tickCount=4, grid=False, format="%b %Y", labelOverlap=True)))
    scale = altair.Scale(domain=[-reach, reach], nice=False)
    band = base.mark_area(color=light("accent"), opacity=0.22).encode(y=altair.Y("low:Q", scale=scale), y2="high:Q", detail="run:N")
    bars = base.mark_rule(color=light("accent"), strokeWidth=1.2, opacity=0.6).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=light("accent"), strokeWidth=2).encode(y=altair.Y("lean:Q", title="lean", axis=altair.Axis(format="+.2~f", tickCount=5)), detail="run:N")
    fill = altair.condition("datum.bounded", altair.value(light("accent")), altair.value(light("paper")))
    points = base.mark_point(filled=True, size=32, opacity=1, stroke=light("accent")).encode(y="lean:Q", fill=fill, description="said:N")
    zero = altair.Chart().mark_rule(color=light("edge")).encode(y=altair.YDatum(0))
    panel = altair.layer(zero, band, bars, line, points, data=_data(rows)).properties(width=270 if narrow else 290, height=110)
    header = altair.Header(title=None, labelFontWeight="bold", labelAnchor="start", labelLimit=260)
    return panel.facet(facet=altair.Facet("outlet:N", sort=None, header=header), columns=1 if narrow else 2, spacing=16)


def _follows(last: str, period: Period, step: str) -> bool:
    days = (date.fromisoformat(period.start) - date.fromisoformat(last)).days
    return days == 7 if step == "week" else days <= 31


def similarity_chart(comparison: Comparison, narrow: bool) -> Any:
    """Distances between the outlets' shares, in the order of their leans, so that alike outlets stand together."""
    import altair

    outlets = [row for row in ranked(comparison.outlets) if not row.all.too_few]
    rows = []
    for first in outlets:
        for second in outlets:
            value = distance(first, second)
            same = first is second
            said = f"{first.outlet} and {second.outlet}: distance {value:.2f}"
            rows.append({"first": first.outlet, "second": second.outlet, "distance": value, "label": "" if same else f"{value:.2f}"[1:], "said": said})
    names = [row.outlet for row in outlets]
    base = altair.Chart(_data(rows)).encode(
        x=altair.X("second:N", title=None, sort=None, axis=altair.Axis(labelAngle=-45, labelLimit=110, orient="bottom")),
        y=altair.Y("first:N", title=None, sort=None),
        description="said:N",
    )
    fills = altair.Scale(type="threshold", domain=STEPS, range=[light(f"step-{step}") for step in range(5)])
    words = altair.Scale(type="threshold", domain=[STEPS[2]], range=[light("on-step-low"), light("on-step-high")])
    cells = base.mark_rect(stroke=light("paper"), strokeWidth=1.5).encode(color=altair.Color("distance:Q", legend=None, scale=fills))
    texts = base.mark_text(fontSize=11).encode(text="label:N", color=altair.Color("distance:Q", legend=None, scale=words))
    cell = max(30 if narrow else 40, min(64, _width(narrow, 190) // max(1, len(names))))
    return (cells + texts).resolve_scale(color="independent").properties(width=altair.Step(cell), height=altair.Step(34))
