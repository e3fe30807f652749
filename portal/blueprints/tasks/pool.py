"""The staff's pages: the coordinator's pool, and the tasks of one's own cases."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.tasks import bp
from portal.blueprints.tasks.forms import ConfirmForm, TaskForm
from portal.core.audit_tags import Audit
from portal.core.clock import at_local, local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.core.states import ClaimState
from portal.domain.disclosure import initials
from portal.domain.permissions import can
from portal.domain.tasks import CLAIM_STEPS, TASK_STEPS, ClaimAction, TaskAction, missing_requirements
from portal.domain.workflow import available_actions
from portal.queries import claims as claim_queries
from portal.queries import enrolments as enrolment_queries
from portal.queries import tasks as task_queries
from portal.queries.clock import database_now
from portal.services import claims as claim_service
from portal.services import task_addresses
from portal.services import tasks as task_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _views(here: str) -> list[dict[str, Any]]:
    words = {
        "claims": _("To be confirmed"),
        "open": _("Not taken"),
        "taken": _("Taken"),
        "reported": _("Hours are in"),
        "ended": _("Ended"),
    }
    return [
        {"label": text, "url": url_for("tasks.index", view=name), "is_current": name == here, "count": None}
        for name, text in words.items()
    ]


@bp.get("/pool")
@access(Permission.TASK_VIEW)
def index() -> ResponseReturnValue:
    """The pool by what has to be done with it."""
    actor = current_actor()
    shown = request.args.get("view", "claims" if can(actor, Permission.TASK_MANAGE) else "open")
    if shown != "claims" and shown not in task_queries.FILTERS:
        abort(400)
    try:
        rows, following = task_queries.list_pool(actor, shown=shown, after=request.args.get("after"))
    except ValueError:
        abort(400)
    return render_template(
        "tasks/index.html",
        rows=rows,
        views=_views(shown),
        shown=shown,
        next_url=url_for("tasks.index", view=shown, after=following) if following else None,
        may_manage=can(actor, Permission.TASK_MANAGE),
    )


@bp.get("/new")
@access(Permission.TASK_MANAGE)
def new() -> ResponseReturnValue:
    """A new task, for a course (`for`) or for the whole network."""
    return render_template("tasks/new.html", form=TaskForm(), course=_course())


def _course() -> Any:
    public_id = request.values.get("for", "")
    return enrolment_queries.get(current_actor(), public_id) if public_id else None


def _typed(form: TaskForm, course: Any) -> task_service.NewTask:
    """The task as typed. Raises Problem for a time that does not exist."""
    return task_service.NewTask(
        kind=form.kind.data,
        region=form.region.data,
        starts_at=at_local(form.on.data, form.starts.data),
        ends_at=at_local(form.on.data, form.ends.data),
        skills=form.skills.data or (),
        places=form.places.data,
        has_children=form.has_children.data,
        is_accompanied=form.is_accompanied.data,
        case_id=course.case_id if course else None,
        enrolment_id=course.id if course else None,
        alias=form.alias.data or None,
        meeting_point=form.meeting_point.data or None,
        address=form.address.data or None,
    )


@bp.post("/new")
@access(Permission.TASK_MANAGE, audit=Audit.TASK_PUBLISHED)
def create() -> ResponseReturnValue:
    """Put a task on the board."""
    form, course, actor = TaskForm(), _course(), current_actor()
    page = url_for("tasks.index", view="open")
    if form.validate_on_submit():
        try:
            new = _typed(form, course)
            with transaction(then=page):
                task_service.publish(new, organisation_id=actor.organisation_id or 0, actor=actor, now=utc_now())
            return after_change(page, message=_("The task is on the board."))
        except Problem as problem:
            form.starts.errors = [str(problem)]
        except Invalid as refusal:
            form.refuse(refusal)
    return render_template("tasks/new.html", form=form, course=course), 422


@bp.get("/<public_id>")
@access(Permission.TASK_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One task as staff see it."""
    return _detail(public_id)


