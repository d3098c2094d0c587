from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fabricated import SMALL, fabricated

from stance import StanceError
from stance.figures import Interval, Period

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from stance import drawing

COMPARISON = fabricated()


@pytest.mark.parametrize("name", sorted(drawing.CHARTS))
def test_inline_charts_have_the_page_colours_only(name: str) -> None:
    for narrow in (True, False):
        svg = drawing.inline(COMPARISON, name, narrow)
        ElementTree.fromstring(svg)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb", svg)
        assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) <= {"none", "transparent", *drawing.VARIABLE.values()}
        assert "<script" not in svg
        assert "style=" not in svg  # the page's policy would refuse it
        assert float(re.search(r'width="([\d.]+)"', svg)[1]) <= (360 if narrow else 800)  # type: ignore[index]


def test_figures_are_the_same_each_time(tmp_path: Path) -> None:
    files = drawing.write_figures(COMPARISON, tmp_path / "figures")
    assert [path.name for path in files] == [f"{name}.{end}" for name in drawing.CHARTS for end in ("svg", "png")]
    first = [path.read_bytes() for path in files]
    assert all(content.startswith(b"\x89PNG") for content in first[1::2])
    assert "var(--" not in first[0].decode()
    assert [path.read_bytes() for path in drawing.write_figures(COMPARISON, tmp_path / "figures")] == first


def test_what_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    bare = replace(COMPARISON, events=(), periods=(), outlets=tuple(replace(row, camps={}) for row in COMPARISON.outlets if row.outlet == SMALL))
    assert [path.name for path in drawing.write_figures(bare, tmp_path)] == ["lean.svg", "lean.png", "shares.svg", "shares.png"]


def test_many_outlets_and_weeks_stay_small() -> None:
    """Sixty outlets over two years: the charts hold the largest outlets, and a page of them stays far below the limit of its size."""
    outlets = tuple(
        replace(COMPARISON.outlets[1], outlet=f"Outlet {number:02}", all=replace(COMPARISON.outlets[1].all, articles=number + 10))
        for number in range(60)
    )
    weeks = [f"{2023 + week // 52}-{1 + week % 52 // 5:02}-{1 + week % 5 * 6:02}" for week in range(104)]
    periods = tuple(Period(row.outlet, start, 6, 60, Interval(0.1, 0, 0.2)) for row in outlets for start in weeks)
    drawn = drawing.largest(replace(COMPARISON, outlets=outlets, periods=periods, events=(), pairs=()))
    assert {row.outlet for row in drawn.outlets} == {f"Outlet {number}" for number in range(60 - drawing.MOST, 60)}
    assert {period.outlet for period in drawn.periods} == {row.outlet for row in drawn.outlets}
    assert sum(len(drawing.inline(drawn, name, False)) for name in ("lean", "shares", "time", "similarity")) < 4_000_000


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    with pytest.raises(StanceError, match=r"needs altair, vl_convert, jinja2: pip install 'stance-kosovo\[report\]'"):
        drawing.require("jinja2")
