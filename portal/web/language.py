"""Which language a page is in: the person's own, else what the browser's cookie says, else Danish."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale

COOKIE = "language"
KNOWN = ("da", "en")
babel = Babel()


def select_locale() -> str | None:
    """The language of this request; None outside requests, where the caller forces one."""
    if not has_request_context():
        return None
    if g.get("actor"):
        return str(g.actor.language)
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in KNOWN else "da"


def init_app(app: Flask) -> None:
    """Let the pages speak."""
    babel.init_app(app, locale_selector=select_locale)
    app.jinja_env.globals["get_locale"] = get_locale
