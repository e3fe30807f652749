"""A closed case that is opened again: what comes back, who is told, what stays ended."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.alerts import AlertRule
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.courses import CounsellingAnswer
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import (
    ConsentForm,
    ConsentPurpose,
    ContactChannel,
    ContactMode,
    ContactResult,
    MeetingCancelReason,
)
from portal.core.messages import MessageKind
from portal.core.standing import StandingKind
from portal.core.states import CaseState, DeadlineState, MeetingState
from portal.domain.cases import Unfinished
from portal.models.alerts import Alert
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.stays import StatutoryNotice
from portal.queries import cases as queries
from portal.services import blocks, cases, closing, consents, counselling, grants, meetings, notes, notices, standing
from portal.services.standing import Told
from tests.factories.grants import make_house
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member

NOW = utc_now()
TODAY = local_date(NOW)
WHY = "Hun er kommet tilbage på krisecentret"


def make_closed(session: Any, days: int = 0) -> tuple[Any, Any, Case]:
    """A case with its primary and a colleague, closed so many days ago with two things on the work list."""
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case, actor, then = make_case(member), actor_of(member), NOW - timedelta(days=days)
    cases.join_team(case.id, colleague.user_id, actor=actor, now=then)
    cases.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor, now=then)
    given = {"purpose": ConsentPurpose.REFERRAL, "form": ConsentForm.ORAL, "given_on": local_date(then)}
    consents.give_consent(case, **given, actor=actor, now=then)  # type: ignore[arg-type]
    closing.close_case(case, queries.count_unfinished(case.id), actor=actor, now=then)
    session.commit()
    return member, colleague, case


def gone(session: Any) -> tuple[Any, Case]:
    """A case of somebody who has left the centre; all is done but the counselling."""
    member = make_member()
    case, by = make_case(member), {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=40), **by)
    cases.end_stay(case, discharged_on=TODAY, **by)
    for notice in session.scalars(sa.select(StatutoryNotice)):
        notices.send(case, notice, sent_on=TODAY, **by)
    return member, case


def open_dates(session: Any, case: Case) -> dict[DeadlineKind, Any]:
    rows = session.execute(
        sa.select(Deadline.kind, Deadline.due_on, Deadline.owner_id).where(
            Deadline.case_id == case.id, Deadline.state == DeadlineState.OPEN
        )
    )
    return {kind: (due_on, owner) for kind, due_on, owner in rows}


def test_what_the_closing_took_off_the_list_comes_back_and_she_is_asked_first(session: Any) -> None:
    member, _colleague, case = make_closed(session)
    assert open_dates(session, case) == {}
    closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    assert (case.state, case.closed_at) == (CaseState.OPEN, None)
    found = open_dates(session, case)
    assert set(found) == {DeadlineKind.SAFE_CONTACT_CHECK, DeadlineKind.CONSENT_RENEWAL}
    assert found[DeadlineKind.SAFE_CONTACT_CHECK] == (local_date(NOW), member.user_id)
    assert found[DeadlineKind.CONSENT_RENEWAL][0] > local_date(NOW)


def test_nobody_was_late_while_it_was_closed_and_what_was_done_before_stays_done(session: Any) -> None:
    member, _colleague, case = make_closed(session, days=300)
    done = sa.select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == DeadlineKind.CONSENT_RENEWAL)
    row = session.scalars(done).one()
    assert row.due_on < local_date(NOW)
    closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    assert {due_on for due_on, _owner in open_dates(session, case).values()} == {local_date(NOW)}
    session.refresh(row)
    row.state, row.done_at = DeadlineState.DONE, NOW
    later = NOW + timedelta(hours=1)
    closing.close_case(case, queries.count_unfinished(case.id), actor=actor_of(member), now=later)
    closing.reopen_case(case, WHY, actor=actor_of(member), now=later)
    assert set(open_dates(session, case)) == {DeadlineKind.SAFE_CONTACT_CHECK}


def test_the_reason_stands_in_the_trail_and_the_rest_of_the_team_is_told(session: Any) -> None:
    member, colleague, case = make_closed(session)
    closing.reopen_case(case, f"  {WHY} ", actor=actor_of(member), now=NOW)
    entries = session.execute(
        sa.select(AuditEntry.actor_id, AuditEntry.reason, AuditEntry.fields).where(
            AuditEntry.case_id == case.id, AuditEntry.action == Audit.CASE_REOPENED
        )
    ).all()
    assert [tuple(row) for row in entries] == [(member.user_id, WHY, ["state"])]
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.CASE_REOPENED)
    assert session.scalars(told).all() == [colleague.user_id]


@pytest.mark.parametrize("reason", ["", "for kort", "aaaaaaaaaaaaaaaaaaaaaaaa", "x" * 301])
def test_without_a_reason_it_stays_closed(session: Any, reason: str) -> None:
    member, _colleague, case = make_closed(session)
    with pytest.raises(Invalid) as told:
        closing.reopen_case(case, reason, actor=actor_of(member), now=NOW)
    assert told.value.field == "reason"
    assert case.state is CaseState.CLOSED
    assert open_dates(session, case) == {}


def test_an_open_case_is_not_reopened_and_twice_is_once(session: Any) -> None:
    member, _colleague, case = make_closed(session)
    closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    with pytest.raises(NotNow):
        closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    told = sa.select(sa.func.count()).where(Message.kind == MessageKind.CASE_REOPENED)
    assert session.scalar(told) == 1


@pytest.mark.parametrize("role", [role for role in Role if role in (Role.VOLUNTEER, Role.PROGRAMME_LEAD)])
def test_whoever_does_not_work_in_cases_reopens_none(session: Any, role: Role) -> None:
    _member, _colleague, case = make_closed(session)
    with pytest.raises(Forbidden):
        closing.reopen_case(case, WHY, actor=actor_of(make_member(role)), now=NOW)


def test_of_an_erased_case_there_is_nothing_to_open(session: Any) -> None:
    member, _colleague, case = make_closed(session)
    session.execute(sa.update(Case).where(Case.id == case.id).values(erased_at=NOW))
    with pytest.raises(NotFound):
        closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)


def test_somebody_who_is_kept_out_is_not_told(session: Any) -> None:
    member, colleague, case = make_closed(session)
    blocks.keep_out(case, reason=None, user_id=colleague.user_id, actor=actor_of(member), now=NOW)
    session.execute(sa.delete(Message))
    closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    assert session.scalars(sa.select(Message.recipient_id)).all() == []


@pytest.mark.parametrize(("days", "hours", "rings"), [(30, -1, False), (30, 1, True), (400, 0, True)])
def test_after_more_than_thirty_days_the_safety_officer_is_told(
    session: Any, days: int, hours: int, rings: bool
) -> None:
    member, _colleague, case = make_closed(session)
    officer = make_member(Role.SAFETY_OFFICER, session.get_one(Organisation, member.organisation_id))
    case.closed_at = NOW - timedelta(days=days, hours=hours)
    session.commit()
    closing.reopen_case(case, WHY, actor=actor_of(member), now=NOW)
    raised = session.execute(sa.select(Alert.rule, Alert.about_user_id, Alert.case_id)).all()
    assert [tuple(row) for row in raised] == ([(AlertRule.CLOSED_CASE, member.user_id, case.id)] if rings else [])
    told = session.scalars(sa.select(Message.recipient_id).where(Message.kind == MessageKind.SAFETY_ALERT)).all()
    assert told == ([officer.user_id] if rings else [])


def test_a_case_that_nobody_is_the_first_of_has_one_again(session: Any) -> None:
    member, colleague, case = make_closed(session)
    session.execute(sa.text("UPDATE team_member SET is_primary = false"))
    closing.reopen_case(case, WHY, actor=actor_of(colleague), now=NOW)
    assert {owner for _due, owner in open_dates(session, case).values()} == {colleague.user_id}
    assert member.user_id != colleague.user_id


def test_while_it_is_closed_nothing_new_begins_and_what_lies_ahead_can_be_called_off(session: Any) -> None:
    member, _colleague, case = make_closed(session)
    given = {"actor": actor_of(member), "now": NOW}
    with pytest.raises(NotNow):
        notes.write_note(case, text="Hun ringede", **given)
    with pytest.raises(NotNow):
        notes.log_contact(case, mode=ContactMode.PHONE, result=ContactResult.REACHED, **given)
    with pytest.raises(NotNow):
        counselling.offer(case.id, offered_on=local_date(NOW), **given)
    with pytest.raises(NotNow):
        grants.draft(case_id=case.id, fund=make_house().fund, **given)
    with pytest.raises(NotNow):
        make_meeting(member, case)
    closing.reopen_case(case, WHY, **given)
    meeting = make_meeting(member, case)
    closing.close_case(case, queries.count_unfinished(case.id), **given)
    with pytest.raises(NotNow):
        meetings.move(meeting, meeting.starts_at, meeting.ends_at, **given)
    meetings.cancel(meeting, MeetingCancelReason.HER_WISH, **given)
    assert meeting.state is MeetingState.CANCELLED


@pytest.mark.parametrize(
    ("given", "may_close"),
    [
        (None, False),
        (CounsellingAnswer.LATER, False),
        (CounsellingAnswer.YES, False),
        (CounsellingAnswer.NO, True),
        (CounsellingAnswer.NO_ANSWER, True),
    ],
)
def test_nobody_is_put_away_before_the_counselling_that_the_law_promises_is_settled(
    session: Any, given: CounsellingAnswer | None, may_close: bool
) -> None:
    member, case = gone(session)
    by = {"actor": actor_of(member), "now": NOW}
    assert queries.count_unfinished(case.id) == Unfinished(promise=1)
    offered = counselling.offer(case.id, offered_on=TODAY, **by)  # type: ignore[arg-type]
    session.flush()
    assert queries.count_unfinished(case.id) == Unfinished(promise=1)
    if given is not None:
        again = TODAY + timedelta(days=30) if given is CounsellingAnswer.LATER else None
        counselling.answer(offered, given, answered_on=TODAY, ask_again_on=again, **by)  # type: ignore[arg-type]
        session.flush()
    assert queries.count_unfinished(case.id).is_empty is may_close


def test_whoever_has_died_or_moved_abroad_waits_for_no_offer(session: Any) -> None:
    member, case = gone(session)
    told = Told(StandingKind.MOVED_ABROAD, TODAY)
    standing.record(case, told, actor=actor_of(member), now=NOW)
    session.flush()
    assert queries.count_unfinished(case.id).is_empty
