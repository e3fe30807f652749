"""Headers that every answer carries, and the id of the request."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from portal.core.ids import new_reference
from portal.core.request_id import set_request_id

csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex",
}


def _begin() -> None:
    set_request_id(new_reference() + new_reference())


def _finish(response: Response) -> Response:
    response.headers.extend({name: value for name, value in HEADERS.items() if name not in response.headers})
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        # Nothing of a page stays in the browser, and a part is never taken for a page.
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
    return response


def init_app(app: Flask) -> None:
    """Switch on CSRF protection, the headers and the request ids."""
    app.before_request(_begin)
    app.after_request(_finish)
    csrf.init_app(app)
