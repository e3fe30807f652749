"""Which municipality was responsible for a woman, and which one paid, on a day. Callers have got the case."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.errors import NotFound
from portal.core.kinds import MunicipalityDuty, MunicipalityReason
from portal.db import db
from portal.models.cases import Case
from portal.models.municipalities import MunicipalityPeriod
from portal.models.organisations import Municipality
from portal.models.users import User

MOST = 100


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the history; one that was corrected stays, and says so."""

    public_id: str
    duty: MunicipalityDuty
    municipality: str | None
    from_on: date
    reason: MunicipalityReason
    recorded_at: datetime
    by: str
    is_corrected: bool
    corrects: bool


def _is_corrected() -> sa.ColumnElement[bool]:
    other = aliased(MunicipalityPeriod)
    return sa.exists().where(other.corrects_id == MunicipalityPeriod.id)


def list_history(case_id: int) -> list[Period]:
    """The history of a case, the newest day first: one statement."""
    rows = db.session.execute(
        sa.select(
            MunicipalityPeriod.public_id,
            MunicipalityPeriod.duty,
            Municipality.name,
            MunicipalityPeriod.from_on,
            MunicipalityPeriod.reason,
            MunicipalityPeriod.recorded_at,
            User.name,
            _is_corrected(),
            MunicipalityPeriod.corrects_id.is_not(None),
        )
        .join(User, User.id == MunicipalityPeriod.recorded_by_id)
        .outerjoin(Municipality, Municipality.code == MunicipalityPeriod.municipality_code)
        .where(MunicipalityPeriod.case_id == case_id)
        .order_by(MunicipalityPeriod.duty, MunicipalityPeriod.from_on.desc(), MunicipalityPeriod.id.desc())
        .limit(MOST)
    )
    return [Period(*row) for row in rows]


def get_period(case_id: int, public_id: str) -> MunicipalityPeriod:
    """A line of the history that has not been corrected. Raises NotFound."""
    found = db.session.scalar(
        sa.select(MunicipalityPeriod).where(
            MunicipalityPeriod.public_id == public_id, MunicipalityPeriod.case_id == case_id, ~_is_corrected()
        )
    )
    if found is None:
        raise NotFound
    return found


def find_on(case_id: int, duty: MunicipalityDuty, day: date) -> MunicipalityPeriod | None:
    """What counted on a day (R-676): the last line that had begun, of those that were not corrected."""
    return db.session.scalar(
        sa.select(MunicipalityPeriod)
        .where(
            MunicipalityPeriod.case_id == case_id,
            MunicipalityPeriod.duty == duty,
            MunicipalityPeriod.from_on <= day,
            ~_is_corrected(),
        )
        .order_by(MunicipalityPeriod.from_on.desc(), MunicipalityPeriod.id.desc())
        .limit(1)
    )


def code_on(case: Case, duty: MunicipalityDuty, day: date | None) -> str | None:
    """The official code of who was responsible or paid on a day; what is known now where the history does not say."""
    found = None if day is None else find_on(case.id, duty, day)
    if found is not None:
        return found.municipality_code
    current: str | None = getattr(case, COLUMNS[duty])
    return current


COLUMNS = {
    MunicipalityDuty.RESPONSIBLE: "responsible_municipality_code",
    MunicipalityDuty.PAYING: "paying_municipality_code",
}
