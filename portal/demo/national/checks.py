"""Whether what stands in the database is what the field's figures ask for: each check with its figure."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.identity import check_cpr
from portal.db import db
from portal.demo.national import names
from portal.demo.national.sizes import NATIONAL_CASES, Size
from portal.models.clients import Client

# How far a figure may be off in a tenth of the national set, and by the root of the size in a smaller one.
NOISE_BELOW = NATIONAL_CASES / 10
LONG_AGO = timedelta(days=731)
FIRST_YEAR = timedelta(days=400)

WOMEN_OF_YEARS = sa.text("""
SELECT width_bucket(
    opened_at, ARRAY(SELECT generate_series(0, 9) * interval '8766 hours' + CAST(:begin AS timestamptz))
) AS year, count(*) FROM client_case GROUP BY 1 ORDER BY 1
""")
MEAN_STAY = sa.text("""
SELECT avg(coalesce(discharged_on, :today) - admitted_on) FROM stay WHERE admitted_on < :long_ago
""")
NIGHTS = sa.text("""
SELECT sum(greatest(0, least(coalesce(discharged_on, :today), :today) - greatest(admitted_on, :begin)))
FROM stay WHERE organisation_id IS NOT NULL
""")
# The same telephone in an earlier year, at whichever centre: what the portal itself can see across houses.
REPEATED = sa.text("""
SELECT count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM client_case b JOIN client w ON w.id = b.client_id
    WHERE w.phone_cross_index = k.phone_cross_index AND b.opened_at < c.opened_at - interval '30 days')),
    count(*)
FROM client_case c JOIN client k ON k.id = c.client_id WHERE c.opened_at > :second_year
""")
OFFERED = sa.text("""
SELECT count(*) FILTER (WHERE state <> 'not_offered'), count(*) FROM coordinating_counselling WHERE left_on < :lately
""")
ACCEPTED = sa.text("""
SELECT count(*) FILTER (WHERE state IN ('accepted', 'started', 'ended')), count(*)
FROM coordinating_counselling WHERE left_on < :lately AND state <> 'not_offered'
""")
WITH_CHILDREN = sa.text("""
SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM child WHERE child.client_id = c.client_id)), count(*)
FROM client_case c
""")
IN_TIME = sa.text("""
SELECT count(*) FILTER (WHERE sent_on <= due_on), count(*) FROM statutory_notice WHERE sent_on IS NOT NULL
""")
CONTACTS = sa.text("""
SELECT (SELECT count(*) FROM note WHERE mode IS NOT NULL) + (SELECT count(*) FROM outside_contact)
""")
NO_FORM = sa.text("""
SELECT count(*) FILTER (WHERE destination IS NULL), count(*) FROM stay
WHERE discharged_on < :lately AND organisation_id IS NOT NULL
""")
ANSWER_DAYS = sa.text("""
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
FROM (SELECT (SELECT count(*) FROM generate_series(sent_at::date + 1, decided_at::date, interval '1 day') d
              WHERE extract(isodow FROM d) < 6) AS days
      FROM track_request WHERE decided_at IS NOT NULL AND sent_at < :lately) answered
""")


@dataclass(frozen=True, slots=True)
class Check:
    """One figure with the lowest and the highest that is right."""

    name: str
    figure: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the figure is right."""
        return self.low <= self.figure <= self.high

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "OFF "
        return f"{mark} {self.name}: {self.figure:,.1f} ({self.low:,.1f} to {self.high:,.1f})"


def run(today: date, size: Size, places: int) -> list[Check]:
    """All checks. Chance weighs more in a small set: there the bounds are wider, by the root of its size."""
    wide = max(1.0, math.sqrt(NOISE_BELOW / size.cases))
    begin = today - timedelta(days=round(10 * 365.25))
    ask = {
        "today": today,
        "begin": begin,
        "long_ago": today - LONG_AGO,
        "second_year": begin + timedelta(days=366),
        "lately": today - timedelta(days=60),
    }
    return [
        *_counted(size, ask),
        _check("mean stay in days", _one(MEAN_STAY, ask), 85, 5 * wide),
        _check("occupancy in %", _occupancy(today, begin + FIRST_YEAR, places), 92, 4 * wide),
        _check("women with a case in an earlier year in %", _percent(REPEATED, ask), 15, 2 * wide),
        _check("counselling offered in %", _percent(OFFERED, ask), 85, 2 * wide),
        _check("counselling accepted, of those asked, in %", _percent(ACCEPTED, ask), 70, 1 * wide),
        _check("cases with children in %", _percent(WITH_CHILDREN, ask), 46, 4 * wide),
        _check("notices in time in %", _percent(IN_TIME, ask), 88, 3 * wide),
        _check("stays without an exit form in %", _percent(NO_FORM, ask), 4, 2 * wide),
        *_answers(ask, wide),
        Check("CPR numbers that somebody could have", _possible_cprs(today), 0, 0),
        Check("places with a real name", _real_places(), 0, 0),
    ]


def _check(name: str, figure: float, middle: float, off: float) -> Check:
    return Check(name, figure, middle - off, middle + off)


def _counted(size: Size, ask: dict[str, Any]) -> list[Check]:
    years = [row[1] for row in _rows(WOMEN_OF_YEARS, ask)]
    a_year = size.cases / 10
    contacts = int(_one(CONTACTS, ask))
    slack = max(a_year * 0.02, 1)
    return [
        Check("cases in the smallest year", min(years), a_year - slack, a_year + slack),
        Check("cases in the largest year", max(years), a_year - slack, a_year + slack),
        Check("contacts", contacts, size.contacts, size.contacts),
    ]


def _answers(ask: dict[str, Any], wide: float) -> list[Check]:
    middle, late = _rows(ANSWER_DAYS, ask)[0]
    return [
        _check("weekdays to an answer, median", float(middle or 0), 4, wide),
        _check("weekdays to an answer, nine in ten", float(late or 0), 12, 2 * wide),
    ]


def _occupancy(today: date, begin: date, places: int) -> float:
    nights = _one(NIGHTS, {"today": today, "begin": begin})
    return 100 * nights / (places * (today - begin).days)


def _possible_cprs(today: date) -> int:
    """All are opened: each must be a birth date that has not come yet."""
    found = 0
    for number in db.session.scalars(sa.select(Client.cpr_number).where(Client.cpr_number.is_not(None))):
        try:
            check_cpr(number or "", allow_invented=False, on=today)
        except ValueError:
            continue
        found += 1
    return found


def _real_places() -> int:
    """Every organisation and municipality says that it is made up."""
    both = sa.text("SELECT name FROM organisation UNION ALL SELECT name FROM municipality")
    return sum(names.INVENTED not in row[0] for row in _rows(both, {}))


def _percent(statement: sa.TextClause, ask: dict[str, Any]) -> float:
    part, whole = _rows(statement, ask)[0]
    return 100 * part / whole if whole else 0.0


def _one(statement: sa.TextClause, ask: dict[str, Any]) -> float:
    return float(_rows(statement, ask)[0][0] or 0)


def _rows(statement: sa.TextClause, ask: dict[str, Any]) -> list[Any]:
    wanted = {name: ask[name] for name in statement.compile().params}
    return list(db.session.execute(statement, wanted))
