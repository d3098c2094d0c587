from __future__ import annotations

from stance.periods import period_of, step_of


def test_half_a_year_is_cut_into_weeks() -> None:
    assert step_of(["2023-01-02", "2023-07-03"]) == "week"
    assert step_of(["2023-01-02", "2023-07-04"]) == "month"


def test_dates_that_say_less() -> None:
    assert step_of([]) == step_of(["", "2023"]) == "month"
    assert step_of(["2023-01-02", "2023", "soon"]) == "week"
    assert [period_of(text, "week") for text in ("2023-01-01T23:00+01:00", "2023-01", "soon", "2023-02-30")] == ["2022-12-26", "", "", ""]
    assert [period_of(text, "month") for text in ("2023-01-31", "2023-1", "2023-13", "")] == ["2023-01-01", "", "", ""]
