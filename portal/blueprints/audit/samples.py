"""Looks that were drawn by lot: the list, and one with its answer."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.audit import bp
from portal.blueprints.audit.alerts import open_tabs
from portal.blueprints.audit.forms import AnswerForm
from portal.blueprints.audit.routes import record_opened
from portal.core.alerts import Answer
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.permissions import can
from portal.queries import reviews as queries
from portal.services import reviews as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/samples")
@access(Permission.AUDIT_VIEW)
def samples() -> ResponseReturnValue:
    """The looks that were drawn by lot."""
    only_open = request.args.get("view") != "all"
    record_opened(["samples"])
    try:
        rows, following = queries.list_samples(current_actor(), only_open=only_open, after=request.args.get("after"))
    except ValueError:
        abort(400)
    view = None if only_open else "all"
    return render_template(
        "audit/samples.html",
        rows=rows,
        tabs=open_tabs("audit.samples", only_open),
        notes_leavers=can(current_actor(), Permission.SAFETY_VIEW),
        next_url=url_for("audit.samples", view=view, after=following) if following else None,
    )


@bp.get("/samples/<public_id>")
@access(Permission.AUDIT_VIEW)
def sample(public_id: str) -> ResponseReturnValue:
    """One drawn look."""
    return _sample_page(public_id, AnswerForm())


@bp.post("/samples/<public_id>")
@access(Permission.AUDIT_VIEW, audit=Audit.SAMPLE_ANSWERED)
def answer_sample(public_id: str) -> ResponseReturnValue:
    """Say what a drawn look was for."""
    form, then = AnswerForm(), url_for("audit.samples")
    queries.get_sample(current_actor(), public_id)

    def save() -> None:
        answer = Answer(form.answer.data)
        service.answer_sample(public_id, answer, form.remark.data or "", actor=current_actor(), now=utc_now())

    if not saved(form, save, then=then):
        return _sample_page(public_id, form, form.status)
    return after_change(then, message=_("The answer is saved."))


def _sample_page(public_id: str, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    row = queries.get_sample(current_actor(), public_id)
    record_opened(["samples"])
    return render_template("audit/sample.html", row=row, form=form, back=url_for("audit.samples")), status
