"""Out, away, and the language."""

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.auth import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Permission
from portal.services import accounts
from portal.web import visitors
from portal.web.access import access, current_actor, public
from portal.web.language import COOKIE, KNOWN
from portal.web.step_up import own_path
from portal.web.submissions import transaction


@bp.post("/sign-out")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.SIGNED_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    return _end_session(url_for("auth.sign_in"))


@bp.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """Leave at once: end the session on the server and go to a neutral page."""
    return _end_session(url_for("auth.left"))


@bp.get("/weather")
@public
def left() -> ResponseReturnValue:
    """A neutral page for whoever looks over a shoulder."""
    return render_template("auth/left.html")


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Change the language of the interface."""
    chosen = request.form.get("language", "")
    response = redirect(own_path(request.form.get("next")), 303)
    if chosen in KNOWN:
        response.set_cookie(
            COOKIE, chosen, max_age=365 * 86400, samesite="Lax", secure=current_app.config["SECURE_COOKIES"]
        )
        if g.actor is not None:
            with transaction():
                accounts.set_language(Language(chosen), actor=current_actor(), now=utc_now())
    return response


def _end_session(target: str) -> ResponseReturnValue:
    if g.actor is not None:
        with transaction():
            accounts.sign_out(visitors.token_in("session"), actor=current_actor(), now=utc_now())
    response = make_response(redirect(target, 303))
    visitors.drop_session(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
