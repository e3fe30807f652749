"""Who she is, and how she may be reached."""

from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.contact_forms import ContactCardForm, known_card
from portal.blueprints.cases.forms import PersonForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.queries import case_parts, person_facts
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import cases
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved
from portal.web.versions import against


def allows_invented() -> bool:
    """Whether invented CPR numbers may be kept: in the demo and in tests."""
    return bool(current_app.config["PORTAL_DEMO"] or current_app.config["TESTING"])


def person_fields(may_hold_cpr: bool) -> list[tuple[str, object | None, bool]]:
    """The fields about her; the CPR number only where the organisation may keep it."""
    fields: list[tuple[str, object | None, bool]] = [
        ("name", _("Leave it empty while she is anonymous."), True),
        ("birth_year", None, True),
        ("phone", None, True),
        ("language", None, True),
        ("needs_interpreter", None, True),
        (
            "needs_accessible",
            _("For a wheelchair, or because walking is hard. The board of free places looks for it."),
            True,
        ),
    ]
    if may_hold_cpr:
        fields.insert(2, ("cpr", _("Ten digits. A number that is stored already stays when this is empty."), True))
    return fields


@bp.get("/<public_id>/identity")
@access(Permission.CASE_EDIT)
def identity(public_id: str) -> ResponseReturnValue:
    """What is known about who she is."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    may_hold = case_parts.may_hold_cpr(actor)
    form = _known_identity(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.IDENTITY)
    return _identity_page(form, public_id, may_hold)


def _known_identity(case: Any) -> PersonForm:
    return PersonForm(formdata=None, obj=person_facts.person_facts(current_actor(), case))


@bp.post("/<public_id>/identity")
@access(Permission.CASE_EDIT, audit=Audit.CASE_CHANGED)
def save_identity(public_id: str) -> ResponseReturnValue:
    """Save who she is, as known now."""
    actor, form = current_actor(), PersonForm()
    case = case_queries.get(actor, public_id)
    may_hold = case_parts.may_hold_cpr(actor)

    def save() -> None:
        cases.set_identity(
            case,
            identity=_typed(form, may_hold),
            version=form.seen,
            actor=actor,
            now=utc_now(),
            allow_invented_cpr=allows_invented(),
        )

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known_identity(case_queries.get(actor, public_id)))
        return _identity_page(form, public_id, may_hold, status=form.status)
    return after_change(case_url(public_id), message=_("Saved."))


def _typed(form: PersonForm, may_hold: bool) -> cases.Identity:
    return cases.Identity(
        form.name.data,
        form.birth_year.data,
        form.cpr.data if may_hold else None,
        form.phone.data,
        form.language.data,
        form.needs_interpreter.data,
        form.needs_accessible.data,
    )


def _identity_page(form: PersonForm, public_id: str, may_hold: bool, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Who she is"),
        person_fields(may_hold),
        button=_("Save"),
        back=case_url(public_id),
        status=status,
        intro=_("Everything may stay empty. The history shows which fields were changed, never what stood in them."),
    )


@bp.get("/<public_id>/safe-contact")
@access(Permission.CASE_EDIT)
def contact_card(public_id: str) -> ResponseReturnValue:
    """How she may be reached without danger."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    form = _known_card(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFE_CONTACT)
    return _card_page(form, public_id)


def _known_card(case: Any) -> ContactCardForm:
    # Counted first: a card that is written in between makes the page an old one, never a new one with old words.
    known = case_parts.count_cards(case)
    return known_card(person_facts.find_card(current_actor(), case), known)


@bp.post("/<public_id>/safe-contact")
@access(Permission.CASE_EDIT, audit=Audit.SAFE_CONTACT_SET)
def save_contact_card(public_id: str) -> ResponseReturnValue:
    """Save a new safe-contact card."""
    actor, form = current_actor(), ContactCardForm()
    case = case_queries.get(actor, public_id)

    def save() -> None:
        cases.set_ways(
            case,
            tuple(form.chosen()),
            is_device_shared=form.is_device_shared.data,
            code_word=form.code_word.data,
            note=form.note.data,
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known_card(case_queries.get(actor, public_id)))
        return _card_page(form, public_id, status=form.status)
    return after_change(
        case_url(public_id), message=_("Safe contact has been confirmed. Ask her again within 30 days.")
    )


def _card_page(form: ContactCardForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    page, part = "cases/safe_contact.html", "cases/_safe_contact.html"
    return page_or_part(page, part, status, form=form, back=case_url(public_id))
