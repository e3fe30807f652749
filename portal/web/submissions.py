"""Saving from a page: one transaction, and the same form never twice (security promise P2)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, request, url_for

from portal import db as database
from portal.core.clock import utc_now
from portal.core.ids import new_public_id
from portal.services import submissions

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
UNCOUNTED = {"csrf_token", "form_key"}


class Replayed(Exception):
    """This form was taken in before; `location` is where it led."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


def new_form_key() -> str:
    """A key for one showing of a form."""
    return new_public_id()


@contextmanager
def transaction(*, then: str | None = None) -> Iterator[None]:
    """Save what happens inside, all of it or nothing, once per form.

    `then` is where the browser is sent when this form has been taken in before. Raises Replayed then.
    """
    with database.transaction():
        key = request.form.get("form_key", "")
        if KEY.fullmatch(key) and g.get("actor"):
            content = submissions.digest(
                request.path, ((k, v) for k, v in request.form.items(multi=True) if k not in UNCOUNTED)
            )
            first = submissions.take_in(key, content, actor=g.actor, location=then or _own_page(), now=utc_now())
            if first is not None:
                raise Replayed(first)
        yield


def _own_page() -> str:
    """The page that the form stood on, when it was one of ours; else the front page."""
    referrer = request.referrer or ""
    if referrer.startswith(request.host_url):
        return "/" + referrer.removeprefix(request.host_url)
    return url_for("home.start")
