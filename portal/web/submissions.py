"""Saving from a page: one transaction, and the same form never twice (security promise P2)."""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request

from portal import db as database
from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.domain.organisation_exits import WHILE_LEAVING
from portal.services import kept, submissions
from portal.web.pages import FIELD, own_page
from portal.web.step_up import OWN

KEY = re.compile(r"([A-Za-z0-9_-]{22})(?:\.([A-Za-z0-9_-]{11}))?")
# The form that was kept when a session ended, and has now been sent after all.
KEPT = "kept"
# Neither what every form carries nor what a step-up has sent along with it.
UNCOUNTED = OWN | {"form_key", FIELD, KEPT}


class Replayed(Exception):
    """This form was taken in before; `location` is where it led."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


class RoleSwitched(NotNow):
    """The form stood on a page that was opened in another role."""

    message = _("You have switched role since you opened the page. Nothing was saved.")


def new_form_key() -> str:
    """A key for one showing of a form; whoever is signed in, it also says in which role the page was shown."""
    actor = g.get("actor")
    return new_public_id() if actor is None else f"{new_public_id()}.{_role_mark(actor)}"


def _role_mark(actor: Actor) -> str:
    """A short mark of one membership. It keeps nobody out: it only tells somebody what she did in another window."""
    secret = str(current_app.config["SECRET_KEY"]).encode()[:64]
    digest = hashlib.blake2b(str(actor.membership_id).encode(), key=secret, digest_size=8).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_role(actor: Actor) -> None:
    """Before anything is asked about the page: a form from another role is refused, and nothing is done (R-468).

    Raises RoleSwitched.
    """
    sent = KEY.fullmatch(request.form.get("form_key", "")) if request.method == "POST" else None
    if sent is not None and sent[2] is not None and sent[2] != _role_mark(actor):
        raise RoleSwitched


def _sent() -> tuple[str, bytes] | None:
    """The key of the form that was sent, and what was in it; None where there is no key or nobody signed in."""
    key = request.form.get("form_key", "")
    found = KEY.fullmatch(key)
    if found is None or not g.get("actor"):
        return None
    content = ((name, value) for name, value in request.form.items(multi=True) if name not in UNCOUNTED)
    return found[1], submissions.digest(request.path, content)


def replay() -> None:
    """Before a page looks at what it may do now: a form that was taken in leads where it led. Raises Replayed."""
    sent = _sent() if request.method == "POST" else None
    if sent is not None:
        location = submissions.find(*sent, actor=g.actor)
        if location is not None:
            raise Replayed(location)


@contextmanager
def transaction(*, then: str | None = None) -> Iterator[None]:
    """Save what happens inside, all of it or nothing, once per form.

    `then` is where the browser is sent when this form has been taken in before. Raises Replayed then, and NotNow for
    an organisation that is leaving: it reads and hands over, and changes nothing else (R-470).
    """
    _must_not_be_frozen()
    with database.transaction():
        sent = _sent()
        if sent is not None:
            first = submissions.take_in(*sent, actor=g.actor, location=then or own_page(), now=utc_now())
            if first is not None:
                raise Replayed(first)
        yield
        kept_id = request.form.get(KEPT, "")
        if KEY.fullmatch(kept_id) and g.get("actor"):
            kept.use(kept_id, actor=g.actor)


def _must_not_be_frozen() -> None:
    actor = g.get("actor")
    if actor is None or not actor.is_frozen:
        return
    declared = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    # What is open to everybody leads in and out.
    if declared is not None and declared.permissions is not None and declared.audit not in WHILE_LEAVING:
        raise NotNow(_("Your organisation is leaving the portal. You can read and hand over, and change nothing else."))


def init_app(app: Flask) -> None:
    """Answer a form's second sending first, and give templates the keys. After the gate: it must know who asks."""
    app.before_request(replay)
    app.jinja_env.globals["new_form_key"] = new_form_key
