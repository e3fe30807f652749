"""The lead's list of courses: pseudonymous, no name and no reference that the team uses (R-093)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Region
from portal.core.identity import age_band
from portal.core.kinds import SafetyLevel, TrackKind
from portal.core.measures import Phase
from portal.core.states import DeadlineState, EnrolmentState
from portal.db import db
from portal.domain.cti import RUNNING, phase_starts_on
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client
from portal.models.cti import CtiCourse
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.organisations import Municipality
from portal.models.risk import SafetyAssessment
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import LIVE


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One live course as a lead sees it: bands instead of years, a region instead of a place."""

    reference: str
    age: str | None
    region: Region | None
    children: tuple[str, ...]
    kind: TrackKind
    state: EnrolmentState
    phase: Phase | None
    weeks: int | None
    level: SafetyLevel | None
    # The last day on which that judgement counts.
    level_until: date | None
    overdue: int


def list_live(
    actor: Actor, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[LeadRow], str | None]:
    """Live courses of the own organisation, the newest first, and the next cursor. Raises ValueError for a bad one."""
    statement = _live(actor, today).order_by(Enrolment.id.desc()).limit(limit + 1)
    if after:
        statement = statement.where(Enrolment.id < decode(after, int)[0])
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1].id) if len(rows) > limit else None
    return [_row(row, today) for row in rows[:limit]], following


def list_of_cases(actor: Actor, case_ids: Sequence[int], *, today: date) -> dict[int, list[LeadRow]]:
    """The live courses of these cases as a lead sees them, by case: what she tells cases apart by (R-093)."""
    found: dict[int, list[LeadRow]] = defaultdict(list)
    for row in db.session.execute(_live(actor, today).where(Enrolment.case_id.in_(case_ids)).order_by(Enrolment.id)):
        found[row.case_id].append(_row(row, today))
    return found


def _live(actor: Actor, today: date) -> sa.Select[*tuple[Any, ...]]:
    return _rows(actor, today).where(
        Enrolment.organisation_id == actor.organisation_id,
        Enrolment.state.in_(LIVE),
        is_open_to(actor, Enrolment.case_id),
    )


def _newest(column: Any) -> sa.ScalarSelect[Any]:
    """A column of the newest safety assessment."""
    return (
        sa.select(column)
        .where(SafetyAssessment.case_id == Case.id)
        .order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def _rows(actor: Actor, today: date) -> sa.Select[*tuple[Any, ...]]:
    years = sa.select(sa.func.array_agg(Child.birth_year)).where(Child.client_id == Case.client_id)
    late = (
        sa.select(sa.func.count())
        .select_from(Deadline)
        .where(
            Deadline.case_id == Case.id,
            Deadline.organisation_id == actor.organisation_id,
            Deadline.state == DeadlineState.OPEN,
            Deadline.due_on < today,
        )
    )
    return (
        sa.select(
            Enrolment.id,
            Enrolment.case_id,
            Case.lead_reference,
            Client.birth_year,
            # From protection level 1 on, not even the region (modifier M4).
            sa.case((Client.protection_level == 0, Municipality.region)).label("region"),
            Enrolment.kind,
            Enrolment.state,
            CtiCourse.phase,
            CtiCourse.t0,
            Enrolment.started_on,
            years.correlate(Case).scalar_subquery().label("years"),
            _newest(SafetyAssessment.level).label("level"),
            _newest(SafetyAssessment.review_on).label("until"),
            late.correlate(Case).scalar_subquery().label("late"),
        )
        .join(Case, Case.id == Enrolment.case_id)
        .join(Client, Client.id == Case.client_id)
        .outerjoin(CtiCourse, CtiCourse.enrolment_id == Enrolment.id)
        .outerjoin(Municipality, Municipality.code == Case.responsible_municipality_code)
    )


def _row(row: Any, today: date) -> LeadRow:
    phase = row.phase if row.phase is not Phase.ENDED else None
    return LeadRow(
        reference=row.lead_reference,
        age=age_band(row.birth_year, today) if row.birth_year else None,
        region=row.region,
        children=tuple(sorted(age_band(year, today) for year in row.years or ())),
        kind=row.kind,
        state=row.state,
        phase=phase,
        weeks=_weeks(row.phase, row.t0, row.started_on, today),
        level=row.level,
        level_until=row.until,
        overdue=row.late,
    )


def _weeks(phase: Phase | None, t0: date | None, started_on: date | None, today: date) -> int | None:
    """The week of the phase that runs, or of the course where there are no phases."""
    since = phase_starts_on(t0, phase) if t0 and phase in RUNNING else started_on
    return None if since is None or since > today else (today - since).days // 7 + 1
