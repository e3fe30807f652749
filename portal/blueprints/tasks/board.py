"""The volunteer's pages: what can I take, what is mine, what have I done. The clock is the database's (R-131)."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.tasks import bp
from portal.blueprints.tasks.forms import ReleaseForm, ReportForm, TaskAddressForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.safety import OnTheWay
from portal.core.volunteers import TaskOutcome
from portal.domain import tasks as rules
from portal.domain.labels import label
from portal.domain.labels.tasks import REASONS
from portal.queries import own_tasks
from portal.queries import tasks as task_queries
from portal.queries.clock import database_now
from portal.services import acquaintance, reveals, task_addresses
from portal.services import claims as claim_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change, is_htmx, page_or_part
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


def _volunteer() -> Any:
    volunteer = task_queries.find_volunteer(current_actor())
    if volunteer is None:
        raise NotFound
    return volunteer


@bp.get("/")
@access(Permission.TASK_BOARD)
def board() -> ResponseReturnValue:
    """Open tasks that fit this volunteer."""
    today, volunteer = local_date(database_now()), _volunteer()
    try:
        cards, following = task_queries.list_open(volunteer, after=request.args.get("after"))
    except ValueError:
        abort(400)
    missing = rules.missing_requirements(volunteer, needs_certificate=False, on=today, today=today)
    return render_template(
        "tasks/board.html",
        cards=cards,
        own=own_tasks.list_mine(current_actor(), limit=1),
        following=following,
        missing=[REASONS[one] for one in missing],
        tabs=_tabs(volunteer, "board"),
    )


@bp.get("/mine")
@access(Permission.TASK_BOARD)
def mine() -> ResponseReturnValue:
    """The tasks that this volunteer has."""
    volunteer, own = _volunteer(), own_tasks.list_mine(current_actor())
    return render_template("tasks/mine.html", own=own, tabs=_tabs(volunteer, "mine"))


@bp.get("/hours")
@access(Permission.TASK_BOARD)
def hours() -> ResponseReturnValue:
    """Hours by month and kind: all that remains of a task that is done."""
    volunteer = _volunteer()
    rows = own_tasks.list_hours(volunteer)
    return render_template(
        "tasks/hours.html",
        rows=rows,
        total=sum(minutes for *_rest, minutes in rows),
        tabs=_tabs(volunteer, "hours"),
    )


def _tabs(volunteer: Any, here: str) -> list[dict[str, object]]:
    open_count, own_count = task_queries.counts_own(volunteer)
    parts = (("board", _("Free"), open_count), ("mine", _("Mine"), own_count), ("hours", _("Hours"), None))
    return [
        {"label": text, "url": url_for(f"tasks.{name}"), "is_current": name == here, "count": count}
        for name, text, count in parts
    ]


@bp.post("/<public_id>/claim")
@access(Permission.TASK_CLAIM, audit=Audit.TASK_CLAIMED)
def claim(public_id: str) -> ResponseReturnValue:
    """Take a task: one wins, the other is told kindly and shown what else there is."""
    volunteer = _volunteer()
    task = task_queries.get_for_board(volunteer, public_id)
    try:
        with transaction(then=url_for("tasks.mine")):
            claim_service.claim(task, volunteer, actor=current_actor(), now=database_now())
    except claim_service.TaskTaken:
        return _too_late(public_id)
    return after_change(
        url_for("tasks.mine"),
        "tasks/_taken.html",
        card_id=f"task-{public_id}",
        message=_("The task is yours as soon as the coordinator has said yes."),
    )


def _too_late(public_id: str) -> ResponseReturnValue:
    volunteer = _volunteer()
    task = task_queries.get_for_board(volunteer, public_id)
    similar = task_queries.list_similar(volunteer, task)
    # For htmx the answer takes the card's place, so it must be one that is swapped in.
    return page_or_part(
        "tasks/too_late.html",
        "tasks/_too_late.html",
        200 if is_htmx() else 409,
        task=task,
        similar=similar,
        card_id=f"task-{public_id}",
    )


@bp.get("/claims/<public_id>")
@access(Permission.TASK_BOARD)
def claim_page(public_id: str) -> ResponseReturnValue:
    """One's own task: what it is about, and what may be seen when."""
    return _claim_page(public_id, ReportForm(), ReleaseForm())


