"""What is known of her safety: assessments, what asks for a new look, plans, new violence, and what she answered."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.kinds import SafetyLevel
from portal.core.risk import AssessmentMoment, ByWhom, PoliceTold, ReviewReason, RiskMethod, ViolenceKind
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.domain.risk import HOLDS_VISITS, HOME_CHANGES, is_outdated
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.risk import SafetyAssessment, SafetyCheck, SafetyReview, ViolenceReport
from portal.models.tasks import Task
from portal.models.users import User
from portal.queries.safety_plans import Plan, list_plans

MOST = 20


@dataclass(frozen=True, slots=True)
class Assessment:
    """One safety assessment. What tells of him only where that is open."""

    assessed_on: date
    level: SafetyLevel
    review_on: date
    moment: AssessmentMoment
    method: RiskMethod
    is_trained: bool
    is_safe_to_move: bool | None
    assessed_by: str
    responsible: str | None
    reason: str | None
    children: str | None
    tool: str | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """Something that asks for a new look at her safety."""

    reason: ReviewReason
    asked_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """New violence that she told of."""

    happened_on: date
    kinds: tuple[ViolenceKind, ...]
    by_whom: ByWhom
    police: PoliceTold | None
    is_order_breached: bool | None
    did_children_see: bool | None
    text: str | None
    reported_by: str


@dataclass(frozen=True, slots=True)
class Check:
    """What she answered to the three questions."""

    asked_at: datetime
    new_violence: bool | None
    unwanted_contact: bool | None
    feels_safe: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever assesses must know: what asks for it, and what was judged before."""

    assessments: list[Assessment]
    reviews: list[Review]

    @property
    def do_visits_wait(self) -> bool:
        """Whether volunteers' visits wait for the assessment (R-634)."""
        return any(review.reason in HOLDS_VISITS for review in self.reviews)


@dataclass(frozen=True, slots=True)
class Overview(Asked):
    """The whole of it, the newest first."""

    plans: list[Plan]
    is_plan_outdated: bool
    reports: list[Report]
    checks: list[Check]
    waiting_tasks: int
    # Whether the furnishing of her home waits too.
    does_furnishing_wait: bool


def before_assessing(case: Case, seen: Lens) -> Asked:
    """What asks for an assessment, and the earlier ones, through this lens. Callers have got the case."""
    return Asked(list_assessments(case, seen), _open_ones(_reviews(case)))


def overview(case: Case, seen: Lens) -> Overview:
    """Everything about her safety through this lens. Callers have got the case."""
    reviews, plans = _reviews(case), list_plans(case, seen)
    written_at = plans[0].written_at if plans else None
    tells = seen.shows(F.RISK_NARRATIVE_PERPETRATOR)
    waiting = _count_waiting(case)
    return Overview(
        assessments=list_assessments(case, seen),
        reviews=_open_ones(reviews),
        plans=plans,
        is_plan_outdated=is_outdated(written_at, [row.asked_at for row in reviews if row.reason in HOME_CHANGES]),
        reports=_reports(case) if tells else [],
        checks=_checks(case) if tells else [],
        waiting_tasks=waiting[0],
        does_furnishing_wait=waiting[1] > 0,
    )


def _reviews(case: Case) -> list[SafetyReview]:
    """What is open, by its day, and every change of home."""
    wanted = sa.or_(SafetyReview.closed_at.is_(None), SafetyReview.reason.in_(HOME_CHANGES))
    rows = db.session.scalars(
        sa.select(SafetyReview)
        .where(SafetyReview.case_id == case.id, wanted)
        .order_by(SafetyReview.due_on, SafetyReview.id)
    )
    return list(rows)


def _open_ones(reviews: list[SafetyReview]) -> list[Review]:
    return [Review(row.reason, row.asked_at, row.due_on) for row in reviews if row.closed_at is None]


def list_assessments(case: Case, seen: Lens) -> list[Assessment]:
    """The safety assessments through this lens, the newest first."""
    if not seen.shows(F.RISK_LEVEL):
        return []
    responsible = aliased(User)
    rows = db.session.execute(
        sa.select(SafetyAssessment, User.name, responsible.name)
        .join(User, User.id == SafetyAssessment.assessed_by_id)
        .outerjoin(responsible, responsible.id == SafetyAssessment.responsible_id)
        .where(SafetyAssessment.case_id == case.id)
        .order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc())
        .limit(MOST)
    )
    tells = seen.shows(F.RISK_NARRATIVE_PERPETRATOR)
    return [_assessment(row, by, answers, tells=tells) for row, by, answers in rows]


def _assessment(row: SafetyAssessment, by: str, responsible: str | None, *, tells: bool) -> Assessment:
    return Assessment(
        assessed_on=row.assessed_on,
        level=row.level,
        review_on=row.review_on,
        moment=row.moment,
        method=row.method,
        is_trained=row.is_trained,
        is_safe_to_move=row.is_safe_to_move,
        assessed_by=by,
        responsible=responsible,
        reason=row.reason if tells else None,
        children=row.children if tells else None,
        tool=row.tool if tells else None,
        result=row.result if tells else None,
    )


def _reports(case: Case) -> list[Report]:
    rows = db.session.execute(
        sa.select(ViolenceReport, User.name)
        .join(User, User.id == ViolenceReport.reported_by_id)
        .where(ViolenceReport.case_id == case.id)
        .order_by(ViolenceReport.happened_on.desc(), ViolenceReport.id.desc())
        .limit(MOST)
    )
    return [
        Report(
            happened_on=row.happened_on,
            kinds=tuple(kind for kind in ViolenceKind if kind.value in row.kinds),
            by_whom=row.by_whom,
            police=row.police,
            is_order_breached=row.is_order_breached,
            did_children_see=row.did_children_see,
            text=row.text,
            reported_by=by,
        )
        for row, by in rows
    ]


def _checks(case: Case) -> list[Check]:
    rows = db.session.execute(
        sa.select(SafetyCheck.asked_at, SafetyCheck.new_violence, SafetyCheck.unwanted_contact, SafetyCheck.feels_safe)
        .where(SafetyCheck.case_id == case.id)
        .order_by(SafetyCheck.asked_at.desc(), SafetyCheck.id.desc())
        .limit(MOST)
    )
    return [Check(*row) for row in rows]


def _count_waiting(case: Case) -> tuple[int, int]:
    """The tasks and the furnishing projects at her home that are put off, in one statement."""
    tasks = sa.select(sa.func.count()).where(Task.case_id == case.id, Task.held_at.is_not(None))
    projects = (
        sa.select(sa.func.count())
        .select_from(FurnishingProject)
        .join(Enrolment, Enrolment.id == FurnishingProject.enrolment_id)
        .where(Enrolment.case_id == case.id, FurnishingProject.held_at.is_not(None))
    )
    row = db.session.execute(sa.select(tasks.scalar_subquery(), projects.scalar_subquery())).one()
    return row[0], row[1]


def list_who_answers(actor: Actor, case: Case) -> list[tuple[str, int, str]]:
    """Public id, key and name of everybody who works with her: one of them answers for a judgement."""
    rows = db.session.execute(
        sa.select(User.public_id, User.id, User.name)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
        .order_by((User.id == actor.user_id).desc(), TeamMember.is_primary.desc(), User.id)
    )
    return [(public_id, key, name) for public_id, key, name in rows]
