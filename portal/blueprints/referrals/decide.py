"""What a receiver does with a request. Each is a form of its own; the rules say whether it is possible."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import (
    CloseForm,
    DeclineForm,
    HerAnswerForm,
    InfoForm,
    OfferForm,
    RedirectForm,
    TalkForm,
    UndoForm,
    criteria_form,
)
from portal.blueprints.referrals.inbox import other_offers, reason_choices, request_page, reveal_form
from portal.blueprints.referrals.view import language
from portal.core.audit_tags import Audit
from portal.core.clock import at_local, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.kinds import MeetingKind
from portal.core.safety import WhoShePart
from portal.core.states import RequestState
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.programmes import read
from portal.domain.referrals import undo_until
from portal.queries import requests as queries
from portal.queries.clock import database_now
from portal.queries.declining import list_uses
from portal.queries.programmes import list_by_public_id
from portal.services import meetings, request_endings, request_undo, reveals
from portal.services import requests as service
from portal.web.access import access, current_actor
from portal.web.filters import clock
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction

ANSWER = Permission.REFERRAL_ANSWER


def do(public_id: str, what: Callable[..., Any], message: Any, *, now: datetime | None = None) -> ResponseReturnValue:
    """Do it and show the request again; a refusal by the rules stands above the page's forms."""
    track = queries.get(current_actor(), public_id)
    page = url_for("referrals.request", public_id=public_id)
    try:
        with transaction(then=page):
            what(track, actor=current_actor(), now=now or utc_now())
    except Invalid as refusal:
        return request_page(public_id, problem=str(refusal)), 422
    return after_change(page, message=message)


def with_form(public_id: str, name: str, form: Any, act: Callable[[Any], None], message: Any) -> ResponseReturnValue:
    """Check a form and do it; mistakes stand beside the fields, and what was typed is kept."""
    track = queries.get(current_actor(), public_id)
    page = url_for("referrals.request", public_id=public_id)
    if saved(form, lambda: act(track), then=page):
        return after_change(page, message=message)
    return request_page(public_id, **{name: form}), form.status


@bp.post("/requests/<public_id>/take")
@access(ANSWER, audit=Audit.REQUEST_TAKEN)
def take(public_id: str) -> ResponseReturnValue:
    """Take it for two hours."""
    return do(public_id, service.take, _("You have it for two hours."))


@bp.post("/requests/<public_id>/release")
@access(ANSWER, audit=Audit.REQUEST_RELEASED)
def release(public_id: str) -> ResponseReturnValue:
    """Give it back."""
    return do(public_id, service.release, _("A colleague can take it now."))


@bp.post("/requests/<public_id>/criteria")
@access(ANSWER, audit=Audit.REQUEST_CRITERIA_CHECKED)
def criteria(public_id: str) -> ResponseReturnValue:
    """Note which criteria are met."""
    track = queries.get(current_actor(), public_id)
    form = criteria_form(track, read(track.rules), language(), is_sent=True)

    def act(track: Any) -> None:
        if not form.answers():
            raise Invalid(_("Answer at least one criterion."))
        service.check_criteria(track, form.answers(), version=form.seen, actor=current_actor(), now=utc_now())

    return with_form(public_id, "criteria_form", form, act, _("The criteria are noted."))


@bp.post("/requests/<public_id>/ask")
@access(ANSWER, audit=Audit.REQUEST_INFO_WANTED)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask the sender for more; the clock stands still."""
    form, told = InfoForm(prefix="ask"), _("The sender has been asked. The clock stands still.")
    return with_form(
        public_id,
        "info_form",
        form,
        lambda track: service.ask_info(track, form.text.data, actor=current_actor(), now=utc_now()),
        told,
    )


@bp.post("/requests/<public_id>/talk")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_PLANNED)
def plan_talk(public_id: str) -> ResponseReturnValue:
    """Plan one of the talks that the programme asks for."""
    form = TalkForm(prefix="talk")

    def act(track: Any) -> None:
        if track.state is not RequestState.IN_VISITATION:
            raise NotNow
        if form.step.data not in {step.key for step in read(track.rules).steps}:
            raise Invalid(_("Choose one of those that are shown."))
        if any(talk.step == form.step.data and not talk.is_held for talk in queries.list_talks(track)):
            raise Invalid(_("That talk is planned already. Move the one that is there."))
        meetings.plan(
            kind=MeetingKind.INTAKE_TALK,
            starts_at=at_local(form.day.data, form.start.data),
            ends_at=at_local(form.day.data, form.end.data),
            place_kind=form.place_kind.data,
            responsible_id=current_actor().user_id or 0,
            organisation_id=track.organisation_id,
            request_id=track.id,
            step=form.step.data,
            actor=current_actor(),
            now=utc_now(),
        )

    return with_form(public_id, "talk_form", form, act, _("The talk is planned."))


@bp.post("/requests/<public_id>/offer")
@access(ANSWER, audit=Audit.REQUEST_OFFERED)
def offer(public_id: str) -> ResponseReturnValue:
    """Offer a place and hold it; before others who wait with a reason."""
    form = OfferForm(prefix="offer")
    return with_form(
        public_id,
        "offer_form",
        form,
        lambda track: service.offer_place(
            track,
            reason=form.reason.data,
            text=form.text.data,
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        ),
        _("The place is offered and held for her."),
    )


@bp.post("/requests/<public_id>/her-answer")
@access(ANSWER, audit=Audit.REQUEST_HER_ANSWER)
def her_answer(public_id: str) -> ResponseReturnValue:
    """Write down what she says to the place."""
    form = HerAnswerForm(prefix="her")
    return with_form(
        public_id,
        "her_form",
        form,
        lambda track: service.set_her_answer(
            track, form.her_answer.data, version=form.seen, actor=current_actor(), now=utc_now()
        ),
        _("Her answer is noted."),
    )


@bp.post("/requests/<public_id>/accept")
@access(ANSWER, audit=Audit.REQUEST_ACCEPTED)
def accept(public_id: str) -> ResponseReturnValue:
    """Take her in; by the database's clock, which says until when it can be undone."""
    now = database_now()
    return do(public_id, service.accept, _("She is in. Her name is shown now."), now=now)


