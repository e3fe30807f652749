"""The bridge: rows move with the day, and stand until somebody has taken over."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Invalid, NotNow, Stale
from portal.core.kinds import ContactMode, ContactResult, EndReason, SubjectType, TrackKind
from portal.core.states import DeadlineState
from portal.core.stays import CivilOffer, GrantPrompt, PsychologistOffer
from portal.domain.bridge import STEPS, Seen
from portal.domain.cases import Unfinished
from portal.domain.clocks import warns_days
from portal.models.audit import AuditEntry
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.stays import Stay
from portal.queries import bridge as queries
from portal.queries import counselling as hour_queries
from portal.queries import deadlines as work_list
from portal.queries import reminders as reminder_queries
from portal.services import bridge, cases, closing, deadlines, enrolments, hours, notes, reminders
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer

pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def staying(member: Any, ahead: int | None = None) -> Any:
    """A case with a stay, and a day on which she leaves."""
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), **who)
    if ahead is not None:
        cases.plan_move(case, TODAY + timedelta(days=ahead), **who)
    return case


def due(session: Any) -> dict[tuple[DeadlineKind, str | None], date]:
    session.expire_all()
    rows = session.scalars(sa.select(Deadline).where(Deadline.kind.in_(STEPS), Deadline.state == DeadlineState.OPEN))
    return {(row.kind, row.queue_role): row.due_on for row in rows}


@pytest.mark.parametrize("days", [-10, 10])
def test_every_row_moves_with_the_day(session: Any, days: int) -> None:
    member = make_member()
    case = staying(member, 60)
    before = due(session)
    assert len(before) == len(STEPS) + 1
    cases.plan_move(case, TODAY + timedelta(days=60 + days), actor=actor_of(member), now=utc_now())
    assert due(session) == {key: day + timedelta(days=days) for key, day in before.items()}
    cases.plan_move(case, None, actor=actor_of(member), now=utc_now())
    assert due(session) == {}


def test_a_step_that_is_late_stays_late_when_something_else_is_seen_to(session: Any) -> None:
    member = make_member()
    case = staying(member, 10)
    later = utc_now() + timedelta(days=6)
    case_day = local_date(later)
    bridge.answer(case, Seen(receiver="Kommunen", received_on=TODAY), version=0, actor=actor_of(member), now=later)
    stands = due(session)
    assert case_day > TODAY
    assert stands[DeadlineKind.BRIDGE_GRANT, None] == TODAY
    assert (DeadlineKind.BRIDGE_RECEIVER, None) not in stands


def test_without_a_stay_there_is_no_bridge(session: Any) -> None:
    member = make_member()
    cases.plan_move(make_case(member), TODAY + timedelta(days=60), actor=actor_of(member), now=utc_now())
    assert due(session) == {}


def test_on_the_day_without_a_receiver_it_stands_for_worker_and_lead() -> None:
    member = make_member()
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, member.organisation))
    case = staying(member, 0)
    for actor in (actor_of(member), lead):
        rows, _next = work_list.list_mine(actor, today=TODAY)
        assert DeadlineKind.BRIDGE_RECEIVER in {row.kind for row in rows}
    assert [row.reference for row in queries.list_alone(lead, TODAY)] == [case.lead_reference]
    stranger = actor_of(make_member(Role.PROGRAMME_LEAD))
    assert queries.list_alone(stranger, TODAY) == []


def test_a_course_with_a_worker_takes_over_and_its_end_leaves_her_alone_again(session: Any) -> None:
    member = make_member()
    case = staying(member, 0)
    ngo = make_organisation(OrganisationKind.NGO)
    worker = make_member(Role.PROGRAMME_WORKER, ngo)
    offer = make_offer(TrackKind.TRANSITION_SUPPORT, ngo)
    who = {"actor": actor_of(worker), "now": utc_now()}
    course = enrolments.propose(case_id=case.id, offer=offer, worker_id=worker.user_id, **who)
    receiver = {key for key in due(session) if key[0] is DeadlineKind.BRIDGE_RECEIVER}
    assert receiver == set()
    enrolments.never_started(course, EndReason.HER_WISH, **who)
    receiver = {key[1] for key in due(session) if key[0] is DeadlineKind.BRIDGE_RECEIVER}
    assert receiver == {None, "programme_lead"}


def test_answers_take_rows_off_and_leave_a_line(session: Any) -> None:
    member = make_member()
    case, who = staying(member, 5), {"actor": actor_of(member), "now": utc_now()}
    seen = Seen(
        receiver="Kommunen",
        received_on=TODAY,
        address_checked_on=TODAY,
        grant_answer=GrantPrompt.NOT_NEEDED,
        civil_offer=CivilOffer.DECLINED,
        civil_reason="Hun vil vente",
        psychologist_offer=PsychologistOffer.OFFERED,
    )
    bridge.answer(case, seen, version=0, **who)
    assert set(due(session)) == {(DeadlineKind.BRIDGE_FIRST_CONTACT, None)}
    assert Audit.BRIDGE_CHANGED in session.scalars(sa.select(AuditEntry.action)).all()
    with pytest.raises(Stale):
        bridge.answer(case, seen, version=0, **who)
    bridge.answer(case, Seen(), version=queries.version(queries.find(case.id)), **who)
    assert len(due(session)) == len(STEPS) + 1


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        (Seen(receiver="Kommunen"), "received_on"),
        (Seen(received_on=TODAY), "receiver"),
        (Seen(civil_offer=CivilOffer.NO), "civil_reason"),
        (Seen(civil_offer=CivilOffer.DECLINED, civil_reason=" "), "civil_reason"),
        (Seen(address_checked_on=TODAY + timedelta(days=1)), "address_checked_on"),
    ],
)
def test_what_is_missing_is_asked_for(seen: Seen, field: str) -> None:
    member = make_member()
    with pytest.raises(Invalid) as refusal:
        bridge.answer(staying(member, 5), seen, version=0, actor=actor_of(member), now=utc_now())
    assert refusal.value.field == field


def test_a_real_contact_in_a_course_after_she_left_is_the_first_one(session: Any) -> None:
    member = make_member()
    case, who = staying(member, 0), {"actor": actor_of(member), "now": utc_now()}
    given = {"mode": ContactMode.PHONE, "enrolment_public_id": "k" * 22}
    notes.log_contact(case, result=ContactResult.NOT_REACHED, **given, **who)
    assert (DeadlineKind.BRIDGE_FIRST_CONTACT, None) in due(session)
    notes.log_contact(case, result=ContactResult.REACHED, **given, **who)
    assert (DeadlineKind.BRIDGE_FIRST_CONTACT, None) not in due(session)
    assert queries.answers(queries.find(case.id)).first_contact_on == TODAY


def test_nothing_of_it_in_a_closed_case(session: Any) -> None:
    member = make_member()
    case, who = staying(member, 5), {"actor": actor_of(member), "now": utc_now()}
    closing.close_case(case, Unfinished(), **who)
    # What a law asks for is not hidden by closing.
    assert set(due(session)) == {(DeadlineKind.PSYCHOLOGIST_START, None)}
    with pytest.raises(NotNow):
        bridge.answer(case, Seen(), version=0, **who)
    closing.reopen_case(case, "Lukket ved en fejl i dag", **who)
    assert len(due(session)) == len(STEPS) + 1


@pytest.mark.parametrize("offer", PsychologistOffer)
def test_the_psychologist_is_offered_before_she_leaves_and_what_she_said_is_enough(
    session: Any, offer: PsychologistOffer
) -> None:
    member = make_member()
    case, key = staying(member, 40), (DeadlineKind.PSYCHOLOGIST_START, None)
    assert due(session)[key] == TODAY + timedelta(days=40)
    assert warns_days(DeadlineKind.PSYCHOLOGIST_START) == 14
    bridge.answer(case, Seen(psychologist_offer=offer), version=0, actor=actor_of(member), now=utc_now())
    assert key not in due(session)


def test_her_first_hour_with_the_psychologist_is_enough_and_taken_back_it_is_not(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.ENTITLEMENT, is_started=True)
    owner = session.scalars(sa.select(TeamMember).where(TeamMember.case_id == course.case_id)).first()
    who: dict[str, Any] = {"actor": actor_of(worker), "now": utc_now()}
    stay = Stay(case_id=course.case_id, organisation_id=owner.organisation_id, admitted_on=TODAY - timedelta(days=9))
    session.add(stay)
    course.case.planned_move_on = TODAY
    bridge.note_courses(course.case_id, **who)
    assert (DeadlineKind.PSYCHOLOGIST_START, None) in due(session)
    (hers,) = hour_queries.list_ledgers(course.id)
    held = {"held_on": TODAY, "minutes": 60, "authorisation": "10-2345"}
    entry = hours.register(course, hers.public_id, **held, **who)
    assert (DeadlineKind.PSYCHOLOGIST_START, None) not in due(session)
    hours.correct(course, entry.public_id, **who)
    assert (DeadlineKind.PSYCHOLOGIST_START, None) in due(session)


def test_on_the_day_it_is_first_on_the_leads_list_and_both_are_reminded_of_it(session: Any) -> None:
    member = make_member()
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation)
    case = staying(member, 10)
    # Something else that the lead is to do, put up before and due later.
    deadlines.put_up(
        DeadlineKind.OTHER,
        SubjectType.CASE,
        "andet",
        due_on=TODAY + timedelta(days=11),
        organisation_id=lead.organisation_id,
        queue_role=Role.PROGRAMME_LEAD,
        now=utc_now() - timedelta(days=5),
    )
    day = utc_now() + timedelta(days=10)
    rows, _next = work_list.list_mine(actor_of(lead), today=local_date(day))
    assert [row.kind for row in rows] == [DeadlineKind.BRIDGE_RECEIVER, DeadlineKind.OTHER]
    assert [row.reference for row in queries.list_alone(actor_of(lead), local_date(day))] == [case.lead_reference]
    for deadline_id in reminder_queries.list_due_ids(local_date(day)):
        reminders.remind(deadline_id, actor=SYSTEM, now=day)
    told = session.scalars(sa.select(Message.recipient_id).where(Message.deadline_kind == DeadlineKind.BRIDGE_RECEIVER))
    assert sorted(told) == sorted((member.user_id, lead.user_id))
    mailed = session.scalars(sa.select(OutgoingMail.recipient_id).where(OutgoingMail.template == "reminder_digest"))
    assert {member.user_id, lead.user_id} <= set(mailed)
