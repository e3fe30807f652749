"""The cookies we set: bound to this host, closed to scripts, sent only by our own pages (R-552)."""

from datetime import timedelta

from flask import Response, current_app

from portal.web.access import cookie_name


def put_session(response: Response, token: str) -> None:
    """Give the browser its session. Another site's page never sends it along."""
    response.set_cookie(cookie_name(), token, path="/", samesite="Strict", **_closed())


def drop_session(response: Response) -> None:
    """Take the session away, and what the browser kept of our pages.

    That a closed cookie changes also makes Chromium drop the pages that it holds ready for Back.
    """
    response.delete_cookie(cookie_name(), path="/", samesite="Strict", **_closed())
    forget(response)


def put_choice(response: Response, name: str, value: str) -> None:
    """Remember a choice about the interface for a year; nothing personal."""
    response.set_cookie(name, value, max_age=timedelta(days=365), path="/", samesite="Lax", **_closed())


def forget(response: Response) -> None:
    """Ask the browser to empty its cache and storage. Not its cookies: the language stays as it is."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _closed() -> dict[str, bool]:
    return {"httponly": True, "secure": current_app.config["SECURE_COOKIES"]}
