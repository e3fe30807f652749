"""What the page of one child shows in lines: with whom, what was done, who agreed; school, daycare and handover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.children import ChildSettingKind, ConsentGiver, ConsentQuestion, PlanStep, Whereabouts
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.models.children import Child, ChildConsent, ChildPeriod, ChildSetting, ChildStep
from portal.models.counselling import HourEntitlement
from portal.models.users import User


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


def read(child: Child) -> Record:
    """Everything that stands on a child's page in lines, in one statement."""
    every = sa.union_all(*_lines(child.id)).subquery()
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


def _lines(child_id: int) -> tuple[sa.Select[Any], ...]:
    nobody, never = sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), sa.Date)
    first = sa.func.lower(ChildPeriod.period, type_=sa.Date)
    until = sa.func.upper(ChildPeriod.period, type_=sa.Date)
    return (
        _line("period", ChildPeriod, ChildPeriod.kind, nobody, first, until, sa.false(), child_id),
        _line("step", ChildStep, ChildStep.step, nobody, ChildStep.done_on, never, sa.false(), child_id),
        _line(
            "consent",
            ChildConsent,
            ChildConsent.question,
            ChildConsent.given_by,
            ChildConsent.given_on,
            never,
            ChildConsent.is_yes,
            child_id,
        ),
    )


def _line(source: str, model: Any, *cells: Any) -> sa.Select[Any]:
    what, who, on, until, is_yes, child_id = cells
    return sa.select(
        sa.literal(source, sa.Text).label("source"),
        model.id.label("key"),
        model.public_id.label("public_id"),
        sa.cast(what, sa.Text).label("what"),
        sa.cast(who, sa.Text).label("who"),
        on.label("on"),
        until.label("until"),
        is_yes.label("is_yes"),
    ).where(model.child_id == child_id)


def _newest(rows: Sequence[Any]) -> tuple[tuple[ConsentQuestion, bool, ConsentGiver, date], ...]:
    found: dict[ConsentQuestion, tuple[ConsentQuestion, bool, ConsentGiver, date]] = {}
    # What was written down last counts, on whichever day it was said.
    for row in sorted(rows, key=lambda one: one.key, reverse=True):
        question = ConsentQuestion(row.what)
        found.setdefault(question, (question, row.is_yes, ConsentGiver(row.who), row.on))
    return tuple(found[question] for question in ConsentQuestion if question in found)


def get_period(child: Child, public_id: str) -> ChildPeriod:
    """A time of a child's. Raises NotFound."""
    found: ChildPeriod = _of(child, ChildPeriod, public_id)
    return found


def get_step(child: Child, public_id: str) -> ChildStep:
    """Something done with a child. Raises NotFound."""
    found: ChildStep = _of(child, ChildStep, public_id)
    return found


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
