"""Asking somebody to prove anew who she is, and going on with what she had begun (modifier M10, R-441)."""

from urllib.parse import urlsplit

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.services import factors
from portal.web.htmx import go_to, is_htmx

# Never carried along: a password that was typed is typed again.
SECRET = {"password", "current", "new", "again", "code", "credential"}
# The step-up's own fields; what is kept of the first form has the names that it had there.
OWN = {"csrf_token", "proof_code", "proof_credential", "proof_next", "proof_is_post"}


def ask() -> ResponseReturnValue:
    """The page that asks for a proof: before a page, or in the place of what a form would have done.

    A form that was sent is not lost: its fields stand in the page and are sent on after the proof.
    """
    if request.method in ("GET", "HEAD"):
        # A part of a page asks for the whole page to be left: it is opened again afterwards.
        target = urlsplit(request.headers.get("HX-Current-URL", "")).path if is_htmx() else request.path
        way = url_for("auth.step_up", next=target)
        return go_to(way, status=401) if is_htmx() else redirect(way, 303)
    return page(request.path, is_post=True, status=409)


def page(
    target: str, *, is_post: bool, status: int = 200, problem: str | None = None, is_empty: bool = False
) -> ResponseReturnValue:
    """The page itself; for htmx its main part, in the place of the page that was left."""
    values = {
        "target": target,
        "is_post": is_post,
        "problem": problem,
        "is_empty": is_empty,
        "kept": kept() if is_post else [],
        "kinds": factors.kinds_of(g.actor.user_id),
    }
    if not is_htmx():
        return render_template("auth/step_up.html", **values), status
    response = make_response(render_template("auth/_step_up.html", is_part=True, **values), status)
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def kept() -> list[tuple[str, str]]:
    """What was typed in the form that waits, without what is secret."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name not in OWN and name.rpartition("-")[2] not in SECRET]


def own_path(target: str | None, *, method: str = "GET") -> str:
    """An address within the portal that can be opened so, or the front page: never another site."""
    routes = current_app.create_url_adapter(request)
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or routes is None:
        return url_for("home.start")
    parts = urlsplit(target)
    is_ours = not (parts.scheme or parts.netloc) and routes.test(parts.path, method=method)
    return parts.path if is_ours else url_for("home.start")
