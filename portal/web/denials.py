"""Whoever is refused leaves a line; whoever tries one address after the other is sent out (R-487, R-493)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g, request

from portal.core.clock import utc_now
from portal.core.errors import Unlogged
from portal.db import transaction
from portal.services import probing
from portal.web.access import cookie_name, current_actor

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def note(status: int, *, rule: str | None = None) -> None:
    """Write that somebody signed in was refused a thing, whether it is there or not: both take the same steps.

    When the trail takes no line the answer stays the refusal that it is.
    """
    actor = g.get("actor")
    asked = [value for name, value in (request.view_args or {}).items() if name.endswith("_id")]
    if actor is None or request.endpoint is None or status not in (403, 404) or (status == 404 and not asked):
        return
    with _written():
        probing.note_refusal(
            [value for value in asked if PUBLIC_ID.fullmatch(value)],
            rule=rule or f"{status} {request.endpoint}",
            token=request.cookies.get(cookie_name(), "") if current_app.config["COUNT_ATTEMPTS"] else None,
            actor=actor,
            now=utc_now(),
        )


def note_reference(reference: str) -> None:
    """Write that somebody named a case by its reference and was refused, whether it is there or not."""
    with _written():
        probing.note_reference(reference, rule=f"404 {request.endpoint}", actor=current_actor(), now=utc_now())


@contextmanager
def _written() -> Iterator[None]:
    try:
        with transaction():
            yield
    except Unlogged:
        current_app.logger.error("a refusal could not be written down in %s", request.endpoint)
