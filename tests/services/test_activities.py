"""Events: planned, called off, and who came, by name for her team and as a number for everybody else."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.activities import ActivityKind, Guests
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.models.activities import Activity, ActivityAttendance
from portal.models.audit import AuditEntry
from portal.models.users import Membership
from portal.queries import activities as queries
from portal.queries import case_timeline
from portal.services import activities
from portal.services.activities import Planned
from portal.web.case_pages import lens_of
from portal.web.periods import month_of
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")


def planned(member: Membership, **values: Any) -> Planned:
    begins = utc_now() - timedelta(hours=1)
    given = {
        "kind": ActivityKind.COMMUNAL_DINNER,
        "guests": [Guests.RESIDENTS],
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "responsible": member.user.public_id,
    }
    return Planned(**(given | values))


def make_activity(member: Membership, **values: Any) -> Activity:
    return activities.plan(planned(member, **values), actor=actor_of(member), now=utc_now())


def test_who_came_is_ticked_by_those_who_work_with_them(session: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    mine, hers, foreign = make_case(member, name="Amira"), make_case(colleague), make_case(make_member())
    activity = make_activity(member)
    seats = queries.list_seats(actor_of(member), activity)
    assert [(seat.public_id, seat.name) for seat in seats] == [(mine.public_id, "Amira")]
    who = {"actor": actor_of(member), "now": utc_now()}
    activities.register(activity, {mine.public_id}, others=4, version=activity.version, **who)
    other = {"actor": actor_of(colleague), "now": utc_now()}
    activities.register(activity, {hers.public_id}, others=4, version=activity.version, **other)
    assert (activity.named, activity.others) == (2, 4)
    for case in (hers, foreign):
        with pytest.raises(Invalid):
            activities.register(activity, {case.public_id}, others=0, version=activity.version, **who)
    activities.register(activity, set(), others=4, version=activity.version, **who)
    assert session.scalars(sa.select(ActivityAttendance.case_id)).all() == [hers.id]
    assert activity.named == 1
    lines = session.scalars(sa.select(AuditEntry.case_id).where(AuditEntry.action == Audit.ACTIVITY_REGISTERED)).all()
    assert sorted(line for line in lines if line) == sorted([mine.id, mine.id, hers.id])


def test_it_stands_in_her_timeline() -> None:
    member = make_member()
    case, actor, activity = make_case(member), actor_of(member), make_activity(member)
    activities.register(activity, {case.public_id}, others=0, version=activity.version, actor=actor, now=utc_now())
    rows = case_timeline.list_past(actor, case.id, lens_of(actor, case)).rows
    assert ("activity", "communal_dinner") in [(row.source, row.what) for row in rows]


def test_participations_are_counted_by_kind_where_somebody_said_who_came() -> None:
    member = make_member()
    held, silent = make_activity(member), make_activity(member, kind=ActivityKind.SOCIAL)
    activities.register(held, set(), others=7, version=held.version, actor=actor_of(member), now=utc_now())
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, member.organisation))
    month = month_of(local_date(held.starts_at))
    assert queries.count_kinds(lead, month) == [queries.KindCount(ActivityKind.COMMUNAL_DINNER, 1, 7)]
    rows, _next = queries.list_month(lead, month)
    assert {row.public_id for row in rows} == {held.public_id, silent.public_id}
    stranger = actor_of(make_member())
    assert queries.list_month(stranger, month) == ([], None)
    with pytest.raises(NotFound):
        queries.get(stranger, held.public_id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"guests": []}, "guests"),
        ({"kind": ActivityKind.REUNION_DAY}, "guests"),
        ({"responsible": "nobody"}, "responsible"),
        ({"starts_at": utc_now() + timedelta(days=1)}, "ends"),
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_activity(make_member(), **values)
    assert refusal.value.field == field


def test_it_is_changed_or_called_off_until_it_has_been_held() -> None:
    member = make_member()
    activity, who = make_activity(member), {"actor": actor_of(member), "now": utc_now()}
    activities.change(activity, planned(member, title="Fællesspisning"), version=activity.version, **who)
    assert activity.title == "Fællesspisning"
    with pytest.raises(Stale):
        activities.change(activity, planned(member), version=99, **who)
    activities.cancel(activity, **who)
    for act in (
        lambda: activities.cancel(activity, **who),
        lambda: activities.change(activity, planned(member), version=activity.version, **who),
        lambda: activities.register(activity, set(), others=1, version=activity.version, **who),
    ):
        with pytest.raises(NotNow):
            act()
    with pytest.raises(Forbidden):
        activities.plan(planned(member), actor=actor_of(make_member(Role.PROGRAMME_LEAD)), now=utc_now())