def _detail(public_id: str, sent: ConfirmForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    task = task_queries.get(actor, public_id)
    private = task_queries.private(actor, task)
    actions = [action for action in available_actions(TASK_STEPS, task.state, actor) if action != TaskAction.PUBLISH]
    return render_template(
        "tasks/detail.html",
        task=task,
        private=private,
        claims=[_claim_row(row, task, sent, at) for row in claim_queries.list_of(actor, task)],
        actions=actions,
        may_approve_address=private.has_address and can(actor, Permission.CASE_EDIT),
        may_manage=can(actor, Permission.TASK_MANAGE),
        is_about_a_case=task.case_id is not None,
        case=task.case if can(actor, Permission.CASE_VIEW) else None,
    ), status


def _shown_name(name: str, claim: Any) -> str:
    """To the case's team whoever will come is initials: the name is the coordinator's to know (R-003)."""
    if can(current_actor(), Permission.TASK_MANAGE):
        return name
    return initials(name) if claim.state is ClaimState.CONFIRMED else _("A volunteer")


def _confirm_form(claim: Any, sent: ConfirmForm | None, at: str) -> ConfirmForm:
    """The checklist of one volunteer: what was refused stands with her, and each box of the page has its own name."""
    form = sent if sent is not None and claim.public_id == at else ConfirmForm(formdata=None)
    for box in (form.identity, form.relation):
        box.id = f"{box.short_name}-{claim.public_id}"
    return form


def _claim_row(row: claim_queries.ClaimRow, task: Any, sent: ConfirmForm | None, at: str) -> dict[str, Any]:
    claim = row.claim
    missing = missing_requirements(
        row.volunteer,
        needs_certificate=task.has_children,
        on=local_date(task.starts_at),
        today=local_date(utc_now()),
    )
    actions = available_actions(CLAIM_STEPS, claim.state, current_actor())
    return {
        "claim": claim,
        "form": _confirm_form(claim, sent, at),
        "report": row.report,
        "worry": row.worry,
        "knows_her": row.knows_her,
        "name": _shown_name(row.name, claim),
        "missing": missing,
        "can_confirm": ClaimAction.CONFIRM in actions and not missing and task.held_at is None,
        "can_take_back": ClaimAction.TAKE_BACK in actions,
        "can_approve": claim.state is ClaimState.CONFIRMED and not claim.may_see_address,
    }


@bp.post("/<public_id>/<any(verify, cancel):action>")
@access(Permission.TASK_MANAGE, audit=Audit.TASK_VERIFIED)
def act(public_id: str, action: str) -> ResponseReturnValue:
    """Verify the hours, or call the task off."""
    task = task_queries.get(current_actor(), public_id)
    with transaction():
        {"verify": task_service.verify, "cancel": task_service.cancel}[action](
            task, actor=current_actor(), now=utc_now()
        )
    return after_change(url_for("tasks.detail", public_id=public_id), message=_("Saved."))


@bp.post("/claims/<public_id>/confirm")
@access(Permission.TASK_MANAGE, audit=Audit.TASK_CONFIRMED)
def confirm(public_id: str) -> ResponseReturnValue:
    """Confirm a volunteer after the checklist."""
    claim, form = task_queries.get_claim(current_actor(), public_id), ConfirmForm()
    page = url_for("tasks.detail", public_id=claim.task.public_id)
    task_id = claim.task.public_id

    def act() -> None:
        claim_service.confirm(claim, actor=current_actor(), now=database_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("The volunteer is confirmed and has been told."))
    return _detail(task_id, form, public_id, form.status)


@bp.post("/claims/<public_id>/take-back")
@access(Permission.TASK_MANAGE, audit=Audit.TASK_RELEASED)
def take_back(public_id: str) -> ResponseReturnValue:
    """Say no to a volunteer, or take the task back."""
    claim = task_queries.get_claim(current_actor(), public_id)
    page = url_for("tasks.detail", public_id=claim.task.public_id)
    with transaction(then=page):
        claim_service.take_back(claim, actor=current_actor(), now=utc_now())
    return after_change(page, message=_("The task is open again."))


@bp.post("/claims/<public_id>/approve-address")
@access(Permission.CASE_EDIT, audit=Audit.TASK_CONFIRMED)
def approve_address(public_id: str) -> ResponseReturnValue:
    """The case's team lets one volunteer see where one task is."""
    claim = task_queries.get_claim(current_actor(), public_id)
    if not task_queries.has_address(claim.task):
        raise NotFound
    page = url_for("tasks.detail", public_id=claim.task.public_id)
    with transaction(then=page):
        task_addresses.approve_address(claim, actor=current_actor(), now=utc_now())
    return after_change(page, message=_("The volunteer can see the address from 24 hours before the task."))
