"""The notices that the law asks for: put up with a stay, or made ready before she leaves, sent, corrected (R-109)."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import notice_due_on
from portal.domain.stays import SENT_ON, TOLD_ON, leaving_planned
from portal.domain.workflow import check_step
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay, StayCorrection
from portal.queries import case_parts
from portal.queries import notices as queries
from portal.services import audit, case_marks, deadlines, first_meetings

NOTICE_DEADLINE = {"admission": DeadlineKind.ADMISSION_NOTICE, "discharge": DeadlineKind.DISCHARGE_NOTICE}


def plan_admission(case: Case, stay: Stay, *, is_anonymous: bool, actor: Actor, now: datetime) -> None:
    """She has come: the notice is due after three weekdays (R-109)."""
    notice = _add(stay, "admission", stay.admitted_on, is_anonymous=is_anonymous)
    _put_up(case, stay, notice, actor=actor, now=now)


def plan_discharge(case: Case, stay: Stay, left_on: date, *, actor: Actor, now: datetime) -> None:
    """She has left: the notice is due after three weekdays (R-109).

    One that was sent before and said that very day is done; another day is to be told anew (R-832).
    """
    notice = queries.find_discharge(stay)
    if notice is None:
        notice = _add(stay, "discharge", left_on, is_anonymous=_is_anonymous(case, stay))
    notice.due_on = notice_due_on(left_on)
    if notice.told_on != left_on:
        _take_back(notice, actor=actor, now=now)
        notice.is_anonymous = _is_anonymous(case, stay)
    _put_up(case, stay, notice, actor=actor, now=now)
    if notice.sent_on is not None:
        deadlines.finish(DeadlineKind.DISCHARGE_NOTICE, notice.public_id, actor=actor, now=now, on=notice.sent_on)


def move_discharge(case: Case, stay: Stay, *, actor: Actor, now: datetime) -> None:
    """The day she left was corrected: one that was sent before and said another day is to be sent anew (R-832)."""
    notice = queries.find_discharge(stay)
    if notice is not None and notice.told_on is not None and stay.discharged_on is not None:
        plan_discharge(case, stay, stay.discharged_on, actor=actor, now=now)


def _add(stay: Stay, kind: str, day: date, *, is_anonymous: bool) -> StatutoryNotice:
    notice = StatutoryNotice(
        case_id=stay.case_id, stay_id=stay.id, kind=kind, due_on=notice_due_on(day), is_anonymous=is_anonymous
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def _is_anonymous(case: Case, stay: Stay) -> bool:
    """As her name is known, and as she came."""
    return case.client.name is None or queries.came_anonymously(stay)


def _put_up(case: Case, stay: Stay, notice: StatutoryNotice, *, actor: Actor, now: datetime) -> None:
    deadlines.put_up(
        NOTICE_DEADLINE[notice.kind],
        SubjectType.NOTICE,
        notice.public_id,
        due_on=notice.due_on,
        organisation_id=stay.organisation_id or case.owner_organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
    )


def send(case: Case, notice: StatutoryNotice, *, sent_on: date, actor: Actor, now: datetime) -> None:
    """Record that the notice has been sent to the municipality. In time is what was sent in time (R-830).

    Raises NotNow (sent before; about a day of leaving that nobody plans), Invalid (a day ahead, or before she came).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if notice.sent_on is not None:
        raise NotNow(_("The notice has been marked as sent already."))
    _check_day(notice, sent_on, today=local_date(now))
    notice.sent_on, notice.told_on = sent_on, _told_on(case, notice)
    deadlines.finish(NOTICE_DEADLINE[notice.kind], notice.public_id, actor=actor, now=now, on=sent_on)
    _record(Audit.NOTICE_SENT, case, notice, actor=actor, now=now)
    first_meetings.look(case.id, actor=actor, now=now)


