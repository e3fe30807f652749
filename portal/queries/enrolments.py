"""Reading courses: one, those of a case, and what the rules need to know about each."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.disclosure import FieldGroup, Relation, opens
from portal.domain.enrolments import LIVE
from portal.domain.tracks import Facts
from portal.models.cases import Case
from portal.models.counselling import CoordinatingCounselling, HourEntitlement
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.grants import GrantApplication
from portal.models.groups import GroupRound
from portal.models.housing import Tenancy
from portal.models.meetings import Meeting
from portal.models.programmes import Offer, Programme
from portal.models.volunteers import VolunteerMatch
from portal.queries.users import name_of
from portal.queries.visibility import relation_of, visible_enrolments
from portal.wall import as_system

WORKER_ROLES = (Role.PROGRAMME_WORKER, Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER)


@dataclass(frozen=True, slots=True)
class Names:
    """Whom a course is about, as far as the relation opens it, and who works with it."""

    client: str | None
    reference: str | None
    worker: str | None


def relation_to(actor: Actor) -> Relation:
    """The relation by which a course's page is shown: a coordinator sees the course, not the case behind it."""
    return Relation.VC if actor.role is Role.VOLUNTEER_COORDINATOR else relation_of(actor)


def one_course(actor: Actor, public_id: str) -> sa.Select[Enrolment]:
    """The statement for one course with case, client, offer, programme, organisation and worker (R-004)."""
    return (
        sa.select(Enrolment)
        .where(Enrolment.public_id == public_id, visible_enrolments(actor))
        .join(Enrolment.case)
        .join(Case.client)
        .options(
            contains_eager(Enrolment.case).contains_eager(Case.client),
            joinedload(Enrolment.offer).joinedload(Offer.programme),
            joinedload(Enrolment.programme_version),
            joinedload(Enrolment.organisation),
            joinedload(Enrolment.worker),
        )
        .execution_options(populate_existing=True)
    )


def get(actor: Actor, public_id: str) -> Enrolment:
    """What `one_course` finds. Raises NotFound."""
    found = db.session.scalar(one_course(actor, public_id))
    if found is None:
        raise NotFound
    return found


def names(course: Enrolment, relation: Relation) -> Names:
    """The names on the page of a course that `get` has found. Only the case's team reads hers there."""
    is_team = relation is Relation.CT and opens(FieldGroup.PERSON_NAME, relation)
    return Names(
        client=course.case.client.name if is_team else None,
        reference=course.case.reference if opens(FieldGroup.CASE_REF, relation) else None,
        worker=name_of(course.worker),
    )


def find_live(case_id: int, offer_id: int) -> Enrolment | None:
    """The course of a case at an offer that has not ended."""
    return db.session.scalar(
        sa.select(Enrolment).where(
            Enrolment.case_id == case_id, Enrolment.offer_id == offer_id, Enrolment.state.in_(LIVE)
        )
    )


def _own_id() -> sa.ColumnElement[Any]:
    return sa.func.coalesce(
        Tenancy.public_id,
        GroupRound.public_id,
        FurnishingProject.public_id,
        GrantApplication.public_id,
    )


def _facts_columns() -> tuple[Any, ...]:
    meeting = sa.select(sa.func.min(Meeting.starts_at)).where(
        Meeting.state == MeetingState.PLANNED,
        sa.or_(Meeting.enrolment_id == Enrolment.id, Meeting.round_id == Enrolment.round_id),
    )
    last = sa.select(sa.func.max(Meeting.starts_at)).where(
        Meeting.round_id == Enrolment.round_id, Meeting.state != MeetingState.CANCELLED
    )
    hours = sa.select(sa.func.sum(HourEntitlement.minutes_total)).where(HourEntitlement.enrolment_id == Enrolment.id)
    used = sa.select(sa.func.sum(HourEntitlement.minutes_used)).where(HourEntitlement.enrolment_id == Enrolment.id)
    match = sa.exists().where(VolunteerMatch.enrolment_id == Enrolment.id)
    plan = sa.exists().where(PhasePlan.course_id == CtiCourse.id, PhasePlan.phase == CtiCourse.phase)
    return (
        Enrolment.kind,
        Enrolment.state,
        Enrolment.created_at,
        Enrolment.started_on,
        Enrolment.planned_end_on,
        Enrolment.ended_on,
        Enrolment.pause_review_on,
        Enrolment.worker_id,
        meeting.scalar_subquery().label("next_meeting"),
        last.scalar_subquery().label("last_meeting"),
        CtiCourse.t0,
        CtiCourse.phase,
        plan.label("has_plan"),
        CoordinatingCounselling.state.label("counselling"),
        CoordinatingCounselling.planned_end_on.label("counselling_end"),
        sa.func.coalesce(hours.scalar_subquery(), 0).label("minutes_total"),
        sa.func.coalesce(used.scalar_subquery(), 0).label("minutes_used"),
        match.label("has_match"),
        sa.func.lower(Tenancy.period).label("tenancy_from"),
        sa.func.upper(Tenancy.period).label("tenancy_to"),
        Case.moved_on,
        _own_id().label("own_id"),
    )


