"""Out, away, and the language."""

from flask import Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.auth import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Permission
from portal.services import accounts
from portal.web.access import access, current_actor, public, session_token
from portal.web.cookies import drop_session, forget, put_away, put_choice
from portal.web.language import KNOWN
from portal.web.language import cookie_name as language_cookie
from portal.web.pages import next_page
from portal.web.security import csrf
from portal.web.submissions import transaction


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
    response = _end_session(url_for("auth.left"))
    put_away(response)
    return response


@bp.get("/weather")
@public
def left() -> ResponseReturnValue:
    """A page for whoever looks over a shoulder: by nothing that it shows is it one of the portal's (R-574).

    It empties the cache, should the way here have failed to.
    """
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


def _end_session(target: str) -> Response:
    if g.actor is not None:
        with transaction():
            accounts.sign_out(session_token(), actor=current_actor(), now=utc_now())
    session.clear()
    response = make_response(redirect(target, 303))
    drop_session(response)
    return response
