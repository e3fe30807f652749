"""Whether somebody may get a role: asked wherever one is given."""

import sqlalchemy as sa

from portal.core.enums import Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.db import db
from portal.domain.memberships import clashes
from portal.models import indexes
from portal.models.organisations import Organisation
from portal.models.users import Membership, User


def person_index(email: str) -> bytes:
    """The keyed index of a person: her address without what follows a plus, so that a second account is no second she.

    Two accounts with quite different addresses cannot be seen to be one person here.
    """
    local, at, domain = email.strip().casefold().rpartition("@")
    return indexes.person_index(f"{local.partition('+')[0]}{at}{domain}")


def check_may_hold(user: User, organisation: Organisation, role: Role) -> None:
    """Raise Invalid where the person may not have the role beside one of hers (R-460), NotNow where all stands still.

    The refusal is the same whatever she is elsewhere: who gives roles here learns nothing of other organisations.
    Holds the person's accounts until the transaction ends, so that two administrators at once see each other.
    """
    if organisation.is_frozen:
        raise NotNow(_("The organisation is leaving the portal. Nobody new comes in."))
    same = User.id == user.id
    if user.person_index is not None:
        same = sa.or_(same, User.person_index == user.person_index)
    accounts = db.session.scalars(sa.select(User.id).where(same).order_by(User.id).with_for_update()).all()
    held = db.session.scalars(
        sa.select(Membership.role).where(Membership.user_id.in_(accounts), Membership.ended_at.is_(None))
    ).all()
    if clashes(held, role):
        raise Invalid(_("This role cannot be given to this person."), field="role")
