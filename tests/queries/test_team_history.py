"""Who was on a team from when to when, whom the others asked in between, and what the timeline tells of it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.db import db
from portal.models.cases import TeamMember
from portal.queries import case_timeline, team_history
from portal.queries.team_history import Span
from portal.services import cases
from portal.services.case_marks import record
from portal.web.case_pages import lens_of
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


def test_each_seat_says_from_when_to_when_and_who_was_asked() -> None:
    first, second, other = make_member(now=NOW), make_member(now=NOW), make_member(now=NOW)
    case, by = make_case(first, now=NOW), {"actor": actor_of(first)}
    cases.join_team(case.id, second.user_id, now=day(1), **by)
    cases.join_team(case.id, other.user_id, now=day(2), **by)
    cases.hand_over_primary(case, second.user_id, now=day(3), **by)
    cases.hand_over_primary(case, first.user_id, now=day(5), **by)
    cases.leave_team(case.id, second.user_id, now=day(7), **by)
    seats = team_history.list_seats(case)
    assert [(one.user_public_id, one.joined_at, one.left_at, one.asked) for one in seats] == [
        (other.user.public_id, day(2), None, ()),
        (second.user.public_id, day(1), day(7), (Span(day(3), day(5)),)),
        (first.user.public_id, NOW, None, (Span(NOW, day(3)), Span(day(5), None))),
    ]


def test_whoever_was_it_when_she_left_was_it_until_then() -> None:
    first, second = make_member(now=NOW), make_member(now=NOW)
    case, by = make_case(first, now=NOW), {"actor": actor_of(first)}
    cases.join_team(case.id, second.user_id, now=day(1), is_primary=True, **by)
    db.session.execute(sa.update(TeamMember).where(TeamMember.user_id == second.user_id).values(ended_at=day(4)))
    spans = {one.user_public_id: one.asked for one in team_history.list_seats(case)}
    assert spans == {second.user.public_id: (Span(day(1), day(4)),), first.user.public_id: (Span(NOW, day(1)),)}


def test_what_the_trail_did_not_name_before_is_hers_who_is_asked_now() -> None:
    first, second = make_member(now=NOW), make_member(now=NOW)
    case, by = make_case(first, now=NOW), {"actor": actor_of(first)}
    cases.join_team(case.id, second.user_id, now=day(1), **by)
    for seat, is_primary in ((first, False), (second, True)):
        hers = sa.update(TeamMember).where(TeamMember.user_id == seat.user_id)
        db.session.execute(hers.values(is_primary=is_primary))
    record(Audit.CASE_OWNER_CHANGED, case, now=day(2), **by)
    db.session.flush()
    spans = {one.user_public_id: one.asked for one in team_history.list_seats(case)}
    assert spans == {second.user.public_id: (Span(day(2), None),), first.user.public_id: (Span(NOW, day(2)),)}


def test_the_timeline_says_who_joined_and_left_and_to_whom_the_case_was_given() -> None:
    first = make_member(now=NOW)
    second = make_member(organisation=first.organisation, now=NOW, name="Maja Holm")
    case, actor = make_case(first, now=NOW), actor_of(first)
    cases.join_team(case.id, second.user_id, actor=actor, now=day(1))
    cases.hand_over_primary(case, second.user_id, actor=actor, now=day(2))
    cases.leave_team(case.id, first.user_id, actor=actor, now=day(3))
    reader = actor_of(second)
    rows = case_timeline.list_past(reader, case.id, lens_of(reader, case)).rows
    told = [(one.source, one.what, one.whom, one.house) for one in rows]
    assert told == [
        ("left", None, first.user.name, first.organisation.name),
        ("event", Audit.CASE_OWNER_CHANGED, "Maja Holm", second.organisation.name),
        ("joined", None, "Maja Holm", second.organisation.name),
        ("event", Audit.CASE_OPENED, None, None),
    ]
