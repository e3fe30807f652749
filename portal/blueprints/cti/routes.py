"""One course through its phases."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cti import bp
from portal.blueprints.cti.forms import BasisForm, PhaseForm, PlanForm, ReviewForm, T0Form
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid
from portal.core.measures import Phase
from portal.core.pages import Page
from portal.core.states import EnrolmentState
from portal.domain.cti import NEXT_PHASE, expected_contacts, may_change_phase, ribbon
from portal.domain.cti_flags import CourseFacts, flags
from portal.domain.disclosure import Relation
from portal.domain.enrolments import require_own
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.tracks.cti import moved_dates
from portal.queries import cti as queries
from portal.queries import enrolments as enrolment_queries
from portal.services import cti as service
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change
from portal.web.ribbon import ribbon_steps
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import with_sent

LIVE = (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def _is_ours(enrolment: Any) -> bool:
    """Whether this person's organisation carries the course, and the role works with the method."""
    try:
        require_own(current_actor(), enrolment.organisation_id)
    except Forbidden:
        return False
    return can(current_actor(), Permission.CTI_MANAGE) and enrolment.state in LIVE


def _to_plan(course: queries.Course) -> Phase:
    """The phase that a plan is written for: the one that runs, or the first while contact is being built."""
    return Phase.P1 if course.phase is Phase.PRE else Phase(course.phase)


def _facts(
    enrolment: Any, course: queries.Course, plans: list[queries.Plan], contacts: list[queries.TimedContact]
) -> CourseFacts:
    return CourseFacts(
        opened_on=local_date(enrolment.created_at),
        today=local_date(utc_now()),
        phase=course.phase,
        t0=course.t0,
        has_late_basis=bool(course.late_basis),
        plans=frozenset(plan.phase for plan in plans),
        minutes=queries.minutes_by_phase(course.t0, contacts),
    )


