"""The versions of her safety plan."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.core.risk import PlanHome, PlanSection
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.models.cases import Case
from portal.models.risk import SafetyPlan
from portal.models.users import User

MOST = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of the safety plan, without what stands in it."""

    public_id: str
    number: int
    home: PlanHome
    written_at: datetime
    written_by: str
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class WholePlan(Plan):
    """One version of the safety plan, with what stands in it."""

    has_code_word: bool
    sections: tuple[tuple[PlanSection, str], ...]


def list_plans(case: Case, seen: Lens) -> list[Plan]:
    """The versions of the safety plan, the newest first, without what stands in them."""
    if not seen.shows(F.RISK_NARRATIVE_PERPETRATOR):
        return []
    rows = db.session.execute(
        sa.select(
            SafetyPlan.public_id,
            SafetyPlan.number,
            SafetyPlan.home,
            SafetyPlan.written_at,
            User.name,
            SafetyPlan.confirmed_on,
        )
        .join(User, User.id == SafetyPlan.written_by_id)
        .where(SafetyPlan.case_id == case.id)
        .order_by(SafetyPlan.number.desc())
        .limit(MOST)
    )
    return [Plan(*row) for row in rows]


def get_plan(case: Case, seen: Lens, public_id: str) -> WholePlan:
    """One version of the plan of this case. Raises NotFound, also where it is not open to the reader."""
    plan = _whole_plan(case, seen, SafetyPlan.public_id == public_id)
    if plan is None:
        raise NotFound
    return plan


def find_newest_plan(case: Case, seen: Lens) -> WholePlan | None:
    """The newest version of the plan, to write the next from; None where there is none."""
    return _whole_plan(case, seen, sa.true())


def _whole_plan(case: Case, seen: Lens, which: sa.ColumnElement[bool]) -> WholePlan | None:
    if not seen.shows(F.RISK_NARRATIVE_PERPETRATOR):
        return None
    found = db.session.execute(
        sa.select(SafetyPlan, User.name)
        .join(User, User.id == SafetyPlan.written_by_id)
        .where(SafetyPlan.case_id == case.id, which)
        .order_by(SafetyPlan.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    plan, by = found
    written: dict[str, Any] = plan.sections or {}
    return WholePlan(
        public_id=plan.public_id,
        number=plan.number,
        home=plan.home,
        written_at=plan.written_at,
        written_by=by,
        confirmed_on=plan.confirmed_on,
        has_code_word=plan.has_code_word,
        sections=tuple((one, written[one.value]) for one in PlanSection if written.get(one.value)),
    )
