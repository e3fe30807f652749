"""Every error has one answer: a status and a sentence, as a page or as a message for htmx."""

from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, NotNow, TooMany, Unlogged
from portal.core.request_id import current_request_id
from portal.db import db
from portal.domain.apart import AskFirst
from portal.web import denials, placements
from portal.web.access import current_actor
from portal.web.file_routes import is_taking_file
from portal.web.htmx import go_to, is_htmx, message_part
from portal.web.long_texts import long_texts
from portal.web.pages import own_page
from portal.web.submissions import Replayed, RoleSwitched

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    NotNow: 409,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unlogged: 503,
}


def answer(message: object, status: int, **more: str) -> ResponseReturnValue:
    """The error page, or for htmx the message alone."""
    if is_htmx():
        return message_part(message, status, placement=more.get("placement"))
    # What somebody typed on a page is shown again on that page alone, and only when she may still open it.
    g.is_refused = True
    written = g.sent_form.written if status == 409 and "sent_form" in g else []
    back = own_page() if status in (409, 422) else "/"
    return render_template("error.html", message=message, status=status, written=written, back=back, **more), status


def status_of(error: DomainError) -> int:
    """The status of a refusal: its own, or that of the kind that it belongs to."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def domain_error(error: DomainError) -> ResponseReturnValue:
    """A refusal by the rules."""
    db.session.rollback()
    denials.note(status_of(error), rule=error.rule)
    if isinstance(error, Unlogged):
        current_app.logger.error("the audit trail takes no line, refused in %s", request.endpoint)
    # "Not there" and "not theirs to see" are one answer, made from the same words.
    message = NotFound.message if isinstance(error, NotFound) else error.message
    more = {"placement": placements.sign(error.placement, current_actor())} if isinstance(error, AskFirst) else {}
    return answer(message, status_of(error), **more)


def role_switched(error: RoleSwitched) -> ResponseReturnValue:
    """A form from a page of another role: nothing is done, and what was written at length is there to be copied."""
    db.session.rollback()
    if is_htmx():
        return message_part(error.message, 409)
    return render_template("error.html", message=error.message, status=409, written=long_texts(request.form)), 409


def http_error(error: HTTPException) -> ResponseReturnValue:
    """What Flask and Werkzeug refuse."""
    status = error.code or 500
    messages = {
        400: _("The page could not be read. Go back and try again."),
        404: NotFound.message,
        405: _("That is not possible here."),
        413: _("The file is larger than 10 MB. Make it smaller, or send it in parts.")
        if is_taking_file()
        else _("That is too much at once. Make the text shorter."),
        429: _("Too many attempts. Wait a little and try again."),
    }
    if status >= 500:
        return unknown_error(error)
    if error.response is not None and status < 400:
        return error.response
    denials.note(status)
    return answer(messages.get(status, _("That is not possible here.")), status)


def csrf_error(error: CSRFError) -> ResponseReturnValue:
    """A form from another session or from yesterday: nothing is saved, and the text is still in the page behind."""
    return answer(_("The page had been open too long. Go back: your text is still there. Send it once more."), 400)


def unreadable(error: DataError) -> ResponseReturnValue:
    """A value that the database cannot hold, such as a NUL sign in an address: it was not made by one of our pages."""
    db.session.rollback()
    current_app.logger.warning("unreadable value in %s", request.endpoint)
    return answer(_("The page could not be read. Go back and try again."), 400)


def unknown_error(error: Exception) -> ResponseReturnValue:
    """Our own fault: no details, a number to tell."""
    db.session.rollback()
    if not isinstance(error, HTTPException):
        # Its words, which may quote a value, are left out on the way (portal.web.logs).
        current_app.logger.error("unhandled error in %s", request.endpoint, exc_info=error)
    reference = current_request_id() or "-"
    return answer(_("Something went wrong on our side. Nothing was saved. Reference: %(ref)s", ref=reference), 500)


def replayed(error: Replayed) -> ResponseReturnValue:
    """The same form a second time: the first answer again."""
    db.session.rollback()
    return go_to(error.location) if is_htmx() else redirect(error.location, 303)


def count_refused(response: Response) -> Response:
    """A form that was refused leaves one line in the log: where it was, never what was typed."""
    if response.status_code == 422:
        current_app.logger.warning("validation in %s", request.endpoint)
    return response


def init_app(app: Flask) -> None:
    """Register the answers. In tests an unknown error is raised, so that it is seen."""
    app.after_request(count_refused)
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(RoleSwitched, role_switched)
    app.register_error_handler(Replayed, replayed)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(DataError, unreadable)
    app.register_error_handler(HTTPException, http_error)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, unknown_error)
