"""Who accompanies whom in the network."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.volunteers import bp
from portal.blueprints.volunteers.forms import EndMatchForm, MatchForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.domain.permissions import can
from portal.queries import enrolments as enrolment_queries
from portal.queries import volunteers as volunteer_queries
from portal.services import volunteers as volunteer_service
from portal.services.task_holds import is_held
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


def _course(public_id: str) -> Any:
    course = enrolment_queries.get(current_actor(), public_id)
    if course.kind is not TrackKind.VOLUNTEER_NETWORK:
        raise NotFound
    return course


def _match_form(**options: Any) -> MatchForm:
    form = MatchForm(**options)
    form.volunteer.choices = [("", _("Choose")), *volunteer_queries.list_ready(current_actor())]
    return form


def _page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    course = _course(public_id)
    matches = volunteer_queries.list_matches(course.id)
    may_manage = can(current_actor(), Permission.TASK_MANAGE)
    context = {
        "course": course,
        "matches": matches,
        "is_matched": any(match.ended_on is None for match, _name in matches),
        "may_manage": may_manage,
        "do_visits_wait": is_held(course.case_id),
        "end_form": EndMatchForm(formdata=None),
        "form": _match_form(formdata=None, data={"started_on": local_date(utc_now())}),
        **forms,
    }
    return render_template("volunteers/match.html", **context), status


@bp.get("/match/<public_id>")
@access(Permission.ENROLMENT_VIEW)
def match(public_id: str) -> ResponseReturnValue:
    """The volunteer who accompanies her, by the course."""
    return _page(public_id)


@bp.post("/match/<public_id>")
@access(Permission.TASK_MANAGE, audit=Audit.MATCH_STARTED)
def start_match(public_id: str) -> ResponseReturnValue:
    """Let a volunteer accompany her."""
    actor, course, form = current_actor(), _course(public_id), _match_form()
    page = url_for("volunteers.match", public_id=public_id)

    def act() -> None:
        volunteer = volunteer_queries.get(actor, form.volunteer.data)
        volunteer_service.start_match(course, volunteer, started_on=form.started_on.data, actor=actor, now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("Saved."))
    return _page(public_id, form.status, form=form)


@bp.post("/match/<public_id>/end")
@access(Permission.TASK_MANAGE, audit=Audit.MATCH_ENDED)
def end_match(public_id: str) -> ResponseReturnValue:
    """End the match that is under way."""
    course, form = _course(public_id), EndMatchForm()
    page = url_for("volunteers.match", public_id=public_id)

    def act() -> None:
        live = [match for match, _name in volunteer_queries.list_matches(course.id) if match.ended_on is None]
        if not live:
            raise NotFound
        volunteer_service.end_match(live[0], course, ended_on=form.ended_on.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("Saved."))
    return _page(public_id, form.status, end_form=form)
