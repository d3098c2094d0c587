from __future__ import annotations

from typing import Any

import pytest
from fabricated import NASTY, SMALL, fabricated

from stance.summary import distance, printable, voices

pytest.importorskip("altair")

from stance.charts import STACK, camp_chart, share_chart, similarity_chart

COMPARISON = fabricated()


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """The data that a chart draws, apart from layers that are drawn once."""
    plain = chart.to_dict()
    return list(plain["data"]["values"] if "values" in plain["data"] else plain["datasets"][plain["data"]["name"]])


def test_bars_have_the_shares() -> None:
    rows = rows_of(share_chart(COMPARISON, False))
    for outlet in COMPARISON.outlets:
        for name, figures in voices(outlet):
            bars = [row for row in rows if (row["outlet"], row["voice"]) == (printable(outlet.outlet), name)]
            assert [row["frame"] for row in bars] == [str(frame) for frame in STACK]
            for bar, frame in zip(bars, STACK, strict=True):
                assert bar["to"] - bar["from"] == pytest.approx(figures.shares[frame].value)
            assert bars[-1]["to"] == pytest.approx(1)


def test_camps() -> None:
    rows = rows_of(camp_chart(COMPARISON, False))
    expected = [(printable(row.outlet), str(camp), share.value) for row in COMPARISON.outlets for camp, share in row.camps.items()]
    assert sorted((row["outlet"], row["camp"], row["share"]) for row in rows) == sorted(expected)


def test_similarity_leaves_out_outlets_with_too_few() -> None:
    rows = rows_of(similarity_chart(COMPARISON, True))
    assert len(rows) == 16
    assert SMALL not in {row["first"] for row in rows}
    by_name = {printable(row.outlet): row for row in COMPARISON.outlets}
    assert all(row["distance"] == distance(by_name[row["first"]], by_name[row["second"]]) for row in rows)


def test_no_name_from_outside_stands_outside_the_data() -> None:
    for chart in (share_chart(COMPARISON, False), camp_chart(COMPARISON, True), similarity_chart(COMPARISON, False)):
        plain = chart.to_dict()
        plain.pop("data")
        plain.pop("datasets", None)
        assert "Morava" not in str(plain)
        assert NASTY[:8] not in str(plain)
