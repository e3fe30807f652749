"""The goals of a case, one goal with its steps, and what became of it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.plans import bp
from portal.blueprints.plans.about import case_of as _case
from portal.blueprints.plans.about import look as _look
from portal.blueprints.plans.forms import GoalForm, StateForm, StepForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.measures import CtiArea
from portal.queries import plans as queries
from portal.services import plans as service
from portal.web.access import access, current_actor
from portal.web.case_pages import form_page
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against, with_sent

FIELDS = ("area", "wish", "sign", "is_hers", "owner", "helper", "due_on")
MAY_BE_EMPTY = frozenset({"owner", "helper", "due_on"})


def _goal_url(public_id: str, goal_id: str) -> str:
    return url_for("plans.goal", public_id=public_id, goal_id=goal_id)


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def goals(public_id: str) -> ResponseReturnValue:
    """Her goals with their steps."""
    case, seen = _case(public_id)
    rows, reference = queries.list_goals(case), case.reference
    _look(case)
    return render_template(
        "plans/goals.html",
        live=[row for row in rows if row.is_live],
        ended=[row for row in rows if not row.is_live],
        seen=seen,
        case_id=public_id,
        case_reference=reference,
    )


def _goal_form(case: Any, keep: str | None = None, **given: Any) -> GoalForm:
    form = GoalForm(**given)
    form.owner.choices = [("", _("Nobody"))]
    _offer_team(form, case, keep)
    return form


def _wanted(form: GoalForm) -> service.Wanted:
    return service.Wanted(
        area=form.area.data,
        wish=form.wish.data,
        sign=form.sign.data,
        owner=form.owner.data,
        is_hers=form.is_hers.data,
        helper=form.helper.data,
        due_on=form.due_on.data,
    )


def _goal_page(form: GoalForm, heading: str, back: str, status: int = 200) -> ResponseReturnValue:
    hints = {
        "wish": _("Write what she says, not what we call it."),
        "sign": _("Something that can be seen or counted, such as a lease in her own name."),
        "helper": _("By role, for example the bank's adviser. No names."),
        "due_on": _("For example 02.10.2026"),
    }
    fields = [(name, hints.get(name), name in MAY_BE_EMPTY) for name in FIELDS]
    return form_page(form, heading, fields, button=_("Save the goal"), back=back, status=status)


@bp.get("/<public_id>/goals/new")
@access(Permission.CASE_EDIT)
def new_goal(public_id: str) -> ResponseReturnValue:
    """A new goal of hers; from a need that was rated, its area is chosen already."""
    case, _seen = _case(public_id)
    _look(case)
    area = request.args.get("area")
    form = _goal_form(case, data={"is_hers": True, "area": area if area in set(CtiArea) else None})
    return _goal_page(form, _("A goal of hers"), url_for("plans.goals", public_id=public_id))


@bp.post("/<public_id>/goals/new")
@access(Permission.CASE_EDIT, audit=Audit.GOAL_SET)
def add_goal(public_id: str) -> ResponseReturnValue:
    """Write down a goal of hers."""
    case, _seen = _case(public_id)
    form, then = _goal_form(case), url_for("plans.goals", public_id=public_id)
    if not saved(form, lambda: service.set_goal(case, _wanted(form), actor=current_actor(), now=utc_now()), then=then):
        case, _seen = _case(public_id)
        _offer_team(form, case)
        return _goal_page(form, _("A goal of hers"), then, status=form.status)
    return after_change(then, message=_("The goal is written down."))


def _offer_team(form: Any, case: Any, keep: str | None = None) -> None:
    """The choices as they are now. Whoever was sent along and is not among them is not named."""
    form.owner.choices = [form.owner.choices[0], *queries.team_choices(case, keep)]


def _known(case: Any, goal_id: str) -> GoalForm:
    goal = queries.shown(case, goal_id)
    facts = {name: getattr(goal, name) for name in (*FIELDS, "version")}
    return _goal_form(case, goal.owner, formdata=None, data=facts)


@bp.get("/<public_id>/goals/<goal_id>/edit")
@access(Permission.CASE_EDIT)
def edit_goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    """What a goal says."""
    case, _seen = _case(public_id)
    form = _known(case, goal_id)
    _look(case)
    return _goal_page(form, _("Correct the goal"), _goal_url(public_id, goal_id))


@bp.post("/<public_id>/goals/<goal_id>/edit")
@access(Permission.CASE_EDIT, audit=Audit.GOAL_CHANGED)
def save_goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    """Correct what a goal says."""
    case, _seen = _case(public_id)
    found = queries.get_goal(case, goal_id)
    form = _goal_form(case, queries.shown(case, goal_id).owner)

    def save() -> None:
        service.change_goal(case, found, _wanted(form), version=form.seen, actor=current_actor(), now=utc_now())

    then = _goal_url(public_id, goal_id)
    if not saved(form, save, then=then):
        case, _seen = _case(public_id)
        _offer_team(form, case, queries.shown(case, goal_id).owner)
        form = against(form, lambda: _known(case, goal_id))
        return _goal_page(form, _("Correct the goal"), then, status=form.status)
    return after_change(then, message=_("Saved."))


def _page(public_id: str, goal_id: str, status: int = 200, **sent: Any) -> ResponseReturnValue:
    case, seen = _case(public_id)
    row = queries.shown(case, goal_id)
    fresh = {
        "state_form": StateForm(formdata=None, data={"version": row.version}),
        "step_form": _step_form(case, formdata=None),
    }
    context = {"goal": row, "seen": seen, "case_id": public_id, "case_reference": case.reference}
    _look(case)
    context["changes"] = queries.list_changes(case, goal_id)
    return render_template("plans/goal.html", **context, **with_sent(fresh, sent)), status


def _step_form(case: Any, **given: Any) -> StepForm:
    form = StepForm(**given)
    form.owner.choices = [("", _("She herself")), *queries.team_choices(case)]
    return form


@bp.get("/<public_id>/goals/<goal_id>")
@access(Permission.CASE_EDIT)
def goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    """One goal: its steps, how it stands, and what became of it."""
    return _page(public_id, goal_id)


@bp.post("/<public_id>/goals/<goal_id>/state")
@access(Permission.CASE_EDIT, audit=Audit.GOAL_MOVED)
def move_goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    """Say how a goal stands."""
    case, _seen = _case(public_id)
    found, form = queries.get_goal(case, goal_id), StateForm()

    def save() -> None:
        service.move_goal(
            case,
            found,
            form.state.data,
            attainment=form.attainment.data,
            reason=form.reason.data,
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        )

    then = _goal_url(public_id, goal_id)
    if not saved(form, save, then=then):
        return _page(public_id, goal_id, form.status, state_form=form)
    return after_change(then, message=_("The goal is moved on."))


@bp.post("/<public_id>/goals/<goal_id>/steps")
@access(Permission.CASE_EDIT, audit=Audit.GOAL_STEP_ADDED)
def add_step(public_id: str, goal_id: str) -> ResponseReturnValue:
    """Add a step."""
    case, _seen = _case(public_id)
    found, form = queries.get_goal(case, goal_id), _step_form(case)

    def save() -> None:
        given = {"owner": form.owner.data, "due_on": form.due_on.data}
        service.add_step(case, found, form.text.data, **given, actor=current_actor(), now=utc_now())

    then = _goal_url(public_id, goal_id)
    if not saved(form, save, then=then):
        return _page(public_id, goal_id, form.status, step_form=form)
    return after_change(then, message=_("The step is added."))


@bp.post("/<public_id>/goals/<goal_id>/steps/<step_id>/done")
@access(Permission.CASE_EDIT, audit=Audit.GOAL_STEP_DONE)
def finish_step(public_id: str, goal_id: str, step_id: str) -> ResponseReturnValue:
    """A step has been taken."""
    case, _seen = _case(public_id)
    found = queries.get_goal(case, goal_id)
    step, then = queries.get_step(found, step_id), _goal_url(public_id, goal_id)
    with transaction(then=then):
        service.finish_step(case, found, step, actor=current_actor(), now=utc_now())
    return after_change(then, message=_("The step is done."))
