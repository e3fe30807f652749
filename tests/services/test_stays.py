"""Stays and their notices: three weekdays, and nothing about who she is when she is anonymous."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.states import DeadlineState
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.stays import StatutoryNotice
from portal.queries import case_parts
from portal.services import cases, children, notices
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def due(session: Any, kind: DeadlineKind) -> tuple[date, DeadlineState]:
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == kind)).one()
    return row.due_on, row.state


def test_admission_puts_up_notice_and_stay_plan(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    # Friday 20 November. Whether Saturday counts is not settled, so the earlier day: Tuesday 24.
    cases.record_stay(case, admitted_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)
    assert due(session, DeadlineKind.ADMISSION_NOTICE) == (date(2026, 11, 24), DeadlineState.OPEN)
    assert due(session, DeadlineKind.STAY_PLAN) == (date(2027, 1, 1), DeadlineState.OPEN)
    with pytest.raises(NotNow):
        cases.record_stay(case, admitted_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)


@pytest.mark.parametrize(
    ("admitted", "planned", "field"),
    [
        (date(2026, 11, 21), None, "admitted_on"),
        (date(2026, 11, 20), date(2026, 11, 1), "planned_move_on"),
    ],
)
def test_impossible_days_are_refused(admitted: date, planned: date | None, field: str) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    with pytest.raises(Invalid) as refusal:
        cases.record_stay(case, admitted_on=admitted, planned_move_on=planned, actor=actor_of(member), now=NOW)
    assert refusal.value.field == field


def test_a_corrected_admission_moves_what_is_counted_from_it(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    with pytest.raises(NotNow):
        cases.correct_admission(case, admitted_on=date(2026, 11, 18), previous_stay_ever=None, **who)
    stay = cases.record_stay(case, admitted_on=date(2026, 11, 20), **who)
    cases.correct_admission(case, admitted_on=date(2026, 11, 16), previous_stay_ever=True, **who)
    assert (stay.admitted_on, stay.previous_stay_ever) == (date(2026, 11, 16), True)
    assert due(session, DeadlineKind.ADMISSION_NOTICE) == (date(2026, 11, 19), DeadlineState.OPEN)
    assert due(session, DeadlineKind.STAY_PLAN) == (date(2026, 12, 28), DeadlineState.OPEN)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.STAY_CORRECTED)).one()
    assert entry.fields == ["admitted_on", "previous_stay_ever"]


def test_a_notice_that_has_been_sent_stays_sent_when_the_admission_is_corrected(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=date(2026, 11, 20), **who)
    notice = session.scalars(sa.select(StatutoryNotice)).one()
    notices.send(case, notice, sent_on=date(2026, 11, 20), **who)
    cases.correct_admission(case, admitted_on=date(2026, 11, 16), previous_stay_ever=None, **who)
    assert notice.due_on == date(2026, 11, 19)
    assert due(session, DeadlineKind.ADMISSION_NOTICE) == (date(2026, 11, 24), DeadlineState.DONE)


@pytest.mark.parametrize(
    ("admitted", "field"), [(date(2026, 11, 21), "admitted_on"), (date(2026, 11, 15), "planned_move_on")]
)
def test_an_admission_is_not_corrected_to_an_impossible_day(admitted: date, field: str) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    stay = cases.record_stay(case, admitted_on=date(2026, 11, 10), **who)
    case.planned_move_on = date(2026, 11, 14)
    with pytest.raises(Invalid) as refusal:
        cases.correct_admission(case, admitted_on=admitted, previous_stay_ever=None, **who)
    assert (refusal.value.field, stay.admitted_on) == (field, date(2026, 11, 10))


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 12, 1)])
def test_a_stay_ends_after_it_began_and_not_ahead(day: date) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    with pytest.raises(NotNow):
        cases.end_stay(case, discharged_on=day, actor=actor_of(member), now=NOW)
    cases.record_stay(case, admitted_on=date(2026, 11, 10), actor=actor_of(member), now=NOW)
    with pytest.raises(Invalid):
        cases.end_stay(case, discharged_on=day, actor=actor_of(member), now=NOW)


def test_a_notice_is_sent_once(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    cases.record_stay(case, admitted_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)
    notice = session.scalars(sa.select(StatutoryNotice)).one()
    with pytest.raises(Invalid):
        notices.send(case, notice, sent_on=date(2026, 11, 21), actor=actor_of(member), now=NOW)
    notices.send(case, notice, sent_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)
    assert due(session, DeadlineKind.ADMISSION_NOTICE)[1] is DeadlineState.DONE
    with pytest.raises(NotNow):
        notices.send(case, notice, sent_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)


def test_an_anonymous_notice_never_tells_who_she_is(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    cases.record_stay(case, admitted_on=date(2026, 11, 10), actor=actor_of(member), now=NOW)
    cases.set_identity(case, identity=cases.Identity(name="Amira K"), actor=actor_of(member), now=NOW)
    children.add(case, ChildRecord(birth_year=2020, name="Noor"), actor=actor_of(member), now=NOW)
    cases.end_stay(case, discharged_on=date(2026, 11, 20), actor=actor_of(member), now=NOW)
    notices = session.scalars(sa.select(StatutoryNotice)).all()
    assert len(notices) == 2
    for notice in notices:
        text = case_parts.notice_text(actor_of(member), case, notice)
        assert (text.name, text.has_cpr, text.children) == (None, False, ((None, 2020),))
