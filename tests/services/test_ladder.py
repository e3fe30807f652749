"""Nothing lies unanswered in silence: the rungs, who is told, the pause, and the named owner (R-690)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import GivenReason
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, RequestState
from portal.core.waiting import WaitReason
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.waiting import RequestRung
from portal.queries import ladder as queries
from portal.services import ladder, referrals, request_endings, requests, waiting
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import Made, make_offer, make_request

# A Monday, so that the fifth weekday is the next Monday.
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def climb(now: datetime) -> int:
    return sum(ladder.climb(one, actor=SYSTEM, now=now) for one in queries.list_to_climb(local_date(now)))


def rungs(session: Any, made: Made) -> list[int]:
    return list(session.scalars(sa.select(RequestRung.rung).order_by(RequestRung.id)))


def told(session: Any, kind: MessageKind) -> set[int]:
    return set(session.scalars(sa.select(Message.recipient_id).where(Message.kind == kind)))


def test_the_queue_then_the_lead_then_a_named_person_and_the_sender_are_told(session: Any) -> None:
    made = make_request(now=MONDAY)
    lead = make_member(Role.PROGRAMME_LEAD, made.offer.organisation, now=MONDAY)
    assert climb(MONDAY) == 0
    assert climb(MONDAY + timedelta(days=1)) == 1
    assert told(session, MessageKind.REFERRAL_WAITS) == {made.intake.user_id}
    assert climb(MONDAY + timedelta(days=2)) == 0
    assert climb(MONDAY + timedelta(days=3)) == 1
    assert told(session, MessageKind.REFERRAL_WAITS) == {made.intake.user_id, lead.user_id}
    assert climb(MONDAY + timedelta(days=6)) == 0
    assert climb(MONDAY + timedelta(days=7)) == 1
    assert told(session, MessageKind.REFERRAL_LATE) == {lead.user_id, made.sender.user_id}
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.REFERRAL_LATE)).one()
    assert row.owner_id == lead.user_id and row.state is DeadlineState.OPEN and row.case_id is None
    assert climb(MONDAY + timedelta(days=30)) == 0 and rungs(session, made) == [1, 3, 5]


def test_after_a_stop_of_the_machines_all_rungs_come_in_order(session: Any) -> None:
    made = make_request(now=MONDAY)
    assert climb(MONDAY + timedelta(days=20)) == 3 and rungs(session, made) == [1, 3, 5]
    assert climb(MONDAY + timedelta(days=20)) == 0


def test_the_ladder_rests_while_the_sender_is_asked_and_goes_on_with_the_rest(session: Any) -> None:
    made = make_request(now=MONDAY)
    asked, answered = MONDAY + timedelta(days=2), MONDAY + timedelta(days=12)
    assert climb(asked) == 1
    requests.ask_info(made.request, "Hvornår flytter hun?", actor=actor_of(made.intake), now=asked)
    assert climb(asked + timedelta(days=9)) == 0
    referrals.give_info(made.request, "Om en måned.", actor=actor_of(made.sender), now=answered)
    # Three weekdays were left: the lead is told after one of them, the named person after all three.
    assert climb(answered) == 0
    assert climb(answered + timedelta(days=2)) == 1
    assert climb(answered + timedelta(days=4)) == 1
    assert rungs(session, made) == [1, 3, 5]


def test_whoever_reads_it_is_not_told_that_it_lies_there_and_an_answer_ends_the_ladder(session: Any) -> None:
    made = make_request(now=MONDAY)
    requests.take(made.request, actor=actor_of(made.intake), now=MONDAY)
    assert climb(MONDAY + timedelta(days=1)) == 0
    late = MONDAY + timedelta(days=8)
    assert climb(late) == 2 and rungs(session, made) == [3, 5]
    request_endings.withdraw(
        made.request, request_endings.WithdrawReason.HER_WISH, actor=actor_of(made.sender), now=late
    )
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.REFERRAL_LATE)).one()
    assert row.state is DeadlineState.CANCELLED and climb(late + timedelta(days=9)) == 0


def test_an_answer_that_is_opened_again_climbs_anew(session: Any) -> None:
    made = make_request(RequestState.DECLINED, now=MONDAY)
    lead = make_member(Role.PROGRAMME_LEAD, made.offer.organisation, now=MONDAY)
    request_endings.reopen(made.request, actor=actor_of(lead), now=MONDAY + timedelta(days=1))
    assert climb(MONDAY + timedelta(days=9)) == 2
    assert made.request.clock_round == 2


def test_of_fifty_requests_none_lies_for_five_weekdays_without_a_named_person(session: Any) -> None:
    offer = make_offer()
    lead = make_member(Role.PROGRAMME_LEAD, offer.organisation, now=MONDAY)
    sender, intake = make_member(now=MONDAY), make_member(Role.INTAKE, offer.organisation, now=MONDAY)
    made = [
        make_request(offer=offer, sender=sender, intake=intake, now=MONDAY + timedelta(days=number % 5))
        for number in range(50)
    ]
    asked = [one.request for one in made[::10]]
    for request in asked:
        requests.ask_info(request, "Mangler noget", actor=actor_of(intake), now=request.sent_at)
    for day in range(16):
        climb(MONDAY + timedelta(days=day, minutes=1))
    late = {one.request.id for one in made if one.request.state is RequestState.SUBMITTED}
    named = dict(
        session.execute(sa.select(RequestRung.request_id, RequestRung.owner_id).where(RequestRung.rung == 5)).all()
    )
    assert len(late) == 45 and set(named) == late and set(named.values()) == {lead.user_id}
    counted = session.execute(sa.select(RequestRung.request_id, sa.func.count()).group_by(RequestRung.request_id)).all()
    assert all(count == 3 for _request, count in counted)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.ADMINISTRATOR])
def test_a_house_without_a_lead_has_a_named_person_all_the_same(session: Any, role: Role) -> None:
    made = make_request(now=MONDAY)
    if role is Role.ADMINISTRATOR:
        made.intake.ended_at = MONDAY
        session.flush()
    person = made.intake if role is Role.INTAKE else make_member(role, made.offer.organisation, now=MONDAY)
    climb(MONDAY + timedelta(days=8))
    owner = session.scalar(sa.select(RequestRung.owner_id).where(RequestRung.rung == 5))
    assert owner == person.user_id


def make_late(day: int) -> tuple[Made, Any, Any]:
    """A request that has climbed for so many days, with the lead and a colleague of whoever could take it."""
    made = make_request(now=MONDAY)
    lead = make_member(Role.PROGRAMME_LEAD, made.offer.organisation, now=MONDAY)
    colleague = make_member(Role.INTAKE, made.offer.organisation, now=MONDAY)
    for one in range(day + 1):
        climb(MONDAY + timedelta(days=one))
    return made, lead, colleague


def give(made: Made, lead: Any, taker: Any, day: int, public_id: str | None = None) -> None:
    ladder.give(
        made.request,
        public_id or taker.user.public_id,
        GivenReason.AWAY,
        actor=actor_of(lead),
        now=MONDAY + timedelta(days=day),
    )


def late_row(session: Any) -> tuple[int | None, Any]:
    row = session.scalars(
        sa.select(Deadline).where(Deadline.kind == DeadlineKind.REFERRAL_LATE).execution_options(populate_existing=True)
    ).one()
    return row.owner_id, row.due_on


def test_whoever_it_is_given_to_has_two_weekdays_and_then_the_ladder_goes_on(session: Any) -> None:
    made, lead, colleague = make_late(3)
    give(made, lead, colleague, 3)
    # From Thursday: Friday and Monday are hers.
    assert made.request.given_until == local_date(MONDAY + timedelta(days=7))
    assert late_row(session) == (colleague.user_id, made.request.given_until)
    assert colleague.user_id in told(session, MessageKind.REFERRAL_WAITS)
    assert [climb(MONDAY + timedelta(days=day)) for day in (4, 5, 6, 7)] == [0, 0, 0, 0]
    assert told(session, MessageKind.REFERRAL_LATE) == set()
    assert climb(MONDAY + timedelta(days=8)) == 1
    assert rungs(session, made) == [1, 3, 5] and made.request.given_to_id is None
    assert told(session, MessageKind.REFERRAL_LATE) == {lead.user_id, made.sender.user_id}
    assert late_row(session) == (lead.user_id, local_date(MONDAY + timedelta(days=8)))


def test_given_after_the_last_rung_it_comes_back_to_the_lead_and_is_never_silent(session: Any) -> None:
    made, lead, colleague = make_late(7)
    give(made, lead, colleague, 7)
    assert [climb(MONDAY + timedelta(days=day)) for day in (8, 9)] == [0, 0]
    owner = sa.select(RequestRung.owner_id).where(RequestRung.rung == 5)
    assert session.scalar(owner) == colleague.user_id
    before = session.scalar(sa.select(sa.func.count()).where(Message.recipient_id == lead.user_id))
    climb(MONDAY + timedelta(days=10))
    assert session.scalar(owner) == lead.user_id and late_row(session)[0] == lead.user_id
    assert session.scalar(sa.select(sa.func.count()).where(Message.recipient_id == lead.user_id)) == before + 1
    assert climb(MONDAY + timedelta(days=11)) == 0 and made.request.given_until is None
    give(made, lead, colleague, 11)
    assert made.request.given_until == local_date(MONDAY + timedelta(days=15))


def test_her_limit_waits_with_the_clock_while_the_sender_is_asked(session: Any) -> None:
    made, lead, colleague = make_late(3)
    give(made, lead, colleague, 3)
    requests.ask_info(made.request, "Hvornår?", actor=actor_of(colleague), now=MONDAY + timedelta(days=4))
    assert climb(MONDAY + timedelta(days=20)) == 0
    referrals.give_info(made.request, "Snart.", actor=actor_of(made.sender), now=MONDAY + timedelta(days=21))
    assert climb(MONDAY + timedelta(days=21)) == 0, "the rest of the clock is hers"
    assert made.request.answer_due_on == local_date(MONDAY + timedelta(days=22))
    assert climb(MONDAY + timedelta(days=22)) == 1 and rungs(session, made) == [1, 3, 5]


def test_only_a_lead_of_the_house_gives_it_and_only_when_it_waits_and_to_one_who_can_take_it(session: Any) -> None:
    made, lead, colleague = make_late(1)
    with pytest.raises(NotNow):
        give(made, lead, colleague, 1)
    climb(MONDAY + timedelta(days=3))
    for stranger in (colleague, make_member(Role.PROGRAMME_LEAD, now=MONDAY)):
        with pytest.raises(Forbidden):
            give(made, stranger, colleague, 3)
    for wrong in (made.sender, lead):
        with pytest.raises(Invalid) as refused:
            give(made, lead, wrong, 3)
        assert refused.value.field == "taker"
    give(made, lead, colleague, 3)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.REQUEST_GIVEN)).one()
    assert entry.reason == GivenReason.AWAY.value
    request_endings.withdraw(
        made.request, request_endings.WithdrawReason.HER_WISH, actor=actor_of(made.sender), now=MONDAY
    )
    with pytest.raises(NotNow):
        give(made, lead, colleague, 3)


def test_an_answer_that_is_opened_again_is_nobodys(session: Any) -> None:
    made, lead, colleague = make_late(3)
    give(made, lead, colleague, 3)
    requests.take(made.request, actor=actor_of(colleague), now=MONDAY + timedelta(days=3))
    waiting.waitlist(
        made.request,
        local_date(MONDAY) + timedelta(days=20),
        WaitReason.NO_ROOM,
        meanwhile_text="Prøv Qnet.",
        actor=actor_of(colleague),
        now=MONDAY + timedelta(days=4),
    )
    waiting.reassess(made.request, actor=actor_of(colleague), now=MONDAY + timedelta(days=30))
    assert made.request.given_to_id is None and climb(MONDAY + timedelta(days=38)) == 2
