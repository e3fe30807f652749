"""Cases that nobody works on, for leads and safety officers: given to somebody, never looked into."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.people import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import teamless as queries
from portal.queries import workerless
from portal.services import teamless as service
from portal.services import workerless as courses_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.paging import next_of, read_page
from portal.web.saving import saved
from portal.web.takers import TakerForm, taker_forms

PAGE = "people.without_team"


@bp.get("/without-team")
@access(Permission.CASE_ADOPT)
def without_team() -> ResponseReturnValue:
    """The cases of the own organisation on whose team nobody is left."""
    return _page()


def _page(sent: TakerForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    cases = read_page(lambda: queries.list_own(actor, after=request.args.get("after")))
    courses = read_page(lambda: workerless.list_waiting(actor, after=request.args.get("courses_after")))
    takers = queries.list_takers_of(actor, {row.public_id: row.case_id for row in cases})
    forms = taker_forms(cases, takers, sent=sent, at=at)
    course_forms = taker_forms(courses, workerless.list_takers(actor, courses), sent=sent, at=at)
    shown = {"next_url": next_of(PAGE, cases), "next_course_url": next_of(PAGE, courses, "courses_after")}
    return render_template("people/without_team.html", forms=forms, courses=course_forms, **shown), status


@bp.post("/without-team/<public_id>")
@access(Permission.CASE_ADOPT, audit=Audit.TEAM_JOINED)
def adopt(public_id: str) -> ResponseReturnValue:
    """Give one of them to somebody."""
    actor = current_actor()
    case = queries.get_alone(actor, public_id)
    form = TakerForm()
    form.user.choices = queries.list_takers_of(actor, {public_id: case.id})[public_id]

    def act() -> None:
        service.adopt(public_id, form.user.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for(".without_team")):
        return after_change(url_for(".without_team"), message=_("The case has been given to a colleague."))
    return _page(form, public_id, form.status)


@bp.post("/without-team/courses/<public_id>")
@access(Permission.CASE_ADOPT, audit=Audit.ENROLMENT_ASSIGNED)
def give_course(public_id: str) -> ResponseReturnValue:
    """Give a course that nobody here gives any more to somebody."""
    actor = current_actor()
    course = workerless.get_row(actor, public_id)
    form = TakerForm()
    form.user.choices = workerless.list_takers(actor, [course])[public_id]

    def act() -> None:
        courses_service.give(public_id, form.user.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for(".without_team")):
        return after_change(url_for(".without_team"), message=_("The course has been given to a colleague."))
    return _page(form, public_id, form.status)
