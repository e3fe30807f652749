"""What a person does with a mail that the machine has given up."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import NotFound, NotNow
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.permissions import require
from portal.models.outbox import MailState, OutgoingMail
from portal.models.users import Membership
from portal.services import audit


def try_again(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a mail to somebody of the own organisation be sent once more, from the beginning.

    Raises Forbidden, NotFound for another organisation's, NotNow when it does not need a human any more.
    """
    require(actor, Permission.OPERATIONS_VIEW)
    beside = sa.select(Membership.user_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None)
    )
    mail = db.session.scalar(
        sa.select(OutgoingMail)
        .where(OutgoingMail.public_id == public_id, OutgoingMail.recipient_id.in_(beside))
        .with_for_update()
    )
    if mail is None:
        raise NotFound
    if mail.state is not MailState.NEEDS_HUMAN:
        raise NotNow
    mail.state, mail.next_try_at, mail.first_tried_at = MailState.PENDING, now, None
    mail.attempts, mail.resends, mail.failure, mail.created_at = 0, 0, None, now
    audit.record(Audit.MAIL_RETRIED, SubjectType.SYSTEM, mail.public_id, actor=actor, now=now)
    db.session.flush()
