"""Rows of a work list about a case."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.users import Membership
from portal.services import deadlines


def put_up(member: Membership, case: Case, kind: DeadlineKind, days: int = 0, suffix: str = "") -> Deadline:
    """What somebody must do about a case, so many days ahead."""
    now = utc_now()
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        due_on=local_date(now) + timedelta(days=days),
        suffix=suffix,
        organisation_id=member.organisation_id,
        owner_id=member.user_id,
        case_id=case.id,
        now=now,
    )
    return db.session.scalars(sa.select(Deadline).order_by(Deadline.id.desc()).limit(1)).one()
