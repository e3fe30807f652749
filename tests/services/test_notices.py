"""Notices of the law: in time is what was sent in time, and a day that was entered wrongly is corrected openly."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.children import SentHow
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import ContactMode, ContactResult, SubjectType, TrackKind
from portal.core.plans import ConfirmedHow
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.deadlines import notice_due_on
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.stays import StatutoryNotice, StayCorrection
from portal.queries import case_deadlines, case_parts
from portal.queries import notices as queries
from portal.queries import stays as stay_queries
from portal.services import (
    bridge,
    cases,
    children,
    concerns,
    counselling,
    deadlines,
    notes,
    notices,
    stay_corrections,
    stay_plans,
)
from portal.services.children import ChildRecord
from portal.services.concerns import ConcernText
from portal.services.stay_plans import Written
from portal.services.stays import Admission, Exit
from portal.web.case_pages import lens_of
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member, make_municipality

pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)
# A Monday; she came on Wednesday the week before, so that the notice is due on Saturday the 21st.
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY, CAME, DUE = date(2026, 11, 23), date(2026, 11, 18), date(2026, 11, 21)
SENT = date(2026, 11, 20)


def admitted(member: Any) -> tuple[Any, StatutoryNotice, dict[str, Any]]:
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=CAME, **who)
    found = db.session.scalars(sa.select(StatutoryNotice).where(StatutoryNotice.case_id == case.id)).one()
    assert found.due_on == DUE
    return case, found, who


def row(case: Any, member: Any, kind: DeadlineKind) -> case_deadlines.Row:
    actor = actor_of(member)
    rows, _more = case_deadlines.list_of_case(actor, case, lens_of(actor, case), today=TODAY)
    (found,) = (one for one in rows if one.kind is kind)
    return found


def test_what_was_sent_in_time_and_entered_later_is_not_late() -> None:
    """R-830: the day on which it was sent counts, not the day on which somebody wrote that down."""
    member = make_member()
    case, notice, who = admitted(member)
    assert row(case, member, DeadlineKind.ADMISSION_NOTICE).late == 2
    notices.send(case, notice, sent_on=SENT, **who)
    found = row(case, member, DeadlineKind.ADMISSION_NOTICE)
    assert (found.state, found.done_on, found.late) == (DeadlineState.DONE, SENT, 0)


def test_what_was_sent_late_is_late_by_the_day_it_was_sent() -> None:
    member = make_member()
    case, notice, who = admitted(member)
    notices.send(case, notice, sent_on=DUE + DAY, **who)
    assert row(case, member, DeadlineKind.ADMISSION_NOTICE).late == 1


@pytest.mark.parametrize("day", [CAME - DAY, TODAY + DAY])
def test_it_is_not_sent_before_she_came_nor_on_a_day_ahead(day: date) -> None:
    case, notice, who = admitted(make_member())
    with pytest.raises(Invalid) as refusal:
        notices.send(case, notice, sent_on=day, **who)
    assert refusal.value.field == "sent_on"
    assert notice.sent_on is None


def test_a_wrong_day_is_corrected_with_a_reason_and_what_stood_there_is_kept() -> None:
    """R-831."""
    member = make_member()
    case, notice, who = admitted(member)
    with pytest.raises(NotNow):
        notices.correct_sent(case, notice, sent_on=SENT, reason="Tastefejl", **who)
    notices.send(case, notice, sent_on=TODAY, **who)
    assert not notices.correct_sent(case, notice, sent_on=TODAY, reason="Ingenting", **who)
    assert notices.correct_sent(case, notice, sent_on=SENT, reason=" Tastefejl ", **who)
    found = row(case, member, DeadlineKind.ADMISSION_NOTICE)
    assert (notice.sent_on, found.done_on, found.late) == (SENT, SENT, 0)
    (was,) = queries.list_kept(notice)
    assert (was.at, was.sent_on, was.reason) == (NOW, TODAY, "Tastefejl")
    assert db.session.scalars(sa.select(AuditEntry.action)).all().count(Audit.NOTICE_CORRECTED) == 1
    # It is no correction of the stay itself.
    assert stay_queries.list_stays(actor_of(member), case)[0].originals == ()
    assert db.session.scalars(sa.select(StayCorrection)).one().original == {"admission_sent_on": TODAY.isoformat()}


@pytest.mark.parametrize(("day", "reason", "field"), [(CAME - DAY, "Fejl", "sent_on"), (SENT, " ", "reason")])
def test_a_correction_needs_a_possible_day_and_a_reason(day: date, reason: str, field: str) -> None:
    case, notice, who = admitted(make_member())
    notices.send(case, notice, sent_on=TODAY, **who)
    with pytest.raises(Invalid) as refusal:
        notices.correct_sent(case, notice, sent_on=day, reason=reason, **who)
    assert (refusal.value.field, notice.sent_on) == (field, TODAY)


def test_only_whoever_works_on_the_case_corrects_it() -> None:
    case, notice, who = admitted(make_member())
    notices.send(case, notice, sent_on=TODAY, **who)
    stranger = {"actor": actor_of(make_member(Role.VOLUNTEER)), "now": NOW}
    with pytest.raises(Forbidden):
        notices.correct_sent(case, notice, sent_on=SENT, reason="Fejl", **stranger)


def test_a_receipt_is_in_time_by_the_day_it_came() -> None:
    member, who = make_member(), {"now": NOW}
    make_municipality("751", "Aarhus")
    case = make_case(member, now=NOW)
    child = children.add(case, ChildRecord(birth_year=2019), actor=actor_of(member), now=NOW)
    notice = concerns.draft(case, child, ConcernText("Bange"), actor=actor_of(member), **who)
    sent = {"sent_on": TODAY - 20 * DAY, "how": SentHow.DIGITAL_POST, "municipality_code": "751"}
    concerns.send(case, notice, actor=actor_of(member), **sent, **who)
    concerns.register_receipt(case, notice, receipted_on=TODAY - 15 * DAY, actor=actor_of(member), **who)
    found = row(case, member, DeadlineKind.CONCERN_RECEIPT)
    assert (found.done_on, found.late) == (TODAY - 15 * DAY, 0)


def test_a_stay_plan_is_in_time_by_the_day_she_confirmed_it() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=TODAY - 44 * DAY, **who)
    stay_plans.write(case, Written(wish="Eget hjem"), **who)
    stay_plans.agree(case, how=ConfirmedHow.ORALLY, confirmed_on=TODAY - 3 * DAY, **who)
    found = row(case, member, DeadlineKind.STAY_PLAN)
    assert (found.done_on, found.late) == (TODAY - 3 * DAY, 0)


def test_counselling_is_offered_and_ended_in_time_by_its_own_days() -> None:
    member, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=TODAY - 44 * DAY, planned_move_on=TODAY - 2 * DAY, **who)
    counselling.offer(case.id, offered_on=TODAY - 3 * DAY, actor=actor_of(adviser), now=NOW)
    found = row(case, member, DeadlineKind.COUNSELLING_OFFER)
    assert (found.done_on, found.late) == (TODAY - 3 * DAY, 0)


def test_a_first_contact_is_in_time_by_the_day_she_was_reached_and_still_undone() -> None:
    member, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    case, now, actor = db.session.get_one(Case, course.case_id), utc_now(), actor_of(member)
    put = {"organisation_id": course.organisation_id, "case_id": case.id, "now": now}
    about = (DeadlineKind.FIRST_CONTACT, SubjectType.ENROLMENT, course.public_id)
    deadlines.put_up(*about, due_on=local_date(now) - DAY, **put)
    given = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "happened_at": now - 2 * DAY}
    of = {"enrolment_id": course.id, "enrolment_public_id": course.public_id}
    note = notes.log_contact(case, actor=actor, now=now, **given, **of)
    found = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.FIRST_CONTACT)).one()
    db.session.refresh(found)
    assert (found.state, local_date(found.done_at)) == (DeadlineState.DONE, local_date(now) - 2 * DAY)
    notes.undo_contact(case, note, actor=actor, now=now + timedelta(minutes=1))
    db.session.refresh(found)
    assert (found.state, found.done_at) == (DeadlineState.OPEN, None)


def test_a_step_of_the_bridge_is_in_time_by_its_own_day() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW - 60 * DAY), {"actor": actor_of(member), "now": NOW - 40 * DAY}
    cases.record_stay(case, admitted_on=TODAY - 44 * DAY, planned_move_on=TODAY + 12 * DAY, **who)
    seen = bridge.Seen(address_checked_on=TODAY - 3 * DAY)
    bridge.answer(case, seen, version=0, actor=actor_of(member), now=NOW)
    found = row(case, member, DeadlineKind.BRIDGE_ADDRESS)
    assert (found.due_on, found.done_on, found.late) == (TODAY - 2 * DAY, TODAY - 3 * DAY, 0)


LEAVES = TODAY + 4 * DAY


def staying(member: Any, **more: Any) -> tuple[Any, dict[str, Any]]:
    """She stays here and plans to leave on a day."""
    case, who = make_case(member, now=NOW, **more), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=CAME, planned_move_on=LEAVES, **who)
    return case, who


def days_of(case: Any) -> list[tuple[DeadlineState, date, Any]]:
    rows = db.session.scalars(
        sa.select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == DeadlineKind.DISCHARGE_NOTICE)
    )
    return [(one.state, one.due_on, one.done_at) for one in rows]


@pytest.mark.parametrize(("name", "is_anonymous"), [("Amira", False), (None, True)])
def test_a_notice_is_ready_and_sent_before_she_leaves_and_not_asked_for_again(name: Any, is_anonymous: bool) -> None:
    """R-832: named or without her name, with the planned day; by law it still counts from the day she left."""
    member = make_member()
    case, who = staying(member, name=name)
    assert queries.find_ahead(case, today=TODAY) == queries.Ahead(LEAVES, None, None, None)
    notice = notices.prepare(case, **who)
    assert notices.prepare(case, **who) is notice
    text = case_parts.notice_text(who["actor"], case, notice)
    assert (text.day, text.is_ahead, text.is_anonymous, text.name) == (LEAVES, True, is_anonymous, name)
    assert days_of(case) == []
    notices.send(case, notice, sent_on=TODAY, **who)
    ahead = queries.find_ahead(case, today=TODAY)
    assert ahead is not None
    assert ahead.is_said
    later = {"actor": who["actor"], "now": NOW + 4 * DAY}
    cases.end_stay(case, discharged_on=LEAVES, **later)
    assert days_of(case) == [(DeadlineState.DONE, notice_due_on(LEAVES), deadlines.done_at(TODAY, later["now"]))]
    assert notice.sent_on == TODAY
    assert case_parts.notice_text(who["actor"], case, notice).is_ahead
    assert queries.find_ahead(case, today=LEAVES) is None


def test_leaving_on_another_day_is_told_anew_and_what_was_sent_is_kept() -> None:
    member = make_member()
    case, who = staying(member)
    notice = notices.prepare(case, **who)
    notices.send(case, notice, sent_on=TODAY, **who)
    left = LEAVES + DAY
    later = {"actor": who["actor"], "now": NOW + 5 * DAY}
    cases.end_stay(case, discharged_on=left, **later)
    assert days_of(case) == [(DeadlineState.OPEN, notice_due_on(left), None)]
    assert (notice.sent_on, notice.told_on) == (None, None)
    (was,) = queries.list_kept(notice)
    assert (was.sent_on, was.told_on, was.reason) == (TODAY, LEAVES, None)
    text = case_parts.notice_text(who["actor"], case, notice)
    assert (text.day, text.is_ahead) == (left, False)


def test_a_plan_that_moves_is_told_anew() -> None:
    member = make_member()
    case, who = staying(member)
    notice = notices.prepare(case, **who)
    notices.send(case, notice, sent_on=TODAY, **who)
    cases.plan_move(case, LEAVES + DAY, **who)
    assert case_parts.notice_text(who["actor"], case, notice).day == LEAVES
    ahead = queries.find_ahead(case, today=TODAY)
    assert ahead is not None
    assert not ahead.is_said
    assert notices.prepare(case, **who) is notice
    assert notice.sent_on is None
    assert case_parts.notice_text(who["actor"], case, notice).day == LEAVES + DAY


def test_a_corrected_day_of_leaving_is_told_anew_when_the_notice_said_another() -> None:
    member = make_member()
    case, who = staying(member)
    notice = notices.prepare(case, **who)
    notices.send(case, notice, sent_on=TODAY, **who)
    later = {"actor": who["actor"], "now": NOW + 5 * DAY}
    stay = cases.end_stay(case, discharged_on=LEAVES, **later)
    given = {"admission": Admission(), "leaving": Exit(), "reason": "Forkert dag"}
    stay_corrections.correct_ended(case, stay, admitted_on=CAME, discharged_on=LEAVES + DAY, **given, **later)
    assert notice.sent_on is None
    assert [state for state, _due, _done in days_of(case)] == [DeadlineState.OPEN]


def test_one_that_was_not_sent_before_is_asked_for_as_always() -> None:
    member = make_member()
    case, who = staying(member)
    notice = notices.prepare(case, **who)
    cases.end_stay(case, discharged_on=TODAY, **who)
    assert days_of(case) == [(DeadlineState.OPEN, notice_due_on(TODAY), None)]
    assert not case_parts.notice_text(who["actor"], case, notice).is_ahead


def test_without_a_planned_day_from_today_on_nothing_is_made_ready() -> None:
    member = make_member()
    case, who = staying(member)
    notice = notices.prepare(case, **who)
    cases.plan_move(case, None, **who)
    for act in (
        lambda: notices.prepare(case, **who),
        lambda: notices.send(case, notice, sent_on=TODAY, **who),
        lambda: case_parts.notice_text(who["actor"], case, notice),
    ):
        with pytest.raises(NotNow):
            act()
    cases.plan_move(case, TODAY - DAY, **who)
    assert queries.find_ahead(case, today=TODAY) is None
    with pytest.raises(NotNow):
        notices.prepare(case, **who)
