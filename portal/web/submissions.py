"""Saving from a page: one transaction, and the same form never twice (security promise P2)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, request

from portal import db as database
from portal.core.clock import utc_now
from portal.core.ids import new_public_id
from portal.services import kept, submissions
from portal.web.pages import FIELD, own_page
from portal.web.step_up import OWN

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
# The form that was kept when a session ended, and has now been sent after all.
KEPT = "kept"
# Neither what every form carries nor what a step-up has sent along with it.
UNCOUNTED = OWN | {"form_key", FIELD, KEPT}


class Replayed(Exception):
    """This form was taken in before; `location` is where it led."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


def new_form_key() -> str:
    """A key for one showing of a form."""
    return new_public_id()


def _sent() -> tuple[str, bytes] | None:
    """The key of the form that was sent, and what was in it; None where there is no key or nobody signed in."""
    key = request.form.get("form_key", "")
    if not KEY.fullmatch(key) or not g.get("actor"):
        return None
    content = ((name, value) for name, value in request.form.items(multi=True) if name not in UNCOUNTED)
    return key, submissions.digest(request.path, content)


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

    `then` is where the browser is sent when this form has been taken in before. Raises Replayed then.
    """
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


def init_app(app: Flask) -> None:
    """Answer a form's second sending first, and give templates the keys. After the gate: it must know who asks."""
    app.before_request(replay)
    app.jinja_env.globals["new_form_key"] = new_form_key
