"""Which language a page is in: the person's own, else what the browser's cookie says, else Danish."""

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale

KNOWN = ("da", "en")
babel = Babel()


def cookie_name() -> str:
    """The name of the cookie that remembers the language: host-bound wherever there is https."""
    return "__Host-language" if current_app.config["SECURE_COOKIES"] else "language"


def select_locale() -> str | None:
    """The language of this request; None outside requests, where the caller forces one."""
    if not has_request_context():
        return None
    if g.get("actor"):
        return str(g.actor.language)
    chosen = request.cookies.get(cookie_name(), "")
    return chosen if chosen in KNOWN else "da"


def init_app(app: Flask) -> None:
    """Let the pages speak."""
    babel.init_app(app, locale_selector=select_locale)
    app.jinja_env.globals["get_locale"] = get_locale
