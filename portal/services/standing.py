"""She has died, or has moved abroad: recorded in one step, and taken back when it was a mistake (R-815 to R-818)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Conflict, Forbidden, NotNow
from portal.core.i18n import _
from portal.core.kinds import MeetingCancelReason
from portal.core.standing import StandingKind, StandingSource
from portal.db import db
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.domain.standing import check_since
from portal.models.cases import Case
from portal.models.standing import StandingMark
from portal.queries import standing as queries
from portal.services import case_marks, closing, deadlines, followups, meetings, visits
from portal.services.meeting_news import tell_holder
from portal.wall import as_system

ALREADY = _("This is recorded already.")
TAGS = {StandingKind.DIED: Audit.DEATH_RECORDED, StandingKind.MOVED_ABROAD: Audit.ABROAD_RECORDED}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has told: what has happened, on which day, and how the house knows it."""

    kind: StandingKind
    since_on: date
    source: StandingSource | None = None
    note: str | None = None


def record(case: Case, told: Told, *, actor: Actor, now: datetime) -> int:
    """Record that she has died or moved abroad, also in a closed case: one hears of it later (R-815).

    What would have somebody reach her rests; after a death what was planned with her is called off, in other houses
    too, and volunteers learn that their visits are put off. Courses and referrals stay with those who answer for them.
    Returns how many meetings were called off. `case` has its client loaded. Raises Invalid by the day, Conflict when it
    stands already, Forbidden.
    """
    require(actor, Permission.CASE_EDIT)
    closing.lock(case)
    check_since(told.since_on, birth_year=case.client.birth_year, today=local_date(now))
    _insert(case, told, actor, now)
    deadlines.rest(case.id)
    called_off = _nobody_reaches_her(case, actor=actor, now=now) if told.kind is StandingKind.DIED else 0
    case_marks.record(TAGS[told.kind], case, actor=actor, now=now)
    db.session.flush()
    return called_off


def _insert(case: Case, told: Told, actor: Actor, now: datetime) -> None:
    if queries.find_standing(case.id, told.kind) is not None:
        raise Conflict(ALREADY)
    mark = StandingMark(
        case_id=case.id,
        kind=told.kind,
        since_on=told.since_on,
        source=told.source,
        note=told.note or None,
        set_by_id=actor.user_id,
        set_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(mark)
    except IntegrityError as double:
        raise Conflict(ALREADY) from double


@as_system()
def _nobody_reaches_her(case: Case, *, actor: Actor, now: datetime) -> int:
    followups.has_died(case.id, actor=actor, now=now)
    visits.hold_all(case.id, actor=actor, now=now)
    planned = queries.list_planned(case.id, now=now)
    for meeting in planned:
        meetings.call_off(meeting, MeetingCancelReason.DIED, actor=actor, now=now)
        tell_holder(meeting, "meeting", actor=actor, now=now)
    db.session.flush()
    return len(planned)


def take_back(case: Case, mark: StandingMark, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say that it was a mistake; both stay in the file (R-818). What rested comes back, meetings stay called off.

    `mark` is held. Raises Invalid by the reason, Forbidden for whoever is not asked about the case, NotNow when it was
    taken back before.
    """
    require(actor, Permission.CASE_EDIT)
    if not queries.may_lift(case.id, actor.user_id):
        raise Forbidden(_("Whoever is asked about the case takes it back. Tell her."))
    if mark.lifted_at is not None:
        raise NotNow(_("It was taken back before."))
    mark.lift_reason = check_reason(reason)
    mark.lifted_at, mark.lifted_by_id = now, actor.user_id
    db.session.flush()
    today = local_date(now)
    deadlines.wake(case.id, today=today)
    if mark.kind is StandingKind.DIED:
        followups.lives(case.id, today=today)
        visits.lift_all(case.id, actor=actor, now=now)
    case_marks.record(Audit.STANDING_LIFTED, case, actor=actor, now=now)
    db.session.flush()
