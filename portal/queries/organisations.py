"""Organisations, for those who set the portal up."""

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.db import db
from portal.models.organisations import Organisation


def get_by_name(name: str) -> Organisation:
    """An organisation by the name that people call it. Raises NotFound."""
    found = db.session.scalar(sa.select(Organisation).where(Organisation.name == name.strip()))
    if found is None:
        raise NotFound(_("There is no organisation of that name."))
    return found


def list_active_ids() -> list[int]:
    """The organisations that use the portal."""
    return list(db.session.scalars(sa.select(Organisation.id).where(Organisation.is_active).order_by(Organisation.id)))


def list_all() -> list[Organisation]:
    """Every organisation, oldest first; for commands, not for pages."""
    return list(db.session.scalars(sa.select(Organisation).order_by(Organisation.id)))
