"""School, daycare and handover of a child; where it is, for a minute and with a reason."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.forms import SettingForm
from portal.blueprints.children.view import child_url, looked, open_case
from portal.core.audit_tags import Audit
from portal.core.children import ChildSettingKind
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.queries import child_records as records
from portal.queries import children as queries
from portal.queries.visibility import relation_of
from portal.services import child_settings as service
from portal.services import reveals
from portal.web.access import access, log_view
from portal.web.case_pages import form_page
from portal.web.fields import PortalForm, required
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.texts import Scan, Text
from portal.web.versions import against

KINDS = "any(school, daycare, handover)"
FIELDS = ("place", "forgets_place", "may_collect", "may_say", "told_on", "assessed_on", "assessment")


class PlaceReasonForm(PortalForm):
    """Why the place is opened."""

    reason = Text(_("Why do you need it?"), [required()], scan=Scan.REFUSE, render_kw={"autofocus": True})


@bp.get(f"/<public_id>/of/<child_id>/<{KINDS}:action>")
@access(Permission.CASE_EDIT)
def setting(public_id: str, child_id: str, action: str) -> ResponseReturnValue:
    """Who may collect, what may be said, who was told, how safe it is. Where it is, is not shown."""
    actor, case, seen = open_case(public_id)
    form = _known(case, child_id, action, seen)
    keeps = _keeps_place(case, child_id, action, seen)
    looked(actor, case)
    return _form_page(form, public_id, child_id, action, keeps=keeps)


def _known(case: Any, child_id: str, action: str, seen: Lens) -> SettingForm:
    known = _find(case, child_id, action, seen)
    return SettingForm(formdata=None, obj=known, data=None if known else {"version": 0})


def _find(case: Any, child_id: str, action: str, seen: Lens) -> records.SettingFacts | None:
    rows = records.list_settings(queries.get(case, child_id), seen)
    return next((one for one in rows if one.kind == action), None)


def _keeps_place(case: Any, child_id: str, action: str, seen: Lens) -> bool:
    known = _find(case, child_id, action, seen)
    return known is not None and known.has_place


@bp.post(f"/<public_id>/of/<child_id>/<{KINDS}:action>")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_SAFETY_SET)
def save_setting(public_id: str, child_id: str, action: str) -> ResponseReturnValue:
    """Save it."""
    actor, case, seen = open_case(public_id)
    form, found, page = SettingForm(), queries.get(case, child_id), child_url(public_id, child_id)

    def act() -> None:
        new = service.SettingRecord(**{name: form[name].data for name in FIELDS})
        service.save(case, found, ChildSettingKind(action), new, version=form.seen, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        form = against(form, lambda: _known(open_case(public_id)[1], child_id, action, seen))
        keeps = _keeps_place(open_case(public_id)[1], child_id, action, seen)
        return _form_page(form, public_id, child_id, action, keeps=keeps, status=form.status)
    return after_change(page, message=_("Saved."))


def _form_page(
    form: SettingForm, public_id: str, child_id: str, action: str, *, keeps: bool, status: int = 200
) -> ResponseReturnValue:
    hints = {
        "place": _("Kept like an address: sealed, and shown with a reason only. Empty: the one that is kept stays."),
        "may_collect": _("Names as they are known there. Write also who must not."),
        "may_say": _("For example: nothing by telephone; only to her; the class is told nothing."),
        "told_on": _("The day on which somebody of us told them. Empty: they do not know."),
        "assessed_on": _("A new day ticks it in the child's plan."),
    }
    # What is not kept cannot be forgotten.
    names = [name for name in FIELDS if keeps or name != "forgets_place"]
    fields = [(name, hints.get(name), name != "forgets_place") for name in names]
    back = child_url(public_id, child_id)
    heading = label(ChildSettingKind(action))
    return form_page(form, heading, fields, button=_("Save"), back=back, status=status)


@bp.get(f"/<public_id>/of/<child_id>/<{KINDS}:action>/place")
@access(Permission.ADDRESS_REVEAL, step_up=True)
def ask_for_place(public_id: str, child_id: str, action: str) -> ResponseReturnValue:
    """Why somebody needs to know where a child goes."""
    actor, case, seen = open_case(public_id)
    _must_reveal(seen)
    queries.get(case, child_id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.ADDRESS_REVEAL)
    return _ask_page(PlaceReasonForm(formdata=None), public_id, child_id, action)


@bp.post(f"/<public_id>/of/<child_id>/<{KINDS}:action>/place")
@access(Permission.ADDRESS_REVEAL, audit=Audit.ADDRESS_REVEALED, step_up=True)
def reveal_place(public_id: str, child_id: str, action: str) -> ResponseReturnValue:
    """Write who asks and why, commit, and only then show where it is for a minute."""
    actor, case, seen = open_case(public_id)
    _must_reveal(seen)
    form, child, reference, found = PlaceReasonForm(), queries.get(case, child_id), case.reference, []
    kind, page = ChildSettingKind(action), child_url(public_id, child_id)
    again = url_for("children.ask_for_place", public_id=public_id, child_id=child_id, action=action)

    def act() -> None:
        secret = service.its_place(case, child, kind)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    if not saved(form, act, then=again):
        return _ask_page(form, public_id, child_id, action, status=form.status)
    words = {"back": page, "back_words": _("Back to the child")}
    return shown_once(label(kind), found[0], **words, reference=reference, again=again)


def _must_reveal(seen: Lens) -> None:
    if not seen.may_reveal(FieldGroup.ADDR_EXACT):
        raise Forbidden


def _ask_page(
    form: PlaceReasonForm, public_id: str, child_id: str, action: str, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "children/ask_place.html",
        form=form,
        kind=ChildSettingKind(action),
        back=child_url(public_id, child_id),
        url=url_for("children.reveal_place", public_id=public_id, child_id=child_id, action=action),
    )
    return page, status
