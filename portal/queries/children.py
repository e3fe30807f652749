"""Her children: as values through the reader's lens, each with what its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.children import (
    ChildSettingKind,
    ConsentGiver,
    ConsentQuestion,
    ContactArrangement,
    Custody,
    PlanStep,
    Whereabouts,
)
from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import DeadlineKind
from portal.core.states import CaseState
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.children import UNSPOKEN, age, is_unspoken
from portal.domain.disclosure import FieldGroup as F
from portal.models.cases import Case, Note
from portal.models.children import Child, ChildConsent, ChildPeriod, ChildSetting, ChildStep, NoteChild
from portal.models.counselling import HourEntitlement
from portal.models.deadlines import Deadline
from portal.models.users import User

MOST = 100


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


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """A school, a daycare or a handover, without saying where."""

    kind: ChildSettingKind
    version: int
    has_place: bool
    may_collect: str | None
    may_say: str | None
    told_on: date | None
    told_by: str | None
    assessed_on: date | None
    assessed_by: str | None
    assessment: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What has been written down of a child, line by line: where it was, what was done, who agreed; newest first."""

    # Public id, kind, first day, last day or none while it lasts.
    periods: tuple[tuple[str, Whereabouts, date, date | None], ...]
    # Public id, step, day.
    steps: tuple[tuple[str, PlanStep, date], ...]
    # Question, whether yes, by whom, day: the newest of each question.
    consents: tuple[tuple[ConsentQuestion, bool, ConsentGiver, date], ...]


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
    """The day it was born, where that is known."""
    return date.fromisoformat(child.birth_date) if child.birth_date else None


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
        custody=Custody(child.custody) if child.custody and tells else None,
        contact=ContactArrangement(child.contact) if child.contact and tells else None,
        contact_text=child.contact_text if tells else None,
        last_spoken_on=child.last_spoken_on if is_open else None,
        is_unspoken=child.is_along and is_unspoken(child.last_spoken_on, local_date(opened_at), on=today),
    )


def list_settings(child: Child, seen: Lens) -> list[SettingFacts]:
    """School, daycare and handover of a child, as far as they are known. Never the place itself."""
    told, assessed = aliased(User), aliased(User)
    rows = db.session.execute(
        sa.select(ChildSetting, ChildSetting.place.is_not(None).label("has_place"), told.name, assessed.name)
        .outerjoin(told, told.id == ChildSetting.told_by_id)
        .outerjoin(assessed, assessed.id == ChildSetting.assessed_by_id)
        .where(ChildSetting.child_id == child.id)
    )
    tells = seen.shows(F.CHILD_CUSTODY)
    return [
        SettingFacts(
            kind=row.kind,
            version=row.version,
            has_place=has_place,
            may_collect=row.may_collect if tells else None,
            may_say=row.may_say if tells else None,
            told_on=row.told_on,
            told_by=told_by,
            assessed_on=row.assessed_on,
            assessed_by=assessed_by,
            assessment=row.assessment if tells else None,
        )
        for row, has_place, told_by, assessed_by in rows
    ]


def find_setting(child: Child, kind: ChildSettingKind) -> ChildSetting | None:
    """One of them as it is kept."""
    return db.session.scalar(
        sa.select(ChildSetting).where(ChildSetting.child_id == child.id, ChildSetting.kind == kind)
    )


def read_place(child: Child, kind: ChildSettingKind) -> Any:
    """Where it is: only for `services.reveals`, which has written down who asks."""
    where = sa.select(ChildSetting.place).where(ChildSetting.child_id == child.id, ChildSetting.kind == kind)
    return db.session.scalar(where)


