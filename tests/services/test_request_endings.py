"""A request that is given back, sent on, closed for silence, and opened again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import ConsentForm, ConsentPurpose, TrackKind, WithdrawReason
from portal.core.messages import MessageKind
from portal.core.safety import WhoShePart
from portal.core.states import CaseState, DeadlineState, RequestState
from portal.core.waiting import WaitReason
from portal.db import db
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.programmes import Offer
from portal.services import consents, referrals, request_endings, requests, reveals, waiting
from portal.services.request_events import put_up_answer
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import Made, make_draft, make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")


def consent_to(made: Made, offer: Offer) -> None:
    consents.give_consent(
        made.case,
        purpose=ConsentPurpose.REFERRAL,
        form=ConsentForm.ORAL,
        given_on=local_date(utc_now()),
        recipient_organisation_id=offer.organisation_id,
        actor=actor_of(made.sender),
        now=utc_now(),
    )


def test_whoever_took_it_gives_it_back_to_all() -> None:
    made = make_request(RequestState.IN_VISITATION)
    colleague = make_member(Role.INTAKE, made.offer.organisation)
    with pytest.raises(Forbidden):
        requests.release(made.request, actor=actor_of(colleague), now=utc_now())
    requests.release(made.request, actor=actor_of(made.intake), now=utc_now())
    row = db.session.scalars(
        sa.select(Deadline).where(
            Deadline.subject_public_id == made.request.public_id, Deadline.state == DeadlineState.OPEN
        )
    ).one()
    assert (row.kind, row.owner_id, row.queue_role) == (DeadlineKind.REFERRAL_ANSWER, None, Role.INTAKE)
    requests.take(made.request, actor=actor_of(colleague), now=utc_now())
    assert made.request.holder_id == colleague.user_id


def test_a_criterion_is_met_or_not_or_unknown() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    with pytest.raises(Invalid):
        requests.check_criteria(made.request, {"stay": "perhaps"}, actor=actor_of(made.intake), now=utc_now())
    assert not made.request.criteria


@pytest.mark.parametrize("days", [0, 31])
def test_she_hears_from_them_within_thirty_days(days: int) -> None:
    made = make_request(RequestState.IN_VISITATION)
    now = utc_now()
    with pytest.raises(Invalid) as refusal:
        waiting.waitlist(
            made.request,
            local_date(now) + timedelta(days=days),
            WaitReason.NO_ROOM,
            meanwhile_text="Prøv Qnet.",
            actor=actor_of(made.intake),
            now=now,
        )
    assert (refusal.value.field, made.request.state) == ("recontact_on", RequestState.IN_VISITATION)


def test_a_reason_is_given_for_opening_her_name() -> None:
    made = make_request(RequestState.IN_VISITATION)
    secret = requests.who_she_is(made.request, WhoShePart.NAME, actor=actor_of(made.intake))
    with pytest.raises(Invalid) as refusal:
        reveals.reveal(secret, reason=" ja ", actor=actor_of(made.intake), now=utc_now())
    assert refusal.value.field == "reason"
    with pytest.raises(Forbidden):
        requests.who_she_is(made.request, WhoShePart.NAME, actor=actor_of(make_member(Role.INTAKE)))


def test_her_number_is_opened_only_where_it_may_be_kept() -> None:
    made = make_request(RequestState.IN_VISITATION)
    with pytest.raises(Forbidden):
        requests.who_she_is(made.request, WhoShePart.CPR_NUMBER, actor=actor_of(made.intake))
    made.offer.organisation.may_hold_cpr = True
    assert requests.who_she_is(made.request, WhoShePart.CPR_NUMBER, actor=actor_of(made.intake)).field == "cpr_number"


def test_a_request_goes_on_to_another_open_programme_that_she_has_agreed_to() -> None:
    made = make_request(RequestState.IN_VISITATION)
    given = {"actor": actor_of(made.intake), "now": utc_now()}
    closed, other = make_offer(), make_offer()
    closed.is_accepting = False
    for offer in (made.offer, closed):
        with pytest.raises(Invalid) as refusal:
            request_endings.redirect(made.request, offer, **given)
        assert refusal.value.field == "offer"
    with pytest.raises(Invalid):
        request_endings.redirect(made.request, other, **given)
    assert made.request.state is RequestState.IN_VISITATION
    consent_to(made, other)
    sent = request_endings.redirect(made.request, other, **given)
    assert (made.request.state, made.request.alternative_offer_id) == (RequestState.REDIRECTED, other.id)
    assert (sent.state, sent.organisation_id, sent.answers) == (RequestState.SUBMITTED, other.organisation_id, {})


def test_silence_closes_a_request_after_fourteen_days_and_the_sender_is_told() -> None:
    made = make_request(RequestState.NEEDS_INFO)
    with pytest.raises(NotNow):
        request_endings.lapse(made.request, actor=SYSTEM, now=utc_now() + timedelta(days=13))
    request_endings.lapse(made.request, actor=SYSTEM, now=utc_now() + timedelta(days=14))
    told = sa.select(Message.kind).where(Message.recipient_id == made.sender.user_id).order_by(Message.id)
    assert made.request.state is RequestState.LAPSED
    assert db.session.scalars(told).all()[-1] is MessageKind.REFERRAL_ANSWERED


def test_a_closed_request_stays_closed_while_another_is_under_way() -> None:
    made = make_request(RequestState.DECLINED)
    # The programme may be asked again before its days of rest are over only where it has none.
    made.request.cool_down_until = None
    db.session.flush()
    make_request(offer=made.offer, sender=made.sender, case=made.case, intake=made.intake)
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
    with pytest.raises(Conflict):
        request_endings.reopen(made.request, actor=lead, now=utc_now())
    assert made.request.state is RequestState.DECLINED


def test_a_request_that_is_taken_back_is_told_to_whoever_holds_it() -> None:
    free, held = make_request(), make_request(RequestState.IN_VISITATION)
    for made in (free, held):
        request_endings.withdraw(made.request, WithdrawReason.HER_WISH, actor=actor_of(made.sender), now=utc_now())
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.REFERRAL_WITHDRAWN)
    told = told.where(Message.recipient_id.in_([free.intake.user_id, held.intake.user_id]))
    assert db.session.scalars(told).all() == [held.intake.user_id]


def test_while_the_clock_stands_still_no_answer_is_due() -> None:
    made = make_request(RequestState.NEEDS_INFO)
    put_up_answer(made.request, now=utc_now())
    due = sa.select(Deadline.id).where(
        Deadline.subject_public_id == made.request.public_id,
        Deadline.kind == DeadlineKind.REFERRAL_ANSWER,
        Deadline.state == DeadlineState.OPEN,
    )
    assert db.session.scalars(due).all() == []


def test_the_question_leaves_the_senders_list_with_her_answer() -> None:
    made, now = make_request(), utc_now()
    requests.ask_info(made.request, "Hvornår?", actor=actor_of(made.intake), now=now)
    referrals.give_info(made.request, "Den 2.", actor=actor_of(made.sender), now=now)
    asked = sa.select(Deadline.state).where(Deadline.kind == DeadlineKind.REFERRAL_INFO)
    assert db.session.scalars(asked).all() == [DeadlineState.DONE]


def test_a_request_does_not_go_on_to_where_she_has_been_referred_already() -> None:
    made, other, now = make_request(RequestState.IN_VISITATION), make_offer(), utc_now()
    referrals.send(make_draft(made.sender, other, case=made.case), actor=actor_of(made.sender), now=now)
    with pytest.raises(Conflict):
        request_endings.redirect(made.request, other, actor=actor_of(made.intake), now=now)
    assert made.request.state is RequestState.IN_VISITATION


def test_an_answer_is_not_reopened_in_a_closed_case() -> None:
    made, now = make_request(RequestState.DECLINED), utc_now()
    made.case.state, made.case.closed_at = CaseState.CLOSED, now
    db.session.flush()
    with pytest.raises(NotNow):
        request_endings.reopen(made.request, actor=SYSTEM, now=now)
