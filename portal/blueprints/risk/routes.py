"""Her safety at a glance, an assessment of it, and what asks for a new one."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.risk import bp
from portal.blueprints.risk.forms import AssessmentForm, EventForm, said
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.disclosure import FieldGroup
from portal.domain.risk import is_expired
from portal.queries import cases as case_queries
from portal.queries import risk as queries
from portal.queries.visibility import relation_of
from portal.services import risk, risk_reviews
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import form_page, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved

NARRATIVE = FieldGroup.RISK_NARRATIVE_PERPETRATOR


def overview_url(public_id: str) -> str:
    """The page of her safety, from which all of it is reached."""
    return url_for("risk.overview", public_id=public_id)


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def overview(public_id: str) -> ResponseReturnValue:
    """How dangerous it is, what must be looked at, the plan, and what has happened."""
    actor, today = current_actor(), local_date(utc_now())
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, NARRATIVE)
    known = queries.overview(case, seen)
    newest = known.assessments[0] if known.assessments else None
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY)
    return render_template(
        "risk/overview.html",
        seen=seen,
        case_id=public_id,
        reference=case.reference,
        is_open=case.state is CaseState.OPEN,
        known=known,
        newest=newest,
        days=(today - newest.assessed_on).days if newest else 0,
        is_expired=newest is not None and is_expired(newest.review_on, today),
    )


@bp.get("/<public_id>/assessment")
@access(Permission.CASE_EDIT)
def assess(public_id: str) -> ResponseReturnValue:
    """A new safety assessment, with what asks for it and the earlier ones."""
    return _assess_page(public_id, AssessmentForm(data={"assessed_on": local_date(utc_now())}))


@bp.post("/<public_id>/assessment")
@access(Permission.CASE_EDIT, audit=Audit.SAFETY_ASSESSED)
def save_assessment(public_id: str) -> ResponseReturnValue:
    """Save a safety assessment."""
    actor, form = current_actor(), AssessmentForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)
    people = _offer_people(case, form)

    def save() -> None:
        risk.assess_safety(
            case,
            level=form.level.data,
            assessed_on=form.assessed_on.data,
            reason=form.reason.data,
            review_on=form.review_on.data,
            judged=_judged(form, people),
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=overview_url(public_id)):
        return _assess_page(public_id, form, status=422)
    return after_change(overview_url(public_id), message=_("The assessment has been saved."))


def _offer_people(case: Any, form: AssessmentForm) -> dict[str | None, int]:
    rows = queries.list_who_answers(current_actor(), case)
    form.who.choices = [("", _("Choose")), *((public_id, name) for public_id, _key, name in rows)]
    return {public_id: key for public_id, key, _name in rows}


def _judged(form: AssessmentForm, people: dict[str | None, int]) -> risk.Judged:
    is_safe = said(form.is_safe_to_move)
    return risk.Judged(
        moment=form.moment.data,
        method=form.method.data,
        is_trained=bool(said(form.is_trained)),
        tool=form.tool.data,
        result=form.result.data,
        children=form.children.data,
        is_safe_to_move=is_safe,
        responsible_id=people.get(form.who.data) if is_safe is not None else None,
        may_visit=said(form.may_visit),
    )


def _assess_page(public_id: str, form: AssessmentForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, NARRATIVE)
    _offer_people(case, form)
    known, reference = queries.before_assessing(case, seen), case.reference
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY_ASSESSMENT)
    return render_template(
        "risk/assessment.html",
        seen=seen,
        case_id=public_id,
        case_reference=reference,
        form=form,
        known=known,
        back=overview_url(public_id),
    ), status


@bp.get("/<public_id>/event")
@access(Permission.CASE_EDIT)
def event(public_id: str) -> ResponseReturnValue:
    """Say that something has happened that no page knows of."""
    return _event_page(public_id, EventForm())


@bp.post("/<public_id>/event")
@access(Permission.CASE_EDIT, audit=Audit.SAFETY_REVIEW_ASKED)
def save_event(public_id: str) -> ResponseReturnValue:
    """Put a new look at her safety on the work list."""
    actor, form = current_actor(), EventForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)

    def save() -> None:
        risk_reviews.ask_by_hand(case, form.reason.data, actor=actor, now=utc_now())

    if not saved(form, save, then=overview_url(public_id)):
        return _event_page(public_id, form, status=422)
    return after_change(overview_url(public_id), message=_("Her safety is to be looked at within a week."))


def _event_page(public_id: str, form: EventForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY)
    return form_page(
        form,
        _("Something has happened"),
        [("reason", None, False)],
        button=_("Ask for a new look"),
        back=overview_url(public_id),
        status=status,
        intro=_("A new look at her safety stands on the work list at once, and is due within a week."),
    )
