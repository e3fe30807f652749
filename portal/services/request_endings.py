"""How a request ends without a place: taken back, sent on, lapsed; and how it is opened again."""

from datetime import datetime, timedelta

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import WithdrawReason
from portal.core.messages import MessageKind
from portal.core.states import CaseState, RequestState
from portal.db import db
from portal.domain.deadlines import answer_due_on
from portal.domain.programmes import read
from portal.domain.referrals import LAPSE_DAYS, WORKFLOW, Action, may_reopen
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.queries import requests as queries
from portal.queries.programme_versions import find_in_force
from portal.services import programme_clocks as own_clocks
from portal.services.referral_sources import check_source
from portal.services.request_events import (
    check,
    check_consent,
    decide,
    move,
    put_up_answer,
    require_own,
    start_clock,
    tell_holder,
    tell_receivers,
    tell_sender,
)


def withdraw(
    request: TrackRequest, reason: WithdrawReason, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Take a request back: the sender, or the receiver by her wish (R-165). The receiver loses sight of the form."""
    is_sender = request.referral.organisation_id == actor.organisation_id
    if actor.role is not Role.SYSTEM and not is_sender:
        require_own(request, actor)
        if reason is not WithdrawReason.HER_WISH:
            raise Invalid(_("You can only take it back by her wish."), field="reason")
    step = check_step(WORKFLOW, Action.WITHDRAW, request.state, actor)
    check_version(version, request.version)
    request.withdraw_reason = reason
    decide(request, step, actor=actor, now=now, reason=reason.value)
    tell_holder(MessageKind.REFERRAL_WITHDRAWN, request, actor=actor, now=now)
    tell_sender(MessageKind.REFERRAL_WITHDRAWN, request, actor=actor, now=now)


def redirect(request: TrackRequest, offer: Offer, *, actor: Actor, now: datetime) -> TrackRequest:
    """Send a request on to another programme that she has consented to, with the form empty (R-166).

    `offer` has programme and organisation loaded. Raises Invalid without consent, Conflict, NotNow.
    """
    step = check(Action.REDIRECT, request, actor)
    if offer.id == request.offer_id or not offer.is_accepting:
        raise Invalid(_("Choose another programme that is open for referrals."), field="offer")
    check_source(offer.programme.rules, request.referral.source, field="offer")
    if queries.has_open(request.case_id, offer.id):
        programme = offer.programme.name_da
        raise Conflict(
            _("She has already been referred to %(programme)s. The answer is on its way.", programme=programme)
        )
    check_consent(request, offer.organisation_id, local_date(now))
    request.alternative = offer
    decide(request, step, actor=actor, now=now)
    sent = TrackRequest(
        referral=request.referral,
        case_id=request.case_id,
        offer=offer,
        organisation=offer.organisation,
        programme_version=find_in_force(offer.programme_id),
        answers={},
        state=RequestState.DRAFT,
        sent_at=now,
    )
    sent.answer_due_on = answer_due_on(now, weekdays=read(sent.rules).answer_weekdays)
    db.session.add(sent)
    db.session.flush()
    move(sent, RequestState.SUBMITTED, actor=actor, now=now)
    put_up_answer(sent, now=now)
    own_clocks.start_on_request(sent, read(sent.rules), now=now)
    tell_receivers(sent, actor=actor, now=now)
    tell_sender(MessageKind.REFERRAL_ANSWERED, request, actor=actor, now=now)
    return sent


def lapse(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Close a request whose sender has been silent for 14 days (R-167). Raises NotNow before."""
    step = check(Action.LAPSE, request, actor)
    asked_at = queries.asked_at(request.id)
    if asked_at is None or local_date(now) < local_date(asked_at) + timedelta(days=LAPSE_DAYS):
        raise NotNow(_("The sender has 14 days to answer."))
    decide(request, step, actor=actor, now=now)
    tell_sender(MessageKind.REFERRAL_ANSWERED, request, actor=actor, now=now)


def reopen(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Look at a closed request again, within 30 days and with a new clock (R-156). Raises NotNow later, Conflict."""
    step = check(Action.REOPEN, request, actor)
    if not may_reopen(local_date(request.decided_at) if request.decided_at else None, local_date(now)):
        raise NotNow(_("An answer can be reopened for 30 days."))
    if db.session.get_one(Case, request.case_id).state is not CaseState.OPEN:
        raise NotNow
    if queries.has_open(request.case_id, request.offer_id):
        raise Conflict
    request.decided_at = request.decided_by_id = request.decline_reason = request.withdraw_reason = None
    request.holder_id = request.held_until = None
    request.cool_down_until = None
    start_clock(request, now=now)
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    put_up_answer(request, now=now)
    tell_receivers(request, actor=actor, now=now)
