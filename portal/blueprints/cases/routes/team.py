"""Who works on the case, and what she has agreed to."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import ColleagueForm, ConsentFormPage
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.rights import ConsentScope
from portal.domain import consent as consent_rules
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts, case_team, consent_losses, past_recipients, sharing, team_history, transfers
from portal.queries import cases as case_queries
from portal.queries import consents as consent_queries
from portal.queries.past_recipients import Received
from portal.queries.users import name_of
from portal.queries.visibility import relation_of
from portal.services import cases, consents
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, lens_of, must_have_whole, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/<public_id>/team")
@access(Permission.CASE_EDIT)
def team(public_id: str) -> ResponseReturnValue:
    """Who can see the case, and who works on it."""
    return _team_page(public_id, ColleagueForm())


@bp.post("/<public_id>/team")
@access(Permission.CASE_EDIT, audit=Audit.TEAM_JOINED)
def add_colleague(public_id: str) -> ResponseReturnValue:
    """Put a colleague of one's own organisation on the team."""
    actor, form = current_actor(), ColleagueForm()
    case = case_queries.get(actor, public_id)
    form.user.choices = case_team.colleague_choices(actor, case)

    def save() -> None:
        cases.add_colleague(case, case_team.colleague_id(actor, form.user.data), actor=actor, now=utc_now())

    if not saved(form, save, then=_team_url(public_id)):
        return _team_page(public_id, form, status=422)
    return after_change(_team_url(public_id), message=_("Your colleague is on the team."))


@bp.post("/<public_id>/team/<user_id>/leave")
@access(Permission.CASE_EDIT, audit=Audit.TEAM_LEFT)
def leave(public_id: str, user_id: str) -> ResponseReturnValue:
    """Take somebody off the team, or leave it oneself."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    member = case_team.get_member_id(case, user_id)
    then = url_for("cases.index") if member == actor.user_id else _team_url(public_id)
    with transaction(then=then):
        cases.leave_team(case.id, member, actor=actor, now=utc_now())
    return after_change(then, message=_("Saved."))


@bp.post("/<public_id>/team/<user_id>/primary")
@access(Permission.CASE_EDIT, audit=Audit.CASE_OWNER_CHANGED)
def hand_over(public_id: str, user_id: str) -> ResponseReturnValue:
    """Make somebody on the team the one whom the others ask."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    with transaction(then=_team_url(public_id)):
        cases.hand_over_primary(case, case_team.get_member_id(case, user_id), actor=actor, now=utc_now())
    return after_change(_team_url(public_id), message=_("The case has been handed over."))


def _team_url(public_id: str) -> str:
    return url_for("cases.team", public_id=public_id)


