"""Nothing lies unanswered in silence: the rungs, who is told, the pause, and the named owner (R-690)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.kinds import DeadlineKind
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, RequestState
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.waiting import RequestRung
from portal.queries import ladder as queries
from portal.services import ladder, referrals, request_endings, requests
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
