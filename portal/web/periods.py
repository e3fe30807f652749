"""A period that was asked for: two days, at most twelve months apart (security bad-input 121)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, request

from portal.core.clock import add_months, end_of_local_day, start_of_local_day

MOST_MONTHS = 12
MONTH_TYPED = 7
USUAL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in Danish time and both counted in."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The moment at which it begins."""
        return start_of_local_day(self.first)

    @property
    def until(self) -> datetime:
        """The moment at which it is over."""
        return end_of_local_day(self.last)


def asked_period(today: date, usual: timedelta = USUAL) -> Period:
    """The period in the address (`from`, `to`), or the last 30 days. 400 for nonsense, cut to twelve months (R-505)."""
    last = _day("to") or today
    first = _day("from") or last - usual
    if first > last:
        first, last = last, first
    return Period(max(first, add_months(last, -MOST_MONTHS)), last)


def asked_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month in the address (`month`, as 2026-03), or of this one; 400."""
    text = request.args.get("month", "").strip()
    if not text:
        return month_of(today)
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(400)
    if len(text) != MONTH_TYPED or not 2000 <= day.year <= 2100:
        abort(400)
    return month_of(day)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of a day."""
    first = day.replace(day=1)
    return first, add_months(first, 1) - timedelta(days=1)


def month_pages(first: date, address: Callable[[str], str]) -> tuple[str, str]:
    """The addresses of the month before and the month after; `address` makes one from a month as 2026-03."""
    return address(f"{add_months(first, -1):%Y-%m}"), address(f"{add_months(first, 1):%Y-%m}")


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2100:
        abort(400)
    return day
