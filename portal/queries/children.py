"""Her children: as values through the reader's lens, each with what its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.children import (
    ContactArrangement,
    Custody,
    PlanStep,
)
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.children import UNSPOKEN, age, is_unspoken
from portal.domain.disclosure import FieldGroup as F
from portal.models.cases import Case, Note
from portal.models.children import Child, ChildStep, MeetingChild, NoteChild
from portal.models.deadlines import Deadline
from portal.queries.barriers import is_open_to
from portal.wall import as_system

MOST = 100
W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """A child of hers. Who it is only for a reader to whom her children are open, custody only where that is."""

    public_id: str
    version: int
    birth_year: int
    is_along: bool
    age: int
    is_age_exact: bool
    name: str | None
    birth_date: date | None
    needs: str | None
    language: str | None
    needs_interpreter: bool
    custody: Custody | None
    contact: ContactArrangement | None
    contact_text: str | None
    last_spoken_on: date | None
    is_unspoken: bool


def list_children(case: Case) -> list[Child]:
    """Her children, the oldest first."""
    mine = sa.select(Child).where(Child.client_id == case.client_id)
    return list(db.session.scalars(mine.order_by(Child.birth_year, Child.id).limit(MOST)))


def glance(case_id: int, seen: Lens, *, today: date) -> list[ChildFacts]:
    """Her children for the page of the case: nothing where they are closed to the reader."""
    if not seen.shows(F.CHILD_IDENTITY):
        return []
    rows = db.session.execute(
        sa.select(Child, Case.opened_at)
        .join(Case, Case.client_id == Child.client_id)
        .where(Case.id == case_id)
        .order_by(Child.birth_year, Child.id)
        .limit(MOST)
    )
    return [facts(child, seen, opened_at=opened_at, today=today) for child, opened_at in rows]


def get(case: Case, public_id: str) -> Child:
    """A child of hers. Raises NotFound for somebody else's."""
    mine = sa.select(Child).where(Child.public_id == public_id, Child.client_id == case.client_id)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound
    return found


def count(case: Case) -> int:
    """How many children are written down."""
    counted = sa.select(sa.func.count()).where(Child.client_id == case.client_id)
    return db.session.execute(counted).scalar_one()


def birth_date(child: Child) -> date | None:
    """The day it was born, where that is known and can be read."""
    try:
        return date.fromisoformat(child.birth_date or "")
    except ValueError:
        return None


def _word(kind: type[W], text: str | None) -> W | None:
    """A value of a vocabulary that is kept as sealed text; None for nothing, and for what is none of them."""
    return next((value for value in kind if value.value == text), None)


def facts(child: Child, seen: Lens, *, opened_at: datetime, today: date) -> ChildFacts:
    """What is shown of a child through this lens."""
    is_open, tells = seen.shows(F.CHILD_IDENTITY), seen.shows(F.CHILD_CUSTODY)
    born = birth_date(child) if is_open else None
    years, is_exact = age(child.birth_year, born, on=today)
    return ChildFacts(
        public_id=child.public_id,
        version=child.version,
        birth_year=child.birth_year,
        is_along=child.is_along,
        age=years,
        is_age_exact=is_exact,
        name=child.name if is_open else None,
        birth_date=born,
        needs=child.needs if is_open else None,
        language=child.language if is_open else None,
        needs_interpreter=child.needs_interpreter and is_open,
        custody=_word(Custody, child.custody) if tells else None,
        contact=_word(ContactArrangement, child.contact) if tells else None,
        contact_text=child.contact_text if tells else None,
        last_spoken_on=child.last_spoken_on if is_open else None,
        is_unspoken=child.is_along and is_unspoken(child.last_spoken_on, local_date(opened_at), on=today),
    )


def list_of_meeting(meeting_id: int) -> Sequence[Child]:
    """The children that a meeting is about; none: the family, or her."""
    of_meeting = sa.select(MeetingChild.child_id).where(MeetingChild.meeting_id == meeting_id)
    return db.session.scalars(sa.select(Child).where(Child.id.in_(of_meeting)).order_by(Child.id)).all()


