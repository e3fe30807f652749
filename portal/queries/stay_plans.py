"""The versions of her stay plan, and what is known of the municipality's. Callers have got the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.core.plans import ConfirmedHow, StayPlanState
from portal.db import db
from portal.models.cases import Case
from portal.models.plans import Goal, MunicipalPlanLink, StayPlan, StayPlanGoal
from portal.models.users import User

MOST = 20


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the stay plan, without what stands in it."""

    public_id: str
    number: int
    state: StayPlanState
    confirmed_how: ConfirmedHow | None
    confirmed_on: date | None
    next_review_on: date | None
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class WholeVersion(Version):
    """One version with what stands in it. `goals`: how a form names each, and its words in this version."""

    version: int
    wish: str
    offers: str | None
    children: str | None
    goals: tuple[tuple[str, str], ...]


def list_versions(case: Case) -> list[Version]:
    """The versions of the stay plan, the newest first."""
    rows = db.session.execute(
        sa.select(
            StayPlan.public_id,
            StayPlan.number,
            StayPlan.state,
            StayPlan.confirmed_how,
            StayPlan.confirmed_on,
            StayPlan.next_review_on,
            StayPlan.written_at,
            User.name,
        )
        .join(User, User.id == StayPlan.written_by_id)
        .where(StayPlan.case_id == case.id)
        .order_by(StayPlan.number.desc())
        .limit(MOST)
    )
    return [Version(*row) for row in rows]


def get_version(case: Case, public_id: str) -> WholeVersion:
    """One version, in two statements. Raises NotFound."""
    found = _whole(case, StayPlan.public_id == public_id)
    if not found:
        raise NotFound
    return found[0]


def list_current(case: Case) -> list[WholeVersion]:
    """The draft and the version that counts, as far as there are, in two statements."""
    return _whole(case, StayPlan.state != StayPlanState.REPLACED)


def _whole(case: Case, which: sa.ColumnElement[bool]) -> list[WholeVersion]:
    rows = db.session.execute(
        sa.select(StayPlan, User.name)
        .join(User, User.id == StayPlan.written_by_id)
        .where(StayPlan.case_id == case.id, which)
        .order_by(StayPlan.number.desc())
    ).all()
    goals: dict[int, list[tuple[str, str]]] = {plan.id: [] for plan, _name in rows}
    chosen = sa.select(StayPlanGoal, Goal.public_id).join(Goal, Goal.id == StayPlanGoal.goal_id)
    for one, public_id in db.session.execute(chosen.where(StayPlanGoal.stay_plan_id.in_(goals)).order_by(Goal.id)):
        goals[one.stay_plan_id].append((public_id, one.wish))
    return [
        WholeVersion(
            public_id=plan.public_id,
            number=plan.number,
            state=plan.state,
            confirmed_how=plan.confirmed_how,
            confirmed_on=plan.confirmed_on,
            next_review_on=plan.next_review_on,
            written_at=plan.written_at,
            written_by=name,
            version=plan.version,
            wish=plan.wish,
            offers=plan.offers,
            children=plan.children,
            goals=tuple(goals[plan.id]),
        )
        for plan, name in rows
    ]


def find_draft(case: Case) -> StayPlan | None:
    """The version that is written on."""
    return _in_state(case, StayPlanState.DRAFT)


def find_agreed(case: Case) -> StayPlan | None:
    """The version that counts."""
    return _in_state(case, StayPlanState.AGREED)


def _in_state(case: Case, state: StayPlanState) -> StayPlan | None:
    return db.session.scalar(sa.select(StayPlan).where(StayPlan.case_id == case.id, StayPlan.state == state))


def newest_number(case: Case) -> int:
    """The number of the newest version; 0 when there is none."""
    newest = sa.select(sa.func.max(StayPlan.number)).where(StayPlan.case_id == case.id)
    return db.session.scalar(newest) or 0


def was_confirmed_by(case: Case, day: date) -> bool:
    """Whether she had confirmed a version of the plan by that day."""
    known = sa.exists().where(StayPlan.case_id == case.id, StayPlan.confirmed_on <= day)
    return bool(db.session.scalar(sa.select(known)))


def goals_by_id(case: Case, public_ids: Sequence[str]) -> list[Goal]:
    """The goals of the case that were chosen. Raises NotFound for one that is none of the case."""
    wanted = set(public_ids)
    found = db.session.scalars(
        sa.select(Goal).where(Goal.case_id == case.id, Goal.public_id.in_(wanted)).order_by(Goal.id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound
    return list(found)


def goals_of(plan: StayPlan) -> list[Goal]:
    """The goals that stand in a version."""
    chosen = sa.select(StayPlanGoal.goal_id).where(StayPlanGoal.stay_plan_id == plan.id)
    return list(db.session.scalars(sa.select(Goal).where(Goal.id.in_(chosen)).order_by(Goal.id)))


def find_link(case: Case) -> MunicipalPlanLink | None:
    """What is known of the municipality's plan."""
    return db.session.scalar(sa.select(MunicipalPlanLink).where(MunicipalPlanLink.case_id == case.id))
