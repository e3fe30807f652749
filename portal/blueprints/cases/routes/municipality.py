"""Which municipality must act for her and which one pays, from which day on, with what was before."""

from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import MunicipalityForm, PeriodForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.kinds import MunicipalityDuty
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries import municipalities as queries
from portal.queries.visibility import relation_of
from portal.services import municipalities as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, lens_of
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/<public_id>/municipality")
@access(Permission.CASE_EDIT)
def municipality(public_id: str) -> ResponseReturnValue:
    """Which municipality must act, and which one pays."""
    return _page(None, public_id)


def _known(case: Any) -> MunicipalityForm:
    known = {"responsible": case.responsible_municipality_code, "paying": case.paying_municipality_code}
    form = MunicipalityForm(formdata=None, data={"version": case.version, **known})
    form.responsible.choices = form.paying.choices = case_parts.municipality_choices()
    return form


@bp.post("/<public_id>/municipality")
@access(Permission.CASE_EDIT, audit=Audit.CASE_CHANGED)
def save_municipality(public_id: str) -> ResponseReturnValue:
    """Save the municipalities."""
    actor, form = current_actor(), MunicipalityForm()
    case = case_queries.get(actor, public_id)
    form.responsible.choices = form.paying.choices = case_parts.municipality_choices()
    was, page, outcomes = case.responsible_municipality_code, url_for(".municipality", public_id=public_id), []

    def save() -> None:
        given = {"responsible": form.responsible.data, "paying": form.paying.data}
        since = service.Since(form.from_on.data, form.reason.data)
        done = service.set_municipalities(case, **given, since=since, version=form.seen, actor=actor, now=utc_now())
        outcomes.append(done)

    if not saved(form, save, then=page):
        form = against(form, lambda: _known(case_queries.get(actor, public_id)))
        return _page(form, public_id, status=form.status)
    is_told = any(_stays_here(one, was) for one in outcomes)
    return after_change(page if is_told else case_url(public_id), message=_said(outcomes))


def _stays_here(outcome: service.Outcome, was: str | None) -> bool:
    """Whether there is something to read on this page: another municipality must act, or the history says more."""
    return bool(outcome.before_only or outcome.moved or (was and MunicipalityDuty.RESPONSIBLE in outcome.changed))


def _said(outcomes: list[service.Outcome]) -> str:
    """What has become of it. Never that it was saved when nothing is another one (R-833)."""
    outcome = outcomes[0] if outcomes else service.Outcome()
    if outcome.before_only:
        return _("Saved for the days before a later change, which still counts. Correct that line if it is wrong.")
    return _("Nothing was changed.") if outcomes and outcome.is_empty else _("Saved.")


def _page(form: MunicipalityForm | None, public_id: str, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    form = form or _known(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.MUNICIPALITY)
    history = queries.list_history(case.id)
    acting = {one.municipality for one in history if one.duty is MunicipalityDuty.RESPONSIBLE and not one.is_corrected}
    fields = [
        ("responsible", None, True),
        ("paying", None, True),
        ("from_on", _("Empty: today"), True),
        ("reason", _("When it is another one than before."), True),
    ]
    return page_or_part(
        "cases/municipality.html",
        "cases/_form.html",
        status,
        form=form,
        heading=_("Municipality"),
        shown=[(form[name], hint, is_optional) for name, hint, is_optional in fields],
        button=_("Save"),
        back=case_url(public_id),
        history=history,
        is_another=len(acting) > 1,
        not_along=queries.find_not_along(case) if lens_of(actor, case).sees_all_tracks else None,
        public_id=public_id,
        is_open=case.state is CaseState.OPEN,
    )


@bp.get("/<public_id>/municipality/<period_id>")
@access(Permission.CASE_EDIT)
def period(public_id: str, period_id: str) -> ResponseReturnValue:
    """Correct one line of the history."""
    case = case_queries.get(current_actor(), public_id)
    found = queries.get_period(case.id, period_id)
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.MUNICIPALITY)
    form = PeriodForm(formdata=None, data={"municipality": found.municipality_code, "from_on": found.from_on})
    return _period_page(form, public_id)


@bp.post("/<public_id>/municipality/<period_id>")
@access(Permission.CASE_EDIT, audit=Audit.CASE_CHANGED)
def correct_period(public_id: str, period_id: str) -> ResponseReturnValue:
    """Write the correction; what was corrected stays to be read."""
    actor, form = current_actor(), PeriodForm()
    case = case_queries.get(actor, public_id)
    found = queries.get_period(case.id, period_id)
    form.municipality.choices = case_parts.municipality_choices()
    page = url_for("cases.municipality", public_id=public_id)

    def save() -> None:
        from_on: date = form.from_on.data
        service.correct(case, found, code=form.municipality.data, from_on=from_on, actor=actor, now=utc_now())

    if not saved(form, save, then=page):
        return _period_page(form, public_id, status=form.status)
    return after_change(page, message=_("Corrected. The line before stays in the history."))


def _period_page(form: PeriodForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    form.municipality.choices = case_parts.municipality_choices()
    return form_page(
        form,
        _("Correct the history"),
        [("municipality", None, True), ("from_on", None, False)],
        button=_("Save the correction"),
        back=url_for("cases.municipality", public_id=public_id),
        status=status,
        intro=_("Only when it was written down wrongly. When it is another municipality from a day on, go back."),
    )
