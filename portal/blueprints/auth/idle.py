"""The idle lock: a page says that somebody is there, or hands in what was typed and ends the session (R-555)."""

from flask import abort, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db as database
from portal.blueprints.auth import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.kept import DRAFT_OF
from portal.services import accounts, kept
from portal.services.kept import Written
from portal.wall import act_as
from portal.web.access import access, current_actor, public, session_token
from portal.web.cookies import drop_session
from portal.web.htmx import after_change
from portal.web.inputs import read_json
from portal.web.pages import known_page, own_page
from portal.web.submissions import transaction


@bp.post("/alive")
@public
def alive() -> ResponseReturnValue:
    """Somebody is at the page: the gate has moved the session's mark. 401 when there is no session any more."""
    return "", 204 if g.actor is not None else 401


@bp.post("/lock")
@public
def lock() -> ResponseReturnValue:
    """Keep what was typed and end the session. Also takes what comes after the session ran out by itself."""
    token, now, forms = session_token(), utc_now(), _written()
    writer = kept.writer_of(token, now=now) if token else None
    if writer is not None:
        # Her session may be over; the database knows her as the writer of what she hands in.
        act_as(writer)
        with transaction():
            for form in forms:
                kept.keep(form, actor=writer, now=now)
            accounts.sign_out(token, actor=writer, now=now)
    response = make_response("", 204)
    drop_session(response)
    return response


@bp.post("/kept")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FORM_KEPT)
def keep_draft() -> ResponseReturnValue:
    """Keep a form while somebody writes in it (R-819): she goes on, here or on another day. X-Kept says as what."""
    form = Written(request.form.get(DRAFT_OF, ""), own_page(), list(request.form.items(multi=True)))
    if not _leads_to_us(form.action):
        abort(400)
    # Its own sending must not use up the key of the form that is still open.
    with database.transaction():
        key = kept.keep(form, actor=current_actor(), now=utc_now())
    return "", 204, {"X-Kept": key or ""}


@bp.post("/kept/<public_id>/discard")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.FORM_DISCARDED)
def discard_kept(public_id: str) -> ResponseReturnValue:
    """Throw away what was typed and not sent."""
    page = own_page()
    with transaction(then=page):
        kept.discard(public_id, actor=current_actor(), now=utc_now())
    return after_change(page, message=_("It is thrown away."))


def _written() -> list[Written]:
    """The forms that the page hands in: each leads to one of our addresses and stands on one of our pages."""
    sent = read_json()
    try:
        page = known_page(str(sent["page"]))
        forms = [
            Written(str(form["action"]), page or "/", [(str(name), str(value)) for name, value in form["fields"]])
            for form in sent["forms"][: kept.MOST]
        ]
    except (KeyError, TypeError, ValueError):
        abort(400)
    return [form for form in forms if page and _leads_to_us(form.action)]


def _leads_to_us(action: str) -> bool:
    """Whether a form is sent to one of our addresses."""
    routes = current_app.create_url_adapter(request)
    return routes is not None and routes.test(action, method="POST")
