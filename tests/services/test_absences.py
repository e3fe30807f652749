"""A deputy is on the cases and gets the reminders from the first day to the last, and never by her own hand."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotFound
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.deadlines import Deadline
from portal.models.hand_overs import Absence
from portal.models.messages import Message
from portal.services import absences, deadlines, leavers, reminders
from portal.services.absences import Days
from tests.factories.leavers import Leaver, make_leaver, team_of
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")


def away(made: Leaver, first: int, last: int) -> Absence:
    """Vera is away from so many days ahead to so many days ahead, and Ane stands in."""
    now = utc_now()
    today = local_date(now)
    days = Days(today + timedelta(days=first), today + timedelta(days=last))
    return absences.plan(made.worker.public_id, made.ane.user.public_id, days, actor=actor_of(made.worker), now=now)


def in_days(days: int) -> date:
    return local_date(utc_now()) + timedelta(days=days)


def test_it_begins_on_its_first_day_and_ends_after_its_last() -> None:
    made, now = make_leaver(2), utc_now()
    absence = away(made, 1, 3)
    case = made.cases[0].id
    assert team_of(case) == [(made.worker.user_id, True)]
    assert absences.turn(now + timedelta(days=1)) == 1
    assert team_of(case) == [(made.worker.user_id, True), (made.ane.user_id, False)]
    assert absences.turn(now + timedelta(days=3)) == 0
    assert absences.turn(now + timedelta(days=4)) == 1
    assert team_of(case) == [(made.worker.user_id, True)]
    assert absence.ended_at is not None


def test_it_begins_at_once_when_the_first_day_is_today_and_ends_when_she_is_back() -> None:
    made = make_leaver(1)
    absence = away(made, 0, 5)
    assert len(team_of(made.cases[0].id)) == 2
    absences.end(absence.public_id, actor=actor_of(made.worker), now=utc_now())
    assert team_of(made.cases[0].id) == [(made.worker.user_id, True)]


def test_a_deputy_who_was_on_the_team_already_stays_when_it_ends() -> None:
    from portal.services import cases

    made = make_leaver(1)
    cases.join_team(made.cases[0].id, made.ane.user_id, actor=actor_of(made.worker), now=utc_now())
    absence = away(made, 0, 1)
    absences.end(absence.public_id, actor=actor_of(made.lead), now=utc_now())
    assert len(team_of(made.cases[0].id)) == 2


def test_a_deputy_does_not_come_to_a_case_that_she_is_kept_out_of() -> None:
    made, now = make_leaver(2), utc_now()
    db.session.add(
        CaseBlock(case_id=made.cases[0].id, user_id=made.ane.user_id, created_at=now, created_by_id=made.worker.user_id)
    )
    away(made, 0, 1)
    assert [len(team_of(case.id)) for case in made.cases] == [1, 2]


def test_the_deputy_is_reminded_too_while_it_lasts() -> None:
    made, now = make_leaver(0), utc_now()
    absence = away(made, 0, 1)
    for suffix in ("during", "after"):
        deadlines.put_up(
            DeadlineKind.OTHER,
            SubjectType.USER,
            "x" * 22,
            suffix=suffix,
            due_on=in_days(-1),
            organisation_id=made.worker.organisation_id,
            owner_id=made.worker.user_id,
            now=now,
        )
        row = db.session.scalars(sa.select(Deadline.id).where(Deadline.source_key.endswith(suffix))).one()
        assert reminders.remind(row, actor=SYSTEM, now=now)
        absences.end(absence.public_id, actor=actor_of(made.lead), now=now) if suffix == "during" else None
    told = sa.select(Message.recipient_id).where(Message.deadline_kind == DeadlineKind.OTHER).order_by(Message.id)
    assert db.session.scalars(told).all() == [made.worker.user_id, made.ane.user_id, made.worker.user_id]


@pytest.mark.parametrize(("first", "last", "field"), [(3, 1, "to_on"), (-5, -1, "to_on"), (0, 120, "to_on")])
def test_days_that_cannot_be_are_refused_beside_the_field(first: int, last: int, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        away(make_leaver(0), first, last)
    assert refusal.value.field == field


def test_two_absences_do_not_overlap_and_a_deputy_has_a_fitting_role() -> None:
    made = make_leaver(0)
    away(made, 1, 5)
    with pytest.raises(Invalid):
        away(made, 5, 7)
    days = Days(in_days(10), in_days(12))
    for wrong in (made.lead, make_member(made.worker.role), made.worker):
        with pytest.raises(Invalid) as refusal:
            absences.plan(made.worker.public_id, wrong.user.public_id, days, actor=actor_of(made.worker), now=utc_now())
        assert refusal.value.field == "deputy"


def test_nobody_plans_herself_as_the_deputy_of_another() -> None:
    made = make_leaver(0)
    days = Days(in_days(0), in_days(1))
    with pytest.raises(NotFound):
        absences.plan(made.worker.public_id, made.ane.user.public_id, days, actor=actor_of(made.ane), now=utc_now())


@pytest.mark.parametrize("who", ["worker", "ane"])
def test_it_ends_when_either_leaves(who: str) -> None:
    made = make_leaver(1)
    absence = away(made, 0, 5)
    leavers.end_membership(getattr(made, who).public_id, actor=actor_of(made.administrator), now=utc_now())
    db.session.refresh(absence)
    assert absence.ended_at is not None
    assert made.ane.user_id not in [user for user, _primary in team_of(made.cases[0].id)]
