"""One tenancy: moving in, more time, notice, moving out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.housing import bp
from portal.blueprints.housing.forms import AskForm, ExtensionForm, MoveInForm, MoveOutForm, NoticeForm, RevealForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import TenancyState
from portal.domain.deadlines import tenancy_ladder
from portal.domain.housing import MONTHS, TENANCY_STEPS, TenancyAction, asking_days, progress
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import tenancies as queries
from portal.queries.counselling import names_of
from portal.queries.housing import has_address
from portal.queries.visibility import LIVE, relation_of
from portal.services import reveals
from portal.services import tenancies as service
from portal.services.housing import where_she_lives
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change
from portal.web.last_checks import is_wanting, said, would_be_early
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


def _who() -> dict[str, Any]:
    return {"actor": current_actor(), "now": utc_now()}


def _page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    actor, today = current_actor(), local_date(utc_now())
    row = queries.get_tenancy(actor, public_id)
    actions = available_actions(TENANCY_STEPS, row.state, actor)
    start, end = row.period.lower, row.period.upper
    assert isinstance(start, date)
    assert isinstance(end, date)
    context = {
        "tenancy": row,
        "reasons": queries.reasons(actor, row),
        "start": start,
        "end": end,
        "today": today,
        "progress": progress(start, row.months, row.state, today, is_decided=row.extension_decided_at is not None),
        "ladder": tenancy_ladder(end),
        "can": {action.name.lower(): action in actions for action in TenancyAction},
        "is_unchecked": TenancyAction.MOVE_OUT in actions
        and would_be_early(row.enrolment)
        and is_wanting(row.enrolment),
        **_extension(row, end, today),
        **_around(row),
        "ask_form": AskForm(formdata=None),
        "move_in_form": MoveInForm(formdata=None, data={"moved_in_on": start}),
        "extension_form": ExtensionForm(formdata=None),
        "notice_form": NoticeForm(formdata=None),
        "move_out_form": MoveOutForm(formdata=None),
        "reveal_form": RevealForm(formdata=None),
        **forms,
    }
    return render_template("housing/tenancy.html", **context), status


def _extension(row: Any, end: date, today: date) -> dict[str, Any]:
    """Who asked for more time, who decided, and when it can be asked for."""
    people = names_of(row.extension_asked_by_id, row.extension_decided_by_id)
    first, last = asking_days(end)
    return {
        "asked_by": people.get(row.extension_asked_by_id),
        "asked_on": row.extension_asked_at and local_date(row.extension_asked_at),
        "decided_by": people.get(row.extension_decided_by_id),
        "decided_on": row.extension_decided_at and local_date(row.extension_decided_at),
        "months_more": row.months - MONTHS,
        "ask_from": first,
        "ask_until": last,
        "is_asking_time": first <= today <= last and row.extension_decided_at is None,
        "is_waiting": row.state is TenancyState.EXTENSION_REQUESTED,
        "is_still_to_ask": row.state is TenancyState.ACTIVE and row.extension_decided_at is None and today <= last,
    }


def _around(row: Any) -> dict[str, Any]:
    """What else of her the reader sees: a caseworker no home, a lead no case."""
    actor, course = current_actor(), row.enrolment
    sees_case = can(actor, Permission.CASE_VIEW) and queries.tells_of_her(actor, row)
    sees_home = can(actor, Permission.HOUSING_VIEW)
    opens_course = can(actor, Permission.ENROLMENT_VIEW) and (course.state in LIVE or not sees_home)
    return {
        "reference": course.case.reference if sees_case else None,
        "home": row.unit.number if sees_home else None,
        # Whoever looks after the home asks on the page of the home.
        "has_address": not sees_home and row.state not in queries.ENDED and has_address(actor, row.unit),
        "course_url": url_for("enrolments.detail", public_id=course.public_id) if opens_course else None,
    }


@bp.get("/tenancies/<public_id>")
@access(Permission.TENANCY_VIEW)
def tenancy(public_id: str) -> ResponseReturnValue:
    """Months, ladder, and the steps that can be taken."""
    actor = current_actor()
    row = queries.get_tenancy(actor, public_id)
    log_view(case_id=row.enrolment.case_id, relation=relation_of(actor), page=Page.TENANCY)
    return _page(public_id)


@bp.post("/tenancies/<public_id>/address")
@access(Permission.ADDRESS_REVEAL, audit=Audit.ADDRESS_REVEALED, step_up=True)
def reveal_home(public_id: str) -> ResponseReturnValue:
    """Write who asks and why, commit, and only then show her team where she lives, for a minute."""
    actor, form = current_actor(), RevealForm()
    row, back = queries.get_tenancy(actor, public_id), url_for("housing.tenancy", public_id=public_id)
    found: list[str] = []

    def act() -> None:
        secret = where_she_lives(row, actor=actor)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    if not saved(form, act, then=back):
        return _page(public_id, form.status, reveal_form=form)
    return shown_once(_("Address"), found[0], back=back, back_words=_("Back to the tenancy"))


def _act(public_id: str, name: str, form: Any, act: Callable[[Any], None]) -> ResponseReturnValue:
    row, url = queries.get_tenancy(current_actor(), public_id), url_for("housing.tenancy", public_id=public_id)
    if form is None:
        with transaction(then=url):
            act(row)
    elif not saved(form, lambda: act(row), then=url):
        return _page(public_id, form.status, **{name: form})
    return after_change(url, message=_("Saved."))


@bp.post("/tenancies/<public_id>/move-in")
@access(Permission.HOUSING_MANAGE, audit=Audit.TENANCY_STARTED)
def move_in(public_id: str) -> ResponseReturnValue:
    """She has moved in."""
    form, given = MoveInForm(), _who()
    return _act(
        public_id,
        "move_in_form",
        form,
        lambda row: service.move_in(row, form.moved_in_on.data, form.gap_reason.data, **given),
    )


@bp.post("/tenancies/<public_id>/release")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def release(public_id: str) -> ResponseReturnValue:
    """The reservation came to nothing."""
    given = _who()
    return _act(public_id, "", None, lambda row: service.not_taken(row, **given))


@bp.post("/tenancies/<public_id>/ask")
@access(Permission.TENANCY_ASK, audit=Audit.TENANCY_EXTENSION_ASKED)
def ask(public_id: str) -> ResponseReturnValue:
    """Her caseworker asks for more time."""
    form, given = AskForm(), _who()
    return _act(public_id, "ask_form", form, lambda row: service.ask_extension(row, form.reason.data, **given))


@bp.post("/tenancies/<public_id>/decide")
@access(Permission.TENANCY_DECIDE, audit=Audit.TENANCY_EXTENSION_DECIDED)
def decide(public_id: str) -> ResponseReturnValue:
    """More time, or none."""
    form, given = ExtensionForm(), _who()
    return _act(
        public_id,
        "extension_form",
        form,
        lambda row: service.decide_extension(row, form.given, form.reason.data, **given),
    )


@bp.post("/tenancies/<public_id>/notice")
@access(Permission.HOUSING_MANAGE, audit=Audit.TENANCY_NOTICE_GIVEN)
def notice(public_id: str) -> ResponseReturnValue:
    """When she leaves."""
    form, given = NoticeForm(), _who()
    return _act(public_id, "notice_form", form, lambda row: service.give_notice(row, form.leaves_on.data, **given))


@bp.post("/tenancies/<public_id>/move-out")
@access(Permission.HOUSING_MANAGE, audit=Audit.TENANCY_ENDED)
def move_out(public_id: str) -> ResponseReturnValue:
    """She has left."""
    form, given = MoveOutForm(), _who()
    return _act(
        public_id,
        "move_out_form",
        form,
        lambda row: service.move_out(row, form.moved_out_on.data, form.destination.data, said(form), **given),
    )
