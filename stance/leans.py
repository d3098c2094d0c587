"""Charts of leans: by outlet and voice, by event, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from stance.charts import alone, data, panels, width_of
from stance.figures import Comparison, Interval, Period, Row
from stance.palette import light
from stance.summary import BOUNDED, VOICES, interval_text, number, pooled_lean, ranked, voices

NUMBERS: Final = 180
"""Width of the column of numbers beside the forest plot."""

EVENTS: Final = 6
"""Events that are drawn: those with the most outlets, then the most articles."""

LEAN: Final = "← pro-Pristina      lean      pro-Belgrade →"


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

    axis = altair.Axis(format="+.2~f", tickCount=5 if narrow else 8, grid=True, labelOverlap="greedy")
    return altair.X("low:Q", title=LEAN, scale=altair.Scale(domain=[-reach, reach], nice=False), axis=axis)


def _zero() -> Any:
    import altair

    return alone().mark_rule(color=light("edge")).encode(x=altair.XDatum(0))


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
    few = {(row.outlet, name) for row in outlets for name, one in voices(row) if one.too_few}
    for one in rows:
        one["shown"] = one["text"] + (" *" if (one["outlet"], one["voice"]) in few else "")
    shape = altair.Shape("voice:N", title=None, scale=altair.Scale(domain=VOICES, range=["circle", "diamond"]))
    colour = altair.Color("voice:N", title=None, scale=altair.Scale(domain=VOICES, range=[light("ink"), light("accent")]))
    dash = altair.StrokeDash("voice:N", title=None, scale=altair.Scale(domain=VOICES, range=[[1, 0], [4, 2]]))
    base = altair.Chart().encode(
        y=altair.Y("outlet:N", title=None, sort=None, scale=altair.Scale(paddingInner=0.25)),
        yOffset=altair.YOffset("voice:N", sort=VOICES, scale=altair.Scale(domain=VOICES)),
        description="said:N",
    )
    bars = base.mark_rule(strokeWidth=2).encode(x=_lean_axis(reach, narrow), x2="high:Q", color=colour, strokeDash=dash)
    full = altair.condition("datum.bounded", altair.value(1), altair.value(0))
    points = base.mark_point(filled=True, size=75, opacity=1, strokeWidth=1.5).encode(
        x="lean:Q", color=colour, shape=shape, fillOpacity=full, stroke=colour
    )
    mean = pooled_lean(comparison)
    pooled = alone().mark_rule(strokeDash=[2, 3], color=light("ink"), strokeWidth=1.2).encode(x=altair.XDatum(mean))
    label = (
        alone()
        .mark_text(fontSize=12, color=light("soft"), baseline="bottom")
        .encode(x=altair.XDatum(mean), y=altair.value(-3), text=altair.value(f"all outlets {number(mean)}"))
    )
    layers = [_zero(), pooled, label, bars, points]
    width = width_of(narrow)
    if not narrow:
        width -= NUMBERS
        layers.append(base.mark_text(align="left", fontSize=12.5).encode(x=altair.value(width + 12), text="shown:N"))
    chart: Any = altair.layer(*layers, data=data(rows))
    return chart.properties(width=width, height=altair.Step(19))


def event_chart(comparison: Comparison, narrow: bool) -> Any:
    """Leans of the outlets on the same news, one panel for each event."""
    import altair

    events = sorted(comparison.events, key=lambda event: (-len(event.leans), -sum(event.articles.values()), event.first_date, event.name))[:EVENTS]
    events.sort(key=lambda event: (event.first_date, event.name))
    reach = _reach((event.articles[outlet], lean) for event in events for outlet, lean in event.leans.items())
    order = [row.outlet for row in ranked(comparison.outlets)]
    heads = [(event.first_date, event.name) for event in events]
    same = [heads[:at].count(head) for at, head in enumerate(heads)]  # events of one day without titles are events of their own
    rows = [
        {
            "event": f"{event.first_date} {event.name}".strip() + (f" ({same[number] + 1})" if same[number] else ""),
            "outlet": outlet,
            **_lean_row(event.articles[outlet], event.leans[outlet], reach, outlet),
        }
        for number, event in enumerate(events)
        for outlet in order
        if outlet in event.leans
    ]
    panel = _dots(rows, reach, narrow).properties(width=width_of(narrow), height=altair.Step(22))
    return panels(panel, "event", None, columns=1, limit=width_of(narrow)).resolve_scale(y="independent")


def _dots(rows: Sequence[Row], reach: float, narrow: bool) -> Any:
    """Leans with intervals, one outlet a line; hollow where there is no interval."""
    import altair

    base = altair.Chart().encode(y=altair.Y("outlet:N", title=None, sort=None), description="said:N")
    bars = base.mark_rule(strokeWidth=2, color=light("ink")).encode(x=_lean_axis(reach, narrow), x2="high:Q")
    fill = altair.condition("datum.bounded", altair.value(light("ink")), altair.value(light("paper")))
    points = base.mark_point(filled=True, size=60, opacity=1, stroke=light("ink"), strokeWidth=1.5).encode(x="lean:Q", fill=fill)
    return altair.layer(_zero(), bars, points, data=data(rows))


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
    base = altair.Chart().encode(
        x=altair.X("utcyearmonthdate(start):T", title=None, axis=altair.Axis(tickCount=4, grid=False, format="%b %Y", labelOverlap=True))
    )
    scale = altair.Scale(domain=[-reach, reach], nice=False)
    band = base.mark_area(color=light("accent"), opacity=0.22).encode(y=altair.Y("low:Q", scale=scale), y2="high:Q", detail="run:N")
    bars = base.mark_rule(color=light("accent"), strokeWidth=1.2, opacity=0.6).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=light("accent"), strokeWidth=2).encode(
        y=altair.Y("lean:Q", title="lean", axis=altair.Axis(format="+.2~f", tickCount=5)), detail="run:N"
    )
    fill = altair.condition("datum.bounded", altair.value(light("accent")), altair.value(light("paper")))
    points = base.mark_point(filled=True, size=32, opacity=1, stroke=light("accent")).encode(y="lean:Q", fill=fill, description="said:N")
    zero = alone().mark_rule(color=light("edge")).encode(y=altair.YDatum(0))
    panel = altair.layer(zero, band, bars, line, points, data=data(rows)).properties(width=270 if narrow else 325, height=120)
    return panels(panel, "outlet", None, columns=1 if narrow else 2)


def _follows(last: str, period: Period, step: str) -> bool:
    days = (date.fromisoformat(period.start) - date.fromisoformat(last)).days
    return days == 7 if step == "week" else days <= 31
