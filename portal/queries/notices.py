"""The notices that the law asks for: the one of discharge, ready or sent before she leaves, and what stood before."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.db import db
from portal.domain.stays import SENT_ON, TOLD_ON, leaving_planned
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay, StayCorrection


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in a notice before: when it had been sent, and why it does not stand there any more."""

    at: datetime
    sent_on: date
    told_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far the notice of discharge is of whoever still stays here: which day is planned, which day it said."""

    day: date
    # Empty: nobody has made it ready.
    public_id: str | None
    sent_on: date | None
    told_on: date | None

    @property
    def is_said(self) -> bool:
        """Whether the municipality has been told the day that is planned."""
        return self.sent_on is not None and self.told_on == self.day


def list_kept(notice: StatutoryNotice) -> list[Kept]:
    """What stood in a notice before, the newest first."""
    key = SENT_ON[notice.kind]
    rows = db.session.scalars(
        sa.select(StayCorrection).where(StayCorrection.stay_id == notice.stay_id).order_by(StayCorrection.id.desc())
    )
    found = ((row, row.original.get(key), row.original.get(TOLD_ON)) for row in rows)
    return [
        Kept(row.corrected_at, date.fromisoformat(sent), date.fromisoformat(told) if told else None, row.reason)
        for row, sent, told in found
        if sent
    ]


def find_discharge(stay: Stay) -> StatutoryNotice | None:
    """The notice of discharge of a stay, also before she has left."""
    return db.session.scalar(
        sa.select(StatutoryNotice).where(StatutoryNotice.stay_id == stay.id, StatutoryNotice.kind == "discharge")
    )


def came_anonymously(stay: Stay) -> bool:
    """Whether the notice of her admission leaves out her name."""
    said = sa.select(StatutoryNotice.is_anonymous).where(
        StatutoryNotice.stay_id == stay.id, StatutoryNotice.kind == "admission"
    )
    return bool(db.session.scalar(said))


def find_ahead(case: Case, *, today: date) -> Ahead | None:
    """How far the notice of discharge is while she stays here and plans to leave, from today on (R-832)."""
    about_leaving = sa.and_(StatutoryNotice.stay_id == Stay.id, StatutoryNotice.kind == "discharge")
    row = db.session.execute(
        sa.select(Stay.admitted_on, StatutoryNotice.public_id, StatutoryNotice.sent_on, StatutoryNotice.told_on)
        .outerjoin(StatutoryNotice, about_leaving)
        .where(Stay.case_id == case.id, Stay.discharged_on.is_(None))
    ).one_or_none()
    day = leaving_planned(case.planned_move_on, row.admitted_on) if row else None
    if row is None or day is None or day < today:
        return None
    return Ahead(day, row.public_id, row.sent_on, row.told_on)
