"""Keeping apart: what a team has said and is asked, and who would meet whom by a placement.

Whoever places sees nothing of it. What is asked here on her behalf is always the same number of statements.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.safety import ApartAnswer, ApartKind, ApartState, PlacementPath
from portal.db import db
from portal.domain.apart import MOST_KEPT, Flag, Party, Placement
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.groups import GroupRound, RoundLeader
from portal.models.housing import HousingUnit, Tenancy
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.tasks import Task
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.queries.tenancies import ENDED
from portal.queries.visibility import LIVE, visible_cases
from portal.wall import as_system

Rows = sa.Select[*tuple[Any, ...]]
Key = sa.ColumnElement[Any]


def _case(*, of: Any) -> Rows:
    return sa.select(of, sa.null().label("user_id"), sa.null().label("unit_id"))


def _user(*, of: Any) -> Rows:
    return sa.select(sa.null().label("case_id"), of, sa.null().label("unit_id"))


def _case_itself(key: str) -> Rows:
    return _case(of=Case.id).where(Case.public_id == key)


def _case_of_course(key: str) -> Rows:
    return _case(of=Enrolment.case_id).where(Enrolment.public_id == key)


def _volunteer(key: str) -> Rows:
    return _user(of=Volunteer.user_id).where(Volunteer.public_id == key)


def _account(key: str) -> Rows:
    return _user(of=User.id).where(User.public_id == key)


# Whom each way of placing brings.
_NEW: Mapping[PlacementPath, Callable[[str], Rows]] = {
    PlacementPath.SEAT: _case_of_course,
    PlacementPath.COURSE: _case_itself,
    PlacementPath.HOME: _case_of_course,
    PlacementPath.TASK: _volunteer,
    PlacementPath.MATCH: _volunteer,
    PlacementPath.FURNISHING: _volunteer,
    PlacementPath.MEETING: _account,
    PlacementPath.WORKER: _account,
    PlacementPath.TEAM: _account,
}


def _in_round(key: str) -> Rows:
    seats = _case(of=Enrolment.case_id).join(GroupRound, GroupRound.id == Enrolment.round_id)
    leaders = _user(of=RoundLeader.user_id).join(GroupRound, GroupRound.id == RoundLeader.round_id)
    both = sa.union_all(
        seats.where(GroupRound.public_id == key, Enrolment.state.in_(LIVE)), leaders.where(GroupRound.public_id == key)
    ).subquery()
    return sa.select(*both.c)


def _in_programme(key: str) -> Rows:
    live = _case(of=Enrolment.case_id).join(Offer, Offer.id == Enrolment.offer_id)
    return live.where(Offer.public_id == key, Enrolment.state.in_(LIVE))


def _in_homes(key: str) -> Rows:
    """The home itself, and whoever lives in a home or is to move into one."""
    given = sa.select(sa.null().label("case_id"), sa.null().label("user_id"), HousingUnit.id.label("unit_id"))
    lived = (
        sa.select(Enrolment.case_id, sa.null(), Tenancy.unit_id)
        .join(Tenancy, Tenancy.enrolment_id == Enrolment.id)
        .where(Tenancy.state.not_in(ENDED))
    )
    both = sa.union_all(given.where(HousingUnit.public_id == key), lived).subquery()
    return sa.select(*both.c)


def _of_task(key: str) -> Rows:
    return _case(of=Task.case_id).where(Task.public_id == key)


def _of_project(key: str) -> Rows:
    project = _case(of=Enrolment.case_id).join(FurnishingProject, FurnishingProject.enrolment_id == Enrolment.id)
    return project.where(FurnishingProject.public_id == key)


# Whom each meets there.
_THERE: Mapping[PlacementPath, Callable[[str], Rows]] = {
    PlacementPath.SEAT: _in_round,
    PlacementPath.COURSE: _in_programme,
    PlacementPath.HOME: _in_homes,
    PlacementPath.TASK: _of_task,
    PlacementPath.MATCH: _case_of_course,
    PlacementPath.FURNISHING: _of_project,
    PlacementPath.MEETING: _case_itself,
    PlacementPath.WORKER: _case_of_course,
    PlacementPath.TEAM: _case_itself,
}


def list_new(placement: Placement) -> list[Party]:
    """Whom the placement brings."""
    return [Party(*row) for row in db.session.execute(_NEW[placement.path](placement.whom))]


def list_there(placement: Placement) -> list[Party]:
    """Whom she would meet there; of homes also the one that is given, by nobody's name."""
    return [Party(*row) for row in db.session.execute(_THERE[placement.path](placement.where))]


def lock_flags(new: Collection[Party]) -> list[Flag]:
    """What is in force about those who are placed, held until the placement is saved or refused (R-753).

    Of two placements at once that would bring two together, the second waits here, and then meets the first.
    """
    cases = [one.case_id for one in new if one.case_id is not None]
    users = [one.user_id for one in new if one.user_id is not None]
    about = sa.or_(KeepApart.case_id.in_(cases), KeepApart.other_case_id.in_(cases), KeepApart.user_id.in_(users))
    columns = (KeepApart.id, KeepApart.case_id, KeepApart.other_case_id, KeepApart.user_id, KeepApart.areas)
    wanted = sa.select(*columns).where(KeepApart.state == ApartState.IN_FORCE, about).order_by(KeepApart.id)
    return [Flag(*row) for row in db.session.execute(wanted.with_for_update())]


