"""In and out."""

from urllib.parse import urlsplit

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import SignInForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Permission
from portal.services import accounts
from portal.wall import as_system
from portal.web.access import access, cookie_name, current_actor, public, session_limits
from portal.web.language import COOKIE, KNOWN
from portal.web.rate_limit import limiter, sign_in_account, sign_in_address
from portal.web.submissions import transaction


def _own_path(target: str | None) -> str:
    """A path within the portal, or the front page: never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("home.start")
    parts = urlsplit(target)
    return url_for("home.start") if parts.scheme or parts.netloc else parts.path


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if g.actor is not None:
        return redirect(url_for("home.start"), 303)
    return render_template("auth/sign_in.html", form=SignInForm(), next=request.args.get("next", ""))


@bp.post("/sign-in")
@public
@limiter.limit("10 per 10 minutes", key_func=sign_in_account)
@limiter.limit("60 per 10 minutes", key_func=sign_in_address)
def sign_in_now() -> ResponseReturnValue:
    """Check address and password, and open a session."""
    form = SignInForm()
    token = None
    if form.validate_on_submit():
        with as_system(), transaction():
            token = accounts.sign_in(form.email.data, form.password.data, now=utc_now(), limits=session_limits())
        if token is None:
            form.form_errors.append(_("E-mail or password is not right. Try again."))
    if token is None:
        return render_template("auth/sign_in.html", form=form, next=request.form.get("next", "")), 422
    response = redirect(_own_path(request.form.get("next")), 303)
    response.set_cookie(
        cookie_name(), token, httponly=True, secure=current_app.config["SECURE_COOKIES"], samesite="Lax", path="/"
    )
    return response


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
    response = redirect(_own_path(request.form.get("next")), 303)
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
            accounts.sign_out(request.cookies[cookie_name()], actor=current_actor(), now=utc_now())
    response = make_response(redirect(target, 303))
    response.delete_cookie(cookie_name(), path="/", secure=current_app.config["SECURE_COOKIES"])
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
