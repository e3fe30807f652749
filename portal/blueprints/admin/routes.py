"""People and their roles; jobs and mail."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import PersonForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import operations as operation_queries
from portal.queries import outbox
from portal.queries import users as queries
from portal.services import leavers, mail_care
from portal.services import users as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/users")
@access(Permission.USER_MANAGE)
def users() -> ResponseReturnValue:
    """The people of the own organisation."""
    return _users(PersonForm(formdata=None))


def _users(form: PersonForm, status: int = 200, *, shown: str | None = None, to: str = "") -> ResponseReturnValue:
    try:
        rows, following = queries.list_members(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)
    next_url = url_for(".users", after=following) if following else None
    return render_template("admin/users.html", rows=rows, next_url=next_url, form=form, shown=shown, to=to), status


@bp.post("/users")
@access(Permission.USER_MANAGE, audit=Audit.USER_INVITED, step_up=True)
def create() -> ResponseReturnValue:
    """Invite somebody to a role. The code to be read out is shown once; nothing tells whether she is known."""
    form, codes = PersonForm(), []

    def act() -> None:
        code = service.add_person(
            form.name.data,
            form.email.data,
            form.role.data,
            form.language.data,
            actor=current_actor(),
            now=utc_now(),
        )
        codes.append(code)

    if saved(form, act, then=url_for(".users")):
        return _users(PersonForm(formdata=None), shown=codes[0], to=form.name.data)
    return _users(form, form.status)


@bp.post("/users/<public_id>/end")
@access(Permission.MEMBERSHIP_END, audit=Audit.MEMBERSHIP_ENDED, step_up=True)
def end(public_id: str) -> ResponseReturnValue:
    """End somebody's role at once, without handing over."""
    page = url_for("people.index")
    with transaction(then=page):
        leavers.end_membership(public_id, actor=current_actor(), now=utc_now())
    return after_change(page, message=_("The role has ended. She is signed out everywhere."))


@bp.post("/users/<public_id>/password")
@access(Permission.USER_MANAGE, audit=Audit.CODE_GIVEN, step_up=True)
def reset(public_id: str) -> ResponseReturnValue:
    """A code with which a colleague chooses a new password; shown once, to be read out."""
    name = queries.get_name(current_actor(), public_id)
    with transaction(then=url_for(".users")):
        code = service.give_code(public_id, actor=current_actor(), now=utc_now())
    return _users(PersonForm(formdata=None), shown=code, to=name)


@bp.get("/operations")
@access(Permission.OPERATIONS_VIEW)
def operations() -> ResponseReturnValue:
    """Whether mail gets out and scheduled work is done."""
    actor = current_actor()
    counts: list[tuple[str, Any]] = list(operation_queries.count_mail().items())
    return render_template(
        "admin/operations.html",
        jobs=operation_queries.list_jobs(now=utc_now()),
        result_word=_result_word,
        counts=[(_state_word(state), count) for state, count in counts],
        failed=outbox.list_failed(actor.organisation_id),
    )


def _result_word(row: operation_queries.JobRow) -> str:
    """What came of a job's last run: how much was done, or how it ended."""
    if row.result is None:
        return ""
    return {
        "done": _("%(num)d done", num=row.done or 0),
        "running": _("runs now"),
        "failed": _("failed"),
        "broken_off": _("broken off"),
    }[row.result.value]


def _state_word(state: str) -> str:
    return {
        "pending": _("waits"),
        "leased": _("is being sent"),
        "accepted": _("taken on by the provider"),
        "unknown": _("not known whether it arrived"),
        "needs_human": _("needs a human"),
        "cancelled": _("no longer needed"),
        "expired": _("too old"),
    }[str(state)]


@bp.post("/mail/<public_id>/again")
@access(Permission.OPERATIONS_VIEW, audit=Audit.MAIL_RETRIED)
def try_again(public_id: str) -> ResponseReturnValue:
    """Send a mail once more."""
    with transaction(then=url_for(".operations")):
        mail_care.try_again(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for(".operations"), message=_("The mail is tried again within a minute."))