def list_addresses(unit_ids: Collection[int]) -> dict[int, str | None]:
    """Where homes are, by their keys: compared, and never handed out."""
    rows = db.session.execute(sa.select(HousingUnit.id, HousingUnit.address).where(HousingUnit.id.in_(unit_ids)))
    return {unit_id: address for unit_id, address in rows}  # noqa: C416 - rows are no pairs to mypy


@as_system()
def keys_of(case_id: int, user_id: int) -> tuple[str, str]:
    """The public ids of a case and an account: found also where whoever places sees a part of the case alone."""
    case = sa.select(Case.public_id).where(Case.id == case_id).scalar_subquery()
    user = sa.select(User.public_id).where(User.id == user_id).scalar_subquery()
    row = db.session.execute(sa.select(case, user)).one()
    return row[0], row[1]


def pairs_apart(case_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    """Cases and accounts kept apart: nobody takes such a case over, as where she is kept out. For the system."""
    is_one = sa.and_(KeepApart.case_id.in_(case_ids), KeepApart.user_id.in_(user_ids))
    wanted = sa.select(KeepApart.case_id, KeepApart.user_id).where(is_one, KeepApart.state == ApartState.IN_FORCE)
    return {(case_id, user_id) for case_id, user_id in db.session.execute(wanted) if user_id is not None}


@as_system()
def list_closed_to(user_id: int) -> list[int]:
    """Cases from which this account is kept apart: tasks for them are not on her board."""
    wanted = sa.select(KeepApart.case_id).where(KeepApart.user_id == user_id, KeepApart.state == ApartState.IN_FORCE)
    return list(db.session.scalars(wanted.order_by(KeepApart.case_id)))


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One row of what a team has said."""

    id: int
    public_id: str
    kind: ApartKind
    state: ApartState
    named: str | None
    areas: str | None
    note: str | None
    review_on: date
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What a team is asked, or has agreed to: about which of its own flags, by whom."""

    public_id: str
    path: PlacementPath
    asked_at: datetime
    answer: ApartAnswer | None
    # What is kept apart, as the own team wrote it; nothing where another team asks.
    named: str | None
    areas: str | None
    asked_by: str
    organisation: str


def list_flags(actor: Actor, case: Case) -> list[FlagRow]:
    """What is in force or asked about, the newest first; the note for the owner's team alone (R-750)."""
    rows = db.session.execute(
        sa.select(KeepApart, User.name)
        .join(User, User.id == KeepApart.set_by_id)
        .where(KeepApart.case_id == case.id, KeepApart.state != ApartState.ENDED)
        .order_by(KeepApart.id.desc())
        .limit(MOST_KEPT)
    )
    is_own = case.owner_organisation_id == actor.organisation_id
    return [
        FlagRow(
            flag.id,
            flag.public_id,
            flag.kind,
            flag.state,
            flag.named,
            flag.areas,
            flag.note if is_own else None,
            flag.review_on,
            flag.set_at,
            name,
        )
        for flag, name in rows
    ]


def list_questions(case: Case) -> list[QuestionRow]:
    """What waits for an answer of this case's team, and which other teams it has said yes to."""
    agreed = sa.and_(ApartQuestion.path == PlacementPath.PAIR, ApartQuestion.answer == ApartAnswer.GO_AHEAD)
    rows = db.session.execute(
        sa.select(ApartQuestion, KeepApart.named, KeepApart.areas, User.name)
        .join(User, User.id == ApartQuestion.asked_by_id)
        .outerjoin(KeepApart, sa.and_(KeepApart.id == ApartQuestion.flag_id, KeepApart.case_id == case.id))
        .where(ApartQuestion.case_id == case.id, sa.or_(ApartQuestion.answer.is_(None), agreed))
        .order_by(ApartQuestion.id)
        .limit(MOST_KEPT)
    ).all()
    houses = _houses({question.asked_by_id for question, *_rest in rows})
    return [
        QuestionRow(
            question.public_id,
            question.path,
            question.asked_at,
            question.answer,
            named,
            areas,
            name,
            houses.get(question.asked_by_id, ""),
        )
        for question, named, areas, name in rows
    ]


def _houses(user_ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Membership.user_id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(user_ids), Membership.is_live)
        .order_by(Membership.id.desc())
    )
    return {user_id: name for user_id, name in rows}  # noqa: C416 - rows are no pairs to mypy


def get_flag(case: Case, public_id: str) -> KeepApart:
    """Something that this case's team has said and that has not ended. Raises NotFound."""
    wanted = sa.select(KeepApart).where(
        KeepApart.public_id == public_id, KeepApart.case_id == case.id, KeepApart.state != ApartState.ENDED
    )
    found = db.session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


def get_question(case: Case, public_id: str) -> ApartQuestion:
    """A question to this case's team. Raises NotFound."""
    wanted = sa.select(ApartQuestion).where(ApartQuestion.public_id == public_id, ApartQuestion.case_id == case.id)
    found = db.session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


def find_own(actor: Actor, reference: str) -> Case | None:
    """The case of this number, where the actor may see it; None for every other number (R-755)."""
    return db.session.scalar(sa.select(Case).where(Case.reference == reference, visible_cases(actor)))


def list_to_look_for() -> list[KeepApart]:
    """Wishes about a case that was not among the actor's own, and that nobody has looked for yet. For the system."""
    wanted = sa.select(KeepApart).where(KeepApart.state == ApartState.ASKED, KeepApart.looked_at.is_(None))
    return list(db.session.scalars(wanted.order_by(KeepApart.id).limit(200)))