def _claim_page(public_id: str, report: ReportForm, release: ReleaseForm, status: int = 200) -> ResponseReturnValue:
    own = own_tasks.get(current_actor(), public_id)
    return render_template(
        "tasks/claim.html",
        own=own,
        card=own.card,
        report_form=report,
        release_form=release,
        address_form=TaskAddressForm(formdata=None, prefix="where"),
    ), status


@bp.post("/claims/<public_id>/release")
@access(Permission.TASK_CLAIM, audit=Audit.TASK_RELEASED)
def release(public_id: str) -> ResponseReturnValue:
    """Give a task back."""
    own, form = task_queries.get_own(current_actor(), public_id), ReleaseForm()

    def act() -> None:
        claim_service.release(own, reason=form.reason.data, actor=current_actor(), now=database_now())

    if saved(form, act, then=url_for("tasks.board")):
        return after_change(url_for("tasks.board"), message=_("You have given the task back."))
    return _claim_page(public_id, ReportForm(formdata=None), form, form.status)


@bp.post("/claims/<public_id>/know-her")
@access(Permission.TASK_CLAIM, audit=Audit.TASK_RELEASED)
def know_her(public_id: str) -> ResponseReturnValue:
    """Say that one knows the woman: the task ends, and no other of hers is shown again."""
    own = task_queries.get_own(current_actor(), public_id)
    with transaction(then=url_for("tasks.board")):
        acquaintance.say_she_knows_her(own, actor=current_actor(), now=database_now())
    return after_change(url_for("tasks.board"), message=_("Thank you for saying so. The task is not yours any more."))


def _thanks(form: ReportForm) -> str:
    if form.outcome.data == TaskOutcome.CONCERN:
        return _("Thank you. Your hours are in, and the coordinator reads what worries you. In danger: call 112.")
    return _("Thank you. Your hours are in.")


@bp.post("/claims/<public_id>/report")
@access(Permission.TASK_CLAIM, audit=Audit.TASK_DONE)
def report(public_id: str) -> ResponseReturnValue:
    """Log hours and how it went."""
    own, form = task_queries.get_own(current_actor(), public_id), ReportForm()

    def act() -> None:
        said = {"minutes": form.minutes.data, "outcome": form.outcome.data, "text": form.text.data}
        claim_service.report(own, **said, actor=current_actor(), now=database_now())

    if saved(form, act, then=url_for("tasks.hours")):
        return after_change(url_for("tasks.hours"), message=_thanks(form))
    return _claim_page(public_id, form, ReleaseForm(formdata=None), form.status)


@bp.post("/claims/<public_id>/address")
@access(Permission.TASK_CLAIM, audit=Audit.ADDRESS_REVEALED, step_up=True)
def address(public_id: str) -> ResponseReturnValue:
    """Show where, for a minute, inside the window, to a volunteer who has been approved for it; written down first."""
    actor, form = current_actor(), TaskAddressForm(prefix="where")
    if not own_tasks.get(actor, public_id).has_address:
        raise NotFound
    claim, found = task_queries.get_own(actor, public_id), []

    def act() -> None:
        secret, why = task_addresses.its_address(claim, actor=actor), label(OnTheWay(form.why.data))
        found.append(reveals.reveal(secret, reason=why, actor=actor, now=database_now()))

    page = url_for("tasks.claim_page", public_id=public_id)
    if not saved(form, act, then=page):
        return _claim_page(public_id, ReportForm(formdata=None), ReleaseForm(formdata=None), form.status)
    return shown_once(_("Address"), found[0], back=page, back_words=_("Back to the task"))