def _told_on(case: Case, notice: StatutoryNotice) -> date | None:
    """The day of leaving that it says, where it is sent before she leaves."""
    stay = db.session.get_one(Stay, notice.stay_id)
    if notice.kind == "admission" or stay.discharged_on is not None:
        return None
    day = leaving_planned(case.planned_move_on, stay.admitted_on)
    if day is None:
        raise NotNow(_("Plan the day on which she leaves first, from today on."))
    return day


def prepare(case: Case, *, actor: Actor, now: datetime) -> StatutoryNotice:
    """Make the notice of discharge ready before she leaves, with the day that is planned (R-832).

    What the law asks for stays counted from the day she leaves. One that was sent with another day is to be sent anew.
    Raises NotNow when she does not stay here, or no day from today on is planned.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    stay = case_parts.find_open_stay(case)
    day = leaving_planned(case.planned_move_on, stay.admitted_on) if stay else None
    if stay is None or day is None or day < local_date(now):
        raise NotNow(_("Plan the day on which she leaves first, from today on."))
    notice = queries.find_discharge(stay)
    if notice is None:
        notice = _add(stay, "discharge", day, is_anonymous=_is_anonymous(case, stay))
    elif notice.told_on != day:
        _take_back(notice, actor=actor, now=now)
    if notice.sent_on is None:
        notice.due_on, notice.is_anonymous = notice_due_on(day), _is_anonymous(case, stay)
        _record(Audit.NOTICE_PREPARED, case, notice, actor=actor, now=now)
    return notice


def _take_back(notice: StatutoryNotice, *, actor: Actor, now: datetime) -> None:
    """Keep when it was sent and what day it said, for it is to be sent anew; nothing while it was not sent."""
    if notice.sent_on is None:
        return
    _keep(notice, {SENT_ON[notice.kind]: notice.sent_on, TOLD_ON: notice.told_on}, None, actor=actor, now=now)
    notice.sent_on = notice.told_on = None
    db.session.flush()


def _check_day(notice: StatutoryNotice, sent_on: date, *, today: date) -> None:
    if sent_on > today:
        raise Invalid(_("The day has not come yet."), field="sent_on")
    if sent_on < db.session.get_one(Stay, notice.stay_id).admitted_on:
        raise Invalid(_("She had not come then: the notice cannot have been sent before."), field="sent_on")


def correct_sent(
    case: Case, notice: StatutoryNotice, *, sent_on: date, reason: str, actor: Actor, now: datetime
) -> bool:
    """Correct the day on which it was sent; what stood there is kept with the reason (R-831).

    Whether it was late is counted anew. Returns whether anything was corrected. Raises NotNow (not sent, the case is
    closed), Invalid (day, no reason).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if notice.sent_on is None:
        raise NotNow(_("The notice has not been marked as sent."))
    if not reason.strip():
        raise Invalid(_("Write why."), field="reason")
    _check_day(notice, sent_on, today=local_date(now))
    if sent_on == notice.sent_on:
        return False
    _keep(notice, {SENT_ON[notice.kind]: notice.sent_on}, reason.strip(), actor=actor, now=now)
    notice.sent_on = sent_on
    deadlines.done_anew(NOTICE_DEADLINE[notice.kind], notice.public_id, sent_on, now=now)
    _record(Audit.NOTICE_CORRECTED, case, notice, actor=actor, now=now)
    return True


def _keep(
    notice: StatutoryNotice, was: dict[str, date | None], reason: str | None, *, actor: Actor, now: datetime
) -> None:
    """Keep what stood in the notice, with what was corrected about its stay."""
    db.session.add(
        StayCorrection(
            case_id=notice.case_id,
            stay_id=notice.stay_id,
            original={name: day.isoformat() for name, day in was.items() if day is not None},
            reason=reason,
            corrected_at=now,
            corrected_by_id=actor.user_id,
        )
    )


def _record(action: Audit, case: Case, notice: StatutoryNotice, *, actor: Actor, now: datetime) -> None:
    audit.record(action, SubjectType.NOTICE, notice.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
