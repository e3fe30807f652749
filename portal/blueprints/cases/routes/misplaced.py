"""A note that stands in the wrong case: put aside by one, taken out or left by a second person."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.misplaced_forms import AsideForm, StaysForm, TakeOutForm, WhereForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries import misplaced as queries
from portal.queries.visibility import relation_of
from portal.services import misplaced as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import must_have_whole, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _found(public_id: str, note_id: str) -> tuple[Any, Any]:
    """The case and the note in it, for whoever works with the whole of the case."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.NOTE_CASE)
    must_have_whole(actor, case)
    return case, queries.get_note(actor, case, note_id)


def _journal(public_id: str) -> str:
    return url_for("cases.journal", public_id=public_id)


def _url(public_id: str, note_id: str) -> str:
    return url_for("cases.misplaced", public_id=public_id, note_id=note_id)


def _page(public_id: str, note_id: str, status: int = 200, **sent: Any) -> ResponseReturnValue:
    case, note = _found(public_id, note_id)
    shown = {
        "reference": case.reference,
        "public_id": public_id,
        "note": queries.show(current_actor(), note),
        "others": len(queries.list_second(case, current_actor().user_id)),
        "form": AsideForm(formdata=None),
        "where": WhereForm(formdata=None),
        "stays": StaysForm(formdata=None),
        "back": _journal(public_id),
    }
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.MISPLACED)
    return render_template("cases/misplaced.html", **shown | sent), status


@bp.get("/<public_id>/notes/<note_id>/misplaced")
@access(Permission.CASE_EDIT)
def misplaced(public_id: str, note_id: str) -> ResponseReturnValue:
    """The note, what happens when it is put aside, and whatever waits for an answer."""
    return _page(public_id, note_id)


@bp.post("/<public_id>/notes/<note_id>/misplaced")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_PUT_ASIDE)
def put_aside(public_id: str, note_id: str) -> ResponseReturnValue:
    """Put the note aside."""
    case, note = _found(public_id, note_id)
    form = AsideForm()

    def act() -> None:
        service.put_aside(case, note, form.wish(), actor=current_actor(), now=utc_now())

    if not saved(form, act, then=_url(public_id, note_id)):
        return _page(public_id, note_id, form.status, form=form)
    said = _("The note is put aside: nobody reads it in the case any more. It waits for a second person.")
    return after_change(_url(public_id, note_id), message=said)


@bp.post("/<public_id>/notes/<note_id>/misplaced/another")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_PUT_ASIDE)
def name_another_case(public_id: str, note_id: str) -> ResponseReturnValue:
    """Say anew where a note belongs that waits."""
    case, note = _found(public_id, note_id)
    form = WhereForm()

    def act() -> None:
        service.name_another(case, note, form.chosen, actor=current_actor(), now=utc_now())

    if not saved(form, act, then=_url(public_id, note_id)):
        return _page(public_id, note_id, form.status, where=form)
    return after_change(_url(public_id, note_id), message=_("Saved. It waits for a second person as before."))


@bp.post("/<public_id>/notes/<note_id>/misplaced/call-back")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_CALLED_BACK)
def call_note_back(public_id: str, note_id: str) -> ResponseReturnValue:
    """Leave the note where it is after all."""
    case, note = _found(public_id, note_id)
    with transaction(then=_url(public_id, note_id)):
        service.call_back(case, note, actor=current_actor(), now=utc_now())
    return after_change(_journal(public_id), message=_("The note stands in the journal again as it was."))


@bp.post("/<public_id>/notes/<note_id>/misplaced/leave")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_LEFT)
def leave_note(public_id: str, note_id: str) -> ResponseReturnValue:
    """Say as the second person that the note stays."""
    case, note = _found(public_id, note_id)
    form = StaysForm()

    def act() -> None:
        service.leave(case, note, form.answer.data, actor=current_actor(), now=utc_now())

    if not saved(form, act, then=_url(public_id, note_id)):
        return _page(public_id, note_id, form.status, stays=form)
    return after_change(_journal(public_id), message=_("The note stands in the journal again as it was."))


@bp.post("/<public_id>/notes/<note_id>/misplaced/take-out")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_TAKEN_OUT, step_up=True)
def take_note_out(public_id: str, note_id: str) -> ResponseReturnValue:
    """Agree as the second person that the note is taken out."""
    case, note = _found(public_id, note_id)
    version = TakeOutForm().seen
    with transaction(then=_url(public_id, note_id)):
        service.take_out(case, note, actor=current_actor(), now=utc_now(), version=version)
    return after_change(
        _journal(public_id), message=_("The note is out of the case. Only who wrote it and when stays.")
    )
