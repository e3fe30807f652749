"""One's own account: devices, roles, password."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import PasswordForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import accounts as account_queries
from portal.services import accounts
from portal.web.access import access, cookie_name, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "auth/account.html",
        form=form,
        sessions=account_queries.list_sessions(actor, now=utc_now()),
        here=accounts.token_hash(request.cookies[cookie_name()]),
        roles=account_queries.list_memberships(actor),
        membership_id=actor.membership_id,
    ), status


@bp.get("/account")
@access(Permission.ACCOUNT_MANAGE)
def account() -> ResponseReturnValue:
    """Where one is signed in, in which role, and a new password."""
    return _page(PasswordForm(formdata=None))


@bp.post("/account/password")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.PASSWORD_CHANGED)
def change_password() -> ResponseReturnValue:
    """Take a new password; all other sessions end."""
    form, page = PasswordForm(), url_for("auth.account")

    def act() -> None:
        accounts.change_password(
            form.current.data,
            form.new.data,
            form.again.data,
            keep=request.cookies[cookie_name()],
            actor=current_actor(),
            now=utc_now(),
        )

    if saved(form, act, then=page):
        return after_change(page, message=_("The password is changed."))
    return _page(form, form.status)


@bp.post("/account/sessions/<public_id>/end")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.SIGNED_OUT)
def end_session(public_id: str) -> ResponseReturnValue:
    """End one's own session on another device."""
    with transaction(then=url_for("auth.account")):
        accounts.end_session(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for("auth.account"), message=_("The device is signed out."))


@bp.post("/account/roles/<public_id>")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.ROLE_SWITCHED)
def switch_role(public_id: str) -> ResponseReturnValue:
    """Go on in another of one's own roles."""
    with transaction(then=url_for("home.start")):
        accounts.switch_role(request.cookies[cookie_name()], public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for("home.start"))
