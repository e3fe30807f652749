"""When a role falls asleep because nobody uses or confirms it."""

from datetime import date, datetime, time, timedelta

from portal.core.clock import at_local

DORMANT_AFTER = timedelta(days=60)
NOTICE_BEFORE = timedelta(days=7)
CONFIRM_DAYS = 14


def quarter_began_on(today: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)


def quarter_began_at(today: date) -> datetime:
    """The moment at which the quarter began in Denmark: who was confirmed before must be confirmed anew (R-467)."""
    return at_local(quarter_began_on(today), time(0, 0))


def confirm_until(today: date) -> date:
    """The fourteenth day of the quarter: by then everybody has been confirmed, or sleeps (R-467)."""
    return quarter_began_on(today) + timedelta(days=CONFIRM_DAYS - 1)


def quarter_name(today: date) -> str:
    """The quarter as in 2026-4: tells one quarter's confirming from the next one's."""
    return f"{today.year}-{(today.month - 1) // 3 + 1}"
