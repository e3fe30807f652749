"""Stays at a centre, and the notices that the law asks for."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import DeadlineKind, SubjectType
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import ClockKey, due_on, notice_due_on
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay
from portal.queries import case_parts
from portal.services import audit, case_marks, counselling_records, deadlines

NOTICE_DEADLINE = {"admission": DeadlineKind.ADMISSION_NOTICE, "discharge": DeadlineKind.DISCHARGE_NOTICE}


def record_stay(
    case: Case,
    *,
    admitted_on: date,
    actor: Actor,
    now: datetime,
    planned_move_on: date | None = None,
    previous_stay_ever: bool | None = None,
    is_anonymous: bool | None = None,
    organisation_id: int | None = None,
) -> Stay:
    """Record that she stays at the centre since a day, with notice (3 weekdays) and stay plan (42 days) (R-109, R-110).

    Anonymous unless told otherwise while her name is not known. Raises Invalid (dates), NotNow (she stays already).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check_days(admitted_on, planned_move_on, today=local_date(now))
    if case_parts.find_open_stay(case) is not None:
        raise NotNow(_("A stay is open already. End it before you record a new one."))
    stay = Stay(
        case_id=case.id,
        organisation_id=organisation_id or case.owner_organisation_id,
        admitted_on=admitted_on,
        previous_stay_ever=previous_stay_ever,
    )
    db.session.add(stay)
    if planned_move_on is not None:
        case.planned_move_on = planned_move_on
    db.session.flush()
    anonymous = case.client.name is None if is_anonymous is None else is_anonymous
    _plan_notice(case, stay, "admission", admitted_on, is_anonymous=anonymous, actor=actor, now=now)
    case_marks.put_up(
        DeadlineKind.STAY_PLAN, case, due_on=due_on(ClockKey.STAY_PLAN, admitted_on), actor=actor, now=now
    )
    counselling_records.note_admission(case, stay, actor=actor, now=now)
    case_marks.record(Audit.STAY_RECORDED, case, actor=actor, now=now)
    db.session.flush()
    return stay


def correct_admission(
    case: Case,
    *,
    admitted_on: date,
    previous_stay_ever: bool | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Stay:
    """Correct how the open stay began; a notice not yet sent and the stay plan move along (R-109, R-110).

    Raises Invalid (a day ahead, or after the planned move), NotNow (no stay is open), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    stay = _open_stay(case)
    check_version(version, stay.version)
    _check_days(admitted_on, case.planned_move_on, today=local_date(now))
    stay.admitted_on, stay.previous_stay_ever = admitted_on, previous_stay_ever
    notice = db.session.scalars(
        sa.select(StatutoryNotice).where(StatutoryNotice.stay_id == stay.id, StatutoryNotice.kind == "admission")
    ).one()
    notice.due_on = notice_due_on(admitted_on)
    deadlines.move(DeadlineKind.ADMISSION_NOTICE, notice.public_id, due_on=notice.due_on)
    deadlines.move(DeadlineKind.STAY_PLAN, case.public_id, due_on=due_on(ClockKey.STAY_PLAN, admitted_on))
    case_marks.record(Audit.STAY_CORRECTED, case, actor=actor, now=now, fields=["admitted_on", "previous_stay_ever"])
    db.session.flush()
    return stay


def _open_stay(case: Case) -> Stay:
    stay = case_parts.find_open_stay(case)
    if stay is None:
        raise NotNow(_("No stay is open."))
    return stay


def _check_days(admitted_on: date, planned_move_on: date | None, *, today: date) -> None:
    if admitted_on > today:
        raise Invalid(_("The day has not come yet."), field="admitted_on")
    if planned_move_on is not None and planned_move_on < admitted_on:
        raise Invalid(_("She cannot move out before she has come."), field="planned_move_on")


def end_stay(case: Case, *, discharged_on: date, actor: Actor, now: datetime, destination: str | None = None) -> Stay:
    """End the open stay, with the notice of discharge (3 weekdays) (R-109). Raises Invalid (dates), NotNow (none open).

    `destination` is a value of `domain.stays.Destination`, never a place.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    stay = _open_stay(case)
    if discharged_on < stay.admitted_on:
        raise Invalid(_("The end cannot come before the beginning."), field="discharged_on")
    if discharged_on > local_date(now):
        raise Invalid(_("The day has not come yet. Write the planned day as the planned move."), field="discharged_on")
    anonymous = db.session.scalar(
        sa.select(StatutoryNotice.is_anonymous).where(
            StatutoryNotice.stay_id == stay.id, StatutoryNotice.kind == "admission"
        )
    )
    stay.discharged_on, stay.destination = discharged_on, destination
    is_anonymous = case.client.name is None or bool(anonymous)
    _plan_notice(case, stay, "discharge", discharged_on, is_anonymous=is_anonymous, actor=actor, now=now)
    moved_on = case.moved_on if case.moved_on and case.moved_on >= stay.admitted_on else discharged_on
    counselling_records.note_left(case, min(discharged_on, moved_on), actor=actor, now=now)
    deadlines.call_off(case.public_id, kind=DeadlineKind.STAY_PLAN, actor=actor, now=now)
    case_marks.record(Audit.STAY_ENDED, case, actor=actor, now=now)
    db.session.flush()
    return stay


def _plan_notice(
    case: Case, stay: Stay, kind: str, day: date, *, is_anonymous: bool, actor: Actor, now: datetime
) -> None:
    notice = StatutoryNotice(
        case_id=case.id,
        stay_id=stay.id,
        kind=kind,
        due_on=notice_due_on(day),
        is_anonymous=is_anonymous,
    )
    db.session.add(notice)
    db.session.flush()
    deadlines.put_up(
        NOTICE_DEADLINE[kind],
        SubjectType.NOTICE,
        notice.public_id,
        due_on=notice.due_on,
        organisation_id=stay.organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
    )


def send_notice(case: Case, notice: StatutoryNotice, *, sent_on: date, actor: Actor, now: datetime) -> None:
    """Record that the notice has been sent to the municipality. Raises NotNow (sent before), Invalid (date)."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if notice.sent_on is not None:
        raise NotNow(_("The notice has been marked as sent already."))
    if sent_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="sent_on")
    notice.sent_on = sent_on
    deadlines.finish(NOTICE_DEADLINE[notice.kind], notice.public_id, actor=actor, now=now)
    audit.record(Audit.NOTICE_SENT, SubjectType.NOTICE, notice.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
