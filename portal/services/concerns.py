"""Notices of concern for a child. The duty is personal: no consent, no approval, no closed case stands in its way.

Nothing here deletes one, and nothing asks a lead: whoever sees the child writes, sends and registers the receipt.
"""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.children import ConcernState, SentHow
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.concerns import WORKFLOW, ConcernAction, duty_of, is_kept_back, receipt_due_on
from portal.domain.permissions import require
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.concerns import ConcernNotice
from portal.queries import case_parts
from portal.services import case_marks, deadlines


@dataclass(frozen=True, slots=True)
class ConcernText:
    """What somebody is worried about. `may_know`: whether the parents may be told; None as the rule says."""

    text: str
    violence_suspected: bool = True
    may_know: bool | None = None


def draft(case: Case, child: Child, new: ConcernText, *, actor: Actor, now: datetime) -> ConcernNotice:
    """Begin a notice of concern for a child (R-646). Raises Forbidden, and Invalid without a text or where violence is
    suspected and the parents are to be told first (R-648).
    """
    require(actor, Permission.CASE_EDIT)
    notice = ConcernNotice(
        case_id=case.id,
        child_id=child.id,
        author_id=actor.user_id,
        organisation_id=actor.organisation_id,
        state=ConcernState.DRAFTED,
        duty=duty_of(actor.role),
        drafted_at=now,
    )
    _write(notice, new)
    db.session.add(notice)
    case_marks.record(Audit.CONCERN_DRAFTED, case, actor=actor, now=now)
    db.session.flush()
    return notice


def change(
    case: Case, notice: ConcernNotice, new: ConcernText, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Write a draft anew. What has been sent stays as it was sent: NotNow. Raises Invalid, Stale."""
    step = check_step(WORKFLOW, ConcernAction.CHANGE, notice.state, actor)
    check_version(version, notice.version)
    _write(notice, new)
    case_marks.record(step.audit, case, actor=actor, now=now)
    db.session.flush()


def _write(notice: ConcernNotice, new: ConcernText) -> None:
    if not new.text.strip():
        raise Invalid(_("Write what you have seen or heard."), field="text")
    if new.violence_suspected and new.may_know:
        raise Invalid(
            _(
                "Violence by a parent is suspected: then the parents are not told before the notice is sent. Take this"
                " tick away, or the one about violence if that is not so."
            ),
            field="may_know",
        )
    notice.text, notice.violence_suspected = new.text, new.violence_suspected
    notice.is_kept_back = is_kept_back(violence_suspected=new.violence_suspected, may_know=new.may_know)


def send(
    case: Case,
    notice: ConcernNotice,
    *,
    sent_on: date,
    how: SentHow,
    municipality_code: str | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Record that it has been sent, and wait for the municipality's receipt: six weekdays (R-647).

    Raises Invalid (a day ahead, no municipality), NotNow (sent already), Stale.
    """
    step = check_step(WORKFLOW, ConcernAction.SEND, notice.state, actor)
    check_version(version, notice.version)
    if sent_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="sent_on")
    if not municipality_code or case_parts.municipality_name(municipality_code) is None:
        raise Invalid(_("Choose the municipality that it went to."), field="municipality")
    notice.state, notice.sent_on, notice.sent_how = step.target, sent_on, how
    notice.municipality_code, notice.receipt_due_on = municipality_code, receipt_due_on(sent_on)
    db.session.flush()
    deadlines.put_up(
        DeadlineKind.CONCERN_RECEIPT,
        SubjectType.CASE,
        case.public_id,
        suffix=notice.public_id,
        due_on=notice.receipt_due_on,
        organisation_id=actor.organisation_id or case.owner_organisation_id,
        owner_id=actor.user_id,
        case_id=case.id,
        now=now,
    )
    case_marks.record(step.audit, case, actor=actor, now=now)
    db.session.flush()


def register_receipt(case: Case, notice: ConcernNotice, *, receipted_on: date, actor: Actor, now: datetime) -> None:
    """Record that the municipality has acknowledged it. Raises Invalid (day), NotNow (not sent, or done)."""
    step = check_step(WORKFLOW, ConcernAction.RECEIPT, notice.state, actor)
    if receipted_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="receipted_on")
    if notice.sent_on is not None and receipted_on < notice.sent_on:
        raise Invalid(_("The receipt cannot come before the notice was sent."), field="receipted_on")
    notice.state, notice.receipted_on = step.target, receipted_on
    deadlines.finish(
        DeadlineKind.CONCERN_RECEIPT, case.public_id, suffix=notice.public_id, actor=actor, now=now, on=receipted_on
    )
    case_marks.record(step.audit, case, actor=actor, now=now)
    db.session.flush()


def release(case: Case, notice: ConcernNotice, *, actor: Actor, now: datetime) -> None:
    """Record that the parents may know of it from now on (R-648).

    Raises NotNow when they may already, and before it is sent where violence is suspected.
    """
    require(actor, Permission.CASE_EDIT)
    if not notice.is_kept_back or (notice.violence_suspected and notice.state is ConcernState.DRAFTED):
        raise NotNow
    notice.is_kept_back, notice.released_at, notice.released_by_id = False, now, actor.user_id
    case_marks.record(Audit.CONCERN_RELEASED, case, actor=actor, now=now)
    db.session.flush()