def record(child: Child) -> Record:
    """Everything that stands on a child's page in lines, in one statement."""
    text, day = sa.Text, sa.Date
    empty = sa.cast(sa.null(), day)
    parts = (
        sa.select(
            sa.literal("period", text).label("source"),
            ChildPeriod.id.label("key"),
            ChildPeriod.public_id.label("public_id"),
            sa.cast(ChildPeriod.kind, text).label("what"),
            sa.cast(sa.null(), text).label("who"),
            sa.func.lower(ChildPeriod.period, type_=day).label("on"),
            sa.func.upper(ChildPeriod.period, type_=day).label("until"),
            sa.false().label("is_yes"),
        ).where(ChildPeriod.child_id == child.id),
        sa.select(
            sa.literal("step", text),
            ChildStep.id,
            ChildStep.public_id,
            sa.cast(ChildStep.step, text),
            sa.cast(sa.null(), text),
            ChildStep.done_on,
            empty,
            sa.false(),
        ).where(ChildStep.child_id == child.id),
        sa.select(
            sa.literal("consent", text),
            ChildConsent.id,
            ChildConsent.public_id,
            sa.cast(ChildConsent.question, text),
            sa.cast(ChildConsent.given_by, text),
            ChildConsent.given_on,
            empty,
            ChildConsent.is_yes,
        ).where(ChildConsent.child_id == child.id),
    )
    every = sa.union_all(*parts).subquery()
    rows = db.session.execute(sa.select(every).order_by(every.c.on.desc(), every.c.key.desc())).all()
    return Record(
        periods=tuple(
            (r.public_id, Whereabouts(r.what), r.on, r.until - timedelta(days=1) if r.until else None)
            for r in rows
            if r.source == "period"
        ),
        steps=tuple((r.public_id, PlanStep(r.what), r.on) for r in rows if r.source == "step"),
        consents=_newest([r for r in rows if r.source == "consent"]),
    )


def _newest(rows: Sequence[Any]) -> tuple[tuple[ConsentQuestion, bool, ConsentGiver, date], ...]:
    found: dict[ConsentQuestion, tuple[ConsentQuestion, bool, ConsentGiver, date]] = {}
    # What was written down last counts, on whichever day it was said.
    for row in sorted(rows, key=lambda one: one.key, reverse=True):
        question = ConsentQuestion(row.what)
        found.setdefault(question, (question, row.is_yes, ConsentGiver(row.who), row.on))
    return tuple(found[question] for question in ConsentQuestion if question in found)


def get_period(child: Child, public_id: str) -> ChildPeriod:
    """A time of a child's. Raises NotFound."""
    return _of(child, ChildPeriod, public_id)


def get_step(child: Child, public_id: str) -> ChildStep:
    """Something done with a child. Raises NotFound."""
    return _of(child, ChildStep, public_id)


def _of(child: Child, model: Any, public_id: str) -> Any:
    found = db.session.scalar(sa.select(model).where(model.public_id == public_id, model.child_id == child.id))
    if found is None:
        raise NotFound
    return found


def hours(child: Child) -> tuple[int, int] | None:
    """Minutes with a psychologist that are used and given; None while none are given."""
    used = sa.select(sa.func.sum(HourEntitlement.minutes_used), sa.func.sum(HourEntitlement.minutes_total))
    row = db.session.execute(used.where(HourEntitlement.child_id == child.id)).one()
    return (int(row[0]), int(row[1])) if row[1] else None


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


def crossing_key(case_public_id: Any, child_public_id: Any, since: Any) -> Any:
    """Under which key of the work list one crossing of the sixty days stands: of this child, since this day."""
    return sa.func.concat_ws(":", DeadlineKind.CHILD_UNSEEN.value, case_public_id, child_public_id, since)


def list_unspoken(today: date) -> list[tuple[Case, str, date]]:
    """The case, the child and since when, of children along with whom nobody has spoken, and who were not told of."""
    opened = sa.cast(sa.func.timezone("Europe/Copenhagen", Case.opened_at), sa.Date)
    since = sa.func.greatest(opened, sa.func.coalesce(Child.last_spoken_on, opened))
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
