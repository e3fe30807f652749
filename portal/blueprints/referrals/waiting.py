"""The waiting list: its order, who is left out this time, who still wants the place, and the reasons for a no."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.decide import do, with_form
from portal.blueprints.referrals.inbox import other_offers
from portal.blueprints.referrals.view import language
from portal.blueprints.referrals.waiting_forms import ReasonForm, SkipForm, StillForm, WaitlistForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.declining import is_resting
from portal.domain.labels import label
from portal.domain.programmes import read
from portal.queries import candidates
from portal.queries import programmes as programme_queries
from portal.queries import requests as request_queries
from portal.queries import waiting as queries
from portal.queries.declining import list_uses
from portal.queries.programmes import list_by_public_id
from portal.services import declining
from portal.services import waiting as service
from portal.web.access import access, current_actor
from portal.web.filters import day
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.saving import saved

ANSWER = Permission.REFERRAL_ANSWER


def _words(row: queries.Waiting) -> str:
    """Why she stands where she stands, in words: how long, when she moves, whom she has along."""
    today = local_date(utc_now())
    waited = (today - local_date(row.waiting_since)).days
    parts = [ngettext("waits %(num)d day", "waits %(num)d days", waited)]
    if row.planned_move_on is not None:
        left = (row.planned_move_on - today).days
        moves = ngettext("moves in %(num)d day", "moves in %(num)d days", left)
        parts.append(moves if left >= 0 else _("should have moved"))
    if row.children:
        parts.append(ngettext("%(num)d child", "%(num)d children", row.children))
    return " · ".join(parts)


def _lacks(row: queries.Waiting) -> list[str]:
    """What stands between her and a place, a sentence for each kind; empty where she could start now (R-778)."""
    kinds = (
        (_("not met"), row.standing.not_met),
        (_("not known"), row.standing.not_known),
        (_("not held"), row.standing.not_held),
    )
    return [f"{said}: {', '.join(one.said(language()) for one in lacking)}" for said, lacking in kinds if lacking]


def _hardest(offer: Any) -> str | None:
    """Which criterion keeps most of those who wait from starting, and how many (R-778)."""
    criteria = read(offer.programme.rules).kept_criteria
    if not criteria:
        return None
    waiting, lacking = candidates.count_lacking(current_actor(), offer, [one.key for one in criteria])
    worst = max(criteria, key=lambda one: lacking[one.key])
    if not lacking[worst.key]:
        return None
    return _(
        "What keeps most from starting: “%(criterion)s”, not met or not known for %(num)d of %(all)d.",
        criterion=worst.said(language()),
        num=lacking[worst.key],
        all=waiting,
    )


def _why(row: queries.NotOn) -> str:
    if row.decline_reason is None:
        return label(row.state)
    said = f"{label(row.state)}: {label(row.decline_reason)}"
    if row.cool_down_until is None or not is_resting(row.cool_down_until, local_date(utc_now())):
        return said
    return _("%(said)s; not asked again until %(day)s", said=said, day=day(row.cool_down_until))


@bp.get("/waiting/<public_id>", endpoint="waiting")
@access(ANSWER)
def waiting_list(public_id: str) -> ResponseReturnValue:
    """Who waits for an own offer, in the order of its rule, and why somebody does not."""
    actor, now = current_actor(), utc_now()
    offer = programme_queries.get_own_offer(actor, public_id)
    order = read(offer.programme.rules).waiting_order
    after = request.args.get("after")
    rows, following = read_page(lambda: queries.list_waiting(actor, offer, order, now=now, after=after))
    return render_template(
        "referrals/waiting.html",
        offer=offer,
        order=order,
        rows=[(row, _words(row), _lacks(row)) for row in rows],
        hardest=_hardest(offer),
        others=[(row, _why(row)) for row in queries.list_not_on(actor, offer, now=now)],
        next_url=url_for("referrals.waiting", public_id=public_id, after=following) if following else None,
    )


@bp.post("/requests/<public_id>/waitlist")
@access(ANSWER, audit=Audit.REQUEST_WAITLISTED)
def waitlist(public_id: str) -> ResponseReturnValue:
    """Put her on the waiting list."""
    form = WaitlistForm(prefix="wait")
    form.meanwhile.choices = [("", "–"), *other_offers(request_queries.get(current_actor(), public_id))]

    def act(track: Any) -> None:
        service.waitlist(
            track,
            form.recontact_on.data,
            form.reason.data,
            meanwhile_offer=list_by_public_id([form.meanwhile.data])[0] if form.meanwhile.data else None,
            meanwhile_text=form.meanwhile_text.data,
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        )

    return with_form(public_id, "wait_form", form, act, _("She is on the waiting list."))


@bp.post("/requests/<public_id>/reassess")
@access(ANSWER, audit=Audit.REQUEST_TAKEN)
def reassess(public_id: str) -> ResponseReturnValue:
    """Take her from the waiting list to look again."""
    return do(public_id, service.reassess, _("You are looking at it again. Her place in the list is kept."))


@bp.post("/requests/<public_id>/skip")
@access(ANSWER, audit=Audit.REQUEST_SKIPPED)
def skip(public_id: str) -> ResponseReturnValue:
    """Leave her out of the place that is free now."""
    form = SkipForm(prefix="skip")

    def act(track: Any) -> None:
        service.skip(track, form.reason.data, form.text.data, version=form.seen, actor=current_actor(), now=utc_now())

    return with_form(public_id, "skip_form", form, act, _("She keeps her place on the list."))


@bp.post("/requests/<public_id>/still-wanted")
@access(ANSWER, audit=Audit.REQUEST_STILL_WANTED)
def still_wanted(public_id: str) -> ResponseReturnValue:
    """Note that she was asked and still waits."""
    form = StillForm(prefix="still")

    def act(track: Any) -> None:
        service.still_wanted(track, form.recontact_on.data, version=form.seen, actor=current_actor(), now=utc_now())

    return with_form(public_id, "still_form", form, act, _("It is noted. You are reminded on the day."))


def _reasons(sent: ReasonForm | None = None) -> str:
    rows = []
    for use in list_uses(current_actor().organisation_id):
        is_sent = sent is not None and sent.reason.data is use.reason
        known = {"reason": use.reason, "cool_down_days": use.cool_down_days, "is_active": use.is_active}
        rows.append((use, sent if is_sent else ReasonForm(formdata=None, prefix=use.reason.value, data=known)))
    return render_template("referrals/reasons.html", rows=rows)


@bp.get("/reasons")
@access(Permission.REFERRAL_REOPEN)
def reasons() -> ResponseReturnValue:
    """The reasons for a no as the house uses them."""
    return _reasons()


@bp.post("/reasons/<any(criteria, capacity, other_help_fits, safety, her_wish, not_reached):kind>")
@access(Permission.REFERRAL_REOPEN, audit=Audit.DECLINE_RULE_CHANGED)
def change_reason(kind: str) -> ResponseReturnValue:
    """Say how the house uses one reason."""
    form, page = ReasonForm(prefix=kind), url_for("referrals.reasons")

    def act() -> None:
        declining.change(
            form.reason.data,
            cool_down_days=form.cool_down_days.data,
            is_active=form.is_active.data,
            actor=current_actor(),
            now=utc_now(),
        )

    if saved(form, act, then=page):
        return after_change(page, message=_("The reason is saved."))
    return _reasons(form), form.status
