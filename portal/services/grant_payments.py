"""Paying a grant: ordered, paid, accounted for."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.disclosure import FieldGroup
from portal.domain.grants import STEPS, GrantAction, may_pay
from portal.domain.workflow import check_step
from portal.models.grants import Fund, GrantApplication
from portal.services import deadlines
from portal.services.grant_decisions import list_approvers
from portal.services.grants import applicant_today, finish, tell_applicant
from portal.services.reveals import Secret


def order_payment(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Order the payment. Raises Forbidden for whoever recommended or approved (R-143)."""
    step = check_step(STEPS, GrantAction.ORDER_PAYMENT, application.state, actor)
    _check_payer(application, actor)
    application.state, application.ordered_by_id = step.target, actor.user_id
    finish(application, step, actor, now)


def _check_payer(application: GrantApplication, actor: Actor) -> None:
    if not may_pay(
        actor.user_id, recommended_by_id=application.recommended_by_id, approved_by=list_approvers(application)
    ):
        raise Forbidden(_("Whoever recommended or approved cannot pay."))


def pay(application: GrantApplication, *, paid_on: date, reference: str, actor: Actor, now: datetime) -> None:
    """Record that the money has gone: what was reserved is spent. Receipts are due 30 days later.

    Raises Forbidden for whoever recommended or approved, in whichever role she comes (R-143).
    """
    step = check_step(STEPS, GrantAction.PAY, application.state, actor)
    _check_payer(application, actor)
    if paid_on > local_date(now):
        raise Invalid(_("The day of payment cannot lie ahead."), field="paid_on")
    amount = application.approved_ore or 0
    db.session.execute(
        sa.update(Fund)
        .where(Fund.id == application.fund_id)
        .values(reserved_ore=Fund.reserved_ore - amount, spent_ore=Fund.spent_ore + amount, version=Fund.version + 1)
        .execution_options(synchronize_session=False)
    )
    application.state, application.paid_on, application.payment_reference = step.target, paid_on, reference
    application.receipt_due_on = due_on(ClockKey.GRANT_RECEIPT, paid_on)
    finish(application, step, actor, now)
    deadlines.finish(DeadlineKind.GRANT_PAYMENT, application.public_id, actor=actor, now=now, on=paid_on)
    deadlines.put_up(
        DeadlineKind.GRANT_RECEIPT,
        SubjectType.GRANT,
        application.public_id,
        due_on=application.receipt_due_on,
        organisation_id=application.applicant_organisation_id,
        owner_id=applicant_today(application),
        case_id=application.case_id,
        now=now,
    )
    tell_applicant(MessageKind.GRANT_PAID, application, actor=actor, now=now)


def receive_receipts(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Record that the receipts are in."""
    step = check_step(STEPS, GrantAction.RECEIPT, application.state, actor)
    application.state = step.target
    finish(application, step, actor, now)
    deadlines.finish(DeadlineKind.GRANT_RECEIPT, application.public_id, actor=actor, now=now)


def its_account(application: GrantApplication) -> Secret:
    """The account that the money goes to, as something to be revealed to the one who pays."""
    return Secret(
        "grant_application.account",
        SubjectType.GRANT,
        application.public_id,
        application.case_id,
        FieldGroup.GRANT_BANK_DETAILS,
        lambda: db.session.scalar(sa.select(GrantApplication.account).where(GrantApplication.id == application.id)),
    )
