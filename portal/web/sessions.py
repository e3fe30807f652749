"""What a page knows about its session: when it locks itself, and what was typed when the last one ended (R-555)."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request

from portal.core.clock import utc_now
from portal.db import transaction
from portal.queries.kept import Kept, list_kept
from portal.services import accounts
from portal.web.access import session_token
from portal.web.pages import here


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds until the session ends: without a sign of life, and whatever happens."""

    idle: int
    rest: int


def session_clock() -> Clock | None:
    """For the page's own timer; None where nobody has signed in."""
    ends_at = g.get("session_ends_at")
    if ends_at is None:
        return None
    rest = int((ends_at - utc_now()).total_seconds())
    return Clock(current_app.config["SESSION_IDLE_MINUTES"] * 60, max(rest, 0))


def kept_forms() -> tuple[list[Kept], list[Kept]]:
    """What was typed on this page and could not be sent, and what was typed on others.

    A statement is spent only where the rail's count says that there is something. On a page that refuses there is
    nothing of this page: it may be refused because the case is closed to her by now.
    """
    if not g.get("has_kept"):
        return [], []
    page, forms = _path(here()), list_kept(g.actor, now=utc_now())
    own = [] if g.get("is_refused") else [form for form in forms if _path(form.page) == page]
    return own, [form for form in forms if _path(form.page) != page]


def _path(page: str) -> str:
    return page.partition("?")[0]


def end_former() -> None:
    """End the session with which this browser came: whoever signs in leaves no other behind (R-436)."""
    if g.get("actor") is not None:
        with transaction():
            accounts.sign_out(session_token(), actor=g.actor, now=utc_now())


def init_app(app: Flask) -> None:
    """Let the frame of every page ask."""
    app.jinja_env.globals.update(session_clock=session_clock, kept_forms=kept_forms, is_shown_first=_is_shown_first)


def _is_shown_first() -> bool:
    return request.method == "GET"
