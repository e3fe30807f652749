"""Stays at a centre, and the notices that the law asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.risk import ReviewReason
from portal.core.stays import AdmissionReason, CounsellingAtExit, DelayReason, LinkReason, MainActivity, Permit
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.code_lists import STAYS, check_codes, edition_on
from portal.domain.deadlines import ClockKey, due_on, notice_due_on
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay, StayCorrection
from portal.queries import case_parts
from portal.queries import stays as queries
from portal.services import bridge, case_marks, counselling_records, deadlines, notices, risk_reviews


@dataclass(frozen=True, slots=True)
class Admission:
    """How a stay began, beside its day."""

    previous_stay_ever: bool | None = None
    reasons: Sequence[AdmissionReason | str] = ()
    # The public id of the leader who decided, and of the stay before with which this is one course.
    decided_by: str | None = None
    previous: str | None = None
    link_reason: LinkReason | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """What is said when a stay ends: where she goes and how she lives then."""

    destination: str | None = None
    delay_reason: DelayReason | None = None
    main_activity: MainActivity | None = None
    permit: Permit | None = None
    is_reported: bool | None = None
    counselling: CounsellingAtExit | None = None


def record_stay(
    case: Case,
    *,
    admitted_on: date,
    actor: Actor,
    now: datetime,
    planned_move_on: date | None = None,
    previous_stay_ever: bool | None = None,
    is_anonymous: bool | None = None,
    admission: Admission | None = None,
) -> Stay:
    """Record that she stays here since a day, with notice (3 weekdays) and stay plan (42 days) (R-109, R-110).

    Anonymous unless told otherwise while her name is not known. Raises Invalid (dates), NotNow (she stays already).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check_days(admitted_on, planned_move_on, today=local_date(now))
    if case_parts.find_open_stay(case) is not None:
        raise NotNow(_("A stay is open already. End it before you record a new one."))
    stay = Stay(case_id=case.id, organisation_id=case.owner_organisation_id, admitted_on=admitted_on)
    begin(stay, admission or Admission(previous_stay_ever), actor=actor)
    db.session.add(stay)
    if planned_move_on is not None:
        case.planned_move_on = planned_move_on
    db.session.flush()
    anonymous = case.client.name is None if is_anonymous is None else is_anonymous
    notices.plan_admission(case, stay, is_anonymous=anonymous, actor=actor, now=now)
    case_marks.put_up(
        DeadlineKind.STAY_PLAN, case, due_on=due_on(ClockKey.STAY_PLAN, admitted_on), actor=actor, now=now
    )
    counselling_records.note_admission(case, stay, actor=actor, now=now)
    bridge.note_plan(case, actor=actor, now=now)
    case_marks.record(Audit.STAY_RECORDED, case, actor=actor, now=now)
    db.session.flush()
    return stay


def record_elsewhere(
    case: Case,
    *,
    admitted_on: date,
    discharged_on: date,
    organisation: str | None,
    actor: Actor,
    now: datetime,
    admission: Admission | None = None,
) -> Stay:
    """Write down a stay at another centre that is over: a house of the portal, or one that is not named (R-654).

    That centre has sent its own notices, so none is due here. Raises Invalid (dates), NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check_days(admitted_on, None, today=local_date(now))
    if not admitted_on <= discharged_on <= local_date(now):
        raise Invalid(_("A stay elsewhere is written down when it is over."), field="discharged_on")
    stay = Stay(
        case_id=case.id,
        organisation_id=case_parts.organisation_id_of(organisation),
        admitted_on=admitted_on,
        discharged_on=discharged_on,
    )
    begin(stay, admission or Admission(), actor=actor)
    db.session.add(stay)
    case_marks.record(Audit.STAY_RECORDED, case, actor=actor, now=now)
    db.session.flush()
    return stay


def begin(stay: Stay, admission: Admission, *, actor: Actor) -> None:
    """How it began, from the lists of its day; a leader decides, and a stay is joined to an earlier one of hers."""
    edition = edition_on(STAYS, stay.admitted_on)
    reasons = [str(reason) for reason in admission.reasons]
    stay.admission_reasons = check_codes(edition, "admission_reasons", reasons)
    stay.codes_version = edition.number
    stay.previous_stay_ever = admission.previous_stay_ever
    stay.decided_by_id = queries.leader_id(actor, admission.decided_by)
    before = queries.find_before(actor, stay, admission.previous)
    if (before is None) != (admission.link_reason is None):
        field = "link_reason" if before else "earlier"
        raise Invalid(_("Choose both the stay before and why they belong together."), field=field)
    stay.previous_stay_id, stay.link_reason = before, admission.link_reason


def correct_admission(
    case: Case,
    *,
    admitted_on: date,
    previous_stay_ever: bool | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    admission: Admission | None = None,
) -> Stay:
    """Correct how the open stay began; a notice not yet sent and the stay plan move along (R-109, R-110).

    What stood there is kept beside it (R-654). Raises Invalid (a day ahead, or after the planned move), NotNow (no
    stay is open), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    stay = _open_stay(case)
    check_version(version, stay.version)
    _check_days(admitted_on, case.planned_move_on, today=local_date(now))
    before = queries.spoken(stay)
    stay.admitted_on = admitted_on
    begin(stay, admission or _as_it_is(stay, previous_stay_ever), actor=actor)
    changed = keep_original(stay, before, actor=actor, now=now)
    notice = db.session.scalars(
        sa.select(StatutoryNotice).where(StatutoryNotice.stay_id == stay.id, StatutoryNotice.kind == "admission")
    ).one()
    notice.due_on = notice_due_on(admitted_on)
    deadlines.move(DeadlineKind.ADMISSION_NOTICE, notice.public_id, due_on=notice.due_on, now=now)
    deadlines.move(DeadlineKind.STAY_PLAN, case.public_id, due_on=due_on(ClockKey.STAY_PLAN, admitted_on), now=now)
    case_marks.record(Audit.STAY_CORRECTED, case, actor=actor, now=now, fields=changed)
    db.session.flush()
    return stay


