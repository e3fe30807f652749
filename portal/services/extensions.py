"""More time for something on the work list: asked for with a reason, answered by a lead of the house."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState, WishState
from portal.db import db
from portal.domain.clocks import Unit
from portal.domain.deadlines import counted, longest_extension
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.models.cases import Case
from portal.models.deadlines import Deadline, DeadlineChange
from portal.services import deadlines
from portal.services.case_marks import must_be_open

ANSWER_WEEKDAYS = 2


def ask(deadline: Deadline, *, until: date, reason: str, actor: Actor, now: datetime) -> DeadlineChange:
    """Ask the house's leads to give a row of a case more time, as far as its clock allows (R-703).

    Raises Invalid by the reason or the day, NotNow for a day that stands fast, for a row that is done, and while an
    earlier wish waits.
    """
    text = _check(deadline, until, reason, actor)
    wish = DeadlineChange(
        deadline_id=deadline.id,
        case_id=deadline.case_id,
        cause=DeadlineCause.EXTENDED,
        from_on=deadline.due_on,
        to_on=until,
        at=now,
        state=WishState.ASKED,
        reason=text,
        asked_by_id=actor.user_id,
    )
    db.session.add(wish)
    db.session.flush()
    deadlines.put_up(
        DeadlineKind.EXTENSION_WANTED,
        SubjectType.CASE,
        _case_of(deadline),
        suffix=wish.public_id,
        due_on=counted(local_date(now), ANSWER_WEEKDAYS, Unit.WEEKDAYS),
        organisation_id=deadline.organisation_id,
        queue_role=Role.PROGRAMME_LEAD,
        case_id=deadline.case_id,
        now=now,
    )
    deadlines.record(Audit.DEADLINE_WISHED, deadline, actor=actor, now=now)
    return wish


def _check(deadline: Deadline, until: date, reason: str, actor: Actor) -> str:
    """What must be so before a wish is written down; returns the reason without outer space."""
    require(actor, Permission.CASE_EDIT)
    must_be_open(deadline.case_id)
    longest = longest_extension(deadline.kind, deadline.due_on)
    if longest is None or deadline.case_id is None:
        raise NotNow(_("This day cannot be moved: a rule sets it."))
    if deadline.state is not DeadlineState.OPEN:
        raise NotNow
    if not deadline.due_on < until <= longest[1]:
        raise Invalid(
            _("Choose a day after the present one, at the latest %(day)s.", day=f"{longest[1]:%d.%m.%Y}"), field="until"
        )
    if _waiting(deadline.id) is not None:
        raise NotNow(_("More time has been asked for already. The lead has not answered yet."))
    return check_reason(reason)


def answer(wish: DeadlineChange, deadline: Deadline, *, agrees: bool, actor: Actor, now: datetime) -> None:
    """Give the time that was asked for, or refuse it. Another person than the one who asked (R-703).

    Raises Forbidden for the one who asked, NotNow for a wish that is answered or a row that is done meanwhile.
    """
    require(actor, Permission.REPORT_VIEW)
    if actor.user_id == wish.asked_by_id:
        raise Forbidden
    if wish.state is not WishState.ASKED:
        raise NotNow(_("Somebody has answered already."))
    if agrees and deadline.state is not DeadlineState.OPEN:
        raise NotNow(_("It has been done meanwhile."))
    wish.state = WishState.AGREED if agrees else WishState.REFUSED
    wish.answered_at, wish.answered_by_id = now, actor.user_id
    if agrees:
        deadline.due_on, deadline.reminded_at, deadline.remind_attempts = wish.to_on, None, 0
    deadlines.finish(DeadlineKind.EXTENSION_WANTED, _case_of(deadline), suffix=wish.public_id, actor=actor, now=now)
    deadlines.record(Audit.DEADLINE_WISH_ANSWERED, deadline, actor=actor, now=now)


def _case_of(deadline: Deadline) -> str:
    return db.session.scalars(sa.select(Case.public_id).where(Case.id == deadline.case_id)).one()


def _waiting(deadline_id: int) -> int | None:
    return db.session.scalar(
        sa.select(DeadlineChange.id).where(
            DeadlineChange.deadline_id == deadline_id, DeadlineChange.state == WishState.ASKED
        )
    )
