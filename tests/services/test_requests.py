"""The steps of a request: every state × action, the clock, the last place, and who has it."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotNow
from portal.core.kinds import DeclineReason, HerAnswer, TrackKind, WithdrawReason
from portal.core.states import EnrolmentState, RequestState
from portal.db import db, transaction
from portal.domain.permissions import can
from portal.domain.referrals import WORKFLOW, Action
from portal.domain.workflow import check_step
from portal.models.audit import AuditEntry
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.models.referrals import RequestEvent, TrackRequest
from portal.queries import requests as queries
from portal.services import reference, referral_drafts, referrals, request_endings, requests
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_offer, make_request

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(RequestState))
def test_every_action_in_every_state_by_every_role(action: Action, state: RequestState) -> None:
    step = WORKFLOW[action]
    for role in ROLES:
        actor = Actor(1, 1, 1, role)
        expected = None if can(actor, step.permission) else Forbidden
        if expected is None and state not in step.sources:
            expected = NotNow
        if expected is None:
            assert check_step(WORKFLOW, action, state, actor) is step
        else:
            with pytest.raises(expected):
                check_step(WORKFLOW, action, state, actor)


@pytest.mark.parametrize("state", [state for state in RequestState if state is not RequestState.DRAFT])
def test_every_state_can_be_reached_and_leaves_a_trace(session: Any, state: RequestState) -> None:
    made = make_request(state)
    assert made.request.state is state
    count = session.scalar(sa.select(sa.func.count()).where(RequestEvent.request_id == made.request.id))
    assert count >= 1 and session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) > count


def test_the_clock_stands_still_while_the_sender_is_asked(session: Any) -> None:
    made = make_request(now=FRIDAY)
    assert made.request.answer_due_on == date(2026, 11, 27)
    asked = datetime(2026, 11, 24, 10, tzinfo=UTC)
    requests.ask_info(made.request, "Hvornår?", actor=actor_of(made.intake), now=asked)
    assert (made.request.answer_due_on, made.request.paused_days_left) == (None, 3)
    answered = datetime(2026, 12, 4, 10, tzinfo=UTC)
    referrals.give_info(made.request, "Den 2.", actor=actor_of(made.sender), now=answered)
    assert made.request.answer_due_on == date(2026, 12, 9)


def test_the_clock_goes_on_with_at_least_one_weekday(session: Any) -> None:
    made = make_request(now=FRIDAY)
    requests.ask_info(made.request, "?", actor=actor_of(made.intake), now=datetime(2026, 12, 4, 10, tzinfo=UTC))
    referrals.give_info(made.request, "!", actor=actor_of(made.sender), now=datetime(2026, 12, 4, 12, tzinfo=UTC))
    assert made.request.answer_due_on == date(2026, 12, 7)


def test_the_second_who_takes_it_is_told_who_has_it(session: Any) -> None:
    made, now = make_request(), utc_now()
    other = make_member(Role.INTAKE, made.offer.organisation)
    requests.take(made.request, actor=actor_of(made.intake), now=now)
    with pytest.raises(Conflict) as told:
        requests.take(made.request, actor=actor_of(other), now=now)
    assert made.intake.user.name in str(told.value.message)
    requests.take(made.request, actor=actor_of(other), now=now + timedelta(hours=3))
    assert made.request.holder_id == other.user_id


def test_a_place_needs_met_criteria_and_held_talks(session: Any) -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    given = {"actor": actor_of(made.intake), "now": utc_now()}
    with pytest.raises(Invalid):
        requests.offer_place(made.request, **given)
    keys = ("stay", "motivation", "safety")
    requests.check_criteria(made.request, dict.fromkeys(keys, "met"), **given)
    with pytest.raises(Invalid):
        requests.offer_place(made.request, **given)
    made.request.steps = {"motivation": "2026-11-20", "safety": "2026-11-20"}
    requests.offer_place(made.request, **given)
    assert made.request.state is RequestState.OFFERED


def test_a_criterion_that_must_not_be_kept_is_not_stored(session: Any) -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.TRANSITION_SUPPORT))
    values = {"background": "met", "safety": "met", "own_home": "met"}
    requests.check_criteria(made.request, values, actor=actor_of(made.intake), now=utc_now())
    assert set(made.request.criteria) == {"safety", "own_home"}


def test_acceptance_needs_her_yes_and_gives_the_course(session: Any) -> None:
    made = make_request(RequestState.OFFERED)
    given = {"actor": actor_of(made.intake), "now": utc_now()}
    with pytest.raises(Invalid):
        requests.accept(made.request, **given)
    requests.set_her_answer(made.request, HerAnswer.YES, **given)
    enrolment = requests.accept(made.request, **given)
    assert enrolment.state is EnrolmentState.PROPOSED and enrolment.request_id == made.request.id
    assert session.scalar(sa.select(sa.func.count()).where(Message.recipient_id == made.sender.user_id)) >= 1


def test_a_held_place_is_not_offered_twice(session: Any) -> None:
    offer = make_offer(capacity=1)
    make_request(RequestState.OFFERED, offer=offer)
    with pytest.raises(Conflict):
        make_request(RequestState.OFFERED, offer=offer)


def test_the_waiting_list_has_an_order(session: Any) -> None:
    offer, now = make_offer(), utc_now()
    made = [make_request(RequestState.WAITLISTED, offer=offer, now=now + timedelta(minutes=at)) for at in range(3)]
    assert [queries.position_of(one.request) for one in made] == [1, 2, 3]


def test_a_no_needs_something_instead(session: Any) -> None:
    made = make_request(RequestState.IN_VISITATION)
    with pytest.raises(Invalid):
        requests.decline(made.request, DeclineReason.CAPACITY, "Nej", actor=actor_of(made.intake), now=utc_now())


def test_only_a_lead_reopens_and_only_for_thirty_days(session: Any) -> None:
    made = make_request(RequestState.DECLINED)
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
    with pytest.raises(Forbidden):
        request_endings.reopen(made.request, actor=actor_of(made.intake), now=utc_now())
    with pytest.raises(NotNow):
        request_endings.reopen(made.request, actor=lead, now=utc_now() + timedelta(days=31))
    request_endings.reopen(made.request, actor=lead, now=utc_now())
    assert made.request.state is RequestState.IN_VISITATION and made.request.decided_at is None


def test_an_offered_place_returns_after_its_day_and_is_never_a_no(session: Any) -> None:
    made = make_request(RequestState.OFFERED)
    with pytest.raises(NotNow):
        requests.return_offer(made.request, actor=actor_of(made.intake), now=utc_now())
    later = utc_now() + timedelta(days=20)
    requests.return_offer(made.request, actor=actor_of(made.intake), now=later)
    assert made.request.state is RequestState.IN_VISITATION


def test_the_receiver_ends_it_only_by_her_wish(session: Any) -> None:
    made = make_request()
    with pytest.raises(Invalid):
        request_endings.withdraw(made.request, WithdrawReason.MISTAKE, actor=actor_of(made.intake), now=utc_now())
    stranger = actor_of(make_member(Role.INTAKE))
    with pytest.raises(Forbidden):
        request_endings.withdraw(made.request, WithdrawReason.HER_WISH, actor=stranger, now=utc_now())


def test_a_stale_draft_is_thrown_away(session: Any) -> None:
    made = make_request(RequestState.DRAFT)
    actor = actor_of(made.sender)
    assert not referral_drafts.purge_draft(made.referral.id, actor=actor, now=utc_now() + timedelta(days=29))
    assert referral_drafts.purge_draft(made.referral.id, actor=actor, now=utc_now() + timedelta(days=31))


def test_the_reference_data_can_be_loaded_twice(session: Any) -> None:
    from portal.core.actor import SYSTEM

    first = reference.load(actor=SYSTEM, now=utc_now())
    assert (first.programmes, first.municipalities) == (11, 98)
    assert reference.load(actor=SYSTEM, now=utc_now()) == first


def test_of_two_acceptances_of_the_last_place_one_wins(app: Flask, committed: Any) -> None:
    offer = make_offer(capacity=2)
    made = [make_request(RequestState.OFFERED, offer=offer) for _time in range(2)]
    actors = [actor_of(one.intake) for one in made]
    for one, actor in zip(made, actors, strict=True):
        requests.set_her_answer(one.request, HerAnswer.YES, actor=actor, now=utc_now())
    offer.capacity = 1
    ids = [one.request.id for one in made]
    committed.commit()
    results: list[object] = []
    start = threading.Barrier(2, timeout=60)

    def accept(request_id: int, actor: Actor) -> None:
        with app.app_context():
            request = queries.get_by_id(request_id)
            start.wait()
            try:
                with transaction():
                    requests.accept(request, actor=actor, now=utc_now())
                results.append("won")
            except DomainError as refusal:
                results.append(type(refusal))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=accept, args=pair) for pair in zip(ids, actors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    committed.expire_all()
    assert sorted(map(str, results)) == sorted(map(str, ["won", Conflict]))
    assert committed.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 1
    states = committed.scalars(sa.select(TrackRequest.state)).all()
    assert sorted(states) == [RequestState.ACCEPTED, RequestState.OFFERED]
