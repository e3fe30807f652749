"""Stays among what has been in a case: by the days on which she came and left, and marked when entered later."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.queries import case_timeline
from portal.services import cases, children, stays
from portal.services.children import ChildRecord
from portal.web.case_pages import lens_of
from portal.web.past import past_items
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)
NOW = utc_now()
TODAY = local_date(NOW)
OF_STAYS = ("came", "left_centre")


def past(member: Any, case: Any, child_id: int | None = None) -> list[case_timeline.Past]:
    actor = actor_of(member)
    rows = case_timeline.list_past(actor, case.id, lens_of(actor, case), child_id=child_id).rows
    return [row for row in rows if row.source in OF_STAYS]


def told(rows: list[case_timeline.Past]) -> list[tuple[str, Any, str | None, Any]]:
    return [(row.source, local_date(row.at), row.outcome, row.written_at) for row in rows]


def test_each_day_stands_by_itself_says_where_and_when_it_was_written(app: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW - 40 * DAY), actor_of(member)
    cases.record_stay(case, admitted_on=TODAY - 30 * DAY, actor=actor, now=NOW - 30 * DAY)
    cases.end_stay(case, discharged_on=TODAY - 10 * DAY, actor=actor, now=NOW - 8 * DAY)
    days = {"admitted_on": TODAY - 52 * DAY, "discharged_on": TODAY - 45 * DAY}
    stays.record_elsewhere(case, organisation=None, **days, actor=actor, now=NOW - 2 * DAY)
    cases.record_stay(case, admitted_on=TODAY - DAY, actor=actor, now=NOW)
    expected = [
        ("came", TODAY - DAY, "here", NOW),
        ("left_centre", TODAY - 10 * DAY, "here", NOW - 8 * DAY),
        ("came", TODAY - 30 * DAY, "here", NOW - 30 * DAY),
        ("left_centre", TODAY - 45 * DAY, "elsewhere", NOW - 2 * DAY),
        ("came", TODAY - 52 * DAY, "elsewhere", NOW - 2 * DAY),
    ]
    assert told(past(member, case)) == expected
    child = children.add(case, ChildRecord(birth_year=TODAY.year - 7), actor=actor, now=NOW)
    assert told(past(member, case, child.id)) == expected
    with app.test_request_context():
        items = past_items(past(member, case), case.public_id)
    assert [(item["title"], item["is_late"]) for item in items] == [
        ("Indskrevet på krisecentret", True),
        ("Udskrevet fra krisecentret", True),
        ("Indskrevet på krisecentret", False),
        ("Udskrevet fra et andet krisecenter", True),
        ("Indskrevet på et andet krisecenter", True),
    ]
    assert items[0]["entry"] == f"skrevet {TODAY:%d.%m.%Y}"
    assert items[2]["entry"] == ""
