"""A volunteer is worried: it reaches the case's team and her coordinator the same minute (R-512)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.permissions import require
from portal.models.cases import TeamMember
from portal.models.tasks import Claim
from portal.services import audit, deadlines
from portal.services.tasks import tell, tell_coordinators
from portal.wall import as_system


def voice(claim: Claim, *, text: str, actor: Actor, now: datetime) -> None:
    """Write down what a volunteer is worried about, and tell at once who can act (R-646).

    A second time is added to the first. Assumes that the claim is her own and living. Raises Invalid without a text.
    """
    require(actor, Permission.TASK_CLAIM)
    if not text.strip():
        raise Invalid(_("Write what you have seen or heard."), field="text")
    claim.worry = f"{claim.worry}\n\n{text}" if claim.worry else text
    claim.worried_at = now
    audit.record(
        Audit.CONCERN_VOICED,
        SubjectType.TASK,
        claim.task.public_id,
        actor=actor,
        now=now,
        case_id=claim.task.case_id,
    )
    db.session.flush()
    tell_team(claim, at=f":{now.isoformat()}", actor=actor, now=now)
    tell_coordinators(MessageKind.CONCERN_RAISED, claim.task, claim, actor=actor, now=now)


def tell_team(claim: Claim, *, actor: Actor, now: datetime, at: str = "") -> None:
    """Tell the one whom the others ask, who looks after it the same day. `at` tells several apart."""
    primary = sa.select(TeamMember.user_id, TeamMember.organisation_id).where(
        TeamMember.case_id == claim.task.case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary
    )
    # A volunteer does not see who works with the woman; her concern must reach them all the same.
    with as_system():
        team = db.session.execute(primary).all()
    for user_id, organisation_id in team:
        tell(
            MessageKind.CONCERN_RAISED,
            user_id,
            SubjectType.TASK,
            claim.task.public_id,
            claim.task,
            actor=actor,
            now=now,
            key=f"concern:{claim.public_id}:{user_id}{at}",
        )
        deadlines.put_up(
            DeadlineKind.WELFARE_CHECK,
            SubjectType.TASK,
            claim.task.public_id,
            suffix=claim.public_id,
            due_on=local_date(now),
            organisation_id=organisation_id,
            owner_id=user_id,
            case_id=claim.task.case_id,
            now=now,
        )
