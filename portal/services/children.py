"""Changes to what is known of her children: who they are, with whom they are, what is planned, who has agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range, insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.children import (
    ConsentGiver,
    ConsentQuestion,
    ContactArrangement,
    Custody,
    PlanStep,
    Whereabouts,
)
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.identity import IdentityProblem, check_child_birth_year
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.text import TextProblem, check_name
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.children import MANY, check_period, unspoken_since
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case, Note
from portal.models.children import Child, ChildConsent, ChildPeriod, ChildStep, NoteChild
from portal.queries import children as queries
from portal.services import case_marks, deadlines, hours


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """What is written of a child. A birth date or at least a birth year is needed; the rest may be empty."""

    birth_year: int | None = None
    birth_date: date | None = None
    name: str | None = None
    is_along: bool = True
    needs: str | None = None
    custody: Custody | None = None
    contact: ContactArrangement | None = None
    contact_text: str | None = None
    language: str | None = None
    needs_interpreter: bool = False


def add(case: Case, new: ChildRecord, *, actor: Actor, now: datetime, is_sure: bool = False) -> Child:
    """Record a child of hers (R-060, R-640). More than fifteen are asked about. Raises Invalid, NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if not is_sure and queries.count(case) >= MANY:
        raise Invalid(
            _("She has %(num)d children here already. Tick that it is right if there is one more.", num=MANY),
            field="is_sure",
        )
    child = Child(client_id=case.client_id, birth_year=0)
    _write(case, child, new, now=now)
    db.session.add(child)
    case_marks.record(Audit.CHILD_ADDED, case, actor=actor, now=now)
    db.session.flush()
    hours.note_child(case.id, actor=actor, now=now)
    return child


def change(
    case: Case, child: Child, new: ChildRecord, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Correct what is known about a child of hers. Raises Invalid, Stale, NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, child.version)
    changed = _write(case, child, new, now=now)
    if changed:
        case_marks.record(Audit.CHILD_CHANGED, case, actor=actor, now=now, fields=changed)
    db.session.flush()


def _write(case: Case, child: Child, new: ChildRecord, *, now: datetime) -> list[str]:
    """Write what is different, and return which fields those are."""
    wanted: dict[str, object] = {
        "birth_year": _birth_year(case, new, today=local_date(now)),
        "birth_date": new.birth_date.isoformat() if new.birth_date else None,
        "name": _name(new.name),
        "is_along": new.is_along,
        "needs": new.needs or None,
        "custody": Custody(new.custody).value if new.custody else None,
        "contact": ContactArrangement(new.contact).value if new.contact else None,
        "contact_text": new.contact_text or None,
        "language": new.language or None,
        "needs_interpreter": new.needs_interpreter,
    }
    changed = [field for field, value in wanted.items() if getattr(child, field) != value]
    for field in changed:
        setattr(child, field, wanted[field])
    return changed


def _birth_year(case: Case, new: ChildRecord, *, today: date) -> int:
    """The year, by the date where that is known. Raises Invalid where they do not agree, or cannot be a child's."""
    born, year = new.birth_date, new.birth_year
    if born is None and year is None:
        raise Invalid(_("Write the birth date, or at least the year."), field="birth_year")
    if born is not None and born > today:
        raise Invalid(_("The day has not come yet."), field="birth_date")
    if born is not None and year is not None and born.year != year:
        raise Invalid(
            _("The birth date and the year do not agree. Empty the year, or correct one."), field="birth_year"
        )
    try:
        return check_child_birth_year(
            born.year if born else year or 0, on=today, mother_birth_year=case.client.birth_year
        )
    except IdentityProblem as problem:
        raise Invalid(str(problem), field="birth_date" if born else "birth_year") from problem


def _name(name: str | None) -> str | None:
    if not name:
        return None
    try:
        return check_name(name)
    except TextProblem as problem:
        raise Invalid(str(problem), field="name") from problem


