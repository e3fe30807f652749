"""The documents of a case, and each of them as a file."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.documents import bp
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.core.papers import PaperKind, PaperState
from portal.core.states import CaseState
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.permissions import can
from portal.queries import cases as case_queries
from portal.queries import documents as queries
from portal.services import documents
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url
from portal.web.downloads import download


def _readable(public_id: str) -> tuple[Any, Lens]:
    """The case, also in an emergency, for somebody to whom its documents are open. Raises NotFound, Forbidden."""
    case, seen = case_queries.get_readable(current_actor(), public_id)
    if not seen.shows(FieldGroup.DOCUMENT_FILE):
        raise Forbidden
    return case, seen


@bp.get("/<public_id>")
@access(Permission.CASE_VIEW)
def index(public_id: str) -> ResponseReturnValue:
    """The documents that the reader is given, the newest first."""
    actor = current_actor()
    case, seen = _readable(public_id)
    rows = [_shown(row, public_id) for row in queries.list_documents(actor, case, seen)]
    may_add = can(actor, Permission.CASE_EDIT) and seen.edits(FieldGroup.DOCUMENT_FILE)
    is_open = case.state is CaseState.OPEN
    page = {
        "rows": rows,
        "seen": seen,
        "case_id": public_id,
        "case_reference": case.reference,
        "back": case_url(public_id),
        "may_add": may_add and is_open,
        "may_hand_over": may_add and is_open and _is_whole(seen),
        "may_export": may_add and can(actor, Permission.RECORDS_EXPORT),
    }
    log_view(case_id=case.id, relation=seen.relation, page=Page.DOCUMENTS)
    return render_template("documents/index.html", **page)


def _is_whole(seen: Lens) -> bool:
    return seen.sees_all_tracks and seen.relation is Relation.CT


def _shown(row: queries.DocumentRow, public_id: str) -> dict[str, object]:
    ids: Any = {"public_id": public_id, "document_id": row.public_id}
    is_fixed = row.kind is PaperKind.HANDOVER or row.state is PaperState.TAKEN_OUT
    return {
        "row": row,
        "file_url": url_for("documents.file", **ids) if row.state is PaperState.CLEAN else None,
        "edit_url": None if is_fixed else url_for("documents.edit", **ids),
        "kilobytes": max(1, round(row.size / 1024)),
        "chip": {PaperState.WAITING: "warm", PaperState.STOPPED: "red"}.get(row.state, "neutral"),
        "is_chipped": row.state is not PaperState.CLEAN,
    }


@bp.get("/<public_id>/files/<document_id>")
@access(Permission.CASE_VIEW)
def file(public_id: str, document_id: str) -> ResponseReturnValue:
    """One document, to be saved; nothing of it is shown in a page."""
    actor = current_actor()
    case, seen = _readable(public_id)
    content, ending = documents.content_of(queries.get_with_content(actor, case, seen, document_id))
    log_view(case_id=case.id, relation=seen.relation, page=Page.DOCUMENT)
    return download(content, ending)
