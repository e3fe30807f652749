"""Start-up grants: applied for, recommended, approved by the right people, paid, accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import DeadlineKind, DeclineReason, GrantCategory, PayeeKind, SubjectType
from portal.core.messages import MessageKind
from portal.core.money import format_kroner
from portal.core.states import GrantState
from portal.db import db
from portal.domain.grants import STEPS, GrantAction, approvals_needed, may_approve
from portal.domain.workflow import Step, check_step
from portal.models.enrolments import Enrolment
from portal.models.grants import Fund, GrantApplication, GrantApproval, GrantLine
from portal.models.users import Membership
from portal.services import audit, deadlines, messages

ANSWER_WEEKDAYS = 10
DECIDE_WEEKDAYS = 5
PAY_WEEKDAYS = 5
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose and one amount in øre, as typed."""

    category: GrantCategory
    amount_ore: int
    purpose: str | None = None


def open_application(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Begin the application that belongs to an enrolment in a grant programme. Nothing happens without a fund."""
    fund = db.session.scalar(sa.select(Fund).where(Fund.offer_id == enrolment.offer_id))
    if fund is not None:
        draft(case_id=enrolment.case_id, fund=fund, actor=actor, now=now, enrolment_id=enrolment.id)


def draft(
    *, case_id: int, fund: Fund, actor: Actor, now: datetime, enrolment_id: int | None = None
) -> GrantApplication:
    """Begin an application. Raises Conflict when one to the same fund is under way for this case."""
    application = GrantApplication(
        public_id=new_public_id(), reference=new_reference(), case_id=case_id, fund_id=fund.id,
        enrolment_id=enrolment_id, applicant_id=actor.user_id, applicant_organisation_id=actor.organisation_id,
        state=GrantState.DRAFT, created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError as already:
        raise Conflict(_("There is an application to this fund under way already.")) from already
    _record(Audit.GRANT_DRAFTED, application, actor, now)
    return application


def fill_in(
    application: GrantApplication, *, lines: Sequence[Line], other_support: str | None, payee_kind: PayeeKind,
    account: str | None, actor: Actor, now: datetime,
) -> None:
    """Write the lines and the payee while it is a draft or more was asked for. Raises NotNow later, Invalid without lines."""
    if application.state not in (GrantState.DRAFT, GrantState.NEEDS_INFO):
        raise NotNow
    if not lines:
        raise Invalid(_("Write at least one purpose with an amount."), field="lines")
    if len(lines) > MOST_LINES:
        raise Invalid(_("Write at most 12 purposes."), field="lines")
    db.session.execute(sa.delete(GrantLine).where(GrantLine.application_id == application.id))
    db.session.add_all(
        GrantLine(application_id=application.id, category=line.category, purpose=line.purpose,
                  requested_ore=line.amount_ore)
        for line in lines
    )
    application.other_support, application.payee_kind = other_support, payee_kind
    application.account = account
    db.session.flush()
    _record(Audit.GRANT_DRAFTED, application, actor, now)


def submit(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Send the application to the fund, which answers within ten weekdays. Raises Invalid when it is not filled in."""
    action = GrantAction.GIVE_INFO if application.state is GrantState.NEEDS_INFO else GrantAction.SUBMIT
    step = check_step(STEPS, action, application.state, actor)
    if application.payee_kind is None:
        raise Invalid(_("Fill in the application before you send it."))
    application.state = step.target
    application.submitted_at = application.submitted_at or now
    application.answer_due_on = add_weekdays(local_date(now), ANSWER_WEEKDAYS)
    finish(application, step, actor, now)
    deadlines.put_up(
        DeadlineKind.GRANT_ANSWER, SubjectType.GRANT, application.public_id, due_on=application.answer_due_on,
        organisation_id=application.fund.organisation_id, queue_role=Role.GRANT_OFFICER, case_id=application.case_id,
        now=now,
    )
    tell_role(MessageKind.GRANT_SUBMITTED, Role.GRANT_OFFICER, application, actor=actor, now=now)


def screen(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Take the application up for reading."""
    step = check_step(STEPS, GrantAction.SCREEN, application.state, actor)
    application.state = step.target
    finish(application, step, actor, now)
    deadlines.hand_over(application.public_id, owner_id=actor.user_id)


def ask_info(application: GrantApplication, *, wanted: str, actor: Actor, now: datetime) -> None:
    """Ask the applicant for what is missing."""
    step = check_step(STEPS, GrantAction.ASK_INFO, application.state, actor)
    application.state, application.info_wanted = step.target, wanted
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)
    tell(MessageKind.GRANT_INFO_WANTED, application.applicant_id, application, actor=actor, now=now)


def recommend(
    application: GrantApplication, *, amounts: Mapping[int, int], text: str, actor: Actor, now: datetime
) -> None:
    """Recommend an amount in øre for each line (by the line's id). Approvals given before count no more (R-142).

    Raises Invalid when a line gets more than was asked for, or nothing is left.
    """
    step = check_step(STEPS, GrantAction.RECOMMEND, application.state, actor)
    if actor.user_id == application.applicant_id:
        raise Forbidden(_("You applied yourself: somebody else must recommend."))
    lines = list(db.session.scalars(sa.select(GrantLine).where(GrantLine.application_id == application.id)))
    for line in lines:
        amount = amounts.get(line.id, 0)
        if not 0 <= amount <= line.requested_ore:
            raise Invalid(_("Recommend at most what was applied for."), field=f"amount_{line.id}")
        line.approved_ore = amount
    total = sum(line.approved_ore or 0 for line in lines)
    if total == 0:
        raise Invalid(_("Recommend an amount for at least one purpose."))
    db.session.execute(sa.delete(GrantApproval).where(GrantApproval.application_id == application.id))
    application.state, application.recommended_ore, application.recommendation = step.target, total, text
    application.recommended_by_id = actor.user_id
    finish(application, step, actor, now)
    deadlines.finish(DeadlineKind.GRANT_ANSWER, application.public_id, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.GRANT_APPROVAL, SubjectType.GRANT, application.public_id,
        due_on=application.answer_due_on or add_weekdays(local_date(now), DECIDE_WEEKDAYS),
        organisation_id=application.fund.organisation_id, queue_role=Role.GRANT_APPROVER,
        case_id=application.case_id, now=now,
    )
    tell_role(MessageKind.GRANT_NEEDS_APPROVAL, Role.GRANT_APPROVER, application, actor=actor, now=now)


def approve(application: GrantApplication, *, actor: Actor, now: datetime) -> bool:
    """Say yes to the recommended amount (R-140, R-141). Returns whether that was the last yes that was needed.

    The last yes reserves the money in the same transaction (security promise P5). Raises Forbidden for an own
    recommendation or a second yes, Conflict when the fund has too little left: then nothing is reserved.
    """
    step = check_step(STEPS, GrantAction.APPROVE, application.state, actor)
    # The application's row is held, so that two people who say yes at once are counted one after the other.
    db.session.execute(sa.select(GrantApplication.id).where(GrantApplication.id == application.id).with_for_update())
    approved_by = list_approvers(application)
    if not may_approve(
        actor.user_id, applicant_id=application.applicant_id, recommended_by_id=application.recommended_by_id,
        approved_by=approved_by,
    ):
        raise Forbidden(_("You have recommended or approved this yourself: it takes somebody else."))
    amount = application.recommended_ore or 0
    db.session.add(GrantApproval(
        application_id=application.id, approver_id=actor.user_id, amount_ore=amount, approved_at=now
    ))
    db.session.flush()
    needed = approvals_needed(amount, second_above_ore=application.fund.second_approval_above_ore)
    is_last = len(approved_by) + 1 >= needed
    if is_last:
        _reserve(application.fund_id, amount)
        application.state, application.approved_ore, application.decided_at = step.target, amount, now
    finish(application, step, actor, now)
    if is_last:
        _after_decision(application, actor=actor, now=now)
    return is_last


def list_approvers(application: GrantApplication) -> set[int]:
    """Who has said yes to the amount as it stands."""
    return set(db.session.scalars(
        sa.select(GrantApproval.approver_id).where(GrantApproval.application_id == application.id)
    ))


def _reserve(fund_id: int, amount: int) -> None:
    left = Fund.budget_ore - Fund.reserved_ore - Fund.spent_ore
    reserved = db.session.scalar(
        sa.update(Fund).where(Fund.id == fund_id, left >= amount)
        .values(reserved_ore=Fund.reserved_ore + amount, version=Fund.version + 1)
        .returning(Fund.id).execution_options(synchronize_session=False)
    )
    if reserved is None:
        rest = db.session.scalar(sa.select(left).where(Fund.id == fund_id)) or 0
        raise Conflict(
            _("There is only %(left)s left in the fund. Nothing has been approved.") % {"left": format_kroner(rest)}
        )


def _after_decision(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    deadlines.call_off(application.public_id, actor=actor, now=now, kind=DeadlineKind.GRANT_APPROVAL)
    deadlines.put_up(
        DeadlineKind.GRANT_PAYMENT, SubjectType.GRANT, application.public_id,
        due_on=add_weekdays(local_date(now), PAY_WEEKDAYS), organisation_id=application.fund.organisation_id,
        queue_role=Role.GRANT_PAYER, case_id=application.case_id, now=now,
    )
    tell(MessageKind.GRANT_DECIDED, application.applicant_id, application, actor=actor, now=now)
    tell_role(MessageKind.GRANT_NEEDS_PAYMENT, Role.GRANT_PAYER, application, actor=actor, now=now)


def decline(
    application: GrantApplication, *, reason: DeclineReason, text: str, actor: Actor, now: datetime
) -> None:
    """Say no, with a reason and what could be done instead."""
    step = check_step(STEPS, GrantAction.DECLINE, application.state, actor)
    application.state, application.decided_at = step.target, now
    application.decline_reason, application.decline_text = reason, text
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)
    tell(MessageKind.GRANT_DECIDED, application.applicant_id, application, actor=actor, now=now)


def withdraw(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Take the application back, by her wish."""
    step = check_step(STEPS, GrantAction.WITHDRAW, application.state, actor)
    application.state = step.target
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)


def finish(application: GrantApplication, step: Step[GrantState], actor: Actor, now: datetime) -> None:
    """Flush what was changed and write the step into the audit trail."""
    db.session.flush()
    _record(step.audit, application, actor, now)


def _record(tag: Audit, application: GrantApplication, actor: Actor, now: datetime) -> None:
    audit.record(tag, SubjectType.GRANT, application.public_id, actor=actor, now=now, case_id=application.case_id)


def tell(kind: MessageKind, user_id: int, application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Tell one person that something has happened with the application."""
    messages.notify(
        kind, user_id, SubjectType.GRANT, application.public_id, actor=actor, now=now, case_id=application.case_id,
        dedupe_key=f"{kind.value}:{application.public_id}:{application.version}:{user_id}",
    )


def tell_role(kind: MessageKind, role: Role, application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    people = db.session.scalars(sa.select(Membership.user_id).where(
        Membership.organisation_id == application.fund.organisation_id, Membership.role == role,
        Membership.ended_at.is_(None),
    ))
    for user_id in people:
        tell(kind, user_id, application, actor=actor, now=now)
