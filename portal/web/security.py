"""Headers that every answer carries, whose requests are taken at all, and the id of the request."""

from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from portal.core.ids import new_reference
from portal.core.request_id import set_request_id

csrf = CSRFProtect()

# Nothing inline and nothing from another site. No number per answer: two refusals are the same to the last byte.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "report-uri /content-report"
)
DIRECTIVES = frozenset(part.split()[0] for part in POLICY.split("; "))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()",
    "X-Robots-Tag": "noindex",
}
HSTS = "max-age=63072000; includeSubDomains"
SAFE = ("GET", "HEAD", "OPTIONS")
# Where a browser says that a form comes from. One that says nothing is old, and the form's token stands alone.
OURS = ("same-origin", "none")
# Who watches whether the portal is alive asks by whatever address reaches it.
ANY_HOST = "home.health"
STATIC_SECONDS = 3600
VERSIONED_SECONDS = 365 * 86400


def _begin() -> None:
    set_request_id(new_reference() + new_reference())


def _refuse_strangers() -> Response | None:
    """A name that is not ours, and a change that another site's page asks for (R-552)."""
    host = current_app.config.get("PUBLIC_HOST")
    if host and request.host != host and request.endpoint != ANY_HOST:
        # Without a page: its addresses would be made with the stranger's name.
        return Response("", 400, mimetype="text/plain")
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "same-origin") not in OURS:
        abort(400)
    return None


def _finish(response: Response) -> Response:
    headers = HEADERS | ({"Strict-Transport-Security": HSTS} if current_app.config["SECURE_COOKIES"] else {})
    response.headers.extend({name: value for name, value in headers.items() if name not in response.headers})
    if request.endpoint == "static" and response.status_code < 400:
        seconds = VERSIONED_SECONDS if "v" in request.args else STATIC_SECONDS
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    else:
        # Nothing of a page stays in the browser, and a part is never taken for a page.
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
    return response


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address changes with what is in it, so that the browser need not ask again."""
    if endpoint == "static" and "filename" in values and current_app.static_folder:
        file = Path(current_app.static_folder) / values["filename"]
        if file.is_file():
            seen = f"{file.stat().st_mtime_ns}-{file.stat().st_size}"
            values["v"] = blake2b(seen.encode(), digest_size=6).hexdigest()


def init_app(app: Flask) -> None:
    """Switch on CSRF protection, the headers and the request ids."""
    app.before_request(_begin)
    app.before_request(_refuse_strangers)
    app.after_request(_finish)
    app.url_defaults(_add_version)
