"""A file is put into a case, what is said of it is corrected, and one that should not be here is taken out."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.documents import bp
from portal.blueprints.documents.forms import ReasonForm, SaidFields, SaidForm, UploadForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden, NotNow
from portal.core.pages import Page
from portal.core.papers import PaperState
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries import documents as queries
from portal.queries.visibility import relation_of
from portal.services import documents
from portal.services.case_marks import must_be_open
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.file_routes import takes_file
from portal.web.filters import of_both
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against


def _case(public_id: str) -> tuple[Any, Lens]:
    """The case, for somebody who may change its documents. Raises NotFound, Forbidden."""
    actor = current_actor()
    case = case_queries.get_told(actor, public_id)
    seen = lens_of(actor, case)
    # A closed case is read by its team, and that it may not be changed is said by the service.
    if not (seen.edits(FieldGroup.DOCUMENT_FILE) or seen.shows(FieldGroup.DOCUMENT_FILE)):
        raise Forbidden
    return case, seen


def _back(public_id: str) -> str:
    return url_for("documents.index", public_id=public_id)


def _courses(case: Any, form: SaidFields) -> dict[str | None, int]:
    """Fill in who may read it, and return the key of each course by its public id."""
    courses = case_parts.list_live_courses(current_actor(), case)
    form.course.choices = [
        ("", _("The team of the case")),
        *((one, _("The team, and %(programme)s", programme=of_both((da, en)))) for _key, one, da, en in courses),
    ]
    return {one: key for key, one, _da, _en in courses}


def _said(form: SaidFields, courses: dict[str | None, int]) -> documents.Said:
    return documents.Said(
        kind=form.kind.data,
        theme=form.theme.data or "",
        dated_on=form.dated_on.data,
        enrolment_id=courses.get(form.course.data),
    )


@bp.get("/<public_id>/new")
@access(Permission.CASE_EDIT)
def new(public_id: str) -> ResponseReturnValue:
    """A form for a file."""
    case, _seen = _case(public_id)
    must_be_open(case.id)
    form = UploadForm()
    _courses(case, form)
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.DOCUMENTS)
    return _upload_page(form, public_id)


@bp.post("/<public_id>/new")
@access(Permission.CASE_EDIT, audit=Audit.DOCUMENT_ADDED)
@takes_file
def add(public_id: str) -> ResponseReturnValue:
    """Put a file into the case."""
    actor, form = current_actor(), UploadForm()
    case, _seen = _case(public_id)
    must_be_open(case.id)
    courses = _courses(case, form)
    kept: list[PaperState] = []

    def save() -> None:
        received: Any = form.file.made
        document = documents.add(case, _said(form, courses), received, actor=actor, now=utc_now())
        kept.append(document.state)

    if not saved(form, save, then=_back(public_id)):
        return _upload_page(form, public_id, status=form.status)
    return after_change(_back(public_id), message=_told(kept[0]))


def _told(state: PaperState) -> str:
    if state is PaperState.STOPPED:
        return _("Malware was found in the file. It has not been kept. Tell whoever sent it, and ask for a new one.")
    if state is PaperState.WAITING:
        return _("The file is here. It can be opened when the malware scanner has looked at it.")
    return _("The file is in the case.")


def _upload_page(form: UploadForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    return render_template("documents/new.html", form=form, back=_back(public_id)), status


@bp.get("/<public_id>/files/<document_id>/edit")
@access(Permission.CASE_EDIT)
def edit(public_id: str, document_id: str) -> ResponseReturnValue:
    """What is said of a document, and the way to take it out."""
    case, seen = _case(public_id)
    row = queries.row_of(current_actor(), case, seen, document_id)
    if row.state is PaperState.TAKEN_OUT:
        raise NotNow(_("This document cannot be changed any more."))
    form = _known(row)
    _courses(case, form)
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.DOCUMENTS)
    return _edit_page(form, public_id, document_id)


def _known(row: queries.DocumentRow) -> SaidForm:
    said = {"kind": row.kind, "theme": row.theme, "dated_on": row.dated_on, "course": row.enrolment or ""}
    return SaidForm(formdata=None, data={"version": row.version, **said})


@bp.post("/<public_id>/files/<document_id>/edit")
@access(Permission.CASE_EDIT, audit=Audit.DOCUMENT_CHANGED)
def save(public_id: str, document_id: str) -> ResponseReturnValue:
    """Correct what is said of a document."""
    actor, form = current_actor(), SaidForm()
    case, seen = _case(public_id)
    found = queries.get(actor, case, seen, document_id)
    courses = _courses(case, form)

    def change() -> None:
        documents.change(case, found, _said(form, courses), version=form.seen, actor=actor, now=utc_now())

    if not saved(form, change, then=_back(public_id)):
        form = against(form, lambda: _fresh(public_id, document_id))
        return _edit_page(form, public_id, document_id, status=form.status)
    return after_change(_back(public_id), message=_("Saved."))


def _fresh(public_id: str, document_id: str) -> SaidForm:
    case, seen = _case(public_id)
    form = _known(queries.row_of(current_actor(), case, seen, document_id))
    _courses(case, form)
    return form


@bp.post("/<public_id>/files/<document_id>/take-out")
@access(Permission.CASE_EDIT, audit=Audit.DOCUMENT_TAKEN_OUT)
def take_out(public_id: str, document_id: str) -> ResponseReturnValue:
    """Take the content of a document away, for good."""
    actor, form = current_actor(), ReasonForm()
    case, seen = _case(public_id)
    found = queries.get(actor, case, seen, document_id)

    def save() -> None:
        documents.take_out(case, found, reason=form.reason.data, version=form.seen, actor=actor, now=utc_now())

    if not saved(form, save, then=_back(public_id)):
        known = _fresh(public_id, document_id)
        # Pressed once more it is meant: the page shows what is saved now.
        form.version.data = known.version.data
        return _edit_page(known, public_id, document_id, status=form.status, refused=form)
    return after_change(_back(public_id), message=_("The document has been taken out."))


def _edit_page(
    form: SaidForm, public_id: str, document_id: str, status: int = 200, refused: ReasonForm | None = None
) -> ResponseReturnValue:
    ids: Any = {"public_id": public_id, "document_id": document_id}
    page = {
        "form": form,
        "reason_form": refused or ReasonForm(formdata=None, data={"version": form.version.data}),
        "url": url_for("documents.save", **ids),
        "take_out_url": url_for("documents.take_out", **ids),
        "back": _back(public_id),
    }
    return render_template("documents/edit.html", **page), status
