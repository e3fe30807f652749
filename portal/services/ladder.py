"""A request without an answer climbs: to those who could take it, to the lead, to a named person and the sender."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import GivenReason, SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.ladder import LEAD, NAMED, PERSON_WEEKDAYS, QUEUE, is_resting, may_give, rungs_to_fire
from portal.domain.permissions import require
from portal.domain.referrals import CLOCK_RUNS
from portal.models.referrals import TrackRequest
from portal.models.waiting import RequestRung
from portal.queries import ladder as queries
from portal.queries import requests as request_queries
from portal.services import audit, deadlines
from portal.services.request_events import queue_role, require_own, tell, tell_sender


def climb(request_id: int, *, actor: Actor, now: datetime) -> int:
    """Fire the rungs that have come, the lowest first, each once in a run of the clock (R-690). Returns how many.

    Two workers at once fire none twice: the row of a rung is the claim.
    """
    queries.lock(request_id)
    request = request_queries.get_by_id(request_id)
    if request.state not in CLOCK_RUNS:
        return 0
    if is_resting(request.given_until, request.answer_due_on, local_date(now)):
        return 0
    fired = queries.rungs_of(request)
    if request.given_until is not None:
        _come_back(request, fired, actor=actor, now=now)
    due = rungs_to_fire(request.state, request.answer_due_on, fired, local_date(now))
    return sum(_fire(request, rung, actor=actor, now=now) for rung in due)


def _fire(request: TrackRequest, rung: int, *, actor: Actor, now: datetime) -> bool:
    owner_id = _named(request) if rung == NAMED else None
    claimed = db.session.scalar(
        insert(RequestRung)
        .values(request_id=request.id, clock_round=request.clock_round, rung=rung, fired_at=now, owner_id=owner_id)
        .on_conflict_do_nothing(index_elements=["request_id", "clock_round", "rung"])
        .returning(RequestRung.id)
    )
    if claimed is None:
        return False
    if rung == QUEUE:
        _tell_roles(request, [queue_role(request)], actor=actor, now=now)
    elif rung == LEAD:
        _tell_roles(request, [Role.PROGRAMME_LEAD], actor=actor, now=now)
    else:
        _hand_to(request, owner_id, actor=actor, now=now)
        tell_sender(MessageKind.REFERRAL_LATE, request, actor=actor, now=now)
    _record(Audit.REQUEST_ESCALATED, request, str(rung), actor=actor, now=now)
    return True


def give(request: TrackRequest, taker: str, reason: GivenReason, *, actor: Actor, now: datetime) -> None:
    """A lead gives a late request to one person by name: its ladder rests for two weekdays and then goes on (R-777).

    `taker` is the public id of an account. Raises Invalid (`taker`) for whoever cannot take it, NotNow before the lead
    was told or when it has been answered, Forbidden.
    """
    require(actor, Permission.REFERRAL_REOPEN)
    require_own(request, actor)
    queries.lock(request.id)
    db.session.refresh(request, ["state", "clock_round"])
    if request.state not in CLOCK_RUNS or not may_give(queries.rungs_of(request)):
        raise NotNow(_("A referral is given to one person when three weekdays have gone without an answer."))
    user_id = {row.public_id: row.user_id for row in queries.list_takers(request)}.get(taker)
    if user_id is None:
        raise Invalid(_("Choose one of those that are shown."), field="taker")
    until = add_weekdays(local_date(now), PERSON_WEEKDAYS)
    request.given_to_id, request.given_until = user_id, until
    queries.set_named(request, user_id)
    _put_on_list(request, user_id, until, now=now)
    tell(MessageKind.REFERRAL_WAITS, user_id, request, actor=actor, now=now)
    _record(Audit.REQUEST_GIVEN, request, reason.value, actor=actor, now=now)


def _come_back(request: TrackRequest, fired: list[int], *, actor: Actor, now: datetime) -> None:
    """Her limit has passed without an answer: the ladder goes on, and where it had ended the lead has it again."""
    request.given_to_id = request.given_until = None
    db.session.flush()
    if NAMED in fired:
        owner_id = _named(request)
        queries.set_named(request, owner_id)
        _hand_to(request, owner_id, actor=actor, now=now)
        _record(Audit.REQUEST_ESCALATED, request, "limit", actor=actor, now=now)


def _record(tag: Audit, request: TrackRequest, reason: str, *, actor: Actor, now: datetime) -> None:
    audit.record(
        tag, SubjectType.REQUEST, request.public_id, actor=actor, now=now, case_id=request.case_id, reason=reason
    )
    db.session.flush()


def _tell_roles(request: TrackRequest, roles: list[Role], *, actor: Actor, now: datetime) -> None:
    receivers = request_queries.list_receivers(request.organisation_id, roles, request.case_id)
    named = None if receivers else _named(request)
    for receiver in receivers or ([] if named is None else [named]):
        tell(MessageKind.REFERRAL_WAITS, receiver, request, actor=actor, now=now)


def _hand_to(request: TrackRequest, owner_id: int | None, *, actor: Actor, now: datetime) -> None:
    """Put it on one person's list by name, to be seen to today."""
    _put_on_list(request, owner_id, local_date(now), now=now)
    if owner_id is not None:
        tell(MessageKind.REFERRAL_LATE, owner_id, request, actor=actor, now=now)


def _put_on_list(request: TrackRequest, owner_id: int | None, due_on: date, *, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.REFERRAL_LATE,
        SubjectType.REQUEST,
        request.public_id,
        due_on=due_on,
        organisation_id=request.organisation_id,
        owner_id=owner_id,
        queue_role=None if owner_id else Role.PROGRAMME_LEAD,
        now=now,
    )


def _named(request: TrackRequest) -> int | None:
    """A lead of the receiving house, else one who could take it, else an administrator; none kept out of the case."""
    for role in (Role.PROGRAMME_LEAD, queue_role(request), Role.ADMINISTRATOR):
        found = request_queries.list_receivers(request.organisation_id, [role], request.case_id)
        if found:
            return found[0]
    return None
