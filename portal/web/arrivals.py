"""Who comes without a session: to the sign-in page, with what was typed kept for its writer."""

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.clock import utc_now
from portal.db import transaction
from portal.domain.kept import DRAFT_OF
from portal.services import kept
from portal.wall import act_as
from portal.web.htmx import go_to, is_htmx
from portal.web.pages import own_page

SIGN_IN = "auth.sign_in"


def ask_to_sign_in(token: str) -> ResponseReturnValue:
    """Lead to the sign-in page and from there back. A form that came too late is kept (R-556).

    Whose session ran out because nobody did anything is told so there (R-866).
    """
    if is_from_elsewhere():
        return landing()
    if _is_away():
        return redirect(url_for("auth.left"), 303)
    if DRAFT_OF in request.form:
        # A draft that saves itself: who writes it is asked to sign in when she sends it.
        return "", 204 if _keep(token) else 401
    came_for, is_kept = None, None
    is_idle = bool(token) and kept.was_left_alone(token, now=utc_now())
    if request.method == "POST":
        is_kept = _keep(token) or None
        came_for = own_page() if is_kept else None
    elif not is_htmx():
        came_for = request.path
    sign_in = url_for(SIGN_IN, next=came_for, kept=is_kept, idle="1" if is_idle else None)
    return go_to(sign_in, status=401) if is_htmx() else redirect(sign_in, 303)


def away_cookie() -> str:
    """The cookie of whoever has just left for the page about the weather: it says no more than that page does."""
    return "__Host-weather" if current_app.config["SECURE_COOKIES"] else "weather"


def _is_away() -> bool:
    """Whether Back was pressed on the page about the weather: it shows itself again, and no word of signing in.

    Whoever means to come in again asks for the front page or for the sign-in page.
    """
    return request.method == "GET" and away_cookie() in request.cookies and request.path != url_for("home.start")


def _keep(token: str) -> bool:
    """Keep what was sent with a session that ran out; a sender without one is not known and keeps nothing."""
    now, page = utc_now(), own_page()
    writer = kept.writer_of(token, now=now) if token and page != url_for("home.start") else None
    if writer is None:
        return False
    # Her session is over; the database knows her as the writer of what she hands in, and of nothing else.
    act_as(writer)
    with transaction():
        # A draft is one of the form in which it was written.
        action = request.form.get(DRAFT_OF, request.path)
        written = kept.Written(action, page, list(request.form.items(multi=True)))
        return kept.keep(written, actor=writer, now=now) is not None


def is_from_elsewhere() -> bool:
    """Whether a link on another site or in a mail program was followed: the browser keeps our cookie back then."""
    sent_by, wanted = request.headers.get("Sec-Fetch-Site"), request.headers.get("Sec-Fetch-Dest")
    return request.method == "GET" and sent_by in ("cross-site", "same-site") and wanted == "document"


def landing() -> ResponseReturnValue:
    """A page that asks for itself once more, now as one of our own: then the session comes along (R-552)."""
    response = make_response(render_template("auth/landing.html"))
    response.headers["Refresh"] = "0"
    return response
