"""Offering an own case, taking the offer back, and what became of earlier ones."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.transfers import bp
from portal.blueprints.transfers.forms import TransferForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.people import TransferState
from portal.domain.transfers import law_choices
from portal.queries import cases as case_queries
from portal.queries import transfers as queries
from portal.queries.visibility import relation_of
from portal.services import transfers as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_have_whole
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def of_case(public_id: str) -> ResponseReturnValue:
    """To whom the case was offered, and a form to offer it."""
    return _page(public_id, None)


@bp.post("/<public_id>")
@access(Permission.CASE_EDIT, audit=Audit.TRANSFER_PROPOSED)
def offer(public_id: str) -> ResponseReturnValue:
    """Offer the case."""
    actor, form, then = current_actor(), TransferForm(), url_for(".of_case", public_id=public_id)
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    _choices(form, case.id)

    def act() -> None:
        service.offer(case, form.wish(), actor=actor, now=utc_now())

    if saved(form, act, then=then):
        return after_change(then, message=_("The case has been offered. It stays yours until the others say yes."))
    return _page(public_id, form, form.status)


@bp.post("/<public_id>/withdraw")
@access(Permission.CASE_EDIT, audit=Audit.TRANSFER_WITHDRAWN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take the offer back."""
    actor, then = current_actor(), url_for(".of_case", public_id=public_id)
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    with transaction(then=then):
        service.withdraw(case, actor=actor, now=utc_now())
    return after_change(then, message=_("The offer has been taken back. The case stays yours."))


def _choices(form: TransferForm, case_id: int) -> None:
    actor = current_actor()
    form.organisation.choices = [("", _("Choose")), *queries.list_receivers(actor)]
    form.law.choices = [("", _("Choose")), *law_choices(local_date(utc_now()))]
    form.stays.choices = [("", _("Nobody")), *queries.list_own_team(actor, case_id)]


def _page(public_id: str, form: TransferForm | None, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    rows = queries.list_of_case(actor, case.id)
    waits = next((row for row in rows if row.state is TransferState.PROPOSED), None)
    may_offer = waits is None and case.owner_organisation_id == actor.organisation_id and case.closed_at is None
    form = form or TransferForm(formdata=None)
    if may_offer:
        _choices(form, case.id)
    shown = {
        "reference": case.reference,
        "public_id": public_id,
        "rows": rows,
        "waits": waits,
        "form": form if may_offer else None,
        "back": case_url(public_id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.TEAM)
    return render_template("transfers/case.html", **shown), status
