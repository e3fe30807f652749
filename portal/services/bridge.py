"""The bridge: planning when she leaves puts up what must be seen to, and moving the day moves all of it (R-655)."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import CaseState
from portal.core.stays import CivilOffer
from portal.db import db
from portal.domain.bridge import STEPS, Seen, due_days, leaves_on
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.workflow import check_step, check_version
from portal.models.bridge import LeavingBridge
from portal.models.cases import Case
from portal.queries import bridge as queries
from portal.services import case_marks, deadlines
from portal.wall import as_system

LEAD = "lead"


def answer(case: Case, seen: Seen, *, version: int, actor: Actor, now: datetime) -> None:
    """Write down what has been seen to; its rows leave the work list (R-655). Raises Invalid, NotNow, Stale."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check(seen, local_date(now))
    row = queries.find(case.id)
    check_version(version, queries.version(row))
    if row is None:
        row = LeavingBridge(case_id=case.id)
        db.session.add(row)
    row.receiver, row.received_on = seen.receiver or None, seen.received_on
    row.first_contact_on, row.address_checked_on = seen.first_contact_on, seen.address_checked_on
    row.grant_answer, row.civil_offer = seen.grant_answer, seen.civil_offer
    row.civil_reason, row.psychologist_offer = seen.civil_reason or None, seen.psychologist_offer
    db.session.flush()
    case_marks.record(Audit.BRIDGE_CHANGED, case, actor=actor, now=now)
    note_plan(case, actor=actor, now=now)


def _check(seen: Seen, today: date) -> None:
    if bool(seen.receiver) != (seen.received_on is not None):
        field = "receiver" if seen.received_on else "received_on"
        raise Invalid(_("Write both who has taken over and when it was agreed."), field=field)
    for field in ("received_on", "first_contact_on", "address_checked_on"):
        day = getattr(seen, field)
        if day is not None and day > today:
            raise Invalid(_("The day has not come yet."), field=field)
    if seen.civil_offer in (CivilOffer.NO, CivilOffer.DECLINED) and not (seen.civil_reason or "").strip():
        raise Invalid(_("Write why: it helps whoever asks her next time."), field="civil_reason")


def note_plan(case: Case, *, actor: Actor, now: datetime) -> None:
    """Put up what follows from the day she leaves, or move it along; what is done or no longer asked for goes (R-655).

    While nobody has taken over, that stands on the list of her worker and of the leads of the house (R-656).
    """
    db.session.flush()
    has_stayed, discharged = queries.last_discharge(case.id)
    day = leaves_on(case.planned_move_on, discharged) if has_stayed else None
    if day is None or case.state is not CaseState.OPEN:
        for kind in STEPS:
            _take_off(kind, case, actor=actor, now=now)
        return
    seen = queries.answers(queries.find(case.id))
    crossed = queries.crossed(case.id, seen)
    due_on = due_days(day, local_date(now), queries.standing_days(case))
    # Once for all rows; each for itself would tell the database twice who acts.
    with as_system():
        for kind, due in due_on.items():
            if crossed.is_done(kind):
                _take_off(kind, case, actor=actor, now=now, on=seen.done_on(kind))
            else:
                _put_up(kind, case, due, actor=actor, now=now)


def _put_up(kind: DeadlineKind, case: Case, due: date, *, actor: Actor, now: datetime) -> None:
    case_marks.put_up(kind, case, due_on=due, actor=actor, now=now)
    if kind is DeadlineKind.BRIDGE_RECEIVER:
        # Under the reference for leads: a row about the case itself would follow when the worker hands it over.
        deadlines.put_up(
            kind,
            SubjectType.CASE,
            case.lead_reference,
            due_on=due,
            organisation_id=case.owner_organisation_id,
            queue_role=Role.PROGRAMME_LEAD,
            case_id=case.id,
            suffix=LEAD,
            now=now,
        )


def _take_off(kind: DeadlineKind, case: Case, *, actor: Actor, now: datetime, on: date | None = None) -> None:
    deadlines.finish(kind, case.public_id, actor=actor, now=now, on=on)
    if kind is DeadlineKind.BRIDGE_RECEIVER:
        deadlines.finish(kind, case.lead_reference, actor=actor, now=now, suffix=LEAD, on=on)


def note_courses(case_id: int, *, actor: Actor, now: datetime) -> None:
    """A course has been given, handed on or ended: somebody has taken over, or nobody has any more (R-656). Or an hour
    with a psychologist was held or taken back (R-845).

    Asked of the case as it is: whoever gives a course elsewhere does not see her stays.
    """
    with as_system():
        note_plan(db.session.get_one(Case, case_id), actor=actor, now=now)


def note_contact(case: Case, day: date, *, actor: Actor, now: datetime) -> None:
    """She was reached within a course after she left: the first contact is done (R-655)."""
    has_stayed, discharged = queries.last_discharge(case.id)
    leaves = leaves_on(case.planned_move_on, discharged) if has_stayed else None
    if leaves is None or day < leaves:
        return
    row = queries.find(case.id)
    if row is None:
        row = LeavingBridge(case_id=case.id)
        db.session.add(row)
    row.first_contact_on = row.first_contact_on or day
    db.session.flush()
    deadlines.finish(DeadlineKind.BRIDGE_FIRST_CONTACT, case.public_id, actor=actor, now=now, on=day)


def undo_contact(case: Case, day: date, *, noted_at: datetime) -> None:
    """The contact of that very moment was a slip: if it was what did it, the first contact is wanted again (R-784)."""
    kind, closed_at = DeadlineKind.BRIDGE_FIRST_CONTACT, deadlines.done_at(day, noted_at)
    row = queries.find(case.id)
    if row is None or row.first_contact_on != day or not deadlines.is_closed_at(case.public_id, kind, closed_at):
        return
    row.first_contact_on = None
    db.session.flush()
    deadlines.bring_back(case.public_id, kind=kind, closed_at=closed_at)
