"""Waiting for a place: put on the list, asked again, left out this time, and taken before others with a reason."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import MarkKind, MarkReason, SubjectType
from portal.core.messages import MessageKind
from portal.core.states import RequestState
from portal.core.waiting import WaitReason
from portal.db import db
from portal.domain import programmes as programme_rules
from portal.domain.permissions import require
from portal.domain.referrals import HOLD_HOURS, RECONTACT_DAYS, Action
from portal.domain.waiting import JUMPS, SKIPS, check_priority, check_reason
from portal.domain.workflow import check_version
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.models.waiting import WaitingMark
from portal.queries import waiting as queries
from portal.services import audit, deadlines
from portal.services.request_events import (
    check,
    move,
    put_up_answer,
    queue_role,
    require_own,
    settle,
    start_clock,
    tell_sender,
)
from portal.wall import as_system


def waitlist(
    request: TrackRequest,
    recontact_on: date,
    reason: WaitReason,
    *,
    actor: Actor,
    now: datetime,
    meanwhile_offer: Offer | None = None,
    meanwhile_text: str | None = None,
    version: int | None = None,
) -> None:
    """Put her on the waiting list, in the order of the programme's rule, and say when she hears from you (R-163).

    With why, and what she can have meanwhile: another programme or words (R-856). Raises Invalid (`recontact_on`)
    outside the next 30 days, or fewer by the programme's rules, and (`meanwhile_text`); NotNow, Stale.
    """
    step = check(Action.WAITLIST, request, actor)
    check_version(version, request.version)
    _check_day(request, recontact_on, now)
    if meanwhile_offer is None and not meanwhile_text:
        raise Invalid(_("Say what she can have while she waits."), field="meanwhile_text")
    request.wait_reason, request.meanwhile, request.meanwhile_text = reason, meanwhile_offer, meanwhile_text or None
    request.waiting_since = request.waiting_since or now
    request.offered_at = request.offer_expires_on = None
    move(request, step.target, actor=actor, now=now, tag=step.audit, reason=reason.value)
    settle(request, actor=actor, now=now)
    deadlines.finish(DeadlineKind.REFERRAL_OFFER, request.public_id, actor=actor, now=now)
    _ask_again(request, recontact_on, now=now)
    tell_sender(MessageKind.REFERRAL_WAITLISTED, request, actor=actor, now=now)


def still_wanted(
    request: TrackRequest, recontact_on: date, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Note that she was asked and still wants the place; she is asked again within 30 days (R-691).

    Nobody leaves the list by being silent: only a person takes somebody off it. Raises Invalid, NotNow, Stale.
    """
    step = check(Action.STILL_WANTED, request, actor)
    check_version(version, request.version)
    _check_day(request, recontact_on, now)
    _mark(request.id, request.case_id, MarkKind.STILL_WANTED, actor=actor, now=now)
    _ask_again(request, recontact_on, now=now)
    _record(step.audit, request.public_id, request.case_id, actor, now)


