"""The cookies we set: bound to this host, closed to scripts, sent only by our own pages (R-552)."""

from datetime import timedelta

from flask import current_app
from werkzeug.wrappers import Response

from portal.web.access import cookie_name
from portal.web.arrivals import away_cookie

YEAR = timedelta(days=365)
# For how long Back shows the neutral page again to whoever has left.
AWAY_FOR = timedelta(minutes=10)


def put_session(response: Response, token: str) -> None:
    """Give the browser its session. Another site's page never sends it along."""
    response.set_cookie(cookie_name(), token, httponly=True, secure=_is_secure(), samesite="Strict")


def drop_session(response: Response) -> None:
    """Take the session away, and what the browser kept of our pages.

    That a closed cookie changes also makes Chromium drop the pages that it holds ready for Back.
    """
    response.delete_cookie(cookie_name(), httponly=True, secure=_is_secure(), samesite="Strict")
    forget(response)


def put_away(response: Response) -> None:
    """Remember for ten minutes that somebody has left; nothing personal, and not who."""
    response.set_cookie(away_cookie(), "1", max_age=AWAY_FOR, httponly=True, secure=_is_secure(), samesite="Lax")


def put_choice(response: Response, name: str, value: str) -> None:
    """Remember a choice about the interface for a year; nothing personal."""
    response.set_cookie(name, value, max_age=YEAR, httponly=True, secure=_is_secure(), samesite="Lax")


def forget(response: Response) -> None:
    """Ask the browser to empty its cache and storage. Not its cookies: the language stays as it is."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _is_secure() -> bool:
    return bool(current_app.config["SECURE_COOKIES"])
