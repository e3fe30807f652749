"""Proving anew who one is, before what asks for it."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.auth import bp
from portal.blueprints.auth.site import options, site
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.sign_in import Ceremony, Proof
from portal.db import transaction
from portal.services import passkeys
from portal.services import sign_in as service
from portal.web import attempts
from portal.web import step_up as step
from portal.web.access import access, current_actor, current_session, is_second_required
from portal.web.cookies import put_session


@bp.get("/step-up")
@access(Permission.ACCOUNT_MANAGE)
def step_up() -> ResponseReturnValue:
    """Ask for a proof, and go on afterwards."""
    return step.page(step.own_path(request.args.get("next")), is_post=False)


@bp.post("/step-up/options")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.PASSKEY_ASKED)
def step_up_options() -> ResponseReturnValue:
    """A challenge for one's own passkeys."""
    # The plain transaction: the form that waits has a key of its own, for the time when it is sent on.
    with transaction():
        text = passkeys.ask(Ceremony.STEP_UP, site(), actor=current_actor(), now=utc_now())
    return options(text)


@bp.post("/step-up")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.STEPPED_UP)
def step_up_now() -> ResponseReturnValue:
    """Check the proof; then the page that was wanted, or the form that waited is sent on by the browser."""
    is_post = request.form.get("proof_is_post") == "1"
    target = step.own_path(request.form.get("proof_next"), method="POST" if is_post else "GET")
    is_post = is_post and target != url_for("home.start")
    if not (request.form.get("proof_credential") or request.form.get("proof_code", "").strip()):
        # Nothing was tried, so nothing counts as an attempt.
        return step.page(target, is_post=is_post, status=422, is_empty=True)
    key = f"step-up:{current_session().public_id}"
    attempts.take(key)
    with transaction():
        token = service.step_up(current_session(), _proof(), is_second_required=is_second_required(), now=utc_now())
    if token is None:
        return step.page(target, is_post=is_post, status=422, problem=_("That was not right. Try again."))
    attempts.forget(key)
    # 307: the browser sends the same fields once more, now to the form's own address.
    response = redirect(target, 307 if is_post else 303)
    put_session(response, token)
    return response


def _proof() -> Proof | None:
    credential, code = request.form.get("proof_credential", ""), request.form.get("proof_code", "")
    if credential:
        return service.proof_by_passkey(current_actor(), credential, site(), now=utc_now())
    return service.proof_by_code(current_actor(), code, now=utc_now()) if code else None
