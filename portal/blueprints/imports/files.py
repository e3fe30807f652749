"""What the columns of a file are, and its problems as a file of their own."""

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases.routes.person import allows_invented
from portal.blueprints.imports import bp
from portal.blueprints.imports.forms import ColumnsForm, columns_form
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound, NotNow
from portal.core.imports import ImportField
from portal.domain.imports import heading_problems
from portal.domain.labels import label
from portal.queries import case_parts
from portal.queries import imports as queries
from portal.services import imports as service
from portal.web.access import access, current_actor
from portal.web.counselling_file import FILE_TYPE
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.sheets import workbook
from portal.web.versions import against


@bp.get("/<public_id>/columns")
@access(Permission.CASE_IMPORT)
def columns(public_id: str) -> ResponseReturnValue:
    """What each column is: guessed, to be changed."""
    taken = _open(public_id)
    return _columns_page(taken, _known(taken))


@bp.post("/<public_id>/columns")
@access(Permission.CASE_IMPORT, audit=Audit.IMPORT_CHECKED)
def check(public_id: str) -> ResponseReturnValue:
    """Check every row with these columns. No case is written."""
    actor, taken = current_actor(), _open(public_id)
    headings, then = _table(taken).headings, url_for(".detail", public_id=public_id)
    form = columns_form(headings, None, holds_cpr=case_parts.may_hold_cpr(actor))

    def save() -> None:
        service.check(
            taken,
            form.chosen(len(headings)),
            version=form.seen,
            allow_invented_cpr=allows_invented(),
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=then):
        fresh = _open(public_id)
        return _columns_page(fresh, against(form, lambda: _known(fresh)), form.status)
    return after_change(then)


def _open(public_id: str) -> Any:
    """A file whose columns can be named. Raises NotFound, NotNow."""
    taken = queries.get(current_actor(), public_id, whole=True)
    if taken.state not in service.OPEN:
        raise NotNow
    return taken


def _table(taken: Any) -> queries.Table:
    """Its headings and first rows. Raises NotNow when they are gone."""
    table = queries.table_of(taken)
    if table is None:
        raise NotNow
    return table


def _known(taken: Any) -> ColumnsForm:
    known: dict[str, Any] = {
        f"column_{number}": ImportField(field) if field else None for number, field in enumerate(taken.fields)
    }
    known["version"] = taken.version
    return columns_form(_table(taken).headings, known, holds_cpr=case_parts.may_hold_cpr(current_actor()))


def _columns_page(taken: Any, form: ColumnsForm, status: int = 200) -> ResponseReturnValue:
    table = _table(taken)
    headings, rows = table.headings, table.samples
    shown = [
        (form[f"column_{number}"], " · ".join(cells[number] for cells in rows if number < len(cells) and cells[number]))
        for number in range(len(headings))
    ]
    problems = [_problem(code, heading) for code, heading in heading_problems(headings)]
    return render_template(
        "imports/columns.html", form=form, columns=shown, problems=problems, public_id=taken.public_id
    ), status


def _problem(code: str, heading: str) -> str:
    if code == "empty":
        return _("Column %(heading)s has no heading.", heading=heading)
    if code == "double":
        return _("Several columns are called %(heading)s.", heading=heading)
    return _("%(heading)s is not a heading that we know. Choose what it is, or leave it out.", heading=heading)


@bp.get("/<public_id>/problems")
@access(Permission.CASE_IMPORT)
def problems(public_id: str) -> ResponseReturnValue:
    """What is to be put right, as a spreadsheet: row, field and words, nothing of what stood there."""
    taken = queries.get(current_actor(), public_id, whole=True)
    findings = queries.findings_of(taken)
    if findings is None:
        raise NotFound
    rows = [
        (
            one.row,
            label(ImportField(one.field)) if one.field else "",
            one.text,
            _("Warning") if one.is_warning else _("Error"),
        )
        for one in findings.issues
    ]
    made = workbook(_("Problems"), [_("Row"), _("Field"), _("What is wrong"), _("Kind")], rows)
    headers = {"Content-Disposition": 'attachment; filename="fejl.xlsx"'}
    return Response(made, mimetype=FILE_TYPE, headers=headers)
