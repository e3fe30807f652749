"""A stay that has ended is corrected: with a reason, and what stood there is kept (R-763)."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import notice_due_on
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice, Stay
from portal.queries import stays as queries
from portal.services import bridge, case_marks, counselling_records, deadlines, notices
from portal.services.notices import NOTICE_DEADLINE
from portal.services.stays import Admission, Exit, begin, keep_original, leave


def correct_ended(
    case: Case,
    stay: Stay,
    *,
    admitted_on: date,
    discharged_on: date,
    admission: Admission,
    leaving: Exit,
    reason: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> list[str]:
    """Correct a stay of this case that has ended (R-763). What is counted from its days moves along.

    A notice that has been sent stays as it was sent. Returns the names of what changed; nothing is kept when nothing
    did. Raises Invalid (dates, no reason), NotNow (the case is closed), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, stay.version)
    if not reason.strip():
        raise Invalid(_("Write why."), field="reason")
    _check_days(admitted_on, discharged_on, today=local_date(now))
    before = queries.spoken(stay)
    stay.admitted_on = admitted_on
    # Its last day first: the database lets no stay end before it began, at any moment.
    leave(stay, leaving, discharged_on)
    begin(stay, admission, actor=actor)
    changed = keep_original(stay, before, reason=reason.strip(), actor=actor, now=now)
    if not changed:
        return []
    _move_notices(stay, now=now)
    notices.move_discharge(case, stay, actor=actor, now=now)
    counselling_records.correct_left(case, stay, actor=actor, now=now)
    bridge.note_plan(case, actor=actor, now=now)
    case_marks.record(Audit.STAY_CORRECTED, case, actor=actor, now=now, fields=changed)
    db.session.flush()
    return changed


def _check_days(admitted_on: date, discharged_on: date, *, today: date) -> None:
    if admitted_on > discharged_on:
        raise Invalid(_("The end cannot come before the beginning."), field="discharged_on")
    if discharged_on > today:
        raise Invalid(_("The day has not come yet."), field="discharged_on")


def _move_notices(stay: Stay, *, now: datetime) -> None:
    """A notice that has not been sent is due from the right day."""
    days = {"admission": stay.admitted_on, "discharge": stay.discharged_on}
    unsent = sa.select(StatutoryNotice).where(StatutoryNotice.stay_id == stay.id, StatutoryNotice.sent_on.is_(None))
    for notice in db.session.scalars(unsent):
        day = days[notice.kind]
        assert day is not None
        notice.due_on = notice_due_on(day)
        deadlines.move(NOTICE_DEADLINE[notice.kind], notice.public_id, due_on=notice.due_on, now=now)
