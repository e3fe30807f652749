"""One's own account: how one signs in, where one is signed in, roles, password."""

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import PasswordForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.sign_in import FactorKind, Proof
from portal.domain.hand_overs import successor_roles
from portal.queries import accounts as account_queries
from portal.queries import sign_in as sign_in_queries
from portal.services import accounts, passwords, sessions
from portal.web.access import access, current_actor, current_session
from portal.web.cookies import put_session
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    actor, session = current_actor(), current_session()
    factors = sign_in_queries.list_factors(actor)
    return render_template(
        "auth/account.html",
        form=form,
        factors=factors,
        has_app=any(factor.kind is FactorKind.TOTP for factor in factors),
        codes_left=sign_in_queries.count_recovery_codes(actor),
        must_know_password=session.proof is not Proof.PASSKEY,
        sessions=account_queries.list_sessions(actor, now=utc_now()),
        here=session.public_id,
        roles=account_queries.list_memberships(actor),
        membership_id=actor.membership_id,
        hands_over=bool(successor_roles(actor.role)),
    ), status


@bp.get("/account")
@access(Permission.ACCOUNT_MANAGE)
def account() -> ResponseReturnValue:
    """How and where one is signed in, in which role, and a new password."""
    return _page(PasswordForm(formdata=None))


@bp.post("/account/password")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.PASSWORD_CHANGED, step_up=True)
def change_password() -> ResponseReturnValue:
    """Take a new password; all other sessions end."""
    form, page = PasswordForm(), url_for("auth.account")

    def act() -> None:
        passwords.change(current_session(), form.current.data or "", form.new.data, form.again.data, now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("The password is changed."))
    return _page(form, form.status)


@bp.post("/account/sessions/<public_id>/end")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.SIGNED_OUT, step_up=True)
def end_session(public_id: str) -> ResponseReturnValue:
    """End one's own session on another device."""
    with transaction(then=url_for("auth.account")):
        accounts.end_session(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for("auth.account"), message=_("The device is signed out."))


@bp.post("/account/sessions/end")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.SESSIONS_ENDED, step_up=True)
def end_others() -> ResponseReturnValue:
    """End one's own sessions on all other devices."""
    with transaction(then=url_for("auth.account")):
        sessions.end_others(current_session(), now=utc_now())
    return after_change(url_for("auth.account"), message=_("You are signed out on all other devices."))


@bp.post("/account/roles/<public_id>")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.ROLE_SWITCHED)
def switch_role(public_id: str) -> ResponseReturnValue:
    """Go on in another of one's own roles, with a new token."""
    with transaction(then=url_for("home.start")):
        token = sessions.switch_role(current_session(), public_id, now=utc_now())
    response: Response = make_response(after_change(url_for("home.start")))
    put_session(response, token)
    return response
