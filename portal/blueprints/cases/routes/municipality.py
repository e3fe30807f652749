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
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries import municipalities as queries
from portal.queries.visibility import relation_of
from portal.services import municipalities as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page
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

    def save() -> None:
        service.set_municipalities(
            case,
            responsible=form.responsible.data,
            paying=form.paying.data,
            since=service.Since(form.from_on.data, form.reason.data),
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known(case_queries.get(actor, public_id)))
        return _page(form, public_id, status=form.status)
    return after_change(case_url(public_id), message=_("Saved."))


def _page(form: MunicipalityForm | None, public_id: str, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    form = form or _known(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.MUNICIPALITY)
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
        history=queries.list_history(case.id),
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
