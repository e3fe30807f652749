"""The claims on a volunteer task, as staff see them."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Permission
from portal.db import db
from portal.domain.permissions import can
from portal.models.tasks import Claim, Task
from portal.models.users import User
from portal.models.volunteers import Volunteer
from portal.queries.paging import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with the volunteer behind it, her name, and what she wrote when it was done."""

    claim: Claim
    volunteer: Volunteer
    name: str
    report: str | None
    # She says that she knows the woman.
    knows_her: bool
    # What made her worried about a child: for the team too.
    worry: str | None


def list_of(actor: Actor, task: Task) -> list[ClaimRow]:
    """All claims on a task, the oldest first. What volunteers say is for those who manage the pool."""
    reads = can(actor, Permission.TASK_MANAGE)
    hears = reads or can(actor, Permission.CASE_EDIT)
    rows = db.session.execute(
        sa.select(Claim, Volunteer, User.name)
        .join(Volunteer, Volunteer.id == Claim.volunteer_id)
        .join(User, User.id == Volunteer.user_id)
        .where(Claim.task_id == task.id)
        .order_by(Claim.id)
        .limit(PAGE_SIZE)
    )
    return [
        ClaimRow(
            claim=claim,
            volunteer=volunteer,
            name=name,
            report=claim.report if reads else None,
            knows_her=reads and claim.knows_her,
            worry=claim.worry if hears else None,
        )
        for claim, volunteer, name in rows
    ]
