"""Her address: set without being shown, and shown for a minute to somebody who says why."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import AddressForm, ReasonForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import addresses, cases, reveals
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.versions import against


@bp.get("/<public_id>/address")
@access(Permission.CASE_EDIT)
def address(public_id: str) -> ResponseReturnValue:
    """The protection of her address, and a new address. The stored one is not shown."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.ADDR_EXACT)
    form = _known_protection(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.ADDRESS)
    return _address_page(form, public_id)


def _known_protection(case: Any) -> AddressForm:
    known = {"protection_level": str(case.client.protection_level)}
    return AddressForm(formdata=None, data={"version": case.client.version, **known})


@bp.post("/<public_id>/address")
@access(Permission.CASE_EDIT, audit=Audit.CASE_CHANGED)
def save_address(public_id: str) -> ResponseReturnValue:
    """Save protection and address."""
    actor, form = current_actor(), AddressForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.ADDR_EXACT)

    lost = []

    def save() -> None:
        gone = cases.set_address(
            case,
            protection_level=int(form.protection_level.data),
            address=form.address.data,
            registered_on=form.registered_on.data,
            lower_reason=form.lower_reason.data,
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )
        lost.append(gone)

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known_protection(case_queries.get(actor, public_id)))
        return _address_page(form, public_id, status=form.status)
    return after_change(case_url(public_id), message=_said(lost[0]))


def _said(lost: int) -> str:
    """That it is saved, and that those who were to come no longer read where."""
    if not lost:
        return _("Saved.")
    return ngettext(
        "Saved. The place of %(num)d meeting or task ahead is forgotten: tell those who come where to meet.",
        "Saved. The places of %(num)d meetings and tasks ahead are forgotten: tell those who come where to meet.",
        lost,
    )


def _address_page(form: AddressForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    fields = [
        ("protection_level", _("Higher counts at once. Lower waits for the safety officer and a day more."), False),
        (
            "registered_on",
            _("For name and address protection: it lapses after a year, and you are reminded. Empty means today."),
            True,
        ),
        ("lower_reason", _("Only if you choose a lower protection than now."), True),
        ("address", _("Leave it empty to keep the one that is stored."), True),
    ]
    return form_page(
        form,
        _("Address and protection"),
        fields,
        button=_("Save"),
        back=case_url(public_id),
        status=status,
        intro=_("The stored address is not shown here."),
    )


@bp.get("/<public_id>/address/reveal")
@access(Permission.ADDRESS_REVEAL, Permission.CASE_EMERGENCY, step_up=True)
def ask_for_address(public_id: str) -> ResponseReturnValue:
    """Why somebody needs the address."""
    actor = current_actor()
    case, seen = case_queries.get_readable(actor, public_id)
    _must_reveal(seen)
    log_view(case_id=case.id, relation=seen.relation, page=Page.ADDRESS_REVEAL)
    return _ask_page(ReasonForm(formdata=None), public_id, case.reference)


@bp.post("/<public_id>/address/reveal")
@access(Permission.ADDRESS_REVEAL, Permission.CASE_EMERGENCY, audit=Audit.ADDRESS_REVEALED, step_up=True)
def reveal_address(public_id: str) -> ResponseReturnValue:
    """Write who asks and why, commit, and only then show the address for a minute."""
    actor, form = current_actor(), ReasonForm()
    case, seen = case_queries.get_readable(actor, public_id)
    _must_reveal(seen)
    again, reference, found = url_for("cases.ask_for_address", public_id=public_id), case.reference, []

    def act() -> None:
        secret = addresses.her_address(case)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    if not saved(form, act, then=again):
        return _ask_page(form, public_id, reference, status=form.status)
    back, back_words = case_url(public_id), _("Back to the case")
    return shown_once(_("Address"), found[0], back=back, back_words=back_words, reference=reference, again=again)


def _must_reveal(seen: Lens) -> None:
    if not seen.may_reveal(FieldGroup.ADDR_EXACT):
        raise Forbidden


def _ask_page(form: ReasonForm, public_id: str, reference: str, status: int = 200) -> ResponseReturnValue:
    hint = _("At least 15 characters. What you write stands in the log.")
    page = render_template(
        "cases/ask_address.html",
        form=form,
        hint=hint,
        reference=reference,
        back=case_url(public_id),
        url=url_for("cases.reveal_address", public_id=public_id),
    )
    return page, status
