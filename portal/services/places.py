"""Places that tell where she is as her address does: of meetings, of tasks, and the home she lives in (rule PA-3)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.meetings import Meeting
from portal.models.referrals import TrackRequest
from portal.models.tasks import Task
from portal.queries.tenancies import ENDED
from portal.services import child_settings
from portal.services.meeting_news import tell_holder
from portal.wall import as_system


def may_keep(case_id: int) -> bool:
    """Whether a place of hers may be kept: not under special address protection (R-107)."""
    return _level(case_id) < NO_ADDRESS_LEVEL


def is_protected(case_id: int) -> bool:
    """Whether her name and address are protected, in whichever way."""
    return _level(case_id) > 0


def _level(case_id: int) -> int:
    level = sa.select(Client.protection_level).join(Case, Case.client_id == Client.id).where(Case.id == case_id)
    return db.session.scalars(level).one()


def may_keep_home(unit: HousingUnit) -> bool:
    """Whether a home's address may be kept: not while somebody under special protection has it (R-107)."""
    has_it = (
        sa.select(Client.id)
        .join(Case, Case.client_id == Client.id)
        .join(Enrolment, Enrolment.case_id == Case.id)
        .join(Tenancy, Tenancy.enrolment_id == Enrolment.id)
        .where(Tenancy.unit_id == unit.id, Tenancy.state.not_in(ENDED), Client.protection_level >= NO_ADDRESS_LEVEL)
    )
    with as_system():  # to somebody who is kept out of her case, hers must not pass for an empty home
        return db.session.scalar(has_it.limit(1)) is None


def of_case(case_id: int) -> sa.ColumnElement[bool]:
    """Meetings with her: of the case, of its courses, and the talks before a decision."""
    courses = sa.select(Enrolment.id).where(Enrolment.case_id == case_id)
    requests = sa.select(TrackRequest.id).where(TrackRequest.case_id == case_id)
    return sa.or_(Meeting.case_id == case_id, Meeting.enrolment_id.in_(courses), Meeting.request_id.in_(requests))


def forget(case_id: int, *, actor: Actor, now: datetime) -> int:
    """Forget every place of hers (R-107). Who holds a meeting that lies ahead is told that it has changed.

    Returns how many meetings and tasks ahead have lost their place: those who come must be told in another way.
    """
    gone = sa.select(Meeting).where(of_case(case_id), Meeting.place.is_not(None))
    ahead = sa.and_(Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now)
    meetings = db.session.scalars(gone.where(ahead).order_by(Meeting.id)).all()
    has_place = sa.or_(Task.address.is_not(None), Task.meeting_point.is_not(None))
    tasks = sa.select(sa.func.count()).where(Task.case_id == case_id, has_place, Task.starts_at > now)
    lost = len(meetings) + db.session.execute(tasks).scalar_one()
    _empty(Meeting, sa.and_(of_case(case_id), Meeting.place.is_not(None)), place=None)
    _empty(Task, sa.and_(Task.case_id == case_id, has_place), address=None, meeting_point=None)
    lived_in = sa.select(Tenancy.unit_id).join(Enrolment, Enrolment.id == Tenancy.enrolment_id)
    hers = lived_in.where(Enrolment.case_id == case_id, Tenancy.state.not_in(ENDED))
    with as_system():  # the home is another house's, and nobody else changes it
        _empty(HousingUnit, sa.and_(HousingUnit.id.in_(hers), HousingUnit.address.is_not(None)), address=None)
    child_settings.forget_places(db.session.get_one(Case, case_id).client_id)
    for meeting in meetings:
        tell_holder(meeting, "place", actor=actor, now=now)
    return lost


def _empty(table: type[Meeting | Task | HousingUnit], condition: sa.ColumnElement[bool], **emptied: None) -> None:
    db.session.execute(
        sa.update(table)
        .where(condition)
        .values(**emptied, version=table.version + 1)
        .execution_options(synchronize_session="fetch")
    )
