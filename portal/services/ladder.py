"""A request without an answer climbs: to those who could take it, to the lead, to a named person and the sender."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.kinds import DeadlineKind, SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.ladder import LEAD, NAMED, QUEUE, rungs_to_fire
from portal.domain.referrals import CLOCK_RUNS
from portal.models.referrals import TrackRequest
from portal.models.waiting import RequestRung
from portal.queries import ladder as queries
from portal.queries import requests as request_queries
from portal.services import audit, deadlines
from portal.services.request_events import queue_role, tell, tell_sender


def climb(request_id: int, *, actor: Actor, now: datetime) -> int:
    """Fire the rungs that have come, the lowest first, each once in a run of the clock (R-690). Returns how many.

    Two workers at once fire none twice: the row of a rung is the claim.
    """
    request = request_queries.get_by_id(request_id)
    if request.state not in CLOCK_RUNS:
        return 0
    fired = queries.rungs_of(request)
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
    audit.record(
        Audit.REQUEST_ESCALATED,
        SubjectType.REQUEST,
        request.public_id,
        actor=actor,
        now=now,
        case_id=request.case_id,
        reason=str(rung),
    )
    db.session.flush()
    return True


def _tell_roles(request: TrackRequest, roles: list[Role], *, actor: Actor, now: datetime) -> None:
    receivers = request_queries.list_receivers(request.organisation_id, roles, request.case_id)
    named = None if receivers else _named(request)
    for receiver in receivers or ([] if named is None else [named]):
        tell(MessageKind.REFERRAL_WAITS, receiver, request, actor=actor, now=now)


def _hand_to(request: TrackRequest, owner_id: int | None, *, actor: Actor, now: datetime) -> None:
    """Put it on one person's list by name, and let the sender know that the answer is late."""
    deadlines.put_up(
        DeadlineKind.REFERRAL_LATE,
        SubjectType.REQUEST,
        request.public_id,
        due_on=local_date(now),
        organisation_id=request.organisation_id,
        owner_id=owner_id,
        queue_role=None if owner_id else Role.PROGRAMME_LEAD,
        now=now,
    )
    if owner_id is not None:
        tell(MessageKind.REFERRAL_LATE, owner_id, request, actor=actor, now=now)
    tell_sender(MessageKind.REFERRAL_LATE, request, actor=actor, now=now)


def _named(request: TrackRequest) -> int | None:
    """A lead of the receiving house, else one who could take it, else an administrator; none kept out of the case."""
    for role in (Role.PROGRAMME_LEAD, queue_role(request), Role.ADMINISTRATOR):
        found = request_queries.list_receivers(request.organisation_id, [role], request.case_id)
        if found:
            return found[0]
    return None
