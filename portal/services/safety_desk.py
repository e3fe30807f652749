"""Whom the portal tells when something touches a woman's safety, and how: in the inbox first, a mail only hints."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.users import Membership
from portal.services import messages


def people(organisation_id: int, *roles: Role) -> list[int]:
    """The users who have one of these roles at an organisation now."""
    rows: Iterable[int] = db.session.scalars(
        sa.select(Membership.user_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(roles),
            Membership.is_live,
        )
        .distinct()
        .order_by(Membership.user_id)
    )
    return list(rows)


def officers(organisation_id: int) -> list[int]:
    """The safety officers of an organisation."""
    return people(organisation_id, Role.SAFETY_OFFICER)


def tell(
    kind: MessageKind,
    receiver: int,
    subject_type: SubjectType,
    public_id: str,
    *,
    case_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Tell one person once about one thing."""
    messages.notify(
        kind,
        receiver,
        subject_type,
        public_id,
        actor=actor,
        now=now,
        case_id=case_id,
        dedupe_key=f"{kind.value}:{public_id}:{receiver}",
    )
