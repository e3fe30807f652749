"""The page of a course: who, what is next, when it ends, and the panel of its kind."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.enrolments import bp, forms
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.kinds import EndReason, TrackKind
from portal.core.pages import Page
from portal.domain.disclosure import Relation
from portal.domain.enrolments import Action, end_reasons
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.tracks import TRACKS
from portal.domain.workflow import available_actions
from portal.queries import counselling as counselling_queries
from portal.queries import course_log, last_checks
from portal.queries import enrolments as queries
from portal.queries import take_overs as take_over_queries
from portal.queries import workers as worker_queries
from portal.services.course_workers import steps_of
from portal.web.access import access, current_actor, log_view
from portal.web.fields import PortalForm
from portal.web.last_checks import is_wanting, would_be_early
from portal.web.versions import with_sent

# Kinds with a page of their own, by the endpoint that takes the id of their own row.
OWN_PAGE = {
    TrackKind.GROUP: "groups.detail",
    TrackKind.HOUSING: "housing.tenancy",
    TrackKind.FURNISHING: "furnishing.detail",
    TrackKind.GRANT: "grants.detail",
}
# And by the course's own id.
COURSE_PAGE = {
    TrackKind.CTI: "cti.detail",
    TrackKind.ENTITLEMENT: "counselling.hours",
    TrackKind.VOLUNTEER_NETWORK: "volunteers.match",
}
OWN_PERMISSION = {
    TrackKind.GROUP: Permission.GROUP_VIEW,
    TrackKind.HOUSING: Permission.TENANCY_VIEW,
    TrackKind.GRANT: Permission.GRANT_VIEW,
    TrackKind.FURNISHING: Permission.FURNISHING_VIEW,
    TrackKind.CTI: Permission.FOLLOW_UP_FILL,
    TrackKind.ENTITLEMENT: Permission.FOLLOW_UP_FILL,
    TrackKind.COORDINATING_COUNSELLING: Permission.FOLLOW_UP_FILL,
}

ENDS = {Action.COMPLETE.value, Action.END_EARLY.value}


def _actions(course: Any) -> set[str]:
    """What this person can do with the course now; at another organisation's course only what is left to her."""
    actor = current_actor()
    try:
        steps = steps_of(course, actor)
    except Forbidden:
        return set()
    return {action.value for action in available_actions(steps, course.state, actor)}


def _own_page(course: Any) -> str | None:
    """Where the kind's own page is, if this role has it and the row is there."""
    needed = OWN_PERMISSION.get(course.kind)
    if needed is not None and not can(current_actor(), needed):
        return None
    if course.kind is TrackKind.COORDINATING_COUNSELLING:
        return url_for("counselling.coordinating", public_id=course.case.public_id)
    if course.kind in COURSE_PAGE:
        return url_for(COURSE_PAGE[course.kind], public_id=course.public_id)
    if course.kind in OWN_PAGE:
        own_id = queries.find_own_id(course.id)
        return url_for(OWN_PAGE[course.kind], public_id=own_id) if own_id else None
    return None


def end_form(course: Any, **options: Any) -> forms.EndForm:
    """The form for an early end, with the reasons of the kind."""
    form = forms.EndForm(**options)
    form.reason.choices = [(reason.value, label(reason)) for reason in end_reasons(course.kind)]
    return form


def never_form(course: Any, **options: Any) -> forms.NeverForm:
    """The form for a place that never became a course."""
    form = forms.NeverForm(**options)
    kept = [reason for reason in end_reasons(course.kind) if reason is not EndReason.COMPLETED]
    form.reason.choices = [(reason.value, label(reason)) for reason in kept]
    return form


def assign_form(course: Any, **options: Any) -> forms.AssignForm:
    """The form for changing hands, with those who work with this kind and how many courses they have."""
    at_it = course.worker.public_id if course.worker else None
    form = forms.AssignForm(data={"version": course.version, "worker": at_it}, **options)
    workers = worker_queries.list_workers(course.organisation_id, course.kind, course.case_id)
    form.worker.choices = [(row.public_id, f"{row.name} ({row.live})") for row in workers]
    return form


def _forms(course: Any, actions: set[str], today: date) -> dict[str, PortalForm | None]:
    """The empty forms for what can be done with the course now."""
    blank: dict[str, Any] = {"formdata": None}
    return {
        "start_form": forms.StartForm(**blank, data={"started_on": today}),
        "pause_form": forms.PauseForm(**blank),
        "complete_form": forms.CompleteForm(**blank, data={"ended_on": today}),
        "end_form": end_form(course, **blank) if Action.END_EARLY.value in actions else None,
        "never_form": never_form(course, **blank) if Action.NEVER_STARTED.value in actions else None,
        "assign_form": assign_form(course, **blank) if Action.ASSIGN.value in actions else None,
    }


def show(public_id: str, status: int = 200, **given: Any) -> ResponseReturnValue:
    """The page, with forms as they were typed. Writes down who looked."""
    actor, today = current_actor(), local_date(utc_now())
    course = queries.get(actor, public_id)
    relation = queries.relation_to(actor)
    log_view(case_id=course.case_id, relation=relation, page=Page.COURSE)
    course, waiting = take_over_queries.get_course(actor, public_id)
    facts, track, actions = queries.facts_of(course.id), TRACKS[course.kind], _actions(course)
    sees_contacts = relation is Relation.CT
    may_write = can(actor, Permission.CASE_EDIT)
    context: dict[str, Any] = {
        "course": course,
        "names": queries.names(course, relation),
        "opens_case": can(actor, Permission.CASE_VIEW),
        "may_write": may_write,
        "is_unchecked": bool(actions & ENDS) and is_wanting(course),
        "checked_by": last_checks.made_by(course, relation),
        "would_be_early": would_be_early(course),
        "check_url": url_for("risk.assess", public_id=course.case.public_id) if may_write and sees_contacts else None,
        "next_step": track.next_step(facts),
        "end_rule": track.end_rule(course.rules, facts),
        "is_late": track.is_late(facts, today),
        "actions": actions,
        "own_page": _own_page(course),
        "kind_panel": f"enrolments/kinds/{course.kind.value}.html",
        "contacts": course_log.list_contacts(actor, course.id) if sees_contacts else [],
        "meetings": course_log.list_meetings(actor, course.id),
        "history": course_log.list_history(course),
        "ledgers": counselling_queries.list_ledgers(course.id) if course.kind is TrackKind.ENTITLEMENT else [],
        "facts": facts,
        "may_meet": can(actor, Permission.MEETING_MANAGE) and Action.ASSIGN.value in actions,
        **_forms(course, actions, today),
        "waiting": waiting if Action.ASSIGN.value in actions else None,
    }
    return render_template("enrolments/detail.html", **with_sent(context, given)), status


@bp.get("/<public_id>")
@access(Permission.ENROLMENT_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One course: the common head and the panel of its kind."""
    return show(public_id)