def list_of_note(note: Note, was_spoken_with: bool) -> Sequence[Child]:
    """The children that a note is about and with whom somebody spoke, or did not."""
    of_note = sa.select(NoteChild.child_id).where(
        NoteChild.note_id == note.id, NoteChild.was_spoken_with.is_(was_spoken_with)
    )
    return db.session.scalars(sa.select(Child).where(Child.id.in_(of_note)).order_by(Child.id)).all()


def last_spoken(child: Child) -> date | None:
    """The last day on which somebody spoke with the child: by its plan, and by notes that say so."""
    steps = sa.select(sa.func.max(ChildStep.done_on)).where(
        ChildStep.child_id == child.id, ChildStep.step.in_((PlanStep.TALK, PlanStep.MOTHER_CHILD_TALK))
    )
    day = sa.cast(sa.func.timezone("Europe/Copenhagen", Note.happened_at), sa.Date)
    notes = (
        sa.select(sa.func.max(day))
        .join(NoteChild, NoteChild.note_id == Note.id)
        .where(NoteChild.child_id == child.id, NoteChild.was_spoken_with)
    )
    both = sa.select(steps.scalar_subquery(), notes.scalar_subquery())
    return max((found for found in db.session.execute(both).one() if found is not None), default=None)


@dataclass(frozen=True, slots=True)
class Unspoken:
    """Children along of a house's open cases: how many, with how many nobody has spoken, and in how many cases."""

    children: int
    unspoken: int
    cases: int


def _since() -> Any:
    opened = sa.cast(sa.func.timezone("Europe/Copenhagen", Case.opened_at), sa.Date)
    return sa.func.greatest(opened, sa.func.coalesce(Child.last_spoken_on, opened))


@as_system()
def count_unspoken(actor: Actor, *, today: date) -> Unspoken:
    """For whoever leads a house: numbers, no case and no child; counted as on the workers' lists (R-645, R-760)."""
    is_long = _since() <= today - UNSPOKEN
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(is_long),
            sa.func.count(sa.distinct(Case.id)).filter(is_long),
        )
        .select_from(Case)
        .join(Child, Child.client_id == Case.client_id)
        .where(_is_along_at(actor))
    ).one()
    return Unspoken(*row)


def _is_along_at(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        Case.owner_organisation_id == actor.organisation_id,
        Case.state == CaseState.OPEN,
        Case.erased_at.is_(None),
        Child.is_along,
        is_open_to(actor, Case.id),
    )


def unspoken_columns() -> tuple[Any, Any, Any]:
    """What a lead is told of a child with whom nobody has spoken: her own reference of the case, and since when."""
    return Child.id, Case.lead_reference, _since()


def of_unspoken(rows: sa.Select[Any], actor: Actor, *, today: date) -> sa.Select[Any]:
    """Those rows for each child that `count_unspoken` counts."""
    with_case = rows.select_from(Case).join(Child, Child.client_id == Case.client_id)
    return with_case.where(_is_along_at(actor), _since() <= today - UNSPOKEN)


def crossing_key(case_public_id: Any, child_public_id: Any, since: Any) -> Any:
    """Under which key of the work list one crossing of the sixty days stands: of this child, since this day."""
    return sa.func.concat_ws(":", DeadlineKind.CHILD_UNSEEN.value, case_public_id, child_public_id, since)


def list_unspoken(today: date) -> list[tuple[Case, str, date]]:
    """The case, the child and since when, of children along with whom nobody has spoken, and who were not told of."""
    since = _since()
    is_told = sa.exists().where(Deadline.source_key == crossing_key(Case.public_id, Child.public_id, since))
    rows = db.session.execute(
        sa.select(Case, Child.public_id, since.label("since"))
        .join(Child, Child.client_id == Case.client_id)
        .where(
            Case.state == CaseState.OPEN,
            Case.erased_at.is_(None),
            Child.is_along,
            since <= today - UNSPOKEN,
            ~is_told,
        )
        .order_by(Case.id, Child.id)
    )
    return [(case, public_id, day) for case, public_id, day in rows]
