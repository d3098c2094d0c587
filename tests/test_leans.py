from __future__ import annotations

from dataclasses import replace

import pytest
from fabricated import fabricated
from test_charts import rows_of

from stance.figures import Interval
from stance.summary import printable, voices

pytest.importorskip("altair")

from stance.leans import event_chart, lean_chart, time_chart

COMPARISON = fabricated()


def test_forest_plot_has_every_interval() -> None:
    found = {(row["outlet"], row["voice"]): (row["low"], row["lean"], row["high"]) for row in rows_of(lean_chart(COMPARISON, False))}
    expected = {
        (printable(row.outlet), name): (one.lean.low, one.lean.value, one.lean.high) for row in COMPARISON.outlets for name, one in voices(row)
    }
    assert found == expected


def test_stars_mark_what_has_too_few() -> None:
    starred = {(row["outlet"], row["voice"]) for row in rows_of(lean_chart(COMPARISON, False)) if row["shown"].endswith("*")}
    assert starred == {(printable(row.outlet), name) for row in COMPARISON.outlets for name, one in voices(row) if one.too_few}
    assert starred


def test_an_unbounded_interval_is_not_drawn_as_one() -> None:
    rows = rows_of(event_chart(COMPARISON, False))
    hollow = [row for row in rows if not row["bounded"]]
    assert [(row["low"], row["high"]) for row in hollow] == [(0.2, 0.2)]
    assert "too few articles" in hollow[0]["said"]


def test_lines_break_at_gaps_and_thin_periods() -> None:
    rows = [row for row in rows_of(time_chart(COMPARISON, False)) if row["outlet"] == printable(COMPARISON.outlets[0].outlet)]
    runs = [[row["start"][5:7] for row in rows if row["run"] == run] for run in sorted({row["run"] for row in rows})]
    assert runs == [["03", "04"], ["05"], ["06"], ["08", "09", "10", "11", "12"]]  # May is thin, July missing


def test_weeks_follow_after_seven_days() -> None:
    template = replace(COMPARISON.periods[0], lean=Interval(0, -0.1, 0.1))
    weeks = tuple(replace(template, start=start) for start in ("2023-01-02", "2023-01-09", "2023-01-23"))
    rows = rows_of(time_chart(replace(COMPARISON, periods=weeks, step="week"), True))
    assert rows[0]["run"] == rows[1]["run"] != rows[2]["run"]
