"""Courses that somebody is asked to take over: read without anything of the case, and answered."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.enrolments import bp
from portal.blueprints.enrolments.actions import CARERS
from portal.blueprints.enrolments.forms import RefuseForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.queries import enrolments as enrolment_queries
from portal.queries import take_overs as queries
from portal.services import take_overs as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/asked")
@access(*CARERS)
def asked() -> ResponseReturnValue:
    """What the reader is asked to take over."""
    return _page()


def _page(sent: RefuseForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    rows = queries.list_asked(current_actor())
    forms = [(row, sent if sent is not None and row.public_id == at else RefuseForm(formdata=None)) for row in rows]
    for row, form in forms:
        form.reason.id = f"reason-{row.public_id}"
    return render_template("enrolments/asked.html", forms=forms), status


@bp.post("/asked/<public_id>/take")
@access(*CARERS, audit=Audit.ENROLMENT_ASSIGNED)
def take(public_id: str) -> ResponseReturnValue:
    """Say yes."""
    page = url_for("enrolments.asked")
    with transaction(then=page):
        course = service.take(public_id, actor=current_actor(), now=utc_now())
    return after_change(
        url_for("enrolments.detail", public_id=course), message=_("The course is yours, with what is due in it.")
    )


@bp.post("/asked/<public_id>/refuse")
@access(*CARERS, audit=Audit.TAKE_OVER_REFUSED)
def refuse(public_id: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    actor, form, page = current_actor(), RefuseForm(), url_for("enrolments.asked")
    queries.get_asked(actor, public_id)

    def act() -> None:
        service.refuse(public_id, form.reason.data, actor=actor, now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("You have said no. Your colleague has been told, and keeps the course."))
    return _page(form, public_id, form.status)


@bp.post("/<public_id>/call-back")
@access(*CARERS, audit=Audit.TAKE_OVER_CALLED_BACK)
def call_back(public_id: str) -> ResponseReturnValue:
    """Take the question to a colleague back."""
    actor, page = current_actor(), url_for("enrolments.detail", public_id=public_id)
    course = enrolment_queries.get(actor, public_id)
    with transaction(then=page):
        service.call_back(course, actor=actor, now=utc_now())
    return after_change(page, message=_("Your colleague is not asked any more."))
