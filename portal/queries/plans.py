"""Reading her plan. Callers have got the case."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.errors import NotFound
from portal.core.measures import CtiArea
from portal.core.plans import GoalState
from portal.db import db
from portal.domain.plans import LIVE
from portal.models.cases import Case, TeamMember
from portal.models.organisations import Organisation
from portal.models.plans import Goal, GoalChange, GoalStep
from portal.models.stays import Stay
from portal.models.users import User

MOST = 100
AT_A_GLANCE = 3


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step. Without `who` she takes it herself."""

    public_id: str
    text: str
    who: str | None
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What became of a goal at one time."""

    state: GoalState
    attainment: int | None
    at: datetime
    who: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal with its steps."""

    public_id: str
    version: int
    area: CtiArea
    wish: str
    sign: str
    who: str | None
    # How a form names that person.
    owner: str | None
    is_hers: bool
    helper: str | None
    due_on: date | None
    state: GoalState
    attainment: int | None
    steps: tuple[StepRow, ...]

    @property
    def is_live(self) -> bool:
        """Whether it is worked for."""
        return self.state in LIVE


def list_goals(case: Case) -> list[GoalRow]:
    """The goals of a case with their steps, in two statements: those that are worked for first, then by day."""
    rows = db.session.execute(
        sa.select(Goal, User)
        .outerjoin(User, User.id == Goal.owner_id)
        .where(Goal.case_id == case.id)
        .order_by(Goal.state.in_(LIVE).desc(), Goal.due_on.asc().nulls_last(), Goal.id)
        .limit(MOST)
    ).all()
    steps = _steps([goal.id for goal, _who in rows])
    return [_row(goal, who, steps[goal.id]) for goal, who in rows]


def shown(case: Case, public_id: str) -> GoalRow:
    """One goal as its page shows it. Raises NotFound."""
    goal, who = _found(case, public_id)
    return _row(goal, who, _steps([goal.id])[goal.id])


def get_goal(case: Case, public_id: str) -> Goal:
    """A goal of the case. Raises NotFound."""
    return _found(case, public_id)[0]


def _found(case: Case, public_id: str) -> tuple[Goal, User | None]:
    row = db.session.execute(
        sa.select(Goal, User)
        .outerjoin(User, User.id == Goal.owner_id)
        .where(Goal.case_id == case.id, Goal.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def get_step(goal: Goal, public_id: str) -> GoalStep:
    """A step of a goal. Raises NotFound."""
    step = db.session.scalar(sa.select(GoalStep).where(GoalStep.goal_id == goal.id, GoalStep.public_id == public_id))
    if step is None:
        raise NotFound
    return step


def list_changes(case: Case, public_id: str) -> list[ChangeRow]:
    """What became of a goal, the newest first."""
    rows = db.session.execute(
        sa.select(GoalChange, User.name)
        .join(Goal, Goal.id == GoalChange.goal_id)
        .join(User, User.id == GoalChange.by_id)
        .where(Goal.case_id == case.id, Goal.public_id == public_id)
        .order_by(GoalChange.id.desc())
        .limit(MOST)
    )
    return [ChangeRow(one.state, one.attainment, one.at, name, one.reason) for one, name in rows]


@dataclass(frozen=True, slots=True)
class Glance:
    """A goal on the case's own page: what she wants, and the step that comes next."""

    public_id: str
    wish: str
    due_on: date | None
    step: str | None
    step_due_on: date | None


def glance(case_id: int) -> list[Glance]:
    """At most three goals that are worked for, the nearest day first, in one statement (R-629)."""
    following = (
        sa.select(GoalStep)
        .where(GoalStep.goal_id == Goal.id, GoalStep.done_on.is_(None))
        .order_by(GoalStep.due_on.asc().nulls_last(), GoalStep.id)
        .limit(1)
    )
    step = aliased(GoalStep, following.lateral())
    rows = db.session.execute(
        sa.select(Goal, step)
        .outerjoin(step, sa.true())
        .where(Goal.case_id == case_id, Goal.state.in_(LIVE))
        .order_by(Goal.due_on.asc().nulls_last(), Goal.id)
        .limit(AT_A_GLANCE)
    )
    return [
        Glance(goal.public_id, goal.wish, goal.due_on, first.text if first else None, first.due_on if first else None)
        for goal, first in rows
    ]


def find_primary(case: Case) -> str | None:
    """The name of whoever is asked about the case."""
    return db.session.scalar(
        sa.select(User.name)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), TeamMember.is_primary)
    )


def house_names(case: Case) -> list[str]:
    """The names of houses that tell where she is or has been: the owner of the case, and of every stay of hers."""
    stayed = sa.select(Stay.organisation_id).where(Stay.case_id == case.id)
    houses = sa.select(Organisation.name).where(
        sa.or_(Organisation.id == case.owner_organisation_id, Organisation.id.in_(stayed))
    )
    return list(db.session.scalars(houses.order_by(Organisation.id)))


def count_live(case_id: int) -> int:
    """How many goals are worked for: told on the page where a case is closed."""
    live = sa.select(sa.func.count()).where(Goal.case_id == case_id, Goal.state.in_(LIVE))
    return db.session.execute(live).scalar_one()


def team_choices(case: Case, keep: str | None = None) -> list[tuple[str, str]]:
    """Who can be responsible: the team by name, and whoever is already (`keep`)."""
    on_team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
    wanted = sa.or_(User.id.in_(on_team), User.public_id == keep) if keep else User.id.in_(on_team)
    people = db.session.execute(sa.select(User.public_id, User.name).where(wanted).order_by(User.id).limit(MOST))
    return [(public_id, name) for public_id, name in people]


def owner_id_of(case: Case, public_id: str, *, kept: int | None = None) -> int | None:
    """The key of somebody on the team, or of `kept`; None for anybody else."""
    on_team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
    may = sa.or_(User.id.in_(on_team), User.id == kept)
    return db.session.scalar(sa.select(User.id).where(User.public_id == public_id, may))


def find_on_team(case: Case, user_id: int | None) -> int | None:
    """Somebody who is on the team now; None for whoever has left it."""
    on_team = sa.select(TeamMember.user_id).where(
        TeamMember.case_id == case.id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)
    )
    return db.session.scalar(on_team) if user_id else None


def _steps(goal_ids: list[int]) -> dict[int, list[StepRow]]:
    found: dict[int, list[StepRow]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(GoalStep, User.name)
        .outerjoin(User, User.id == GoalStep.owner_id)
        .where(GoalStep.goal_id.in_(goal_ids))
        .order_by(GoalStep.done_on.is_not(None), GoalStep.due_on.asc().nulls_last(), GoalStep.id)
    )
    for step, name in rows:
        found[step.goal_id].append(StepRow(step.public_id, step.text, name, step.due_on, step.done_on))
    return found


def _row(goal: Goal, who: User | None, steps: list[StepRow]) -> GoalRow:
    return GoalRow(
        public_id=goal.public_id,
        version=goal.version,
        area=goal.area,
        wish=goal.wish,
        sign=goal.sign,
        who=who.name if who else None,
        owner=who.public_id if who else None,
        is_hers=goal.is_hers,
        helper=goal.helper,
        due_on=goal.due_on,
        state=goal.state,
        attainment=goal.attainment,
        steps=tuple(steps),
    )
