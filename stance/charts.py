"""Charts of shares: frames by outlet and voice, camps of speakers, how alike outlets are; and what all charts are made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stance.figures import Comparison, Interval, Row
from stance.labels import Camp, Frame
from stance.palette import COLOUR, light
from stance.summary import VOICES, distance, percent, printable, ranked, voices

STACK: Final = (Frame.PRO_PRISTINA, Frame.NEUTRAL, Frame.WESTERN_CRITICAL, Frame.PRO_BELGRADE)
"""Bars are stacked with the two sides at their ends, on the side where the axis of leans has them."""


STEPS: Final = (0.1, 0.2, 0.35, 0.5)
"""Distances at which the colour of the similarity chart changes."""


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """The rows as a chart's data, numbered in the field ``order``."""
    import altair

    shown = [{key: printable(value) if isinstance(value, str) else value for key, value in row.items()} for row in rows]
    return altair.Data(values=[row | {"order": order} for order, row in enumerate(shown)])


def panels(panel: Any, field: str, order: Sequence[str] | None, columns: int, limit: int = 290) -> Any:
    """The chart once for each value of a field, in the given order or that of the rows, with the value above it, cut to this width.

    Values from outside may only come in the rows' order: a list of them would enter Vega's expressions.
    """
    import altair

    sort = list(order) if order else altair.EncodingSortField(field="order", op="min", order="ascending")
    header = altair.Header(title=None, labelFontWeight="bold", labelAnchor="start", labelOrient="top", labelLimit=limit)
    return panel.facet(facet=altair.Facet(f"{field}:N", sort=sort, header=header), columns=columns, spacing=14)


def alone() -> Any:
    """A layer that is drawn once, not once a row."""
    import altair

    return altair.Chart(altair.Data(values=[{}]))


def width_of(narrow: bool) -> int:
    """Width of what is drawn beside the names of outlets, which are cut shorter on a narrow chart."""
    return 228 if narrow else 570


def _percents(share: Interval) -> str:
    return f"{percent(share.value)}, interval {percent(share.low)} to {percent(share.high)}"


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
                said = f"{row.outlet}, {name}, {frame}: {_percents(share)}"
                label = f"{100 * share.value:.0f}" if share.value >= 0.09 else ""
                end = at + share.value
                ink = light(f"on-{COLOUR[frame]}")
                key = {"outlet": row.outlet, "voice": name, "frame": str(frame)}
                rows.append(key | {"from": at, "to": end, "middle": (at + end) / 2, "label": label, "ink": ink, "said": said})
                at = end
    names = [str(frame) for frame in STACK]
    colour = altair.Color("frame:N", title=None, sort=names, scale=altair.Scale(domain=names, range=[light(COLOUR[frame]) for frame in STACK]))
    base = altair.Chart().encode(y=altair.Y("outlet:N", title=None, sort=None, scale=altair.Scale(paddingInner=0.2)), description="said:N")
    percent = altair.X(
        "from:Q",
        title="% of sentences",
        scale=altair.Scale(domain=[0, 1]),
        axis=altair.Axis(format=".0%", tickCount=4, grid=False, labelOverlap="greedy"),
    )
    bars = base.mark_bar(stroke=light("paper"), strokeWidth=1).encode(x=percent, x2="to:Q", color=colour)
    middle = base.mark_text(fontSize=12).encode(x="middle:Q", text="label:N", fill=altair.Fill("ink:N", scale=None))
    panel = altair.layer(bars, middle, data=data(rows)).properties(width=width_of(narrow) if narrow else 272, height=altair.Step(24))
    return panels(panel, "voice", VOICES, columns=1 if narrow else 2)


def camp_chart(comparison: Comparison, narrow: bool) -> Any:
    """Share of each camp among an outlet's attributed sentences, one panel for each camp."""
    import altair

    outlets = [row for row in ranked(comparison.outlets) if row.camps]
    shares = [(row.outlet, str(camp), share) for row in outlets for camp, share in row.camps.items()]
    rows: list[Row] = [
        {"outlet": outlet, "camp": camp, "share": share.value, "low": share.low, "high": share.high, "said": f"{outlet}, {camp}: {_percents(share)}"}
        for outlet, camp, share in shares
    ]
    top = min(1.0, -(-max([0.1, *(share.high for _, _, share in shares)]) // 0.1) / 10)
    base = altair.Chart().encode(y=altair.Y("outlet:N", title=None, sort=None), description="said:N")
    axis = altair.Axis(format=".0%", tickCount=3 if not narrow else 5, labelOverlap="greedy", labelSeparation=8)
    bars = base.mark_rule(strokeWidth=2, color=light("ink")).encode(
        x=altair.X("low:Q", title=None, scale=altair.Scale(domain=[0, top]), axis=axis), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=55, opacity=1, color=light("ink")).encode(x="share:Q")
    panel = altair.layer(bars, points, data=data(rows)).properties(width=width_of(narrow) if narrow else 82, height=altair.Step(23))
    return panels(panel, "camp", [str(camp) for camp in Camp], columns=1 if narrow else 6)


def similarity_chart(comparison: Comparison, narrow: bool) -> Any:
    """Distances between the outlets' shares, in the order of their leans, so that alike outlets stand together."""
    import altair

    outlets = [row for row in ranked(comparison.outlets) if not row.all.too_few]
    rows = []
    for first in outlets:
        for second in outlets:
            value = distance(first, second)
            said = f"{first.outlet} and {second.outlet}: distance {value:.2f}"
            step = bisect_right(STEPS, value)
            colours = {"ground": light(f"step-{step}"), "ink": light("on-step-high" if step > 2 else "on-step-low")}
            label = "" if first is second else f"{value:.2f}"
            rows.append({"first": first.outlet, "second": second.outlet, "distance": value, "label": label, "said": said} | colours)
    names = [row.outlet for row in outlets]
    base = altair.Chart(data(rows)).encode(
        x=altair.X("second:N", title=None, sort=None, axis=altair.Axis(labelAngle=-45, labelLimit=110, orient="bottom")),
        y=altair.Y("first:N", title=None, sort=None),
        description="said:N",
    )
    cells = base.mark_rect(stroke=light("paper"), strokeWidth=1.5).encode(fill=altair.Fill("ground:N", scale=None))
    texts = base.mark_text(fontSize=12).encode(text="label:N", fill=altair.Fill("ink:N", scale=None))
    cell = max(30 if narrow else 40, min(64, width_of(narrow) // max(1, len(names))))
    return (cells + texts).properties(width=altair.Step(cell), height=altair.Step(36))
