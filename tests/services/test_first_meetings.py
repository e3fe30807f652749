"""A municipality meets her within a week of the notice: on its adviser's list until they have met (R-846)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.kinds import ContactMode, ContactResult, MeetingKind, PlaceKind
from portal.core.notes import TalkKind, TookPart
from portal.core.states import DeadlineState
from portal.domain.notes import NoteFacts
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.organisations import Municipality
from portal.models.stays import StatutoryNotice
from portal.models.users import Membership
from portal.services import counselling, meetings, notes, notices, stays
from portal.services import counselling_work as work
from portal.services.team import join_team
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
TODAY = date(2026, 9, 10)
NOW = datetime.combine(TODAY, time(11), UTC)
DAY = timedelta(days=1)
TALK = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED}


def world(session: Any, adviser_code: str = "751") -> tuple[Case, Actor, Membership]:
    """A woman who came four days ago; her municipality, and an adviser of one."""
    if session.get(Municipality, "751") is None:
        session.add_all(Municipality(code=one, name=f"By {one}", region=Region.CENTRAL) for one in ("751", "101"))
        session.flush()
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    case.responsible_municipality_code = "751"
    stays.record_stay(case, admitted_on=TODAY - 4 * DAY, actor=actor_of(member), now=NOW)
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code=adviser_code)
    return case, actor_of(member), make_member(Role.MUNICIPAL_ADVISER, town, now=NOW)


def send(session: Any, case: Case, actor: Actor, sent_on: date = TODAY) -> None:
    notice = session.scalars(sa.select(StatutoryNotice).where(StatutoryNotice.case_id == case.id)).one()
    notices.send(case, notice, sent_on=sent_on, actor=actor, now=NOW)


def join(case: Case, adviser: Membership, by: Actor) -> None:
    join_team(case.id, adviser.user_id, actor=by, now=NOW)


def waits(session: Any) -> list[tuple[date, int, int]]:
    session.expire_all()
    rows = sa.select(Deadline).where(
        Deadline.kind == DeadlineKind.FIRST_MUNICIPAL_MEETING, Deadline.state == DeadlineState.OPEN
    )
    return [(row.due_on, row.owner_id, row.organisation_id) for row in session.scalars(rows)]


def test_seven_days_after_the_notice_it_is_due_with_her_adviser(session: Any) -> None:
    case, actor, adviser = world(session)
    join(case, adviser, actor)
    assert waits(session) == []
    send(session, case, actor, TODAY - DAY)
    assert waits(session) == [(TODAY + 6 * DAY, adviser.user_id, adviser.organisation_id)]


def test_an_adviser_who_comes_later_is_not_late_before_she_has_come(session: Any) -> None:
    case, actor, adviser = world(session)
    send(session, case, actor, TODAY - 4 * DAY)
    assert waits(session) == []
    join(case, adviser, actor)
    assert [row[0] for row in waits(session)] == [TODAY + 3 * DAY]


def test_of_another_municipality_nobody_is_asked(session: Any) -> None:
    case, actor, adviser = world(session, adviser_code="101")
    join(case, adviser, actor)
    send(session, case, actor)
    assert waits(session) == []


def test_the_first_contact_of_her_house_is_the_meeting_and_trying_is_none(session: Any) -> None:
    case, actor, adviser = world(session)
    join(case, adviser, actor)
    send(session, case, actor)
    notes.log_contact(case, **TALK, actor=actor, now=NOW)
    hers = actor_of(adviser)
    notes.log_contact(case, mode=ContactMode.PHONE, result=ContactResult.NOT_REACHED, actor=hers, now=NOW)
    assert len(waits(session)) == 1
    later = NOW + timedelta(hours=1)
    note = notes.log_contact(case, **TALK, actor=hers, now=later)
    assert waits(session) == []
    notes.undo_contact(case, note, actor=hers, now=later + timedelta(seconds=30))
    assert len(waits(session)) == 1


def test_a_talk_a_contact_within_the_counselling_or_a_meeting_held_will_do(session: Any) -> None:
    for way in ("talk", "counselling", "meeting"):
        case, actor, adviser = world(session)
        join(case, adviser, actor)
        send(session, case, actor)
        assert len(waits(session)) == 1, way
        hers = actor_of(adviser)
        if way == "talk":
            facts = NoteFacts(talk=next(iter(TalkKind)), took_part=(TookPart.HER,))
            notes.write_note(case, text="Vi talte om boligen", facts=facts, actor=hers, now=NOW)
        elif way == "counselling":
            row = counselling.offer(case.id, offered_on=TODAY, actor=hers, now=NOW)
            work.log_contact(row, work.Contact(TODAY, **TALK), actor=hers, now=NOW)
        else:
            held = meetings.plan(
                kind=MeetingKind.TALK,
                starts_at=NOW,
                ends_at=NOW + timedelta(hours=1),
                place_kind=next(iter(PlaceKind)),
                case_id=case.id,
                organisation_id=adviser.organisation_id,
                responsible_id=adviser.user_id,
                actor=hers,
                now=NOW,
            )
            meetings.hold(held, actor=hers, now=NOW + timedelta(hours=2))
        assert waits(session) == [], way


def test_who_has_met_her_before_the_notice_is_not_asked_again(session: Any) -> None:
    case, actor, adviser = world(session)
    join(case, adviser, actor)
    notes.log_contact(case, **TALK, actor=actor_of(adviser), now=NOW)
    send(session, case, actor)
    assert waits(session) == []
