"""In and out."""

from flask import g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.forms import SignInForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Permission
from portal.services import accounts
from portal.web.access import access, cookie_name, current_actor, public, session_limits
from portal.web.cookies import drop_session, forget, put_choice, put_session
from portal.web.language import KNOWN
from portal.web.language import cookie_name as language_cookie
from portal.web.pages import next_page
from portal.web.rate_limit import limiter, sign_in_account, sign_in_address
from portal.web.security import csrf
from portal.web.submissions import transaction


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
        with transaction():
            token = accounts.sign_in(form.email.data, form.password.data, now=utc_now(), limits=session_limits())
        if token is None:
            form.form_errors.append(_("E-mail or password is not right. Try again."))
    if token is None:
        return render_template("auth/sign_in.html", form=form, next=request.form.get("next", "")), 422
    response = make_response(redirect(next_page(request.form.get("next")), 303))
    put_session(response, token)
    return response


@bp.post("/sign-out")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.SIGNED_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    return _end_session(url_for("auth.sign_in"))


@bp.post("/leave")
@csrf.exempt
@public
def leave() -> ResponseReturnValue:
    """Leave at once: end the session on the server and go to a neutral page (R-553).

    Works from the oldest page: no token is asked for. Another site can end nobody's session: its request
    is refused, and carries no session.
    """
    return _end_session(url_for("auth.left"))


@bp.get("/weather")
@public
def left() -> ResponseReturnValue:
    """A neutral page for whoever looks over a shoulder. It empties the cache, should the way here have failed to."""
    response = make_response(render_template("auth/left.html"))
    forget(response)
    return response


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Change the language of the interface."""
    chosen = request.form.get("language", "")
    response = make_response(redirect(next_page(request.form.get("next")), 303))
    if chosen in KNOWN:
        put_choice(response, language_cookie(), chosen)
        if g.actor is not None:
            with transaction():
                accounts.set_language(Language(chosen), actor=current_actor(), now=utc_now())
    return response


def _end_session(target: str) -> ResponseReturnValue:
    if g.actor is not None:
        with transaction():
            accounts.sign_out(request.cookies[cookie_name()], actor=current_actor(), now=utc_now())
    session.clear()
    response = make_response(redirect(target, 303))
    drop_session(response)
    return response
