"""A course goes to a colleague: she is asked, and it is hers when she says yes (R-786)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.courses import NoTakeOver, TakeOverState
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath
from portal.db import db
from portal.domain.enrolments import Action
from portal.domain.take_overs import answer_due_on, is_asked_first
from portal.models.enrolments import Enrolment
from portal.models.take_overs import TakeOver
from portal.queries import take_overs as queries
from portal.services import audit, course_workers, deadlines, messages, placements
from portal.wall import as_system

WAITS = (DeadlineKind.COURSE_OFFERED, DeadlineKind.COURSE_UNANSWERED)
ALREADY = _("Somebody has been asked already. Take that back first.")


def give(
    enrolment: Enrolment,
    worker_id: int,
    hand_over: str | None,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Give a course to a colleague, or ask her. Whether she was asked: until she says yes it stays whose it is.

    Raises Invalid (`worker`, `hand_over`), Stale, Forbidden, NotNow, Conflict when somebody is asked already.
    """
    course_workers.check_taker(enrolment, worker_id, actor=actor, now=now, version=version)
    if not is_asked_first(enrolment.state, enrolment.worker_id, worker_id, actor.user_id):
        course_workers.hand_to(enrolment, worker_id, actor=actor, now=now)
        return False
    if not (hand_over or "").strip():
        raise Invalid(_("Write what your colleague must know."), field="hand_over")
    _ask(enrolment, worker_id, hand_over or "", actor=actor, now=now)
    return True


def _ask(enrolment: Enrolment, worker_id: int, hand_over: str, *, actor: Actor, now: datetime) -> None:
    _close_void(enrolment, now)
    row = TakeOver(
        case_id=enrolment.case_id,
        enrolment_id=enrolment.id,
        to_id=worker_id,
        from_id=enrolment.worker_id,
        by_id=actor.user_id,
        hand_over=hand_over,
        asked_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as double:
        raise Conflict(ALREADY) from double
    due = answer_due_on(local_date(now))
    for kind, owner_id in zip(WAITS, (worker_id, actor.user_id), strict=True):
        deadlines.put_up(
            kind,
            SubjectType.ENROLMENT,
            enrolment.public_id,
            due_on=due,
            organisation_id=enrolment.organisation_id,
            owner_id=owner_id,
            case_id=enrolment.case_id,
            now=now,
        )
    audit.record_about(Audit.TAKE_OVER_ASKED, enrolment, actor=actor, now=now)
    db.session.flush()


def _close_void(enrolment: Enrolment, now: datetime) -> None:
    """An earlier question about a course that has become another's since is nobody's to answer."""
    db.session.execute(
        sa.update(TakeOver)
        .where(
            TakeOver.enrolment_id == enrolment.id,
            TakeOver.state == TakeOverState.ASKED,
            TakeOver.from_id != enrolment.worker_id,
        )
        .values(state=TakeOverState.CALLED_BACK, answered_at=now)
    )


@as_system()
def take(public_id: str, *, actor: Actor, now: datetime) -> str:
    """Say yes: the course and what is due in it are the actor's from now on. Returns the course's public id.

    Raises NotFound when nobody waits for her answer, AskFirst where one asks first (R-751).
    """
    row = queries.get_asked(actor, public_id)
    course = row.enrolment
    placements.check(PlacementPath.WORKER, course.public_id, row.to.public_id, now=now)
    _answer(row, TakeOverState.TAKEN, actor=actor, now=now)
    course_workers.hand_to(course, row.to_id, actor=actor, now=now)
    return course.public_id


@as_system()
def refuse(public_id: str, reason: NoTakeOver, *, actor: Actor, now: datetime) -> None:
    """Say no, for a reason: the course stays whose it is, and whoever asked is told. Raises NotFound."""
    row = queries.get_asked(actor, public_id)
    row.reason = reason
    _answer(row, TakeOverState.REFUSED, actor=actor, now=now)
    audit.record_about(Audit.TAKE_OVER_REFUSED, row.enrolment, actor=actor, now=now, reason=reason.value)
    db.session.flush()


def call_back(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Take the question back. Raises NotNow when nobody is asked any more, Forbidden."""
    course_workers.check_step(Action.ASSIGN, enrolment, actor)
    row = queries.find_open(enrolment)
    if row is None:
        raise NotNow(_("Nobody waits for an answer: she has said yes or no."))
    _close(row, TakeOverState.CALLED_BACK, actor=actor, now=now)
    audit.record_about(Audit.TAKE_OVER_CALLED_BACK, enrolment, actor=actor, now=now)
    db.session.flush()


def _answer(row: TakeOver, state: TakeOverState, *, actor: Actor, now: datetime) -> None:
    _close(row, state, actor=actor, now=now)
    messages.notify(
        MessageKind.ENROLMENT_CHANGED,
        row.by_id,
        SubjectType.ENROLMENT,
        row.enrolment.public_id,
        dedupe_key=f"take_over:{row.public_id}",
        actor=actor,
        now=now,
        case_id=row.case_id,
    )


def _close(row: TakeOver, state: TakeOverState, *, actor: Actor, now: datetime) -> None:
    row.state, row.answered_at = state, now
    for kind in WAITS:
        deadlines.finish(kind, row.enrolment.public_id, actor=actor, now=now)
    db.session.flush()
