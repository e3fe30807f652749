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
from portal.models.referrals import Referral
from portal.models.users import Membership, User
from portal.queries.barriers import barred_cases
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

    Without the rows about cases that the reader is kept out of (R-374).
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
        .where(HandOverItem.hand_over_id == head[0].id, _may_know(actor))
        .order_by(HandOverItem.id)
    )
    return Receipt(head[3], head[1], head[0].made_at, head[0].is_end, [ReceiptRow(*row) for row in rows])


def _may_know(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether nothing keeps the reader out of the case that the reference of a row leads to, and it is not erased."""
    theirs = barred_cases(actor.user_id)
    cases = sa.select(Case.id).where(
        sa.or_(Case.lead_reference == HandOverItem.reference, Case.reference == HandOverItem.reference),
        Case.id.in_(theirs),
    )
    read = sa.select(Referral.id).where(Referral.reference == HandOverItem.reference, Referral.case_id.in_(theirs))
    of_case = sa.and_(HandOverItem.kind == HandOverKind.CASE, cases.exists())
    of_request = sa.and_(HandOverItem.kind == HandOverKind.REQUEST, read.exists())
    return sa.not_(sa.or_(of_case, of_request))


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
