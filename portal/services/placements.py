"""Before somebody is placed: is there anybody whom she must not meet? The answer is "clear" or "ask", and no more.

Asked in the same way whoever places, whomever, and whether or not there is anything: the same statements in the same
order, and nothing in the trail that tells of it (R-753, R-754).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.safety import ApartAnswer, PlacementPath
from portal.db import db
from portal.domain.apart import SUBJECTS, AskFirst, Flag, Placement, answer_day, hits
from portal.models.apart import ApartQuestion
from portal.models.cases import Case
from portal.queries import apart as queries
from portal.services import audit, case_marks, deadlines
from portal.wall import as_system


def check(path: PlacementPath, where: str, whom: str, *, now: datetime) -> None:
    """Raise AskFirst where somebody is to be asked before this placement (R-751 to R-754).

    A team's "go ahead" for this very placement is used up by it: the next one is asked about anew (R-756).
    """
    placement = Placement(path, where, whom)
    if not is_clear(placement, now=now):
        raise AskFirst(placement)


def check_ahead(path: PlacementPath, where: str, whom: str) -> None:
    """The same where a place is only offered: what lets it go ahead is used up when she is placed (R-858)."""
    placement = Placement(path, where, whom)
    if not _is_clear_ahead(placement):
        raise AskFirst(placement)


@as_system()
def _is_clear_ahead(placement: Placement) -> bool:
    allowed = sa.select(ApartQuestion.flag_id).where(_lets_ahead(placement))
    return {flag.id for flag in _touched(placement)} <= set(db.session.scalars(allowed))


def _lets_ahead(placement: Placement) -> sa.ColumnElement[bool]:
    return sa.and_(
        ApartQuestion.path == placement.path,
        ApartQuestion.place_key == placement.where,
        ApartQuestion.whom_key == placement.whom,
        ApartQuestion.answer == ApartAnswer.GO_AHEAD,
        ApartQuestion.used_at.is_(None),
    )


@as_system()
def is_clear(placement: Placement, *, now: datetime) -> bool:
    """Whether nobody is met who must not be, or every team that said so lets it go ahead."""
    touched = {flag.id for flag in _touched(placement)}
    allowed = db.session.scalars(
        sa.update(ApartQuestion)
        .where(_lets_ahead(placement))
        .values(used_at=now)
        .returning(ApartQuestion.flag_id)
        .execution_options(synchronize_session=False)
    )
    return touched <= set(allowed)


def _touched(placement: Placement) -> list[Flag]:
    new = queries.list_new(placement)
    flags, there = queries.lock_flags(new), queries.list_there(placement)
    home, addresses = None, None
    if placement.path is PlacementPath.HOME:
        home = next((one.unit_id for one in there if one.case_id is None), None)
        others = {flag.case_id for flag in flags} | {flag.other_case_id for flag in flags}
        near = {one.unit_id for one in there if one.case_id in others and one.unit_id is not None}
        addresses = queries.list_addresses(near | ({home} if home is not None else set()))
        there = [one for one in there if one.case_id is not None]
    return hits(flags, new, there, home=home, addresses=addresses)


def ask(placement: Placement, *, actor: Actor, now: datetime) -> None:
    """Ask the teams that have said so, each once; nothing happens where there is nobody to ask any more (R-756).

    Assumes that the actor was refused this very placement. The trail says that she asked, and of nobody whom.
    """
    _put_to_teams(placement, actor=actor, now=now)
    subject = SUBJECTS.get(placement.path, SubjectType.SYSTEM)
    about = placement.where if placement.path in SUBJECTS else None
    audit.record(Audit.PLACEMENT_ASKED, subject, about, actor=actor, now=now)
    db.session.flush()


@as_system()
def _put_to_teams(placement: Placement, *, actor: Actor, now: datetime) -> None:
    for flag in _touched(placement):
        put_question(
            db.session.get_one(Case, flag.case_id),
            flag.id,
            placement,
            asked_by_id=actor.user_id or 0,
            now=now,
        )


def put_question(case: Case, flag_id: int, placement: Placement, *, asked_by_id: int, now: datetime) -> None:
    """Put a question on the list of the one to ask about this case, once while it waits. For the system."""
    public_id = db.session.scalar(
        insert(ApartQuestion)
        .values(
            public_id=new_public_id(),
            case_id=case.id,
            flag_id=flag_id,
            path=placement.path,
            place_key=placement.where,
            whom_key=placement.whom,
            asked_at=now,
            asked_by_id=asked_by_id,
        )
        .on_conflict_do_nothing()
        .returning(ApartQuestion.public_id)
    )
    if public_id is None:
        return
    primary = case_marks.primary_of(case)
    deadlines.put_up(
        DeadlineKind.APART_QUESTION,
        SubjectType.CASE,
        case.public_id,
        suffix=public_id,
        due_on=answer_day(local_date(now)),
        organisation_id=case.owner_organisation_id,
        owner_id=primary,
        queue_role=None if primary else Role.CONTACT_PERSON,
        case_id=case.id,
        now=now,
    )
