"""The notices that the law asks for: put up with a stay, sent on a day, and that day corrected (R-109)."""

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
from portal.domain.stays import SENT_ON
from portal.domain.workflow import check_step
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay, StayCorrection
from portal.services import audit, case_marks, deadlines, first_meetings

NOTICE_DEADLINE = {"admission": DeadlineKind.ADMISSION_NOTICE, "discharge": DeadlineKind.DISCHARGE_NOTICE}


def plan(case: Case, stay: Stay, kind: str, day: date, *, is_anonymous: bool, actor: Actor, now: datetime) -> None:
    """Put up a notice about what has happened on a day: three weekdays (R-109)."""
    notice = StatutoryNotice(
        case_id=case.id, stay_id=stay.id, kind=kind, due_on=notice_due_on(day), is_anonymous=is_anonymous
    )
    db.session.add(notice)
    db.session.flush()
    _put_up(case, stay, notice, actor=actor, now=now)


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

    Raises NotNow (sent before), Invalid (a day ahead, or before she came).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if notice.sent_on is not None:
        raise NotNow(_("The notice has been marked as sent already."))
    _check_day(notice, sent_on, today=local_date(now))
    notice.sent_on = sent_on
    deadlines.finish(NOTICE_DEADLINE[notice.kind], notice.public_id, actor=actor, now=now, on=sent_on)
    _record(Audit.NOTICE_SENT, case, notice, actor=actor, now=now)
    first_meetings.look(case.id, actor=actor, now=now)


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
