"""Courses that ended lately, for the lead who may let them go on: nothing of any woman is shown."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.enrolments import bp
from portal.blueprints.enrolments.forms import ReopenForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.queries import ended_courses as queries
from portal.services import course_returns as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.paging import next_of, read_page
from portal.web.saving import saved


@bp.get("/ended")
@access(Permission.REFERRAL_REOPEN)
def ended() -> ResponseReturnValue:
    """The courses of the own house that may go on."""
    return _page()


def _page(sent: ReopenForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    actor, today = current_actor(), local_date(utc_now())
    rows = read_page(lambda: queries.list_ended(actor, today, after=request.args.get("after")))
    forms = [(row, sent if sent is not None and row.public_id == at else ReopenForm(formdata=None)) for row in rows]
    for row, form in forms:
        form.reason.id = f"reason-{row.public_id}"
    return render_template("enrolments/ended.html", forms=forms, next_url=next_of("enrolments.ended", rows)), status


@bp.post("/ended/<public_id>")
@access(Permission.REFERRAL_REOPEN, audit=Audit.ENROLMENT_REOPENED)
def reopen(public_id: str) -> ResponseReturnValue:
    """Let one of them go on."""
    queries.get(current_actor(), public_id)
    form, page = ReopenForm(), url_for("enrolments.ended")

    def act() -> None:
        service.reopen(public_id, form.reason.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("The course goes on. Its worker has been told."))
    return _page(form, public_id, form.status)
