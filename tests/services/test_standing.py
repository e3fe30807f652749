"""She has died or moved abroad: what rests, what is called off, who takes it back, and what comes back then."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind as K
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import EndReason, MeetingCancelReason, MeetingKind, SubjectType
from portal.core.measures import AskedHow, FollowUpPoint
from portal.core.standing import StandingKind, StandingSource
from portal.core.states import DeadlineState, FollowUpState, MeetingState, RequestState
from portal.domain.followup_steps import Action
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.followups import FollowUp
from portal.models.messages import Message
from portal.models.standing import StandingMark
from portal.queries import bridge as bridge_queries
from portal.queries import cases as case_queries
from portal.queries import counselling_desk
from portal.queries import silence as silence_queries
from portal.queries import standing as queries
from portal.services import (
    case_marks,
    cases,
    children,
    closing,
    deadlines,
    enrolments,
    followup_answers,
    meetings,
    referrals,
    silence,
    standing,
)
from portal.services.children import ChildRecord
from portal.services.standing import Told
from tests.factories.followups import make_followed
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request

NOW = utc_now()
TODAY = local_date(NOW)
MISTAKE = "Det var en anden med samme navn"
STOPPED = "has died|er død"
DIED = Told(StandingKind.DIED, TODAY, StandingSource.AUTHORITY, "Politiet ringede")
ABROAD = Told(StandingKind.MOVED_ABROAD, TODAY)


def put(case: Case, *kinds: K) -> None:
    for kind in kinds:
        case_marks.put_up(kind, case, due_on=TODAY + timedelta(days=2), actor=SYSTEM, now=NOW)


def states(session: Any, case: Case) -> dict[K, DeadlineState]:
    session.expire_all()
    rows = session.execute(sa.select(Deadline.kind, Deadline.state).where(Deadline.case_id == case.id))
    return dict(rows.all())


def mark_of(session: Any, case: Case) -> StandingMark:
    return session.scalars(sa.select(StandingMark).where(StandingMark.case_id == case.id)).one()


def test_what_would_reach_her_rests_and_what_others_owe_stays(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    put(case, K.WELFARE_CHECK, K.SAFETY_PLAN, K.CONCERN_RECEIPT, K.CHILD_UNSEEN)
    standing.record(case, DIED, actor=actor, now=NOW)
    found = states(session, case)
    assert {found[K.WELFARE_CHECK], found[K.SAFETY_PLAN]} == {DeadlineState.RESTS}
    assert {found[K.CONCERN_RECEIPT], found[K.CHILD_UNSEEN]} == {DeadlineState.OPEN}
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.DEATH_RECORDED in tags
    mark = mark_of(session, case)
    assert (mark.kind, mark.since_on, mark.source, mark.note) == (
        StandingKind.DIED, TODAY, StandingSource.AUTHORITY, "Politiet ringede",
    )  # fmt: skip


def test_a_row_that_is_put_up_later_rests_from_the_beginning(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    standing.record(case, DIED, actor=actor, now=NOW)
    put(case, K.WELFARE_CHECK, K.CONCERN_RECEIPT)
    found = states(session, case)
    assert (found[K.WELFARE_CHECK], found[K.CONCERN_RECEIPT]) == (DeadlineState.RESTS, DeadlineState.OPEN)


def test_what_is_done_while_it_rests_does_not_come_back(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    put(case, K.WELFARE_CHECK, K.SAFETY_PLAN, K.RISK_REVIEW)
    standing.record(case, DIED, actor=actor, now=NOW)
    deadlines.finish(K.WELFARE_CHECK, case.public_id, actor=actor, now=NOW)
    deadlines.call_off(case.public_id, kind=K.SAFETY_PLAN, actor=actor, now=NOW)
    standing.take_back(case, mark_of(session, case), MISTAKE, actor=actor, now=NOW)
    found = states(session, case)
    assert (found[K.WELFARE_CHECK], found[K.SAFETY_PLAN]) == (DeadlineState.DONE, DeadlineState.CANCELLED)
    assert found[K.RISK_REVIEW] == DeadlineState.OPEN


def test_planned_meetings_with_her_are_called_off_in_every_house_and_nothing_new_is_planned(session: Any) -> None:
    member, guest = make_member(), make_member(Role.PROGRAMME_WORKER)
    case, actor = make_case(member), actor_of(member)
    child = children.add(case, ChildRecord(birth_year=2020), actor=actor, now=NOW)
    day = timedelta(days=1)
    hers = make_meeting(guest, case, ahead=day, now=NOW)
    others = make_meeting(member, case, ahead=2 * day, now=NOW, kind=MeetingKind.NETWORK_MEETING)
    of_child = make_meeting(member, case, ahead=3 * day, now=NOW, about=(child,))
    begun = make_meeting(member, case, ahead=-day, now=NOW)
    assert standing.record(case, DIED, actor=actor, now=NOW) == 1
    assert (hers.state, hers.cancel_reason) == (MeetingState.CANCELLED, MeetingCancelReason.DIED)
    assert {others.state, of_child.state, begun.state} == {MeetingState.PLANNED}
    told = session.scalars(sa.select(Message.recipient_id).where(Message.subject_public_id == hers.public_id)).all()
    assert guest.user_id in told
    with pytest.raises(NotNow, match=STOPPED):
        make_meeting(guest, case, ahead=day, now=NOW)
    with pytest.raises(NotNow, match=STOPPED):
        meetings.move(begun, NOW + day, NOW + 2 * day, actor=actor, now=NOW)
    meetings.move(of_child, NOW + 4 * day, NOW + 5 * day, actor=actor, now=NOW)
    assert make_meeting(member, case, ahead=day, now=NOW, kind=MeetingKind.COOPERATION).state is MeetingState.PLANNED


def test_follow_ups_are_left_out_by_a_code_of_their_own_and_so_are_those_that_an_end_would_plan(session: Any) -> None:
    followed = make_followed(now=NOW)
    case, actor = followed.case, actor_of(followed.worker)
    assert followed.follow_up().state is FollowUpState.DUE
    standing.record(case, DIED, actor=actor, now=NOW)
    enrolments.end_early(followed.enrolment, EndReason.DIED, TODAY, actor=actor, now=NOW)
    session.expire_all()
    found = session.scalars(sa.select(FollowUp).where(FollowUp.case_id == case.id)).all()
    assert {FollowUpPoint.START, FollowUpPoint.END} <= {one.point for one in found}
    assert {one.state for one in found} <= {FollowUpState.DIED, FollowUpState.CANCELLED}
    assert states(session, case)[K.FOLLOW_UP] in (DeadlineState.RESTS, DeadlineState.CANCELLED)
    standing.take_back(case, mark_of(session, case), MISTAKE, actor=actor, now=NOW)
    assert followed.follow_up().state is FollowUpState.DUE


def test_a_follow_up_that_was_left_out_so_is_neither_filled_in_nor_coded_anew(session: Any) -> None:
    followed = make_followed(now=NOW)
    actor = actor_of(followed.worker)
    standing.record(followed.case, DIED, actor=actor, now=NOW)
    found = followed.follow_up()
    with pytest.raises(NotNow):
        followup_answers.code(found, Action.UNREACHABLE, reason=None, actor=actor, now=NOW)
    with pytest.raises(NotNow):
        followup_answers.fill_in(found, {}, AskedHow.PHONE, is_done=True, version=found.version, actor=actor, now=NOW)
    assert found.state is FollowUpState.DIED


def test_a_talk_before_a_decision_and_a_referral_are_stopped_in_the_other_house_too(session: Any) -> None:
    made, sent = make_request(RequestState.DRAFT, now=NOW), make_request(now=NOW)
    for one in (made, sent):
        standing.record(one.case, DIED, actor=actor_of(one.sender), now=NOW)
    with pytest.raises(NotNow, match=STOPPED):
        referrals.send(made.referral, actor=actor_of(made.sender), now=NOW)
    with pytest.raises(NotNow, match=STOPPED):
        make_meeting(sent.intake, None, request_id=sent.request.id, step="visit", ahead=timedelta(days=1))


def test_a_talk_before_a_decision_that_was_planned_is_called_off(session: Any) -> None:
    made = make_request(now=NOW)
    talk = make_meeting(made.intake, None, request_id=made.request.id, step="visit", ahead=timedelta(days=1), now=NOW)
    assert standing.record(made.case, DIED, actor=actor_of(made.sender), now=NOW) == 1
    assert talk.cancel_reason is MeetingCancelReason.DIED


@pytest.mark.parametrize("told", [DIED, ABROAD])
def test_no_offer_of_counselling_is_missed_any_more(session: Any, told: Told) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    cases.record_move(case, TODAY, actor=actor, now=NOW)
    assert len(counselling_desk.list_missed_ids(TODAY)) == 1
    standing.record(case, told, actor=actor, now=NOW)
    assert counselling_desk.list_missed_ids(TODAY) == []
    standing.take_back(case, mark_of(session, case), MISTAKE, actor=actor, now=NOW)
    assert len(counselling_desk.list_missed_ids(TODAY)) == 1


@pytest.mark.parametrize(("told", "left"), [(DIED, 0), (ABROAD, 1)])
def test_the_lead_is_not_told_that_nobody_has_taken_over(session: Any, told: Told, left: int) -> None:
    member = make_member()
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, member.organisation))
    case, actor = make_case(member), actor_of(member)
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), actor=actor, now=NOW)
    cases.plan_move(case, TODAY, actor=actor, now=NOW)
    assert len(bridge_queries.list_alone(lead, TODAY)) == 1
    standing.record(case, told, actor=actor, now=NOW)
    assert len(bridge_queries.list_alone(lead, TODAY)) == left
    assert (states(session, case)[K.BRIDGE_RECEIVER] is DeadlineState.OPEN) is bool(left)


def test_what_rests_goes_along_to_whoever_takes_over(session: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case, actor = make_case(member), actor_of(member)
    cases.join_team(case.id, colleague.user_id, actor=actor, now=NOW)
    put(case, K.WELFARE_CHECK)
    standing.record(case, DIED, actor=actor, now=NOW)
    cases.hand_over_primary(case, colleague.user_id, actor=actor, now=NOW)
    session.expire_all()
    resting = sa.select(Deadline.owner_id).where(Deadline.case_id == case.id, Deadline.kind == K.WELFARE_CHECK)
    assert session.scalar(resting) == colleague.user_id


def test_nobody_is_told_that_it_is_quiet_around_her(session: Any) -> None:
    member, then = make_member(), NOW - timedelta(days=90)
    case, actor = make_case(member, now=then), actor_of(member)
    session.flush()
    assert [row.reference for row in silence_queries.list_own(actor, today=TODAY)[0]] == [case.reference]
    standing.record(case, DIED, actor=actor, now=NOW)
    assert silence_queries.list_own(actor, today=TODAY)[0] == []
    assert silence_queries.list_of_house(actor, today=TODAY)[0] == []
    silence.put_up(now=NOW)
    assert K.SILENCE not in states(session, case)


def test_abroad_only_the_alert_of_the_counselling_rests(session: Any) -> None:
    member, then = make_member(), NOW - timedelta(days=90)
    case, actor = make_case(member, now=then), actor_of(member)
    meeting = make_meeting(member, case, ahead=timedelta(days=1), now=NOW)
    put(case, K.COUNSELLING_OFFER, K.WELFARE_CHECK)
    standing.record(case, ABROAD, actor=actor, now=NOW)
    found = states(session, case)
    assert (found[K.COUNSELLING_OFFER], found[K.WELFARE_CHECK]) == (DeadlineState.RESTS, DeadlineState.OPEN)
    assert meeting.state is MeetingState.PLANNED
    assert silence_queries.list_own(actor, today=TODAY)[0]


def test_what_rests_under_two_marks_comes_back_with_the_last(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    put(case, K.COUNSELLING_OFFER, K.WELFARE_CHECK)
    for told in (ABROAD, DIED):
        standing.record(case, told, actor=actor, now=NOW)
    died = queries.find_standing(case.id, StandingKind.DIED)
    assert died is not None
    standing.take_back(case, died, MISTAKE, actor=actor, now=NOW)
    found = states(session, case)
    assert (found[K.COUNSELLING_OFFER], found[K.WELFARE_CHECK]) == (DeadlineState.RESTS, DeadlineState.OPEN)


def test_taken_back_it_comes_back_on_today_at_the_earliest_with_its_owner_and_meetings_stay_called_off(
    session: Any,
) -> None:
    member, colleague = make_member(), make_member()
    case, actor = make_case(member), actor_of(member)
    meeting = make_meeting(member, case, ahead=timedelta(days=1), now=NOW)
    deadlines.put_up(
        K.WELFARE_CHECK, SubjectType.CASE, case.public_id, due_on=TODAY - timedelta(days=9), now=NOW, case_id=case.id,
        organisation_id=member.organisation_id, owner_id=colleague.user_id,
    )  # fmt: skip
    standing.record(case, DIED, actor=actor, now=NOW)
    mark = mark_of(session, case)
    standing.take_back(case, mark, MISTAKE, actor=actor, now=NOW)
    row = session.scalars(
        sa.select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == K.WELFARE_CHECK)
    ).one()
    session.refresh(row)
    assert (row.state, row.due_on, row.owner_id) == (DeadlineState.OPEN, TODAY, colleague.user_id)
    assert meeting.state is MeetingState.CANCELLED
    assert (mark.lifted_at, mark.lift_reason) == (NOW, MISTAKE)
    assert make_meeting(member, case, ahead=timedelta(days=1), now=NOW).state is MeetingState.PLANNED
    standing.record(case, DIED, actor=actor, now=NOW)


def test_a_closed_case_is_marked_too_and_reopened_it_asks_for_nothing(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    put(case, K.WELFARE_CHECK)
    closing.close_case(case, case_queries.count_unfinished(case.id), actor=actor, now=NOW)
    standing.record(case, DIED, actor=actor, now=NOW)
    assert states(session, case)[K.WELFARE_CHECK] is DeadlineState.CANCELLED
    closing.reopen_case(case, MISTAKE, actor=actor, now=NOW)
    found = states(session, case)
    assert {found[K.WELFARE_CHECK], found[K.SAFE_CONTACT_CHECK]} == {DeadlineState.RESTS}


def test_what_rests_goes_with_the_closing_and_not_back_into_a_closed_case(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    put(case, K.WELFARE_CHECK)
    standing.record(case, DIED, actor=actor, now=NOW)
    closing.close_case(case, case_queries.count_unfinished(case.id), actor=actor, now=NOW)
    standing.take_back(case, mark_of(session, case), MISTAKE, actor=actor, now=NOW)
    assert states(session, case)[K.WELFARE_CHECK] is DeadlineState.CANCELLED
    closing.reopen_case(case, MISTAKE, actor=actor, now=NOW)
    assert states(session, case)[K.WELFARE_CHECK] is DeadlineState.OPEN


def test_it_stands_once_of_each_kind(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    standing.record(case, DIED, actor=actor, now=NOW)
    with pytest.raises(Conflict):
        standing.record(case, DIED, actor=actor, now=NOW)
    standing.record(case, ABROAD, actor=actor, now=NOW)
    assert session.scalar(sa.select(sa.func.count(StandingMark.id))) == 2


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1985, 5, 5)])
def test_a_day_ahead_or_before_her_birth_is_refused_and_nothing_happens(session: Any, day: date) -> None:
    member = make_member()
    case = make_case(member)
    case.client.birth_year = 1986
    put(case, K.WELFARE_CHECK)
    with pytest.raises(Invalid) as refused:
        standing.record(case, Told(StandingKind.DIED, day), actor=actor_of(member), now=NOW)
    assert refused.value.field == "since_on"
    assert states(session, case)[K.WELFARE_CHECK] is DeadlineState.OPEN


def test_who_is_asked_about_the_case_takes_it_back_once_with_a_reason(session: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case, actor = make_case(member), actor_of(member)
    cases.join_team(case.id, colleague.user_id, actor=actor, now=NOW)
    standing.record(case, DIED, actor=actor_of(colleague), now=NOW)
    mark = mark_of(session, case)
    with pytest.raises(Forbidden):
        standing.take_back(case, mark, MISTAKE, actor=actor_of(colleague), now=NOW)
    with pytest.raises(Invalid):
        standing.take_back(case, mark, "fejl", actor=actor, now=NOW)
    assert mark.lifted_at is None
    standing.take_back(case, mark, MISTAKE, actor=actor, now=NOW)
    with pytest.raises(NotNow):
        standing.take_back(case, mark, MISTAKE, actor=actor, now=NOW)


def test_a_role_that_changes_no_case_records_nothing(session: Any) -> None:
    member, lead = make_member(), make_member(Role.PROGRAMME_LEAD)
    with pytest.raises(Forbidden):
        standing.record(make_case(member), DIED, actor=actor_of(lead), now=NOW)