def _as_it_is(stay: Stay, previous_stay_ever: bool | None) -> Admission:
    """What is not corrected stays."""
    decided_by, previous = queries.public_ids(stay)
    return Admission(previous_stay_ever, tuple(stay.admission_reasons), decided_by, previous, stay.link_reason)


def keep_original(
    stay: Stay, before: dict[str, str | None], *, actor: Actor, now: datetime, reason: str | None = None
) -> list[str]:
    """Keep what stood in the fields that have changed, and why (R-654, R-763). Returns their names."""
    after = queries.spoken(stay)
    original = {name: value for name, value in before.items() if after[name] != value}
    if original:
        db.session.add(
            StayCorrection(
                case_id=stay.case_id,
                stay_id=stay.id,
                original=original,
                reason=reason,
                corrected_at=now,
                corrected_by_id=actor.user_id,
            )
        )
    return sorted(original)


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


def end_stay(
    case: Case,
    *,
    discharged_on: date,
    actor: Actor,
    now: datetime,
    destination: str | None = None,
    leaving: Exit | None = None,
) -> Stay:
    """End the open stay, with the notice of discharge (3 weekdays) (R-109). Raises Invalid (dates), NotNow (none open).

    `destination` is a value of `domain.stays.Destination`, never a place; `leaving` is the form at the end (R-654).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    stay = _open_stay(case)
    if discharged_on < stay.admitted_on:
        raise Invalid(_("The end cannot come before the beginning."), field="discharged_on")
    if discharged_on > local_date(now):
        raise Invalid(_("The day has not come yet. Write the planned day as the planned move."), field="discharged_on")
    leave(stay, leaving or Exit(destination), discharged_on)
    notices.plan_discharge(case, stay, discharged_on, actor=actor, now=now)
    moved_on = case.moved_on if case.moved_on and case.moved_on >= stay.admitted_on else discharged_on
    counselling_records.note_left(case, min(discharged_on, moved_on), actor=actor, now=now)
    deadlines.call_off(case.public_id, kind=DeadlineKind.STAY_PLAN, actor=actor, now=now)
    risk_reviews.ask(case, ReviewReason.STAY_ENDED, actor=actor, now=now)
    bridge.note_plan(case, actor=actor, now=now)
    case_marks.record(Audit.STAY_ENDED, case, actor=actor, now=now)
    db.session.flush()
    return stay


def leave(stay: Stay, leaving: Exit, discharged_on: date) -> None:
    """How it ended, from the lists of its day."""
    edition = edition_on(STAYS, discharged_on)
    for field in ("delay_reason", "main_activity", "permit", "counselling"):
        value = getattr(leaving, field)
        check_codes(edition, field, [value] if value else [])
        setattr(stay, field, value)
    stay.discharged_on, stay.destination, stay.is_reported = discharged_on, leaving.destination, leaving.is_reported
    stay.codes_version = edition.number
