"""Which municipality was responsible for a woman, and which one paid, on a day. Callers have got the case."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.errors import NotFound
from portal.core.kinds import MunicipalityDuty, MunicipalityReason
from portal.db import db
from portal.domain.counselling import HAS_CONTACTS
from portal.models.cases import Case, TeamMember
from portal.models.counselling import CoordinatingCounselling
from portal.models.enrolments import Enrolment
from portal.models.municipalities import MunicipalityPeriod
from portal.models.organisations import Municipality, Organisation
from portal.models.stays import Stay
from portal.models.users import User

MOST = 100


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the history; one that was corrected stays, and says so."""

    public_id: str
    duty: MunicipalityDuty
    municipality: str | None
    from_on: date
    # The last day on which it counted; empty: until now, or it was corrected.
    until_on: date | None
    reason: MunicipalityReason
    recorded_at: datetime
    by: str
    is_corrected: bool
    corrects: bool


def _is_corrected() -> sa.ColumnElement[bool]:
    other = aliased(MunicipalityPeriod)
    return sa.exists().where(other.corrects_id == MunicipalityPeriod.id)


def list_history(case_id: int) -> list[Period]:
    """The history of a case, the newest day first, with the last day of each line: one statement."""
    following = (
        sa.func.lead(MunicipalityPeriod.from_on)
        .over(
            partition_by=(MunicipalityPeriod.duty, _is_corrected()),
            order_by=(MunicipalityPeriod.from_on, MunicipalityPeriod.id),
        )
        .label("following")
    )
    # Where two begin on a day, the one written last counts, and the other only on paper.
    until = sa.case((~_is_corrected(), sa.func.greatest(following - 1, MunicipalityPeriod.from_on)))
    rows = db.session.execute(
        sa.select(
            MunicipalityPeriod.public_id,
            MunicipalityPeriod.duty,
            Municipality.name,
            MunicipalityPeriod.from_on,
            sa.case((following.is_not(None), until)),
            MunicipalityPeriod.reason,
            MunicipalityPeriod.recorded_at,
            User.name,
            _is_corrected(),
            MunicipalityPeriod.corrects_id.is_not(None),
        )
        .join(User, User.id == MunicipalityPeriod.recorded_by_id)
        .outerjoin(Municipality, Municipality.code == MunicipalityPeriod.municipality_code)
        .where(MunicipalityPeriod.case_id == case_id)
        .order_by(MunicipalityPeriod.from_on.desc(), MunicipalityPeriod.id.desc())
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


def _lines(case_id: int, duty: MunicipalityDuty) -> sa.Select[MunicipalityPeriod]:
    return (
        sa.select(MunicipalityPeriod)
        .where(MunicipalityPeriod.case_id == case_id, MunicipalityPeriod.duty == duty, ~_is_corrected())
        .order_by(MunicipalityPeriod.from_on, MunicipalityPeriod.id)
    )


def find_first(case_id: int, duty: MunicipalityDuty) -> MunicipalityPeriod | None:
    """The first line that was not corrected."""
    return db.session.scalar(_lines(case_id, duty).limit(1))


def find_only(case_id: int, duty: MunicipalityDuty) -> MunicipalityPeriod | None:
    """The line that was not corrected, where there is one alone."""
    found = db.session.scalars(_lines(case_id, duty).limit(2)).all()
    return found[0] if len(found) == 1 else None


def came_on(case_id: int) -> date | None:
    """The day on which she came to a centre first."""
    return db.session.scalar(sa.select(sa.func.min(Stay.admitted_on)).where(Stay.case_id == case_id))


def code_on(case: Case, duty: MunicipalityDuty, day: date | None) -> str | None:
    """The official code of who was responsible or paid on a day.

    On a day before the first line it is that of the first line, which began when somebody wrote it (R-833); what is
    known now where the history does not say.
    """
    found = None if day is None else find_on(case.id, duty, day) or find_first(case.id, duty)
    if found is not None:
        return found.municipality_code
    current: str | None = getattr(case, COLUMNS[duty])
    return current


@dataclass(frozen=True, slots=True)
class NotAlong:
    """What does not follow by itself when another municipality must act (R-834)."""

    # The municipality that must act and sees nothing of the case; empty where it works in it.
    sees_nothing: str | None
    # Whose counselling she has been offered or has, where that is another municipality.
    counselling: str | None


def find_not_along(case: Case) -> NotAlong:
    """Which municipality must act and sees nothing, and whose counselling runs on (R-834)."""
    code = case.responsible_municipality_code
    if code is None:
        return NotAlong(None, None)
    its_own = sa.select(Organisation.id).where(Organisation.municipality_code == code)
    works = sa.or_(
        sa.exists().where(
            TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), TeamMember.organisation_id.in_(its_own)
        ),
        sa.literal(case.owner_organisation_id).in_(its_own),
    )
    name = db.session.scalar(sa.select(Municipality.name).where(Municipality.code == code, ~works))
    return NotAlong(name, _counselling_of_another(case, code))


def _counselling_of_another(case: Case, code: str) -> str | None:
    row = db.session.execute(
        sa.select(
            CoordinatingCounselling.offered_on,
            CoordinatingCounselling.started_on,
            Organisation.municipality_code,
        )
        .outerjoin(Enrolment, Enrolment.id == CoordinatingCounselling.enrolment_id)
        .outerjoin(
            Organisation,
            Organisation.id == sa.func.coalesce(Enrolment.organisation_id, CoordinatingCounselling.offered_from_id),
        )
        .where(
            CoordinatingCounselling.case_id == case.id,
            CoordinatingCounselling.is_current,
            CoordinatingCounselling.state.in_(HAS_CONTACTS),
        )
    ).one_or_none()
    if row is None:
        return None
    # Where a centre wrote it down, it was offered by whoever was responsible then.
    its = row.municipality_code or code_on(case, MunicipalityDuty.RESPONSIBLE, row.started_on or row.offered_on)
    return (
        None if its in (None, code) else db.session.scalar(sa.select(Municipality.name).where(Municipality.code == its))
    )


COLUMNS = {
    MunicipalityDuty.RESPONSIBLE: "responsible_municipality_code",
    MunicipalityDuty.PAYING: "paying_municipality_code",
}
