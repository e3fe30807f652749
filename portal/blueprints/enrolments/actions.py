"""What is done with a course: begun, given to somebody, rested, ended."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.enrolments import bp, forms
from portal.blueprints.enrolments.page import assign_form, end_form, never_form, show
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission as P
from portal.core.kinds import EndReason
from portal.queries import cases as case_queries
from portal.queries import enrolments as queries
from portal.queries import workers as worker_queries
from portal.services import enrolments as service
from portal.services import own_approaches, take_overs
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.last_checks import said
from portal.web.saving import saved
from portal.web.submissions import transaction

# Every role that looks after some kind of course; which kind is asked again in the room.
CARERS = (P.ENROLMENT_MANAGE, P.CTI_MANAGE, P.GROUP_MANAGE, P.HOUSING_MANAGE, P.FURNISHING_MANAGE, P.TASK_MANAGE)


def _save(public_id: str, name: str, form: Any, change: Any, message: object) -> ResponseReturnValue:
    """Do one thing with the course when the form holds; otherwise the page again with what was typed."""
    page = url_for("enrolments.detail", public_id=public_id)
    if saved(form, change, then=page):
        return after_change(page, message=message)
    return show(public_id, form.status, **{name: form})


def _who() -> dict[str, Any]:
    return {"actor": current_actor(), "now": utc_now()}


@bp.post("/<public_id>/start")
@access(*CARERS, audit=Audit.ENROLMENT_STARTED)
def start(public_id: str) -> ResponseReturnValue:
    """Begin the course."""
    course, form = queries.get(current_actor(), public_id), forms.StartForm()
    return _save(
        public_id,
        "start_form",
        form,
        lambda: service.start(course, started_on=form.started_on.data, **_who()),
        _("The course has begun."),
    )


@bp.post("/<public_id>/assign")
@access(*CARERS, audit=Audit.ENROLMENT_ASSIGNED)
def assign(public_id: str) -> ResponseReturnValue:
    """Give the course to a colleague."""
    course = queries.get(current_actor(), public_id)
    form = assign_form(course)
    workers = {
        row.public_id: row.user_id
        for row in worker_queries.list_workers(course.organisation_id, course.kind, course.case_id)
    }
    was_asked: list[bool] = []

    def act() -> None:
        taker, hand_over = workers[form.worker.data], form.hand_over.data
        was_asked.append(take_overs.give(course, taker, hand_over, version=form.seen, **_who()))

    page = url_for("enrolments.detail", public_id=public_id)
    if not saved(form, act, then=page):
        return show(public_id, form.status, assign_form=form)
    if any(was_asked):
        return after_change(
            page, message=_("Your colleague has been asked. Until she says yes the course stays whose it is.")
        )
    return after_change(page, message=_("The course has changed hands."))


@bp.post("/<public_id>/pause")
@access(*CARERS, audit=Audit.ENROLMENT_PAUSED)
def pause(public_id: str) -> ResponseReturnValue:
    """Let the course rest."""
    course, form = queries.get(current_actor(), public_id), forms.PauseForm()
    return _save(
        public_id,
        "pause_form",
        form,
        lambda: service.pause(course, form.reason.data, form.review_on.data, **_who()),
        _("The course rests."),
    )


@bp.post("/<public_id>/resume")
@access(*CARERS, audit=Audit.ENROLMENT_RESUMED)
def resume(public_id: str) -> ResponseReturnValue:
    """Go on after a pause."""
    course = queries.get(current_actor(), public_id)
    page = url_for("enrolments.detail", public_id=public_id)
    with transaction(then=page):
        service.resume(course, **_who())
    return after_change(page, message=_("The course goes on."))


@bp.post("/<public_id>/complete")
@access(*CARERS, audit=Audit.ENROLMENT_COMPLETED)
def complete(public_id: str) -> ResponseReturnValue:
    """End the course as planned."""
    course, form = queries.get(current_actor(), public_id), forms.CompleteForm()
    return _save(
        public_id,
        "complete_form",
        form,
        lambda: service.complete(course, form.ended_on.data, said(form), **_who()),
        _("The course is completed. Her last follow-ups are planned."),
    )


@bp.post("/<public_id>/end")
@access(*CARERS, audit=Audit.ENROLMENT_ENDED)
def end(public_id: str) -> ResponseReturnValue:
    """End the course before its time."""
    course = queries.get(current_actor(), public_id)
    form = end_form(course)

    def change() -> None:
        reason, unchecked = EndReason(form.reason.data), said(form)
        service.end_early(course, reason, form.ended_on.data, form.note.data, unchecked, **_who())

    return _save(public_id, "end_form", form, change, _("The course has ended."))


@bp.post("/<public_id>/never")
@access(*CARERS, audit=Audit.ENROLMENT_NEVER_STARTED)
def never(public_id: str) -> ResponseReturnValue:
    """Close a place that never became a course."""
    course = queries.get(current_actor(), public_id)
    form = never_form(course)

    def change() -> None:
        service.never_started(course, EndReason(form.reason.data), form.note.data, **_who())

    return _save(public_id, "never_form", form, change, _("The place is free again."))


@bp.route("/own/<case_id>", methods=["GET", "POST"])
@access(P.ENROLMENT_MANAGE, audit=Audit.ENROLMENT_PROPOSED)
def own_approach(case_id: str) -> ResponseReturnValue:
    """Begin individual counselling that she came to by herself."""
    actor, form = current_actor(), forms.OwnApproachForm()
    case = case_queries.get(actor, case_id)
    offers = queries.list_own_approach(actor)
    form.offer.choices = [(offer.public_id, offer.programme.name_da) for offer in offers]
    if not form.validate_on_submit():
        return render_template(
            "enrolments/own_approach.html", case=case, form=form
        ), 422 if form.is_submitted() else 200
    with transaction(then=url_for("cases.detail", public_id=case_id)):
        course = own_approaches.own_approach(
            case_id=case.id, offer=queries.get_own_offer(actor, form.offer.data), actor=actor, now=utc_now()
        )
        page = url_for("enrolments.detail", public_id=course.public_id)
    return after_change(page, message=_("The counselling is on record."))
