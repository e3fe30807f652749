"""The notices that the law asks for: what stood in one before it was corrected."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.db import db
from portal.domain.stays import SENT_ON
from portal.models.stays import StatutoryNotice, StayCorrection


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in a notice before: when it had been sent, and why it does not stand there any more."""

    at: datetime
    sent_on: date
    reason: str | None


def list_kept(notice: StatutoryNotice) -> list[Kept]:
    """What stood in a notice before, the newest first."""
    key = SENT_ON[notice.kind]
    rows = db.session.scalars(
        sa.select(StayCorrection).where(StayCorrection.stay_id == notice.stay_id).order_by(StayCorrection.id.desc())
    )
    found = ((row, row.original.get(key)) for row in rows)
    return [Kept(row.corrected_at, date.fromisoformat(was), row.reason) for row, was in found if was]
