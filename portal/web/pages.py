"""Which page of ours a form stood on, and which address may be opened next. The browser sends no referrer."""

from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

# The hidden field in which a form carries the page that it stands on.
FIELD = "from_page"
LONGEST = 500


def known_page(target: str | None) -> str | None:
    """The same path and query when one of our pages can be opened there; None for everything else (R-550)."""
    if not target or len(target) > LONGEST or not target.isprintable():
        return None
    if target[0] != "/" or target[1:2] in ("/", "\\"):
        return None
    routes, path = current_app.create_url_adapter(request), unquote(urlsplit(target).path)
    if routes is None or not routes.test(path, method="GET"):
        return None
    return target.partition("#")[0]


def next_page(target: str | None) -> str:
    """Where to go after signing in: a page of ours that was asked for, else the front page (R-550)."""
    return known_page(target) or url_for("home.start")


def own_page() -> str:
    """The page that the form stood on, when it can be opened again; else the front page."""
    return next_page(known_page(_htmx_page()) or request.form.get(FIELD))


def _htmx_page() -> str | None:
    told = request.headers.get("HX-Current-URL", "")
    return "/" + told.removeprefix(request.host_url) if told.startswith(request.host_url) else None


def here() -> str:
    """The page that is being shown, for the forms on it."""
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    return request.full_path.rstrip("?") if is_page else own_page()


def answered_page() -> str | None:
    """The page of the form that this whole page answers, where it can be opened again (R-575)."""
    if request.method != "POST":
        return None
    try:
        return known_page(request.form.get(FIELD))
    except RequestEntityTooLarge:
        # What is too much is not read, not even to say so.
        return None


def init_app(app: Flask) -> None:
    """Let forms carry their page."""
    app.jinja_env.globals.update(page_here=here, answered_page=answered_page, FROM_PAGE=FIELD)
