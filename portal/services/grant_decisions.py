"""Deciding on a grant: recommended by one, approved by others, never more than there is."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import DeclineReason, SubjectType
from portal.core.messages import MessageKind
from portal.core.money import format_kroner
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.grants import STEPS, GrantAction, approvals_needed, may_approve
from portal.domain.workflow import check_step, check_version
from portal.models.grants import Fund, GrantApplication, GrantApproval, GrantLine
from portal.services import deadlines
from portal.services.grants import finish, tell_applicant, tell_role

MOST_LINES = 12


def recommend(
    application: GrantApplication,
    *,
    amounts: Mapping[int, int],
    text: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Recommend an amount in øre for each line (by the line's id). Approvals given before count no more (R-142).

    Raises Invalid when a line gets more than was asked for, or nothing is left, Stale, NotNow, Forbidden.
    """
    step = check_step(STEPS, GrantAction.RECOMMEND, application.state, actor)
    check_version(version, application.version)
    if actor.user_id == application.applicant_id:
        raise Forbidden(_("You applied yourself: somebody else must recommend."))
    total = _set_amounts(application, amounts)
    if total == 0:
        raise Invalid(_("Recommend an amount for at least one purpose."))
    db.session.execute(sa.delete(GrantApproval).where(GrantApproval.application_id == application.id))
    application.state, application.recommended_ore, application.recommendation = step.target, total, text
    application.recommended_by_id = actor.user_id
    finish(application, step, actor, now)
    deadlines.finish(DeadlineKind.GRANT_ANSWER, application.public_id, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.GRANT_APPROVAL,
        SubjectType.GRANT,
        application.public_id,
        due_on=application.answer_due_on or due_on(ClockKey.GRANT_APPROVAL, local_date(now)),
        organisation_id=application.fund.organisation_id,
        queue_role=Role.GRANT_APPROVER,
        case_id=application.case_id,
        now=now,
    )
    tell_role(MessageKind.GRANT_NEEDS_APPROVAL, Role.GRANT_APPROVER, application, actor=actor, now=now)


def _set_amounts(application: GrantApplication, amounts: Mapping[int, int]) -> int:
    lines = list(db.session.scalars(sa.select(GrantLine).where(GrantLine.application_id == application.id)))
    for line in lines:
        amount = amounts.get(line.id, 0)
        if not 0 <= amount <= line.requested_ore:
            raise Invalid(_("Recommend at most what was applied for."), field=f"amount_{line.id}")
        line.approved_ore = amount
    return sum(line.approved_ore or 0 for line in lines)


def approve(application: GrantApplication, *, actor: Actor, now: datetime, seen_ore: int | None = None) -> bool:
    """Say yes to the recommended amount (R-140, R-141). Returns whether that was the last yes that was needed.

    The last yes reserves the money in the same transaction (security promise P5). `seen_ore` is the amount that stood
    on the page. Raises Forbidden for an own recommendation or a second yes, Conflict when another amount is recommended
    by now or the fund has too little left: then nothing is reserved.
    """
    # The application's row is held and read anew, so that two people who say yes at once are counted one after the
    # other, and nobody says yes to an amount that is not recommended any more.
    db.session.refresh(application, ["state", "recommended_ore", "recommended_by_id", "version"], with_for_update=True)
    step = check_step(STEPS, GrantAction.APPROVE, application.state, actor)
    if seen_ore is not None and seen_ore != application.recommended_ore:
        raise Conflict
    approved_by = list_approvers(application)
    if not may_approve(
        actor.user_id,
        applicant_id=application.applicant_id,
        recommended_by_id=application.recommended_by_id,
        approved_by=approved_by,
    ):
        raise Forbidden(_("You have recommended or approved this yourself: it takes somebody else."))
    amount = application.recommended_ore or 0
    db.session.add(
        GrantApproval(application_id=application.id, approver_id=actor.user_id, amount_ore=amount, approved_at=now)
    )
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
    return set(
        db.session.scalars(sa.select(GrantApproval.approver_id).where(GrantApproval.application_id == application.id))
    )


def _reserve(fund_id: int, amount: int) -> None:
    left = Fund.budget_ore - Fund.reserved_ore - Fund.spent_ore
    reserved = db.session.scalar(
        sa.update(Fund)
        .where(Fund.id == fund_id, left >= amount)
        .values(reserved_ore=Fund.reserved_ore + amount, version=Fund.version + 1)
        .returning(Fund.id)
        .execution_options(synchronize_session=False)
    )
    if reserved is None:
        rest = db.session.scalar(sa.select(left).where(Fund.id == fund_id)) or 0
        raise Conflict(
            _("There is only %(left)s left in the fund. Nothing has been approved.") % {"left": format_kroner(rest)}
        )


def _after_decision(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    deadlines.call_off(application.public_id, actor=actor, now=now, kind=DeadlineKind.GRANT_APPROVAL)
    deadlines.put_up(
        DeadlineKind.GRANT_PAYMENT,
        SubjectType.GRANT,
        application.public_id,
        due_on=due_on(ClockKey.GRANT_PAYMENT, local_date(now)),
        organisation_id=application.fund.organisation_id,
        queue_role=Role.GRANT_PAYER,
        case_id=application.case_id,
        now=now,
    )
    tell_applicant(MessageKind.GRANT_APPROVED, application, actor=actor, now=now)
    tell_role(MessageKind.GRANT_NEEDS_PAYMENT, Role.GRANT_PAYER, application, actor=actor, now=now)


def decline(application: GrantApplication, *, reason: DeclineReason, text: str, actor: Actor, now: datetime) -> None:
    """Say no, with a reason and what could be done instead."""
    step = check_step(STEPS, GrantAction.DECLINE, application.state, actor)
    application.state, application.decided_at = step.target, now
    application.decline_reason, application.decline_text = reason, text
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)
    tell_applicant(MessageKind.GRANT_DECLINED, application, actor=actor, now=now)
