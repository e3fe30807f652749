"""The only place that asks whether htmx is at the other end."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX

htmx = HTMX()


def is_htmx() -> bool:
    """Whether a part of a page is asked for. A history restore needs the whole page."""
    return bool(htmx) and not htmx.history_restore_request


def page_or_part(page: str, part: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """The whole page, or only the part that htmx will put in its place."""
    return render_template(part if is_htmx() else page, **context), status


def after_change(
    url: str, part: str | None = None, *, message: Any = None, undo: Any = None, further: Any = None, **context: Any
) -> ResponseReturnValue:
    """The answer to a change that was saved.

    For htmx the fresh part with the message beside it; otherwise a redirect to `url`, which tells the message. `undo`
    puts a button into the message, which undoes the change: where it sends (`url`), and `until` when. `further` puts a
    link into it to what comes next: `url` and `text`.
    """
    if is_htmx() and part is not None:
        body = render_template(part, **context)
        if message is not None:
            body += render_template(
                "_message.html", message=message, undo=undo, further=further, kind="success", is_swap=True
            )
        return body
    if message is not None:
        more = {"undo": undo, "further": further}
        told: Any = {"said": str(message), **more} if undo or further else str(message)
        flash(told, "success")
    return go_to(url) if is_htmx() else redirect(url, 303)


def go_to(url: str, *, status: int = 200) -> Response:
    """Send the whole browser window to an address."""
    response = make_response("", status)
    response.headers["HX-Redirect"] = url
    return response


def message_part(
    message: Any, status: int, *, kind: str = "error", placement: str | None = None
) -> ResponseReturnValue:
    """A message for the page's message area, whatever the request was aimed at; `placement` can be asked about."""
    page = render_template("_message.html", message=message, kind=kind, is_swap=False, placement=placement)
    response = make_response(page, status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