def skip(
    request: TrackRequest,
    reason: MarkReason | None,
    text: str | None,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Leave her out of the place that is free now; she keeps her place on the list (R-693). Raises Invalid, NotNow."""
    step = check(Action.SKIP, request, actor)
    check_version(version, request.version)
    check_reason(reason, text, known=SKIPS)
    _mark(request.id, request.case_id, MarkKind.SKIPPED, reason, text, actor=actor, now=now)
    _record(step.audit, request.public_id, request.case_id, actor, now, reason)


def reassess(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Take her from the waiting list to look at it again; her place in the list is kept if she goes back."""
    step = check(Action.REASSESS, request, actor)
    request.holder_id, request.held_until = actor.user_id, now + timedelta(hours=HOLD_HOURS)
    start_clock(request, now=now)
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    settle(request, actor=actor, now=now)
    put_up_answer(request, now=now)


def check_turn(
    request: TrackRequest, reason: MarkReason | None, text: str | None, *, actor: Actor, now: datetime
) -> None:
    """Raise Invalid (`reason`, `text`) when others come before her and nothing says why she is taken first (R-693).

    With a reason it is marked on her request, and without the words about her on the requests of all who are passed.
    Those who were left out of this place with a reason of their own are not passed.
    """
    order = programme_rules.read(request.rules).waiting_order
    with as_system():
        before = [row for row in queries.list_before(request, order, now=now) if not row.is_skipped]
    if not before:
        return
    check_reason(reason, text, known=JUMPS)
    _mark(request.id, request.case_id, MarkKind.TAKEN_BEFORE, reason, text, actor=actor, now=now)
    _record(Audit.REQUEST_TAKEN_BEFORE, request.public_id, request.case_id, actor, now, reason)
    _pass(before, reason, actor=actor, now=now)


def put_first(request: TrackRequest, reason: MarkReason | None, *, actor: Actor, now: datetime) -> None:
    """A lead puts her first on the list for as long as she waits; it stands in the order, with why (R-779).

    Whoever she passes gets a mark as always. Raises Invalid (`reason`), NotNow unless she waits, Forbidden.
    """
    _check_lead(request, actor)
    check_priority(reason)
    order = programme_rules.read(request.rules).waiting_order
    with as_system():
        before = queries.list_before(request, order, now=now)
        _mark(request.id, request.case_id, MarkKind.PUT_FIRST, reason, actor=actor, now=now)
    request.priority_reason = reason
    _record(Audit.REQUEST_PUT_FIRST, request.public_id, request.case_id, actor, now, reason)
    _pass(before, reason, actor=actor, now=now)


def end_first(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Let her stand where the programme's rule puts her again. Raises NotNow unless she was put first, Forbidden."""
    _check_lead(request, actor)
    if request.priority_reason is None:
        raise NotNow
    request.priority_reason = None
    with as_system():
        _mark(request.id, request.case_id, MarkKind.FIRST_ENDED, actor=actor, now=now)
    _record(Audit.REQUEST_FIRST_ENDED, request.public_id, request.case_id, actor, now)


def _check_lead(request: TrackRequest, actor: Actor) -> None:
    require(actor, Permission.REFERRAL_REOPEN)
    require_own(request, actor)
    if request.state is not RequestState.WAITLISTED:
        raise NotNow(_("She is not on the waiting list."))


def _pass(before: Sequence[queries.Before], reason: MarkReason | None, *, actor: Actor, now: datetime) -> None:
    """Mark everybody who is passed, without a word about the other."""
    for row in before:
        with as_system():
            _mark(row.id, row.case_id, MarkKind.PASSED, reason, actor=actor, now=now)
        _record(Audit.REQUEST_PASSED, row.public_id, row.case_id, actor, now, reason)


def _check_day(request: TrackRequest, recontact_on: date, now: datetime) -> None:
    today, longest = local_date(now), min(RECONTACT_DAYS, programme_rules.read(request.rules).recontact_days)
    if not today < recontact_on <= today + timedelta(days=longest):
        raise Invalid(
            _(
                "Choose a day within the next %(num)d days: she is asked again then whether she still wants the place.",
                num=longest,
            ),
            field="recontact_on",
        )


def _ask_again(request: TrackRequest, on: date, *, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.STILL_WANTED,
        SubjectType.REQUEST,
        request.public_id,
        due_on=on,
        organisation_id=request.organisation_id,
        owner_id=request.holder_id,
        queue_role=None if request.holder_id else queue_role(request),
        now=now,
    )


def _mark(
    request_id: int,
    case_id: int,
    kind: MarkKind,
    reason: MarkReason | None = None,
    text: str | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add(
        WaitingMark(
            request_id=request_id,
            case_id=case_id,
            kind=kind,
            reason=reason,
            text=text,
            made_at=now,
            made_by_id=actor.user_id,
        )
    )
    db.session.flush()


def _record(
    tag: Audit, public_id: str, case_id: int, actor: Actor, now: datetime, reason: MarkReason | None = None
) -> None:
    said = reason.value if reason else None
    audit.record(tag, SubjectType.REQUEST, public_id, actor=actor, now=now, case_id=case_id, reason=said)
    db.session.flush()
