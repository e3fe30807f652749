"""What was handed over to whom, as it was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.people import HandOverKind
from portal.db import db
from portal.domain.hand_overs import may_prepare
from portal.models.cases import Case
from portal.models.hand_overs import HandOver, HandOverItem
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One line of a receipt."""

    kind: HandOverKind
    reference: str
    things: int
    to: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was handed over, when, from whom."""

    name: str
    role: Role
    made_at: datetime
    is_end: bool
    rows: Sequence[ReceiptRow]


@as_system()
def get(actor: Actor, public_id: str) -> Receipt:
    """A hand-over as it was made: for who made it, and for lead, administrator and safety officer. Raises NotFound.

    Without the lines about cases that keep the reader out.
    """
    head = db.session.execute(
        sa.select(HandOver, Membership.role, User.id, User.name)
        .join(Membership, Membership.id == HandOver.membership_id)
        .join(User, User.id == Membership.user_id)
        .where(HandOver.public_id == public_id)
    ).one_or_none()
    if head is None or not may_prepare(actor, user_id=head[2], organisation_id=head[0].organisation_id):
        raise NotFound
    rows = db.session.execute(
        sa.select(HandOverItem.kind, HandOverItem.reference, HandOverItem.things, User.name)
        .outerjoin(User, User.id == HandOverItem.to_user_id)
        .where(HandOverItem.hand_over_id == head[0].id, ~_is_hidden(actor))
        .order_by(HandOverItem.id)
    )
    return Receipt(head[3], head[1], head[0].made_at, head[0].is_end, [ReceiptRow(*row) for row in rows])


def _is_hidden(actor: Actor) -> sa.ColumnElement[bool]:
    """A line names its case by a reference alone."""
    named = HandOverItem.reference.in_((Case.reference, Case.lead_reference))
    hidden = sa.exists().where(named, Case.id.in_(blocked_cases(actor.user_id))).correlate(HandOverItem)
    return sa.and_(HandOverItem.kind == HandOverKind.CASE, hidden)


def get_last_id(actor: Actor, member_public_id: str) -> str:
    """The last hand-over of somebody's role, ended or not. Raises NotFound where there is none."""
    found = db.session.scalar(
        sa.select(HandOver.public_id)
        .join(Membership, Membership.id == HandOver.membership_id)
        .where(Membership.public_id == member_public_id, HandOver.organisation_id == actor.organisation_id)
        .order_by(HandOver.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found
