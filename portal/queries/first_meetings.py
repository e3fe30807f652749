"""What a municipality's first meeting waits for: the notice of her stay, its adviser in the case, and whether they met.

Asked of the case as it is: whoever sends the notice does not see the municipality's part, nor the adviser the stay.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.core.clock import start_of_local_day
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import ContactResult, MunicipalityDuty
from portal.core.notes import TookPart
from portal.core.states import CaseState, DeadlineState, MeetingState
from portal.db import db
from portal.models.cases import Case, Note, TeamMember
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.models.organisations import Organisation
from portal.models.stays import StatutoryNotice, Stay
from portal.models.users import Membership
from portal.queries.municipalities import code_on
from portal.queries.slips import is_withdrawn
from portal.wall import as_system

KIND = DeadlineKind.FIRST_MUNICIPAL_MEETING
TO_DO = (DeadlineState.OPEN, DeadlineState.RESTS)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The first meeting of a municipality after a notice."""

    notice: str
    sent_on: date
    adviser_id: int
    organisation_id: int
    has_met: bool
    # How its row on the work list stands; None while there has been none.
    state: DeadlineState | None


def is_waited_for(case_id: int, organisation_id: int | None) -> bool:
    """Whether the first meeting of a house stands on its adviser's list."""
    stands = sa.exists().where(
        Deadline.case_id == case_id,
        Deadline.organisation_id == organisation_id,
        Deadline.kind == KIND,
        Deadline.state.in_(TO_DO),
    )
    with as_system():
        return bool(db.session.scalar(sa.select(stands)))


def find(case_id: int) -> Awaited | None:
    """What is waited for in an open case; nothing without a notice, or without an adviser of that municipality."""
    with as_system():
        case = db.session.get_one(Case, case_id)
        row = _first_notice(case_id) if case.state is CaseState.OPEN else None
        if row is None:
            return None
        notice, sent_on, admitted_on = row
        adviser = _adviser(case, sent_on)
        if adviser is None:
            return None
        user_id, organisation_id = adviser
        met = _has_met(case_id, organisation_id, admitted_on)
        return Awaited(notice, sent_on, user_id, organisation_id, met, _state(notice))


def _first_notice(case_id: int) -> tuple[str, date, date] | None:
    """The first notice of her last stay that has been sent."""
    row = db.session.execute(
        sa.select(StatutoryNotice.public_id, StatutoryNotice.sent_on, Stay.admitted_on)
        .join(Stay, Stay.id == StatutoryNotice.stay_id)
        .where(StatutoryNotice.case_id == case_id, StatutoryNotice.sent_on.is_not(None))
        .order_by(Stay.admitted_on.desc(), Stay.id.desc(), StatutoryNotice.sent_on, StatutoryNotice.id)
        .limit(1)
    ).one_or_none()
    return None if row is None or row[1] is None else (row[0], row[1], row[2])


def _adviser(case: Case, day: date) -> tuple[int, int] | None:
    """Who advises her for the municipality that was responsible on a day."""
    code = code_on(case, MunicipalityDuty.RESPONSIBLE, day)
    row = db.session.execute(
        sa.select(TeamMember.user_id, TeamMember.organisation_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .join(Organisation, Organisation.id == TeamMember.organisation_id)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.ended_at.is_(None),
            Membership.role == Role.MUNICIPAL_ADVISER,
            Membership.is_live,
            Organisation.municipality_code == code,
        )
        .order_by(TeamMember.is_primary.desc(), TeamMember.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.user_id, row.organisation_id)


def _has_met(case_id: int, organisation_id: int, since: date) -> bool:
    """Whether somebody of that house has reached her since a day: a contact, a talk with her, a meeting held."""
    begun = start_of_local_day(since)
    talk = sa.and_(Note.talk.is_not(None), Note.took_part.contains([TookPart.HER.value]))
    noted = sa.exists().where(
        Note.case_id == case_id,
        Note.organisation_id == organisation_id,
        Note.happened_at >= begun,
        sa.or_(Note.result == ContactResult.REACHED, talk),
        ~is_withdrawn(),
    )
    held = sa.exists().where(
        Meeting.case_id == case_id,
        Meeting.organisation_id == organisation_id,
        Meeting.starts_at >= begun,
        Meeting.state == MeetingState.HELD,
    )
    return bool(db.session.scalar(sa.select(sa.or_(noted, held))))


def _state(notice: str) -> DeadlineState | None:
    return db.session.scalar(
        sa.select(Deadline.state).where(Deadline.kind == KIND, Deadline.subject_public_id == notice)
    )
