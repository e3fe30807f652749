"""A notice of concern for a child: written, printed, sent, acknowledged. There is no page that deletes or stops one."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.forms import ConcernForm, ConcernSentForm, ReceiptForm
from portal.blueprints.children.view import child_url, facts_of, index_url, looked, open_case
from portal.core.audit_tags import Audit
from portal.core.children import ConcernState
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.concerns import basis, duty_of
from portal.queries import case_parts
from portal.queries import children as child_queries
from portal.queries import concerns as queries
from portal.services import concerns as service
from portal.web.access import access
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import with_sent


def _here(public_id: str, concern_id: str) -> str:
    return url_for("children.concern", public_id=public_id, concern_id=concern_id)


def _text(form: ConcernForm) -> service.ConcernText:
    # Unticked is no answer: then it is as the rule says.
    may_know = True if form.may_know.data else None
    return service.ConcernText(form.text.data or "", form.violence_suspected.data, may_know)


@bp.get("/<public_id>/of/<child_id>/concern")
@access(Permission.CASE_EDIT)
def new_concern(public_id: str, child_id: str) -> ResponseReturnValue:
    """A new notice of concern for a child."""
    form = ConcernForm(formdata=None, data={"violence_suspected": True, "version": 0})
    return _new_page(public_id, child_id, form)


@bp.post("/<public_id>/of/<child_id>/concern")
@access(Permission.CASE_EDIT, audit=Audit.CONCERN_DRAFTED)
def draft_concern(public_id: str, child_id: str) -> ResponseReturnValue:
    """Begin it."""
    actor, case, _seen = open_case(public_id)
    form, child, made = ConcernForm(), child_queries.get(case, child_id), []

    def act() -> None:
        made.append(service.draft(case, child, _text(form), actor=actor, now=utc_now()).public_id)

    if not saved(form, act, then=child_url(public_id, child_id)):
        return _new_page(public_id, child_id, form)
    return after_change(_here(public_id, made[0]), message=_("The notice is written. Send it now, and note how."))


def _new_page(public_id: str, child_id: str, form: ConcernForm) -> ResponseReturnValue:
    actor, case, seen = open_case(public_id)
    child = facts_of(case, child_queries.get(case, child_id), seen)
    law = basis(duty_of(actor.role), local_date(utc_now()))
    looked(actor, case)
    page = render_template(
        "children/new_concern.html", form=form, child=child, law=law, back=child_url(public_id, child_id)
    )
    return page, form.status if form.is_submitted() else 200


@bp.get("/<public_id>/concerns/<concern_id>")
@access(Permission.CASE_EDIT)
def concern(public_id: str, concern_id: str) -> ResponseReturnValue:
    """One notice: its text, whether it is sent, and the municipality's receipt."""
    return _page(public_id, concern_id)


def _page(public_id: str, concern_id: str, sent: PortalForm | None = None) -> ResponseReturnValue:
    actor, case, seen = open_case(public_id)
    found = queries.get_shown(case, concern_id, seen, today=local_date(utc_now()))
    forms = with_sent(_forms(case, found), _named(sent))
    looked(actor, case)
    page = render_template(
        "children/concern.html",
        concern=found,
        is_draft=found.state is ConcernState.DRAFTED,
        waits=found.state is ConcernState.SENT,
        case_id=public_id,
        back=index_url(public_id),
        **forms,
    )
    return page, sent.status if sent else 200


def _forms(case: Any, found: queries.Concern) -> dict[str, Any]:
    words = {"text": found.text, "violence_suspected": found.violence_suspected, "may_know": not found.is_kept_back}
    day = {"sent_on": local_date(utc_now()), "municipality": case.responsible_municipality_code}
    return {
        "text_form": ConcernForm(formdata=None, data={"version": found.version, **words}),
        "sent_form": _offer(ConcernSentForm(formdata=None, data={"version": found.version, **day})),
        "receipt_form": ReceiptForm(formdata=None),
    }


def _offer(form: ConcernSentForm) -> ConcernSentForm:
    form.municipality.choices = case_parts.municipality_choices()
    return form


def _named(sent: PortalForm | None) -> dict[str, Any]:
    kinds = {ConcernForm: "text_form", ConcernSentForm: "sent_form", ReceiptForm: "receipt_form"}
    return {kinds[type(sent)]: sent} if sent else {}


@bp.post("/<public_id>/concerns/<concern_id>/text")
@access(Permission.CASE_EDIT, audit=Audit.CONCERN_CHANGED)
def save_concern(public_id: str, concern_id: str) -> ResponseReturnValue:
    """Write a draft anew."""
    actor, case, _seen = open_case(public_id)
    form, notice, page = ConcernForm(), queries.get(case, concern_id), _here(public_id, concern_id)

    def act() -> None:
        service.change(case, notice, _text(form), version=form.seen, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, concern_id, form)
    return after_change(page, message=_("Saved."))


@bp.post("/<public_id>/concerns/<concern_id>/sent")
@access(Permission.CASE_EDIT, audit=Audit.CONCERN_SENT)
def send_concern(public_id: str, concern_id: str) -> ResponseReturnValue:
    """Record that it was sent."""
    actor, case, _seen = open_case(public_id)
    form, notice, page = _offer(ConcernSentForm()), queries.get(case, concern_id), _here(public_id, concern_id)

    def act() -> None:
        how = {"sent_on": form.sent_on.data, "how": form.how.data, "municipality_code": form.municipality.data}
        service.send(case, notice, **how, version=form.seen, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, concern_id, form)
    return after_change(page, message=_("Noted as sent. The receipt stands on your work list."))


@bp.post("/<public_id>/concerns/<concern_id>/receipt")
@access(Permission.CASE_EDIT, audit=Audit.CONCERN_RECEIPTED)
def receipt(public_id: str, concern_id: str) -> ResponseReturnValue:
    """Record the municipality's receipt."""
    actor, case, _seen = open_case(public_id)
    form, notice, page = ReceiptForm(), queries.get(case, concern_id), _here(public_id, concern_id)

    def act() -> None:
        service.register_receipt(case, notice, receipted_on=form.receipted_on.data, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, concern_id, form)
    return after_change(page, message=_("The receipt has been registered."))


@bp.post("/<public_id>/concerns/<concern_id>/release")
@access(Permission.CASE_EDIT, audit=Audit.CONCERN_RELEASED)
def release_concern(public_id: str, concern_id: str) -> ResponseReturnValue:
    """Note that the parents may know of it from now on."""
    actor, case, _seen = open_case(public_id)
    notice, page = queries.get(case, concern_id), _here(public_id, concern_id)
    with transaction(then=page):
        service.release(case, notice, actor=actor, now=utc_now())
    return after_change(page, message=_("Noted: the parents may know of it."))


@bp.get("/<public_id>/concerns/<concern_id>/letter")
@access(Permission.CASE_EDIT)
def letter(public_id: str, concern_id: str) -> ResponseReturnValue:
    """The notice as a letter to the municipality: no address of the centre, none of hers, no institution's name."""
    actor, case, seen = open_case(public_id)
    found = queries.get_shown(case, concern_id, seen, today=local_date(utc_now()))
    words = queries.letter(case, found)
    looked(actor, case)
    return render_template(
        "children/letter.html",
        concern=found,
        letter=words,
        on=found.sent_on or local_date(utc_now()),
        back=_here(public_id, concern_id),
    )
