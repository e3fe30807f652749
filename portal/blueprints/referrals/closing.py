"""What only a lead decides: closing requests whose sender is silent, opening answers again, giving late ones away."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.waiting_forms import FirstForm, GiveForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.states import RequestState
from portal.domain.referrals import undo_until
from portal.queries import candidates, request_undo
from portal.queries import ladder as ladder_queries
from portal.queries import requests as queries
from portal.services import ladder as ladder_service
from portal.services import request_endings as service
from portal.services import waiting as waiting_service
from portal.web.access import access, current_actor
from portal.web.filters import clock
from portal.web.htmx import after_change
from portal.web.paging import next_of, read_page
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/closing")
@access(Permission.REFERRAL_REOPEN)
def closing() -> ResponseReturnValue:
    """Requests that a lead may close or reopen: no content, no case."""
    actor, now, asked = current_actor(), utc_now(), request.args
    rows = read_page(lambda: queries.list_closing(actor, now=now, after=asked.get("after")))
    late = read_page(lambda: ladder_queries.list_late(actor, after=asked.get("late_after")))
    waiting = read_page(lambda: candidates.list_for_lead(actor, after=asked.get("waiting_after")))
    return render_template(
        "referrals/closing.html",
        rows=[(row, row.state is RequestState.NEEDS_INFO) for row in rows],
        answered=[(row, clock(undo_until(row.decided_at or now))) for row in request_undo.list_undoable(actor)],
        late=late,
        waiting=waiting,
        next_url=next_of(".closing", rows),
        next_late_url=next_of(".closing", late, "late_after"),
        next_waiting_url=next_of(".closing", waiting, "waiting_after"),
    )


@bp.post("/requests/<public_id>/lapse")
@access(Permission.REFERRAL_REOPEN, audit=Audit.REQUEST_LAPSED)
def lapse(public_id: str) -> ResponseReturnValue:
    """Close a request whose sender is silent."""
    track = queries.get_for_lead(current_actor(), public_id)
    with transaction(then=url_for("referrals.closing")):
        service.lapse(track, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.closing"), message=_("The request is closed."))


@bp.post("/requests/<public_id>/reopen")
@access(Permission.REFERRAL_REOPEN, audit=Audit.REQUEST_REOPENED)
def reopen(public_id: str) -> ResponseReturnValue:
    """Have an answer looked at again."""
    track = queries.get_for_lead(current_actor(), public_id)
    with transaction(then=url_for("referrals.closing")):
        service.reopen(track, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.closing"), message=_("The request is open again, with a new clock."))


@bp.route("/requests/<public_id>/give", methods=["GET", "POST"])
@access(Permission.REFERRAL_REOPEN, audit=Audit.REQUEST_GIVEN)
def give(public_id: str) -> ResponseReturnValue:
    """Give a late request to one person by name: nothing of its content is shown."""
    track = queries.get_for_lead(current_actor(), public_id)
    form, page = GiveForm(), url_for("referrals.closing")
    takers = [(row.public_id, row.name) for row in ladder_queries.list_takers(track)]
    form.taker.choices = [("", _("Choose")), *takers]

    def act() -> None:
        ladder_service.give(track, form.taker.data, form.reason.data, actor=current_actor(), now=utc_now())

    if form.is_submitted() and saved(form, act, then=page):
        return after_change(page, message=_("It is on her list. If nothing happens in two weekdays, you hear again."))
    status = form.status if form.is_submitted() else 200
    return render_template("referrals/give.html", track=track, form=form, takers=takers), status


@bp.route("/requests/<public_id>/first", methods=["GET", "POST"])
@access(Permission.REFERRAL_REOPEN, audit=Audit.REQUEST_PUT_FIRST)
def put_first(public_id: str) -> ResponseReturnValue:
    """Put somebody first on the waiting list, with a reason that stands in the order."""
    track = queries.get_for_lead(current_actor(), public_id)
    form, page = FirstForm(), url_for("referrals.closing")

    def act() -> None:
        waiting_service.put_first(track, form.reason.data, actor=current_actor(), now=utc_now())

    if form.is_submitted() and saved(form, act, then=page):
        return after_change(page, message=_("She is first now, until she gets a place or leaves the list."))
    status = form.status if form.is_submitted() else 200
    return render_template("referrals/first.html", track=track, form=form), status


@bp.post("/requests/<public_id>/first/end")
@access(Permission.REFERRAL_REOPEN, audit=Audit.REQUEST_FIRST_ENDED)
def end_first(public_id: str) -> ResponseReturnValue:
    """Let her stand where the rule puts her."""
    track = queries.get_for_lead(current_actor(), public_id)
    with transaction(then=url_for("referrals.closing")):
        waiting_service.end_first(track, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.closing"), message=_("She stands where the programme's rule puts her."))
