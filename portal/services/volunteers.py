"""Volunteers: registered and kept up to date."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Language, Region, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.models.volunteers import Volunteer
from portal.services import accounts, audit


def save_profile(
    *, user_id: int, organisation_id: int, region: Region, skills: list[str], pledged_on: date | None,
    trained_on: date | None, certificate_until: date | None, actor: Actor, now: datetime,
) -> Volunteer:
    """Register a volunteer, or bring what is known of her up to date."""
    volunteer = db.session.scalar(sa.select(Volunteer).where(Volunteer.user_id == user_id))
    is_new = volunteer is None
    if volunteer is None:
        volunteer = Volunteer(public_id=new_public_id(), user_id=user_id, organisation_id=organisation_id)
        db.session.add(volunteer)
    volunteer.region, volunteer.skills = region, sorted(skills)
    volunteer.pledged_on, volunteer.trained_on, volunteer.certificate_until = pledged_on, trained_on, certificate_until
    db.session.flush()
    audit.record(Audit.VOLUNTEER_REGISTERED if is_new else Audit.VOLUNTEER_CHANGED, SubjectType.VOLUNTEER,
                 volunteer.public_id, actor=actor, now=now)
    return volunteer


def register(
    *, name: str, email: str, password: str, language: Language, role: Role, actor: Actor, now: datetime,
    region: Region, skills: list[str], pledged_on: date | None, trained_on: date | None,
    certificate_until: date | None,
) -> Volunteer:
    """Make an account for a new volunteer of the actor's organisation. Raises Invalid for an address that is in use.

    The refusal says only that the address cannot be used: whose it is stays untold.
    """
    index = accounts.email_index(email)
    if db.session.scalar(sa.select(User.id).where(User.email_index == index)) is not None:
        raise Invalid(_("This address cannot be used. Ask for another one."), field="email")
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    user = accounts.create_user(name, email, password, language=language, actor=actor, now=now)
    accounts.add_membership(user, organisation, role)
    return save_profile(
        user_id=user.id, organisation_id=organisation.id, region=region, skills=skills, pledged_on=pledged_on,
        trained_on=trained_on, certificate_until=certificate_until, actor=actor, now=now,
    )


def set_paused(volunteer: Volunteer, is_paused: bool, *, actor: Actor, now: datetime) -> None:
    """Pause a volunteer, who then cannot take tasks, or take her back."""
    volunteer.is_suspended = is_paused
    db.session.flush()
    audit.record(Audit.VOLUNTEER_CHANGED, SubjectType.VOLUNTEER, volunteer.public_id, actor=actor, now=now,
                 fields=["is_suspended"])
