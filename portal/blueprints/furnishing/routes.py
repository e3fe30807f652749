"""The list of projects, and one project."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.furnishing import bp
from portal.blueprints.furnishing.forms import ItemForm, ItemStateForm, PlanForm, WorkDayForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.furnishing import STEPS, FurnishingAction, Room, progress
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import furnishing as furnishing_queries
from portal.queries import volunteers as volunteer_queries
from portal.services import furnishing as furnishing_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import with_sent


@bp.get("/")
@access(Permission.FURNISHING_VIEW)
def index() -> ResponseReturnValue:
    """Projects, the newest first."""
    try:
        rows, following = furnishing_queries.list_all(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)
    next_url = url_for("furnishing.index", after=following) if following else None
    return render_template("furnishing/index.html", rows=rows, next_url=next_url)


def _plan_form(project: Any, **options: Any) -> PlanForm:
    architect = project.architect.public_id if project.architect else ""
    written = {
        "wishes": furnishing_queries.wanted(project, is_coordinator=True).wishes,
        "budget": project.budget_ore or None,
        "architect": architect,
    }
    form = PlanForm(data={"version": project.version, **written}, **options)
    form.architect.choices = [("", _("Nobody yet")), *furnishing_queries.list_architects(current_actor())]
    return form


def _page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    actor = current_actor()
    project = furnishing_queries.get(actor, public_id)
    items = furnishing_queries.shown_items(project)
    may_manage = can(actor, Permission.FURNISHING_MANAGE)
    actions = available_actions(STEPS, project.state, actor)
    if project.held_at is not None:
        actions = [action for action in actions if action not in furnishing_service.VISITS]
    context = {
        "project": project,
        "wanted": furnishing_queries.wanted(project, is_coordinator=may_manage),
        "case": project.enrolment.case,
        "items": items,
        "may_manage": may_manage,
        "course_id": project.enrolment.public_id,
        "progress": progress((item.is_must, item.state, item.cost_ore) for item in items),
        "actions": [action for action in actions if action is not FurnishingAction.SCHEDULE],
        "can_schedule": FurnishingAction.SCHEDULE in actions,
        "opens_case": can(actor, Permission.CASE_VIEW),
        "plan_form": _plan_form(project, formdata=None) if may_manage else None,
        "item_form": ItemForm(formdata=None),
        "state_form": None,
        "day_form": WorkDayForm(formdata=None),
        "failed_item": None,
        "rooms": {room.value: label(room) for room in Room},
    }
    return render_template("furnishing/detail.html", **with_sent(context, forms)), status


@bp.get("/<public_id>")
@access(Permission.FURNISHING_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One project: stage, things, meetings, tasks."""
    return _page(public_id)


def _home(public_id: str) -> str:
    return url_for("furnishing.detail", public_id=public_id)


@bp.post("/<public_id>/plan")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_CHANGED)
def plan(public_id: str) -> ResponseReturnValue:
    """Wishes, budget, architect."""
    actor = current_actor()
    project = furnishing_queries.get(actor, public_id)
    form = _plan_form(project)

    def act() -> None:
        furnishing_service.plan(
            project,
            wishes=form.wishes.data or None,
            budget_ore=form.budget.data or 0,
            architect=volunteer_queries.get(actor, form.architect.data) if form.architect.data else None,
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("Saved."))
    return _page(public_id, form.status, plan_form=form)


@bp.post("/<public_id>/step/<any(accept, scope, design, source, deliver, close, cancel):action>")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_CHANGED)
def step(public_id: str, action: str) -> ResponseReturnValue:
    """Take the next step."""
    project = furnishing_queries.get(current_actor(), public_id)
    with transaction(then=_home(public_id)):
        furnishing_service.advance(project, FurnishingAction(action), actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("Saved."))


@bp.post("/<public_id>/schedule")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_CHANGED)
def schedule(public_id: str) -> ResponseReturnValue:
    """Fix the work day."""
    project, form = furnishing_queries.get(current_actor(), public_id), WorkDayForm()
    day = form.work_day_on

    def act() -> None:
        step = FurnishingAction.SCHEDULE
        furnishing_service.advance(project, step, work_day_on=day.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("The work day is fixed."))
    return _page(public_id, form.status, day_form=form)


@bp.post("/<public_id>/items")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_ITEM_CHANGED)
def add_item(public_id: str) -> ResponseReturnValue:
    """Put a thing on the list."""
    project, form = furnishing_queries.get(current_actor(), public_id), ItemForm()
    if not form.validate_on_submit():
        return _page(public_id, 422, item_form=form)
    with transaction(then=_home(public_id)):
        furnishing_service.add_item(
            project,
            room=form.room.data,
            what=form.what.data,
            quantity=form.quantity.data,
            is_must=form.is_must.data,
            actor=current_actor(),
            now=utc_now(),
        )
    return after_change(_home(public_id), message=_("It is on the list."))


@bp.post("/<public_id>/template")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_ITEM_CHANGED)
def template(public_id: str) -> ResponseReturnValue:
    """Begin with what most homes need."""
    project = furnishing_queries.get(current_actor(), public_id)
    with transaction(then=_home(public_id)):
        furnishing_service.add_template(project, actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("The list has begun."))


@bp.post("/<public_id>/items/<item_id>")
@access(Permission.FURNISHING_MANAGE, audit=Audit.FURNISHING_ITEM_CHANGED)
def set_item(public_id: str, item_id: str) -> ResponseReturnValue:
    """How far a thing has come."""
    project, form = furnishing_queries.get(current_actor(), public_id), ItemStateForm()
    thing = furnishing_queries.get_item(project, item_id)

    def act() -> None:
        furnishing_service.set_item(
            project,
            thing,
            state=form.state.data,
            source=form.source.data,
            cost_ore=form.cost_ore.data or 0,
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        )

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("Saved."))
    return _item_page(public_id, item_id, form.status, form)


def _item_page(
    public_id: str, item_id: str, status: int = 200, form: ItemStateForm | None = None
) -> ResponseReturnValue:
    project = furnishing_queries.get(current_actor(), public_id)
    thing = furnishing_queries.get_item(project, item_id)
    now = {"state": thing.state, "source": thing.source, "cost_ore": thing.cost_ore or None}
    fresh = {"state_form": ItemStateForm(formdata=None, data={"version": thing.version, **now})}
    shown = with_sent(fresh, {"state_form": form} if form else {})
    return _page(public_id, status, failed_item=thing.public_id, **shown)


@bp.get("/<public_id>/items/<item_id>")
@access(Permission.FURNISHING_MANAGE)
def item(public_id: str, item_id: str) -> ResponseReturnValue:
    """One thing, to note how far it has come."""
    return _item_page(public_id, item_id)
