"""What is late at a house, and who asks for more time: for its leads."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.deadlines import bp
from portal.blueprints.deadlines.forms import AnswerForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.pages import Page
from portal.queries import case_deadlines
from portal.queries import late as queries
from portal.queries.late import Which
from portal.services import extensions
from portal.web.access import access, current_actor, log_list
from portal.web.htmx import after_change
from portal.web.submissions import transaction


@bp.get("/late")
@access(Permission.CASE_LEAD_LIST)
def late() -> ResponseReturnValue:
    """What is late, the oldest first; what a law asks for from its first day on."""
    actor, today = current_actor(), local_date(utc_now())
    which = Which.STATUTORY if request.args.get("which") == Which.STATUTORY.value else Which.ALL
    after = request.args.get("after")
    try:
        rows, following = queries.list_late(actor, today=today, which=which, after=after)
    except ValueError:
        abort(400)
    wishes = [] if after else queries.list_wishes(actor)
    log_list(Page.LATE_LIST, len(rows) + len(wishes))
    return render_template(
        "deadlines/late.html",
        rows=rows,
        wishes=wishes,
        tabs=_tabs(which),
        which=which,
        next_url=url_for(".late", which=which.value, after=following) if following else None,
        first_url=url_for(".late", which=which.value) if after else None,
    )


def _tabs(which: Which) -> list[dict[str, Any]]:
    words = {Which.ALL: _("Everything late"), Which.STATUTORY: _("What a law asks for")}
    return [
        {"label": text, "url": url_for(".late", which=one.value), "is_current": one is which}
        for one, text in words.items()
    ]


@bp.post("/wishes/<public_id>")
@access(Permission.CASE_LEAD_LIST, audit=Audit.DEADLINE_WISH_ANSWERED)
def answer_wish(public_id: str) -> ResponseReturnValue:
    """Give the time, or refuse it."""
    actor, form = current_actor(), AnswerForm()
    wish, deadline = case_deadlines.get_wish(actor, public_id)
    if not form.validate_on_submit():
        raise Invalid(_("Choose an answer."))
    agrees = form.answer.data == "agree"
    with transaction(then=url_for(".late")):
        extensions.answer(wish, deadline, agrees=agrees, actor=actor, now=utc_now())
    said = _("The time has been given.") if agrees else _("The day stands as it was.")
    return after_change(url_for(".late"), message=said)
