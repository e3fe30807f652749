"""Codes that were given out, and lost factors that wait for a second person."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.admin import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.permissions import can
from portal.queries import sign_in as queries
from portal.services import account_codes, users
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.submissions import transaction


@bp.get("/codes")
@access(Permission.USER_MANAGE, Permission.SAFETY_VIEW)
def codes() -> ResponseReturnValue:
    """What was given out by telephone and is not used yet."""
    return _page()


def _page(*, shown: str | None = None, to: str = "") -> ResponseReturnValue:
    actor = current_actor()
    try:
        rows, following = queries.list_codes(actor, now=utc_now(), after=request.args.get("after"))
    except ValueError:
        abort(400)
    return render_template(
        "admin/codes.html",
        rows=rows,
        next_url=url_for(".codes", after=following) if following else None,
        can_withdraw=can(actor, Permission.USER_MANAGE),
        shown=shown,
        to=to,
    )


@bp.post("/users/<public_id>/lost")
@access(Permission.USER_MANAGE, audit=Audit.FACTORS_LOST, step_up=True)
def report_lost(public_id: str) -> ResponseReturnValue:
    """Say that a colleague has lost her passkey or code app, and call a second person."""
    with transaction(then=url_for(".codes")):
        users.report_lost(public_id, actor=current_actor(), now=utc_now())
    message = _("A second person is asked: another administrator or the safety officer.")
    return after_change(url_for(".codes"), message=message)


@bp.post("/codes/<public_id>/confirm")
@access(Permission.USER_MANAGE, Permission.SAFETY_VIEW, audit=Audit.CODE_GIVEN, step_up=True)
def confirm_lost(public_id: str) -> ResponseReturnValue:
    """Confirm as the second person; the code is shown once, to be read out."""
    with transaction(then=url_for(".codes")):
        name, code = account_codes.confirm_lost(public_id, actor=current_actor(), now=utc_now())
    return _page(shown=code, to=name)


@bp.post("/codes/<public_id>/withdraw")
@access(Permission.USER_MANAGE, audit=Audit.CODE_WITHDRAWN, step_up=True)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take a code back."""
    with transaction(then=url_for(".codes")):
        account_codes.withdraw(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for(".codes"), message=_("The code is worth nothing any more."))