def set_where(
    case: Case,
    child: Child,
    kind: Whereabouts,
    *,
    from_on: date,
    actor: Actor,
    now: datetime,
    until_on: date | None = None,
) -> ChildPeriod:
    """Write with whom the child is or was; what lasts until now ends there (R-641).

    Both days are included. Raises Invalid where something else is written for those days already, NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_period(from_on, until_on, today=local_date(now))
    wanted = Range(from_on, until_on, bounds="[]" if until_on else "[)")
    # Two at once would both find the days free: the second waits here.
    db.session.refresh(child, ["version"], with_for_update=True)
    if until_on is None:
        _end_what_lasts(child, from_on)
    taken = sa.select(ChildPeriod.id).where(ChildPeriod.child_id == child.id, ChildPeriod.period.overlaps(wanted))
    if db.session.scalar(taken.limit(1)) is not None:
        raise Invalid(
            _("Something else is written for some of these days. Take that out first, or choose other days."),
            field="from_on",
        )
    found = ChildPeriod(child_id=child.id, kind=kind, period=wanted)
    db.session.add(found)
    if until_on is None:
        child.is_along = kind is Whereabouts.WITH_HER
    case_marks.record(Audit.CHILD_WHERE_SET, case, actor=actor, now=now)
    db.session.flush()
    return found


def _end_what_lasts(child: Child, on: date) -> None:
    lasting = db.session.scalar(
        sa.select(ChildPeriod).where(
            ChildPeriod.child_id == child.id,
            sa.func.upper_inf(ChildPeriod.period),
            sa.func.lower(ChildPeriod.period) < on,
        )
    )
    if lasting is not None:
        lasting.period = Range(lasting.period.lower, on)
        db.session.flush()


def remove_where(case: Case, child: Child, period: ChildPeriod, *, actor: Actor, now: datetime) -> None:
    """Take out a time that was written by mistake. Raises NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    db.session.delete(period)
    case_marks.record(Audit.CHILD_WHERE_SET, case, actor=actor, now=now)
    db.session.flush()


def note_step(case: Case, child: Child, step: PlanStep, *, done_on: date, actor: Actor, now: datetime) -> None:
    """Tick something of the child's plan on a day; the same day twice is once (R-644). Raises Invalid, NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if done_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="done_on")
    values = {"public_id": new_public_id(), "child_id": child.id, "step": step, "done_on": done_on}
    made = insert(ChildStep).values(noted_by_id=actor.user_id, **values)
    db.session.execute(made.on_conflict_do_nothing())
    case_marks.record(Audit.CHILD_STEP_NOTED, case, actor=actor, now=now, fields=[step.value])
    count_talks(case, child, actor=actor, now=now)


def remove_step(case: Case, child: Child, step: ChildStep, *, actor: Actor, now: datetime) -> None:
    """Take back a tick that was set by mistake. Raises NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    db.session.delete(step)
    case_marks.record(Audit.CHILD_STEP_NOTED, case, actor=actor, now=now, fields=[step.step.value])
    count_talks(case, child, actor=actor, now=now)


def note_consent(
    case: Case,
    child: Child,
    question: ConsentQuestion,
    *,
    is_yes: bool,
    given_by: ConsentGiver,
    given_on: date,
    actor: Actor,
    now: datetime,
) -> ChildConsent:
    """Write down an answer given on the child's behalf; the newest to a question counts. Raises Invalid, NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if given_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="given_on")
    said = ChildConsent(
        child_id=child.id,
        question=question,
        is_yes=is_yes,
        given_by=given_by,
        given_on=given_on,
        recorded_by_id=actor.user_id,
    )
    db.session.add(said)
    case_marks.record(Audit.CHILD_CONSENT_NOTED, case, actor=actor, now=now, fields=[question.value])
    db.session.flush()
    return said


def link_note(
    case: Case, note: Note, about: Sequence[Child], *, was_spoken_with: bool, actor: Actor, now: datetime
) -> None:
    """Say which children a note is about, and whether they were spoken with (R-643, R-645)."""
    for child in about:
        db.session.add(NoteChild(note_id=note.id, child_id=child.id, was_spoken_with=was_spoken_with))
    db.session.flush()
    for child in about if was_spoken_with else ():
        count_talks(case, child, actor=actor, now=now)


def count_talks(case: Case, child: Child, *, actor: Actor, now: datetime) -> None:
    """Keep the day of the last talk, and end what the work list says about the time before it."""
    db.session.flush()
    last = queries.last_spoken(child)
    if last == child.last_spoken_on:
        return
    before = unspoken_since(child.last_spoken_on, local_date(case.opened_at))
    child.last_spoken_on = last
    db.session.flush()
    suffix = f"{child.public_id}:{before.isoformat()}"
    deadlines.finish(DeadlineKind.CHILD_UNSEEN, case.public_id, suffix=suffix, actor=actor, now=now, on=last)


def put_up_unspoken(*, now: datetime) -> int:
    """Put children with whom nobody has spoken for sixty days on the worker's list, once each time (R-645)."""
    today, told = local_date(now), 0
    for case, child_public_id, since in queries.list_unspoken(today):
        worker_id = case_marks.primary_of(case)
        # A case without anybody waits for a team first; the child is found again the night after.
        if worker_id is None:
            continue
        deadlines.put_up(
            DeadlineKind.CHILD_UNSEEN,
            SubjectType.CASE,
            case.public_id,
            suffix=f"{child_public_id}:{since.isoformat()}",
            due_on=today,
            organisation_id=case.owner_organisation_id,
            owner_id=worker_id,
            case_id=case.id,
            now=now,
        )
        told += 1
    return told
