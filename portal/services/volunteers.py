"""Volunteers: registered and kept up to date."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Region
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.volunteers import Volunteer
from portal.services import audit


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
