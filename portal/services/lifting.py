"""What keeps somebody out is lifted by two: the safety officer proposes, somebody of the case's team agrees (2.7)."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Forbidden, NotNow
from portal.core.kinds import TeamScope
from portal.db import db
from portal.domain.permissions import require
from portal.models.access import CaseBlock, WatchedPerson
from portal.models.cases import Case, TeamMember
from portal.services import case_marks, deadlines, second_person


def propose(row: CaseBlock | WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """The officer's half: everybody of the team who can agree is told that it waits. Raises Forbidden, NotNow."""
    require(actor, Permission.SAFETY_VIEW)
    if row.lift_asked_at is not None or row.ended_at is not None:
        raise NotNow
    row.lift_asked_at, row.lift_asked_by_id = now, actor.user_id
    case = db.session.get_one(Case, row.case_id)
    second_person.call(
        case,
        DeadlineKind.SECOND_PERSON,
        row.public_id,
        _whole_team(case.id),
        owner_id=case_marks.primary_of(case),
        actor=actor,
        now=now,
    )
    db.session.flush()


def _whole_team(case_id: int) -> Sequence[int]:
    """Who works with the whole of a case: the municipality's part has no say in who is kept out."""
    return db.session.scalars(
        sa.select(TeamMember.user_id)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.scope == TeamScope.FULL)
        .order_by(TeamMember.id)
    ).all()


def agree(row: CaseBlock | WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """The team's half: it is over. Raises NotNow where nobody has proposed it, Forbidden for the one who did."""
    require(actor, Permission.CASE_EDIT)
    if row.lift_asked_at is None or row.ended_at is not None:
        raise NotNow
    if row.lift_asked_by_id == actor.user_id:
        raise Forbidden
    row.ended_at, row.ended_by_id = now, actor.user_id
    case = db.session.get_one(Case, row.case_id)
    deadlines.finish(DeadlineKind.SECOND_PERSON, case.public_id, suffix=row.public_id, actor=actor, now=now)
    db.session.flush()
