"""Stays."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import (
    AdmissionForm,
    EndStayForm,
    StayForm,
)
from portal.core.audit_tags import Audit, Page
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.domain.disclosure import FieldGroup
from portal.queries import case_deadlines, case_parts, person_facts
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import cases
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, must_show
from portal.web.clock_words import saved_and_moved
from portal.web.filters import day
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

ANSWERS = {"yes": True, "no": False, "unknown": None}
SAID = {value: key for key, value in ANSWERS.items()}


@bp.get("/<public_id>/stay")
@access(Permission.CASE_EDIT)
def stay(public_id: str) -> ResponseReturnValue:
    """The stay: a new one, or the end of the one that is open."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    open_stay = case_parts.find_open_stay(case)
    admitted_on = open_stay.admitted_on if open_stay else None
    planned, is_anonymous = case.planned_move_on, person_facts.is_anonymous(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.STAY)
    if admitted_on is not None:
        return _end_page(EndStayForm(), public_id)
    return _stay_page(StayForm(data={"is_anonymous": is_anonymous, "planned_move_on": planned}), public_id)


@bp.post("/<public_id>/stay")
@access(Permission.CASE_EDIT, audit=Audit.STAY_RECORDED)
def record_stay(public_id: str) -> ResponseReturnValue:
    """Record a stay, with its notice and its stay plan."""
    actor, form = current_actor(), StayForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)

    def save() -> None:
        cases.record_stay(
            case,
            admitted_on=form.admitted_on.data,
            planned_move_on=form.planned_move_on.data,
            previous_stay_ever=ANSWERS[form.previous_stay.data],
            is_anonymous=form.is_anonymous.data,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=case_url(public_id)):
        return _stay_page(form, public_id, status=422)
    return after_change(case_url(public_id), message=_("The stay has been recorded. The notice stands under Next."))


def _stay_page(form: StayForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    fields = [
        ("admitted_on", _("For example 02.10.2026"), False),
        ("previous_stay", None, False),
        ("is_anonymous", None, False),
        ("planned_move_on", None, True),
    ]
    return form_page(
        form,
        _("Stay at the centre"),
        fields,
        button=_("Record the stay"),
        back=case_url(public_id),
        status=status,
        intro=_("The notice to the municipality is due after three weekdays, the stay plan after six weeks."),
    )


@bp.post("/<public_id>/stay/end")
@access(Permission.CASE_EDIT, audit=Audit.STAY_ENDED)
def end_stay(public_id: str) -> ResponseReturnValue:
    """End the open stay."""
    actor, form = current_actor(), EndStayForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)

    def save() -> None:
        cases.end_stay(
            case, discharged_on=form.discharged_on.data, destination=form.destination.data, actor=actor, now=utc_now()
        )

    if not saved(form, save, then=case_url(public_id)):
        return _end_page(form, public_id, status=422)
    return after_change(case_url(public_id), message=_("The stay has ended. The notice stands under Next."))


def _end_page(form: EndStayForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    stay = case_parts.find_open_stay(case_queries.get(current_actor(), public_id))
    came = _("Admitted %(day)s.", day=day(stay.admitted_on)) if stay else None
    return form_page(
        form,
        _("End of the stay"),
        [("discharged_on", None, False), ("destination", None, True)],
        button=_("End the stay"),
        back=case_url(public_id),
        status=status,
        action=url_for("cases.end_stay", public_id=public_id),
        intro=came,
        other=(url_for("cases.admission", public_id=public_id), _("Correct the day of admission")),
    )


@bp.get("/<public_id>/stay/admission")
@access(Permission.CASE_EDIT)
def admission(public_id: str) -> ResponseReturnValue:
    """How the open stay began, to be corrected."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    form = _known_admission(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.STAY)
    return _admission_page(form, public_id)


def _known_admission(case: Any) -> AdmissionForm:
    stay = case_parts.find_open_stay(case)
    if stay is None:
        raise NotNow(_("No stay is open."))
    known = {"admitted_on": stay.admitted_on, "previous_stay": SAID[stay.previous_stay_ever]}
    return AdmissionForm(formdata=None, data={"version": stay.version, **known})


@bp.post("/<public_id>/stay/admission")
@access(Permission.CASE_EDIT, audit=Audit.STAY_CORRECTED)
def correct_admission(public_id: str) -> ResponseReturnValue:
    """Correct how the open stay began; what is counted from it moves along."""
    actor, form, now = current_actor(), AdmissionForm(), utc_now()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)

    def save() -> None:
        cases.correct_admission(
            case,
            admitted_on=form.admitted_on.data,
            previous_stay_ever=ANSWERS[form.previous_stay.data],
            version=form.seen,
            actor=actor,
            now=now,
        )

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known_admission(case_queries.get(actor, public_id)))
        return _admission_page(form, public_id, status=form.status)
    moved = case_deadlines.list_moved(case.id, at=now)
    return after_change(case_url(public_id), message=saved_and_moved(_("Corrected."), moved))


def _admission_page(form: AdmissionForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Correct the admission"),
        [("admitted_on", _("For example 02.10.2026"), False), ("previous_stay", None, False)],
        button=_("Save"),
        back=url_for("cases.stay", public_id=public_id),
        status=status,
        intro=_("What is counted from the day moves along: the notice, if it has not been sent, and the stay plan."),
    )
