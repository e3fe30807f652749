"""Where the portal is, as passkeys know it, and who is at the door."""

from typing import TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, redirect
from flask.typing import ResponseReturnValue

from portal.services.passkeys import Site
from portal.services.sign_in import HalfWay, Opened, Visitor
from portal.web import visitors
from portal.web.access import session_limits
from portal.web.cookies import put_session
from portal.web.sessions import end_former

R = TypeVar("R", bound=Response)


def site() -> Site:
    """The address that the settings name: never the one that a request claims."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return Site(origin=f"{parts.scheme}://{parts.netloc}", host=parts.hostname or "")


def visitor() -> Visitor:
    """The browser that asks."""
    return Visitor(device=visitors.device(), browser=visitors.browser(), limits=session_limits())


def let_in(outcome: Opened, who: Visitor, target: str) -> ResponseReturnValue:
    """To the page that was wanted, with a session of which no earlier page knew the token."""
    end_former()
    response = redirect(target, 303)
    put_session(response, outcome.token)
    visitors.give(response, "device", who.device, seconds=visitors.DEVICE_SECONDS)
    visitors.take(response, "half")
    return response


def half_way(outcome: HalfWay, page: str) -> ResponseReturnValue:
    """To the page that asks for the second proof."""
    response = redirect(page, 303)
    visitors.give(response, "half", outcome.token)
    return response


def options(text: str) -> Response:
    """What the browser needs to know to ask a passkey."""
    return current_app.response_class(text, mimetype="application/json")
