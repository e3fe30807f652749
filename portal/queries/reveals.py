"""How much somebody has opened on demand."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import REVEALS
from portal.core.safety import OfficersPart
from portal.db import db
from portal.models.access import FormerAddress, RevealAllowance
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.children import Child, FormerChildPlace
from portal.models.clients import Client
from portal.models.users import Membership, User
from portal.queries.clock import NOW


def standing(actor: Actor, *, since: datetime) -> tuple[bool, int, int | None]:
    """Whether she still acts in her role, how much she has opened since a moment, and how much a day she is allowed."""
    user_id = actor.user_id
    role = sa.exists().where(
        Membership.id == actor.membership_id, Membership.is_live, User.id == Membership.user_id, User.is_active
    )
    used = sa.select(sa.func.count()).where(
        AuditEntry.actor_id == user_id, AuditEntry.action.in_(REVEALS), AuditEntry.at >= since
    )
    allowed = sa.select(sa.func.max(RevealAllowance.a_day)).where(
        RevealAllowance.user_id == user_id, RevealAllowance.until > NOW
    )
    row = db.session.execute(sa.select(role, used.scalar_subquery(), allowed.scalar_subquery())).one()
    return row[0], int(row[1]), row[2]


def public_id_of(user_id: int) -> str:
    """The public id of an account, for the trail."""
    return db.session.execute(sa.select(User.public_id).where(User.id == user_id)).scalar_one()


def of_a_case(case: Case, part: OfficersPart) -> str | None:
    """One thing about her, for the safety officer."""
    if part is OfficersPart.FORMER_ADDRESS:
        return db.session.scalar(
            sa.select(FormerAddress.address)
            .where(FormerAddress.client_id == case.client_id)
            .order_by(FormerAddress.id.desc())
            .limit(1)
        )
    if part is OfficersPart.FORMER_CHILD_PLACE:
        return db.session.scalar(
            sa.select(FormerChildPlace.place)
            .join(Child, Child.id == FormerChildPlace.child_id)
            .where(Child.client_id == case.client_id)
            .order_by(FormerChildPlace.id.desc())
            .limit(1)
        )
    columns = {
        OfficersPart.NAME: Client.name,
        OfficersPart.PHONE: Client.phone,
        OfficersPart.ADDRESS: Client.address,
    }
    return db.session.scalar(sa.select(columns[part]).where(Client.id == case.client_id))
