"""Every message that somebody has been sent, mail or no mail."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.messages import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import messages as message_queries
from portal.services import messages as message_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.links import page_of
from portal.web.submissions import transaction


@bp.get("/")
@access(Permission.MESSAGE_VIEW)
def index() -> ResponseReturnValue:
    """The inbox, the newest first."""
    only_unread = request.args.get("view") == "unread"
    try:
        rows, following = message_queries.list_mine(
            current_actor(), after=request.args.get("after"), only_unread=only_unread
        )
    except ValueError:
        abort(400)
    tabs = [
        {"label": _("All"), "url": url_for("messages.index"), "is_current": not only_unread, "count": None},
        {
            "label": _("Unread"),
            "url": url_for("messages.index", view="unread"),
            "is_current": only_unread,
            "count": None,
        },
    ]
    next_url = url_for("messages.index", after=following, view="unread" if only_unread else None) if following else None
    return render_template("messages/index.html", rows=rows, tabs=tabs, next_url=next_url, only_unread=only_unread)


@bp.post("/<public_id>/open")
@access(Permission.MESSAGE_VIEW, audit=Audit.MESSAGE_READ)
def open_message(public_id: str) -> ResponseReturnValue:
    """Mark a message as read and go to what it is about."""
    row = message_queries.get_mine(current_actor(), public_id)
    page = page_of(row.subject_type, row.subject_public_id)
    with transaction(then=page):
        message_service.mark_read(public_id, actor=current_actor(), now=utc_now())
    return after_change(page)


@bp.post("/read")
@access(Permission.MESSAGE_VIEW, audit=Audit.MESSAGE_READ)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    with transaction(then=url_for("messages.index")):
        message_service.mark_all_read(actor=current_actor(), now=utc_now())
    return after_change(url_for("messages.index"), message=_("Everything is marked as read."))