def _team_page(public_id: str, form: ColleagueForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    form.user.choices = case_team.colleague_choices(actor, case)
    seats = team_history.list_seats(case)
    shown = {
        "reference": case.reference,
        "team": case_team.list_team(actor, case),
        "now": {seat.user_public_id: seat for seat in seats if seat.left_at is None},
        "earlier": [seat for seat in seats if seat.left_at],
        "on_track": case_team.list_on_track(case),
        "form": form,
        "public_id": public_id,
        "back": case_url(public_id),
        "may_hand_over": lens_of(actor, case).sees_all_tracks,
        "rows": transfers.list_of_case(actor, case.id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.TEAM)
    return render_template("cases/team.html", **shown), status


@bp.get("/<public_id>/consents")
@access(Permission.CASE_EDIT)
def consents_page(public_id: str) -> ResponseReturnValue:
    """What she has agreed to."""
    # A page that lacks a consent leads here with what is missing filled in.
    asked: dict[str, Any] = {name: request.args.get(name) for name in ("recipient", "purpose")}
    asked["scope"] = request.args.get("scope", "").split(",")
    known = {"given_on": local_date(utc_now()), "months": 6}
    return _consents_page(public_id, ConsentFormPage(data=known | {name: one for name, one in asked.items() if one}))


@bp.post("/<public_id>/consents")
@access(Permission.CASE_EDIT, audit=Audit.CONSENT_GIVEN)
def give_consent(public_id: str) -> ResponseReturnValue:
    """Record what she has agreed to."""
    actor, form = current_actor(), ConsentFormPage()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CONSENT_RECORD)
    form.recipient.choices = case_parts.organisation_choices()

    def save() -> None:
        consents.give_consent(
            case,
            purpose=form.purpose.data,
            recipient_organisation_id=case_parts.organisation_id_of(form.recipient.data),
            scope=[ConsentScope(one) for one in form.scope.data or ()],
            form=form.form.data,
            given_on=form.given_on.data,
            months=form.months.data,
            actor=actor,
            now=utc_now(),
        )

    then = _handover_url(public_id, form.recipient.data) or _consents_url(public_id)
    if not saved(form, save, then=then):
        return _consents_page(public_id, form, status=422)
    return after_change(then, message=_("The consent has been recorded."))


def _handover_url(public_id: str, recipient: str | None) -> str | None:
    """Back to the handover that lacked the consent, with what it was to tell; None where nobody came from one."""
    sections = request.args.get("handover")
    if sections is None:
        return None
    return url_for("documents.handover", public_id=public_id, recipient=recipient or None, sections=sections)


@bp.post("/<public_id>/consents/<consent_id>/withdraw")
@access(Permission.CASE_EDIT, audit=Audit.CONSENT_WITHDRAWN)
def withdraw_consent(public_id: str, consent_id: str) -> ResponseReturnValue:
    """Record that she has taken a consent back."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CONSENT_RECORD)
    found = case_parts.get_consent(case, consent_id)
    # Whoever writes down that she wants no more of her own house sees the case no more.
    is_own = found.recipient_organisation_id == actor.organisation_id and consent_queries.lets_in(case, found)
    then = url_for("cases.index") if is_own else _consents_url(public_id)
    with transaction(then=then):
        consents.withdraw_consent(case, found, actor=actor, now=utc_now())
    return after_change(then, message=_("The consent counts no more from today."))


def _consents_url(public_id: str) -> str:
    return url_for("cases.consents_page", public_id=public_id)


def _consents_page(public_id: str, form: ConsentFormPage, status: int = 200) -> ResponseReturnValue:
    actor, today = current_actor(), local_date(utc_now())
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.CONSENT_RECORD)
    form.recipient.choices = case_parts.organisation_choices()
    received = past_recipients.list_received([case.id])
    whose = None if seen.shows(FieldGroup.NOTE_CASE) else actor.organisation_id
    shown = {
        "reference": case.reference,
        "rows": _ledger(case, received, today),
        "received": received,
        "told": sharing.list_told(case, organisation_id=whose, with_notices=seen.sees_all_tracks),
        "form": form,
        "public_id": public_id,
        "case_id": public_id,
        "seen": seen,
        "back": case_url(public_id),
        "handover": request.args.get("handover"),
        "handover_url": _handover_url(public_id, form.recipient.data),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CONSENTS)
    return render_template("cases/consents.html", **shown), status


def _ledger(case: Any, received: list[Received], today: date) -> list[dict[str, Any]]:
    """Each consent with what was done by it, what ends with it, and what its receiver has had already."""
    listed = case_parts.list_consents(case)
    told = zip(
        listed, sharing.count_uses(case, listed), consent_losses.list_losses(case, listed, received), strict=True
    )
    return [
        {
            "used": used,
            "loss": loss,
            "public_id": row.public_id,
            "purpose": row.purpose,
            "form": row.form,
            "given_on": row.given_on,
            "by": name_of(row.recorded_by),
            "expires_on": row.expires_on,
            "withdrawn_at": row.withdrawn_at,
            "scope": [ConsentScope(one) for one in row.scope],
            "is_ending": today >= consent_rules.renewal_on(row.expires_on),
            "recipient": row.recipient.name if row.recipient else None,
            "is_live": consent_rules.is_live(row, on=today),
        }
        for row, used, loss in told
    ]
