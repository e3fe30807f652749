"""Alarms: the list of those that one is told of, one alarm with its answer, and who is about to leave."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.audit import bp
from portal.blueprints.audit.forms import AnswerForm, DepartureForm
from portal.blueprints.audit.routes import record_opened
from portal.core.alerts import Answer
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import reviews as queries
from portal.services import alerts as service
from portal.services import reviews
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def open_tabs(endpoint: str, only_open: bool) -> list[dict[str, Any]]:
    """What waits, and everything."""
    return [
        {"label": _("Waiting"), "url": url_for(endpoint), "is_current": only_open},
        {"label": _("All"), "url": url_for(endpoint, view="all"), "is_current": not only_open},
    ]


@bp.get("/alerts")
@access(Permission.ALERT_VIEW)
def alerts() -> ResponseReturnValue:
    """The alarms that the reader is told of."""
    only_open = request.args.get("view") != "all"
    record_opened(["alerts"])
    try:
        rows, following = queries.list_alerts(current_actor(), only_open=only_open, after=request.args.get("after"))
    except ValueError:
        abort(400)
    view = None if only_open else "all"
    return render_template(
        "audit/alerts.html",
        rows=rows,
        tabs=open_tabs("audit.alerts", only_open),
        next_url=url_for("audit.alerts", view=view, after=following) if following else None,
    )


@bp.get("/alerts/<public_id>")
@access(Permission.ALERT_VIEW)
def alert(public_id: str) -> ResponseReturnValue:
    """One alarm."""
    return _alert_page(public_id, AnswerForm())


@bp.post("/alerts/<public_id>")
@access(Permission.ALERT_VIEW, audit=Audit.ALERT_ANSWERED)
def answer_alert(public_id: str) -> ResponseReturnValue:
    """Say what came of an alarm."""
    form, then = AnswerForm(), url_for("audit.alerts")
    queries.get_alert(current_actor(), public_id)

    def save() -> None:
        answer = Answer(form.answer.data)
        service.answer_alert(public_id, answer, form.remark.data or "", actor=current_actor(), now=utc_now())

    if not saved(form, save, then=then):
        return _alert_page(public_id, form, form.status)
    return after_change(then, message=_("The answer is saved."))


def _alert_page(public_id: str, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    row = queries.get_alert(current_actor(), public_id)
    record_opened(["alerts"])
    return render_template("audit/alert.html", row=row, form=form, back=url_for("audit.alerts")), status


@bp.get("/leaving")
@access(Permission.SAFETY_VIEW)
def leaving() -> ResponseReturnValue:
    """Who is about to leave."""
    return _leaving_page(DepartureForm())


@bp.post("/leaving")
@access(Permission.SAFETY_VIEW, audit=Audit.DEPARTURE_NOTED)
def note_leaving() -> ResponseReturnValue:
    """Note that somebody leaves."""
    actor, form, then = current_actor(), DepartureForm(), url_for("audit.leaving")
    form.member.choices = queries.member_choices(actor)

    def save() -> None:
        member = queries.member_id(actor, form.member.data)
        reviews.note_departure(member, form.last_day.data, actor=actor, now=utc_now())

    if not saved(form, save, then=then):
        return _leaving_page(form, form.status)
    return after_change(then, message=_("Saved."))


@bp.post("/leaving/<public_id>/forget")
@access(Permission.SAFETY_VIEW, audit=Audit.DEPARTURE_FORGOTTEN)
def forget_leaving(public_id: str) -> ResponseReturnValue:
    """Take the note away again."""
    member, then = queries.member_id(current_actor(), public_id), url_for("audit.leaving")
    with transaction(then=then):
        reviews.forget_departure(member, actor=current_actor(), now=utc_now())
    return after_change(then, message=_("Saved."))


def _leaving_page(form: DepartureForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    form.member.choices = queries.member_choices(actor)
    return render_template("audit/leaving.html", rows=queries.list_departures(actor), form=form), status
