"""A woman who left without an offer stands before the advisers of her municipality until one of them works with her.

A row of its own beside that of whoever works in the case: it leads to the list that says by which number to ask.
"""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.counselling import CoordinatingCounselling
from portal.queries import counselling
from portal.queries.counselling_unmet import SUFFIX
from portal.services import deadlines

KIND = DeadlineKind.COUNSELLING_MISSED


def tell(counselling_id: int, organisation_id: int, *, now: datetime) -> None:
    """Put her before the advisers of a municipality that a notice has told of her (R-867)."""
    row = db.session.get_one(CoordinatingCounselling, counselling_id)
    deadlines.put_up(
        KIND,
        SubjectType.COUNSELLING,
        row.public_id,
        suffix=SUFFIX,
        due_on=local_date(now),
        organisation_id=organisation_id,
        queue_role=Role.MUNICIPAL_ADVISER,
        case_id=row.case_id,
        now=now,
    )


def note_adviser(case_id: int, *, actor: Actor, now: datetime) -> None:
    """An adviser has come to the case: it is on her own list now, and needs no row of her house."""
    found = counselling.find(case_id)
    if found is not None:
        take_off(found.public_id, actor=actor, now=now)


def take_off(counselling_public_id: str, *, actor: Actor, now: datetime) -> None:
    """It was offered, an adviser works in the case, or another municipality must act: the row is needed no longer."""
    deadlines.call_off(counselling_public_id, kind=KIND, suffix=SUFFIX, actor=actor, now=now)
