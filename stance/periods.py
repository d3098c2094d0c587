"""Weeks or months that articles fall into."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from stance.events import day_of

WEEKS = 26
"""Longest span that is cut into weeks; a longer one is cut into months."""


def step_of(dates: Iterable[str]) -> str:
    """``week`` where all days known lie within half a year, and no date says a month alone; else ``month``.

    >>> step_of(["2023-05-29", "2023-06-30", ""]), step_of(["2022-05-29", "2023-06-30"]), step_of(["2023-05", "2023-06-30"])
    ('week', 'month', 'month')
    """
    known = [text for text in dates if period_of(text, "month")]
    days = [day for text in known if (day := day_of(text))]
    short = len(days) == len(known) > 0 and max(days) - min(days) <= timedelta(weeks=WEEKS)
    return "week" if short else "month"


def period_of(text: str, step: str) -> str:
    """First day of the week (a Monday) or month of an ISO 8601 date; empty where the date does not say it.

    >>> period_of("2023-06-01", "week"), period_of("2023-06", "month"), period_of("2023", "month")
    ('2023-05-29', '2023-06-01', '')
    """
    day = day_of(text)
    if step == "week":
        return (day - timedelta(days=day.weekday())).isoformat() if day else ""
    try:
        return (day or date.fromisoformat(f"{text[:7]}-01")).replace(day=1).isoformat()
    except ValueError:
        return ""