def _with_facts(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns, *_facts_columns())
        .select_from(Enrolment)
        .join(Enrolment.case)
        .outerjoin(CtiCourse, CtiCourse.enrolment_id == Enrolment.id)
        .outerjoin(CoordinatingCounselling, CoordinatingCounselling.enrolment_id == Enrolment.id)
        .outerjoin(Tenancy, Tenancy.enrolment_id == Enrolment.id)
        .outerjoin(GroupRound, GroupRound.id == Enrolment.round_id)
        .outerjoin(FurnishingProject, FurnishingProject.enrolment_id == Enrolment.id)
        .outerjoin(GrantApplication, GrantApplication.enrolment_id == Enrolment.id)
    )


def _facts(row: Any) -> Facts:
    """The facts that the rules ask for, from a row of `_with_facts`."""
    start, end = row.tenancy_from, row.tenancy_to
    if row.kind is TrackKind.COORDINATING_COUNSELLING:
        start, end = row.moved_on, row.counselling_end
    if row.last_meeting is not None and row.kind is TrackKind.GROUP:
        end = local_date(row.last_meeting)
    return Facts(
        state=row.state,
        created_on=local_date(row.created_at),
        started_on=row.started_on,
        planned_end_on=row.planned_end_on,
        ended_on=row.ended_on,
        pause_review_on=row.pause_review_on,
        has_worker=row.worker_id is not None,
        next_meeting_on=None if row.next_meeting is None else local_date(row.next_meeting),
        t0=row.t0,
        phase=row.phase,
        has_phase_plan=row.has_plan,
        counselling=row.counselling,
        minutes_total=row.minutes_total,
        minutes_used=row.minutes_used,
        own_start_on=start,
        own_end_on=end,
        has_own_row=row.own_id is not None or row.has_match,
    )


def facts_of(enrolment_id: int) -> Facts:
    """What the rules need to know about one course."""
    return _facts(db.session.execute(_with_facts().where(Enrolment.id == enrolment_id)).one())


def find_own_id(enrolment_id: int) -> str | None:
    """The public id of the kind's own thing: round, tenancy, project or application."""
    found: str | None = db.session.scalar(
        _with_facts().where(Enrolment.id == enrolment_id).with_only_columns(_own_id())
    )
    return found


def list_own_approach(actor: Actor) -> list[Offer]:
    """The offers of the actor's organisation that she can come to without a referral, with programme."""
    return list(
        db.session.scalars(
            sa.select(Offer)
            .join(Offer.programme)
            .options(contains_eager(Offer.programme))
            .where(
                Offer.organisation_id == actor.organisation_id,
                Offer.is_accepting,
                Programme.kind == TrackKind.INDIVIDUAL_COUNSELLING,
            )
            .order_by(Offer.id)
        )
    )


def get_own_offer(actor: Actor, public_id: str) -> Offer:
    """One of `list_own_approach`. Raises NotFound."""
    found = next((offer for offer in list_own_approach(actor) if offer.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


@as_system()
def public_id_of_case(case_id: int) -> str:
    """Under which id a case is placed: also for whoever gives the place and does not see the case yet."""
    return db.session.scalars(sa.select(Case.public_id).where(Case.id == case_id)).one()
