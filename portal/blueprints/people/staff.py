"""Who works here, which roles sleep, and confirming it every quarter."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.people import bp
from portal.blueprints.people.forms import ConfirmForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.staff import quarter_began_at
from portal.queries import identity as identity_queries
from portal.queries import organisation_exits as exits
from portal.queries import staff as queries
from portal.queries import teamless, transfers
from portal.queries import users as user_queries
from portal.services import identity
from portal.services import suspensions as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/")
@access(Permission.STAFF_VIEW)
def index() -> ResponseReturnValue:
    """Everybody with a role here."""
    actor = current_actor()
    try:
        rows, following = queries.list_staff(actor, after=request.args.get("after"))
    except ValueError:
        abort(400)
    return render_template(
        "people/index.html",
        rows=rows,
        next_url=url_for(".index", after=following) if following else None,
        may_end=can(actor, Permission.MEMBERSHIP_END),
        may_wake=can(actor, Permission.USER_MANAGE),
        may_confirm=can(actor, Permission.STAFF_ATTEST),
        may_adopt=can(actor, Permission.CASE_ADOPT),
        may_link=can(actor, Permission.USER_MANAGE) and identity_queries.has_provider(actor.organisation_id or 0),
        may_offer=actor.is_frozen and can(actor, Permission.TRANSFER_PROPOSE),
    )


@bp.post("/<public_id>/wake")
@access(Permission.USER_MANAGE, audit=Audit.MEMBERSHIP_WOKEN, step_up=True)
def wake(public_id: str) -> ResponseReturnValue:
    """Let a role that sleeps be used again."""
    with transaction(then=url_for(".index")):
        service.wake(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for(".index"), message=_("She can sign in again."))


@bp.post("/<public_id>/link-code")
@access(Permission.USER_MANAGE, audit=Audit.LINK_CODE_GIVEN, step_up=True)
def link_code(public_id: str) -> ResponseReturnValue:
    """Give somebody a code for the municipality's own sign-in, shown once."""
    actor = current_actor()
    name = user_queries.get_name(actor, public_id)
    with transaction(then=url_for(".index")):
        code = identity.give_code(public_id, actor=actor, now=utc_now())
    return render_template("people/link_code.html", code=code, name=name)


@bp.get("/house/<public_id>")
@access(Permission.MESSAGE_VIEW)
def house(public_id: str) -> ResponseReturnValue:
    """Where news about the organisation itself leads: each role to the page on which it is dealt with."""
    actor = current_actor()
    if exits.is_own(actor, public_id):
        is_leaving = exits.find_live(actor.organisation_id or 0) is not None
        if can(actor, Permission.ORGANISATION_LEAVE) and is_leaving:
            return redirect(url_for("leaving.index"), 303)
        if can(actor, Permission.STAFF_ATTEST):
            return redirect(url_for("people.confirm"), 303)
        # What it keeps too long.
        return redirect(url_for("retention.of_organisation", public_id=public_id), 303)
    if transfers.is_offer(actor, public_id):
        answers = can(actor, Permission.TRANSFER_ANSWER)
        return redirect(url_for("transfers.offered" if answers else "cases.index"), 303)
    if teamless.is_own_case(actor, public_id):
        return redirect(url_for("people.without_team"), 303)
    raise NotFound


@bp.get("/confirm")
@access(Permission.STAFF_ATTEST)
def confirm() -> ResponseReturnValue:
    """Who works here: to be confirmed every quarter."""
    return _confirm_page(ConfirmForm(formdata=None))


@bp.post("/confirm")
@access(Permission.STAFF_ATTEST, audit=Audit.MEMBERSHIP_ATTESTED, step_up=True)
def confirm_now() -> ResponseReturnValue:
    """Take down that those who are marked still work here."""
    form = ConfirmForm()
    _offer(form)

    def act() -> None:
        service.attest(form.members.data or [], actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for(".confirm")):
        return after_change(url_for(".confirm"), message=_("It is confirmed."))
    return _confirm_page(form, form.status)


def _confirm_page(form: ConfirmForm, status: int = 200) -> ResponseReturnValue:
    rows = _offer(form)
    return render_template("people/confirm.html", form=form, rows=rows), status


def _offer(form: ConfirmForm) -> list[queries.StaffRow]:
    since = quarter_began_at(local_date(utc_now()))
    rows, _following = queries.list_staff(current_actor(), unconfirmed_since=since)
    form.members.choices = [(row.public_id, f"{row.name} · {label(row.role)}") for row in rows]
    return rows
