"""What every step of a request does besides: history, audit trail, work list, and the word to the other side."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import RequestState
from portal.db import db
from portal.domain.deadlines import answer_due_on
from portal.domain.enrolments import NOT_UNDONE
from portal.domain.programmes import read
from portal.domain.referrals import WORKFLOW, Action, undo_until
from portal.domain.workflow import Step, check_step
from portal.models.referrals import Referral, RequestEvent, TrackRequest
from portal.queries import absences, receivers
from portal.queries import referrals as referral_queries
from portal.queries import requests as queries
from portal.services import audit, deadlines, messages

TRACK_LEADS = {TrackKind.GROUP: Role.GROUP_LEADER, TrackKind.HOUSING: Role.HOUSING_COORDINATOR}


def move(
    request: TrackRequest,
    target: RequestState,
    *,
    actor: Actor,
    now: datetime,
    tag: Audit | None = None,
    reason: str | None = None,
) -> None:
    """Set a request's state, with a line in its history and in the audit trail."""
    db.session.add(
        RequestEvent(
            request_id=request.id,
            from_state=request.state,
            to_state=target,
            actor_id=actor.user_id,
            at=now,
            reason=reason,
        )
    )
    request.state = target
    audit.record(
        tag or Audit.REFERRAL_SENT,
        SubjectType.REQUEST,
        request.public_id,
        actor=actor,
        now=now,
        case_id=request.case_id,
        reason=reason,
    )
    db.session.flush()


def queue_role(request: TrackRequest) -> Role:
    """Who sees a request that nobody has taken."""
    is_municipal = request.organisation.kind is OrganisationKind.MUNICIPALITY
    return Role.MUNICIPAL_ADVISER if is_municipal else Role.INTAKE


def put_up_answer(request: TrackRequest, *, now: datetime) -> None:
    """Put the answer on the receiver's work list, by the day of the clock. Without the case: it is not theirs yet."""
    if request.answer_due_on is not None:
        deadlines.put_up(
            DeadlineKind.REFERRAL_ANSWER,
            SubjectType.REQUEST,
            request.public_id,
            due_on=request.answer_due_on,
            organisation_id=request.organisation_id,
            owner_id=request.holder_id,
            queue_role=None if request.holder_id else queue_role(request),
            now=now,
        )


def start_clock(request: TrackRequest, *, now: datetime) -> None:
    """Give the receiver the programme's own weekdays anew (R-667); the ladder is climbed anew (R-690)."""
    request.answer_due_on = answer_due_on(now, weekdays=read(request.rules).answer_weekdays)
    request.clock_round += 1
    request.given_to_id = request.given_until = None


def settle(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Take off the work lists what asked for an answer: one was given."""
    for kind in (DeadlineKind.REFERRAL_ANSWER, DeadlineKind.REFERRAL_LATE, DeadlineKind.STILL_WANTED):
        deadlines.finish(kind, request.public_id, actor=actor, now=now)


def tell_receivers(request: TrackRequest, *, actor: Actor, now: datetime, is_info: bool = False) -> None:
    """Tell whoever holds the request, or all who could take it."""
    kind = MessageKind.REFERRAL_INFO_GIVEN if is_info else MessageKind.REFERRAL_RECEIVED
    roles = {queue_role(request), TRACK_LEADS.get(request.offer.programme.kind, queue_role(request))}
    held = [request.holder_id] if request.holder_id else None
    for receiver in held or queries.list_receivers(request.organisation_id, sorted(roles), request.case_id):
        tell(kind, receiver, request, actor=actor, now=now)


def tell_holder(kind: MessageKind, request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Tell whoever has taken the request; nobody when it lies free."""
    if request.holder_id is not None:
        tell(kind, request.holder_id, request, actor=actor, now=now)


def tell_sender(kind: MessageKind, request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Tell whoever answers for the referral now, and who stands in for her."""
    referral = request.referral
    for user_id in absences.with_deputies(sender_today(referral), referral.organisation_id, referral.case_id):
        messages.notify(
            kind,
            user_id,
            SubjectType.REFERRAL,
            referral.public_id,
            actor=actor,
            now=now,
            dedupe_key=f"{kind.value}:{request.public_id}:{user_id}:{now.isoformat()}",
        )


def sender_today(referral: Referral) -> int | None:
    """Who answers for a referral now: whoever sent it or took it over, else somebody else of her house (R-586)."""
    return receivers.find_sender(referral.case_id, referral.referrer_id, referral.organisation_id)


def tell(kind: MessageKind, receiver: int, request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Put a message about a request into one person's inbox."""
    messages.notify(
        kind,
        receiver,
        SubjectType.REQUEST,
        request.public_id,
        actor=actor,
        now=now,
        dedupe_key=f"{kind.value}:{request.public_id}:{receiver}:{now.isoformat()}",
    )


def check(action: Action, request: TrackRequest, actor: Actor) -> Step[RequestState]:
    """The step to take: hers first, then when (R-002). Raises Forbidden, NotNow."""
    if actor.role is not Role.SYSTEM:
        require_own(request, actor)
    return check_step(WORKFLOW, action, request.state, actor)


def require_own(request: TrackRequest, actor: Actor) -> None:
    """Raise Forbidden unless the request was sent to the actor's organisation."""
    if request.organisation_id != actor.organisation_id:
        raise Forbidden


def check_consent(request: TrackRequest, organisation_id: int, today: date) -> None:
    """Raise Invalid unless she consents to the organisation on that Danish day (R-101)."""
    if not referral_queries.has_consent(request.case_id, organisation_id, on=today):
        raise Invalid(_("Her consent has run out or was taken back. Ask the sender to renew it."))


def decide(
    request: TrackRequest, step: Step[RequestState], *, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    """End a request: who decided, the history, and everything about it off the work lists."""
    request.decided_at = now
    # Being first was for as long as she waited.
    request.priority_reason = None
    # Scheduled work decides nothing by itself: the sender stands for it.
    request.decided_by_id = actor.user_id or request.referral.referrer_id
    move(request, step.target, actor=actor, now=now, tag=step.audit, reason=reason)
    deadlines.call_off(request.public_id, actor=actor, now=now)
    deadlines.finish(
        DeadlineKind.REFERRAL_INFO, request.referral.public_id, actor=actor, now=now, suffix=request.public_id
    )


def hold_until(request: TrackRequest, now: datetime) -> datetime | None:
    """Until when an answer given now can be undone, and nobody is told of it; None: at once (R-782)."""
    return undo_until(now) if may_be_undone(request) else None


def may_be_undone(request: TrackRequest) -> bool:
    """Whether an answer that has been given is of a kind that can be undone (R-784). Needs the programme loaded."""
    return request.state is RequestState.DECLINED or request.offer.programme.kind not in NOT_UNDONE
