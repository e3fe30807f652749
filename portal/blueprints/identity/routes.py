"""To the municipality's provider and back. Whatever goes wrong ends on one page that tells nothing."""

import hmac
from datetime import UTC, datetime
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import oidc
from portal.blueprints.identity import bp
from portal.blueprints.identity.forms import CodeForm
from portal.core.clock import utc_now
from portal.core.errors import NotFound
from portal.core.people import SignInProblem
from portal.domain.identity import JOURNEY
from portal.queries import identity as queries
from portal.services import accounts
from portal.services import identity as service
from portal.wall import as_system
from portal.web.access import public, session_limits
from portal.web.cookies import put_session
from portal.web.rate_limit import limiter, sign_in_address
from portal.web.security import OURS
from portal.web.sessions import end_former
from portal.web.submissions import transaction

# What the browser keeps meanwhile, signed, in the cookie that also holds the form token.
TRIP, STRANGER = "oidc_journey", "oidc_stranger"


@bp.get("")
@public
def choose() -> ResponseReturnValue:
    """The municipalities that have a sign-in of their own."""
    return render_template("identity/choose.html", providers=queries.list_providers())


@bp.get("/go/<public_id>")
@public
@limiter.limit("60 per 10 minutes", key_func=sign_in_address)
def go(public_id: str) -> ResponseReturnValue:
    """Send the browser to the municipality. Saves nothing: what must come back stands in the signed cookie.

    Only whoever presses the button of our own page goes: another site's link would open a session unasked (R-469).
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OURS:
        return redirect(url_for(".choose"), 303)
    known = _known(public_id)
    try:
        journey = oidc.begin(known, redirect_uri=_way_back())
    except oidc.ProviderProblem as silent:
        return _refuse(silent.problem)
    session[TRIP] = {
        "provider": public_id,
        "state": journey.state,
        "nonce": journey.nonce,
        "verifier": journey.verifier,
        "until": _until(),
    }
    return redirect(journey.url, 303)


@bp.get("/back")
@public
@limiter.limit("60 per 10 minutes", key_func=sign_in_address)
def callback() -> ResponseReturnValue:
    """The browser comes back: by the protocol the one GET that opens a session, and each journey does so once."""
    trip, now = _take(TRIP), utc_now()
    state = request.args.get("state", "")
    if trip is None or not hmac.compare_digest(state.encode(), trip["state"].encode()):
        return _refuse(SignInProblem.STATE_WRONG)
    with transaction():
        is_first = service.use_state(state, now=now)
    if not is_first:
        return _refuse(SignInProblem.STATE_USED)
    try:
        told = _ask(_known(trip["provider"]), trip)
    except NotFound:
        return _refuse(SignInProblem.PROVIDER_SILENT)
    except oidc.ProviderProblem as wrong:
        return _refuse(wrong.problem)
    with as_system(), transaction():
        provider = queries.get_provider(trip["provider"])
        token, problem = service.sign_in(provider, told, now=now, limits=session_limits())
    if problem is SignInProblem.SUBJECT_UNKNOWN:
        _keep_stranger(trip["provider"], told)
    return _refuse(problem) if problem is not None else _welcome(token or "")


def _ask(known: oidc.Provider, trip: dict[str, str]) -> oidc.Identity:
    code = request.args.get("code", "")
    if not code or "error" in request.args:
        raise oidc.ProviderProblem(SignInProblem.PROVIDER_REFUSED)
    journey = oidc.Journey("", trip["state"], trip["nonce"], trip["verifier"])
    return oidc.finish(known, journey, code=code, redirect_uri=_way_back())


@bp.get("/not-signed-in")
@public
def problem() -> ResponseReturnValue:
    """The one page on which everything ends that did not sign anybody in."""
    return render_template("identity/problem.html", form=CodeForm(formdata=None))


@bp.post("/code")
@public
@limiter.limit("10 per 10 minutes", key_func=sign_in_address)
def link() -> ResponseReturnValue:
    """Link one's account with the administrator's code, the first time."""
    form, stranger = CodeForm(), session.get(STRANGER)
    token: str | None = None
    if form.validate_on_submit():
        with as_system(), transaction():
            token = _link(stranger, form.code.data)
        if token is None:
            form.form_errors.append(_("That did not work. Sign in at your municipality once more, then type the code."))
    if token is None:
        return render_template("identity/problem.html", form=form), 422
    return _welcome(token)


def _link(kept: dict[str, Any] | None, code: str) -> str | None:
    now = utc_now()
    token, why = None, SignInProblem.CODE_WRONG
    if kept is not None and kept["until"] > now.timestamp():
        index = bytes.fromhex(kept["email"]) if kept["email"] else None
        stranger = service.Stranger(kept["issuer"], kept["subject"], index)
        try:
            provider = queries.get_provider(kept["provider"])
        except NotFound:
            return None
        token, found = service.link(provider, stranger, code, now=now, limits=session_limits())
        why = found or why
    if token is None:
        service.note_refusal(why, now=now)
    return token


def _known(public_id: str) -> oidc.Provider:
    """What is known of a provider. Read in a transaction of its own: none is open while the provider is asked."""
    with transaction():
        return queries.to_ask(public_id)


def _way_back() -> str:
    return f"{current_app.config['PUBLIC_URL']}{url_for('identity.callback')}"


def _until() -> float:
    return (utc_now() + JOURNEY).timestamp()


def _take(name: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = session.pop(name, None)
    return kept if kept is not None and datetime.fromtimestamp(kept["until"], UTC) > utc_now() else None


def _keep_stranger(provider: str, told: oidc.Identity) -> None:
    index = accounts.email_index(told.email).hex() if told.email else ""
    session[STRANGER] = {
        "provider": provider,
        "issuer": told.issuer,
        "subject": told.subject,
        "email": index,
        "until": _until(),
    }


def _refuse(problem: SignInProblem) -> ResponseReturnValue:
    with as_system(), transaction():
        service.note_refusal(problem, now=utc_now())
    if problem is not SignInProblem.SUBJECT_UNKNOWN:
        session.pop(STRANGER, None)
    return redirect(url_for("identity.problem"), 303)


def _welcome(token: str) -> ResponseReturnValue:
    end_former()
    session.clear()
    response = make_response(redirect(url_for("home.start"), 303))
    put_session(response, token)
    return response
