"""The browser at the door: its family, and its cookies for a session, half a sign-in, and being known again."""

from flask import current_app, request
from werkzeug.wrappers import Response

from portal.core.sign_in import Browser
from portal.services import accounts

DEVICE_SECONDS = 180 * 86400
# What a browser calls itself, the more special word first: Edge says Chrome too, and Chrome says Safari.
FAMILIES = (
    ("Edg", Browser.EDGE),
    ("Firefox", Browser.FIREFOX),
    ("FxiOS", Browser.FIREFOX),
    ("CriOS", Browser.CHROME),
    ("Chrome", Browser.CHROME),
    ("Safari", Browser.SAFARI),
)


def name_of(kind: str) -> str:
    """The name of one of our cookies: host-bound wherever there is https."""
    return f"__Host-{kind}" if current_app.config["SECURE_COOKIES"] else f"bro_{kind}"


def give(response: Response, kind: str, token: str, *, seconds: int | None = None) -> None:
    """Hand a token to the browser, out of reach of scripts; without `seconds` until the browser is closed."""
    response.set_cookie(
        name_of(kind),
        token,
        max_age=seconds,
        httponly=True,
        secure=current_app.config["SECURE_COOKIES"],
        samesite="Strict",
        path="/",
    )


def take(response: Response, kind: str) -> None:
    """Let the browser forget one of our cookies."""
    secure = current_app.config["SECURE_COOKIES"]
    response.delete_cookie(name_of(kind), path="/", secure=secure, httponly=True, samesite="Strict")


def token_in(kind: str) -> str:
    """The token that the browser holds, empty for none and for what cannot be one."""
    token = request.cookies.get(name_of(kind), "")
    return token if 20 < len(token) < 100 else ""


def device() -> str:
    """The token of this browser: the one that it has, or a new one."""
    return token_in("device") or accounts.new_token()


def browser() -> Browser:
    """The family of the browser that asks: no more of it is kept."""
    said = request.user_agent.string
    return next((family for word, family in FAMILIES if word in said), Browser.OTHER)
