"""What ends when somebody is kept out of a case: her seat on the team, her claims, what is due, and messages."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.states import ClaimState, DeadlineState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.services import case_marks, claims
from portal.wall import as_system

LIVE_CLAIM = (ClaimState.PENDING, ClaimState.CONFIRMED)


@as_system()
def cut_off(case: Case, people: list[int], *, actor: Actor, now: datetime) -> None:
    """End what these people have in the case (R-379). What was due of theirs goes to the one whom the others ask."""
    db.session.execute(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.user_id.in_(people),
            TeamMember.ended_at.is_(None),
            TeamMember.is_primary.is_(False),
        )
        .values(ended_at=now)
    )
    db.session.execute(sa.delete(Message).where(Message.case_id == case.id, Message.recipient_id.in_(people)))
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.owner_id.in_(people), Deadline.state == DeadlineState.OPEN)
        .values(owner_id=case_marks.primary_of(case))
    )
    for claim in _taken(case, people):
        claims.take_silently(claim, actor=actor, now=now)


def _taken(case: Case, people: list[int]) -> list[Claim]:
    return list(
        db.session.scalars(
            sa.select(Claim)
            .join(Claim.task)
            .join(Claim.volunteer)
            .options(sa.orm.contains_eager(Claim.task), sa.orm.contains_eager(Claim.volunteer))
            .where(Task.case_id == case.id, Volunteer.user_id.in_(people), Claim.state.in_(LIVE_CLAIM))
        )
    )
