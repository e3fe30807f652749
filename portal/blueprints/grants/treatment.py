"""What the fund's people do: read, ask, recommend, decide, pay, close."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.grants import bp
from portal.blueprints.grants.application import detail_context
from portal.blueprints.grants.forms import DeclineForm, InfoForm, PayForm, RecommendForm, RevealForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.money import parse_kroner
from portal.core.problems import Problem
from portal.queries import grants as grant_queries
from portal.services import grant_decisions, grant_payments, reveals
from portal.services import grants as grant_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


def _again(public_id: str, status: int = 422, **forms: Any) -> ResponseReturnValue:
    return render_template("grants/detail.html", **detail_context(public_id, **forms)), status


def _done(public_id: str, message: Any) -> ResponseReturnValue:
    return after_change(url_for("grants.detail", public_id=public_id), message=message)


@bp.post("/<public_id>/screen")
@access(Permission.GRANT_RECOMMEND, audit=Audit.GRANT_SCREENED)
def screen(public_id: str) -> ResponseReturnValue:
    """Take an application up for reading."""
    application = grant_queries.get(current_actor(), public_id)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_service.screen(application, actor=current_actor(), now=utc_now())
    return _done(public_id, _("You have taken the application."))


@bp.post("/<public_id>/ask")
@access(Permission.GRANT_RECOMMEND, audit=Audit.GRANT_INFO_WANTED)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask the applicant for what is missing."""
    application, form = grant_queries.get(current_actor(), public_id), InfoForm()
    if not form.validate_on_submit():
        return _again(public_id, info_form=form)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_service.ask_info(application, wanted=form.wanted.data, actor=current_actor(), now=utc_now())
    return _done(public_id, _("The applicant has been asked."))


def _amounts(lines: list[Any]) -> dict[int, int]:
    """Øre per line as typed; nothing typed is nothing. Raises Invalid."""
    amounts = {}
    for line in lines:
        typed = request.form.get(f"amount_{line.public_id}", "").strip()
        try:
            amounts[line.id] = 0 if typed in ("", "0") else parse_kroner(typed)
        except Problem as problem:
            raise Invalid(problem.text) from problem
    return amounts


@bp.post("/<public_id>/recommend")
@access(Permission.GRANT_RECOMMEND, audit=Audit.GRANT_RECOMMENDED)
def recommend(public_id: str) -> ResponseReturnValue:
    """Recommend an amount per line."""
    application, form = grant_queries.get(current_actor(), public_id), RecommendForm()

    def act() -> None:
        amounts = _amounts(grant_queries.list_lines(application))
        text, now = form.text.data, utc_now()
        grant_decisions.recommend(
            application, amounts=amounts, text=text, version=form.seen, actor=current_actor(), now=now
        )

    if saved(form, act, then=url_for("grants.detail", public_id=public_id)):
        return _done(public_id, _("The recommendation is with the approvers."))
    return _again(public_id, form.status, recommend_form=form)


@bp.post("/<public_id>/approve")
@access(Permission.GRANT_APPROVE, audit=Audit.GRANT_APPROVED, step_up=True)
def approve(public_id: str) -> ResponseReturnValue:
    """Say yes."""
    application, seen = grant_queries.get(current_actor(), public_id), request.form.get("amount", "")
    seen_ore = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else None
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        is_last = grant_decisions.approve(application, actor=current_actor(), now=utc_now(), seen_ore=seen_ore)
    message = _("Approved. The money is reserved.") if is_last else _("Your yes counts. One more person must say yes.")
    return _done(public_id, message)


@bp.post("/<public_id>/decline")
@access(Permission.GRANT_APPROVE, audit=Audit.GRANT_DECLINED)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    application, form = grant_queries.get(current_actor(), public_id), DeclineForm()
    if not form.validate_on_submit():
        return _again(public_id, decline_form=form)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_decisions.decline(
            application, reason=form.reason.data, text=form.text.data, actor=current_actor(), now=utc_now()
        )
    return _done(public_id, _("The applicant has been told."))


@bp.post("/<public_id>/order")
@access(Permission.GRANT_PAY, audit=Audit.GRANT_PAYMENT_ORDERED)
def order(public_id: str) -> ResponseReturnValue:
    """Order the payment."""
    application = grant_queries.get(current_actor(), public_id)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_payments.order_payment(application, actor=current_actor(), now=utc_now())
    return _done(public_id, _("The payment is ordered."))


@bp.post("/<public_id>/pay")
@access(Permission.GRANT_PAY, audit=Audit.GRANT_PAID)
def pay(public_id: str) -> ResponseReturnValue:
    """Record the payment."""
    application, form = grant_queries.get(current_actor(), public_id), PayForm()

    def act() -> None:
        day, reference = form.paid_on.data, form.reference.data
        grant_payments.pay(application, paid_on=day, reference=reference, actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for("grants.detail", public_id=public_id)):
        return _done(public_id, _("The payment is recorded."))
    return _again(public_id, pay_form=form)


@bp.post("/<public_id>/receipts")
@access(Permission.GRANT_RECOMMEND, audit=Audit.GRANT_RECEIPTED)
def receipts(public_id: str) -> ResponseReturnValue:
    """Record that the receipts are in."""
    application = grant_queries.get(current_actor(), public_id)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_payments.receive_receipts(application, actor=current_actor(), now=utc_now())
    return _done(public_id, _("The receipts are in. The grant is closed."))


@bp.post("/<public_id>/account")
@access(Permission.GRANT_PAY, audit=Audit.ADDRESS_REVEALED, step_up=True)
def account(public_id: str) -> ResponseReturnValue:
    """Show the account for a minute, to the one who pays; written down first."""
    application, form = grant_queries.get(current_actor(), public_id), RevealForm()
    found: list[str] = []

    def act() -> None:
        secret = grant_payments.its_account(application)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=current_actor(), now=utc_now()))

    page = url_for("grants.detail", public_id=public_id)
    if not saved(form, act, then=page):
        return _again(public_id, form.status, reveal_form=form)
    return shown_once(_("Account"), found[0], back=page, back_words=_("Back to the application"))
