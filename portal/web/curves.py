"""Points of a curve as a chart shows them: every day once on its axis (R-562)."""

from collections.abc import Sequence
from datetime import date

from portal.queries.followups import Point
from portal.web.filters import short_day


def one_a_day(points: Sequence[Point]) -> list[tuple[str, int | None]]:
    """One point a day, in order of days: where several courses asked on one day, the lowest answer counts.

    The year stands on the axis where the points are of more than one.
    """
    lowest: dict[date, int] = {}
    for _name, on, value in points:
        lowest[on] = min(value, lowest.get(on, value))
    has_years = len({on.year for on in lowest}) > 1
    return [(f"{on:%d.%m.%y}" if has_years else short_day(on), value) for on, value in sorted(lowest.items())]