def _page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The course: ribbon, plan of the phase, what to look at, expected and actual contact."""
    actor, today = current_actor(), local_date(utc_now())
    enrolment = enrolment_queries.get(actor, public_id)
    queries.get_course(enrolment)
    log_view(case_id=enrolment.case_id, relation=Relation.CT, page=Page.CTI)
    enrolment = enrolment_queries.get(actor, public_id)
    course, contacts = queries.shown(actor, queries.get_course(enrolment)), queries.list_contacts(enrolment.id)
    plans = queries.list_plans(actor, course.id)
    plan = next((one for one in plans if one.phase is _to_plan(course)), None)
    opened = local_date(enrolment.created_at)
    following = NEXT_PHASE.get(course.phase)
    seen = [one.contact for one in contacts]
    # Before the move there is no calendar to expect anything by.
    expected = expected_contacts(course.t0, opened, course.phase, seen) if course.t0 else []
    context: dict[str, Any] = {
        "course": enrolment,
        "names": enrolment_queries.names(enrolment, Relation.CT),
        "cti": course,
        "plans": plans,
        "plan": plan,
        "steps": ribbon_steps(ribbon(course.t0, today, opened, ended_on=enrolment.ended_on)),
        "flags": flags(_facts(enrolment, course, plans, contacts)),
        "expected": expected,
        "minutes": queries.minutes_by_phase(course.t0, contacts),
        "following": following,
        "plan_phase": _to_plan(course),
        "phases": {phase.value: label(phase) for phase in Phase},
        "may_advance": following is not None
        and course.t0 is not None
        and may_change_phase(course.t0, following, today),
        "may_change": _is_ours(enrolment),
    }
    shown = with_sent(context | _forms(course, plans, forms), forms)
    return render_template("cti/detail.html", **shown), status


def _forms(course: queries.Course, plans: list[queries.Plan], sent: dict[str, Any]) -> dict[str, Any]:
    """The forms as they are saved; about the phase that a sent one is about, though another may have begun."""
    of_course = {"version": course.version}
    return {
        "plan_form": PlanForm(formdata=None, data=_written(course, plans, sent.get("plan_form"))),
        "review_form": ReviewForm(formdata=None, data=_written(course, plans, sent.get("review_form"))),
        "basis_form": BasisForm(formdata=None, data=of_course | {"basis": course.late_basis}),
        "t0_form": T0Form(formdata=None, data=of_course | {"t0": course.t0}),
    }


@bp.get("/<public_id>")
@access(Permission.FOLLOW_UP_FILL)
def detail(public_id: str) -> ResponseReturnValue:
    """One CTI course."""
    return _page(public_id)


def _save(public_id: str, name: str, form: Any, change: Any, message: object) -> ResponseReturnValue:
    enrolment = enrolment_queries.get(current_actor(), public_id)
    course, page = queries.get_course(enrolment), url_for("cti.detail", public_id=public_id)
    if saved(form, lambda: change(course, enrolment, actor=current_actor(), now=utc_now()), then=page):
        return after_change(page, message=message)
    return _page(public_id, form.status, **{name: form})


def _written(course: queries.Course, plans: list[queries.Plan], sent: PhaseForm | None) -> dict[str, Any]:
    phase = sent.phase.data if sent else _to_plan(course).value
    plan = next((one for one in plans if one.phase.value == phase), None)
    if plan is None:
        return {"phase": phase, "version": 0}
    return {
        "phase": phase,
        "version": plan.version,
        "areas": list(plan.areas),
        "plan": plan.plan,
        "review": plan.review,
    }


def _phase(form: PhaseForm) -> Phase:
    """The phase that the page was about. Raises Invalid for one that there is not."""
    if form.phase.data not in set(Phase):
        raise Invalid(_("Choose one of those that are shown."))
    return Phase(form.phase.data)


@bp.post("/<public_id>/plan")
@access(Permission.CTI_MANAGE, audit=Audit.CTI_PLANNED)
def plan(public_id: str) -> ResponseReturnValue:
    """Write the plan of the phase that runs now."""
    form = PlanForm()

    def change(course: Any, enrolment: Any, **who: Any) -> None:
        areas = form.areas.data or []
        service.write_plan(course, enrolment, _phase(form), areas, form.plan.data, version=form.seen, **who)

    return _save(public_id, "plan_form", form, change, _("The plan of the phase is saved."))


@bp.post("/<public_id>/review")
@access(Permission.CTI_MANAGE, audit=Audit.CTI_PLANNED)
def review(public_id: str) -> ResponseReturnValue:
    """Write what the two of them saw."""
    form = ReviewForm()

    def change(course: Any, enrolment: Any, **who: Any) -> None:
        service.review_phase(course, enrolment, _phase(form), form.review.data, version=form.seen, **who)

    return _save(public_id, "review_form", form, change, _("The review is saved."))


@bp.post("/<public_id>/advance")
@access(Permission.CTI_MANAGE, audit=Audit.CTI_PHASE_CHANGED)
def advance(public_id: str) -> ResponseReturnValue:
    """Go on to the next phase."""
    enrolment = enrolment_queries.get(current_actor(), public_id)
    course = queries.get_course(enrolment)
    with transaction(then=url_for("cti.detail", public_id=public_id)):
        service.advance_phase(course, enrolment, actor=current_actor(), now=utc_now())
    return after_change(
        url_for("cti.detail", public_id=public_id), message=_("The next phase has begun, and a follow-up is due.")
    )


@bp.post("/<public_id>/basis")
@access(Permission.CTI_MANAGE, audit=Audit.CTI_BASIS_RECORDED)
def basis(public_id: str) -> ResponseReturnValue:
    """Record what the months after the sixth rest on."""
    form = BasisForm()

    def change(course: Any, enrolment: Any, **who: Any) -> None:
        service.record_basis(course, enrolment, form.basis.data, version=form.seen, **who)

    return _save(public_id, "basis_form", form, change, _("Saved."))


@bp.post("/<public_id>/t0")
@access(Permission.CTI_MANAGE, audit=Audit.CTI_PHASE_CHANGED)
def change_t0(public_id: str) -> ResponseReturnValue:
    """Count from another day, with a reason; every date is shown, now and then, before it is done."""
    form = T0Form()
    if form.validate_on_submit() and not form.is_seen.data:
        course = queries.get_course(enrolment_queries.get(current_actor(), public_id))
        return _page(public_id, t0_form=form, moved=moved_dates(course.t0, form.t0.data))

    def change(course: Any, enrolment: Any, **who: Any) -> None:
        service.change_t0(course, enrolment, form.t0.data, form.reason.data, version=form.seen, **who)

    return _save(public_id, "t0_form", form, change, _("Every date of the course has moved along."))