@bp.post("/requests/<public_id>/return")
@access(ANSWER, audit=Audit.REQUEST_OFFER_RETURNED)
def return_offer(public_id: str) -> ResponseReturnValue:
    """Take back a place whose day has passed."""
    return do(public_id, service.return_offer, _("The place is free again."))


@bp.post("/requests/<public_id>/decline")
@access(ANSWER, audit=Audit.REQUEST_DECLINED)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, with a reason and something instead."""
    form = DeclineForm(prefix="no")
    asked, now = queries.get(current_actor(), public_id), database_now()
    form.alternative.choices = [("", "–"), *other_offers(asked)]
    form.reason.choices = reason_choices(list_uses(asked.organisation_id))

    def act(track: Any) -> None:
        other = list_by_public_id([form.alternative.data])[0] if form.alternative.data else None
        service.decline(
            track,
            form.reason.data,
            form.text.data,
            alternative_offer=other,
            alternative_text=form.alternative_text.data,
            version=form.seen,
            actor=current_actor(),
            now=now,
        )

    told = _("Declined. The sender is told at %(time)s, unless you undo it.", time=clock(undo_until(now)))
    return with_form(public_id, "decline_form", form, act, told)


@bp.post("/requests/<public_id>/undo")
@access(Permission.REFERRAL_UNDO, audit=Audit.REQUEST_UNDONE)
def undo(public_id: str) -> ResponseReturnValue:
    """Undo an answer within ten minutes: whoever gave it, or the lead of the house, who sees nothing of it."""
    actor, form = current_actor(), UndoForm(prefix="undo")
    is_lead = can(actor, Permission.REFERRAL_REOPEN)
    track = (queries.get_for_lead if is_lead else queries.get)(actor, public_id)
    page = url_for("referrals.closing") if is_lead else url_for("referrals.request", public_id=public_id)
    with transaction(then=page):
        request_undo.undo(track, version=form.seen, actor=actor, now=database_now())
    return after_change(page, message=_("The answer is undone. Nobody has been told of it."))


@bp.post("/requests/<public_id>/redirect")
@access(ANSWER, audit=Audit.REQUEST_REDIRECTED)
def redirect_on(public_id: str) -> ResponseReturnValue:
    """Send it on to another programme that she has consented to."""
    form = RedirectForm(prefix="on")
    form.offer.choices = other_offers(queries.get(current_actor(), public_id))

    def act(track: Any) -> None:
        target = list_by_public_id([form.offer.data])[0]
        request_endings.redirect(track, target, actor=current_actor(), now=utc_now())

    return with_form(public_id, "redirect_form", form, act, _("It has been sent on."))


@bp.post("/requests/<public_id>/close")
@access(ANSWER, audit=Audit.REQUEST_WITHDRAWN)
def close(public_id: str) -> ResponseReturnValue:
    """End it by her wish."""
    form = CloseForm(prefix="wish")
    return with_form(
        public_id,
        "wish_form",
        form,
        lambda track: request_endings.withdraw(
            track, form.reason.data, version=form.seen, actor=current_actor(), now=utc_now()
        ),
        _("It has been ended by her wish."),
    )


@bp.post("/requests/<public_id>/name")
@access(ANSWER, audit=Audit.NAME_REVEALED, step_up=True)
def reveal(public_id: str) -> ResponseReturnValue:
    """Open who she is, for a minute; written down before it is shown."""
    actor = current_actor()
    track = queries.get(actor, public_id)
    form = reveal_form(track)
    found: list[str] = []

    def act() -> None:
        secret = service.who_she_is(track, WhoShePart(form.part.data), actor=actor)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    page = url_for("referrals.request", public_id=public_id)
    if not saved(form, act, then=page):
        return request_page(public_id, reveal_form=form), form.status
    return shown_once(label(WhoShePart(form.part.data)), found[0], back=page, back_words=_("Back to the referral"))
