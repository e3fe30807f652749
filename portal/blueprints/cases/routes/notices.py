"""The notices that follow from stays, and the safety assessment."""

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import SafetyForm, SentForm
from portal.core.audit_tags import Audit, Page
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts, person_facts
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import addresses, reveals, safety, stays
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


@bp.get("/<public_id>/safety")
@access(Permission.CASE_EDIT)
def assess(public_id: str) -> ResponseReturnValue:
    """A new safety assessment, with the earlier ones below it."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.RISK_NARRATIVE_PERPETRATOR)
    earlier = person_facts.list_assessments(case, seen)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY)
    return _safety_page(SafetyForm(data={"assessed_on": local_date(utc_now())}), public_id, earlier=earlier)


@bp.post("/<public_id>/safety")
@access(Permission.CASE_EDIT, audit=Audit.SAFETY_ASSESSED)
def save_assessment(public_id: str) -> ResponseReturnValue:
    """Save a safety assessment."""
    actor, form = current_actor(), SafetyForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.RISK_NARRATIVE_PERPETRATOR)

    def save() -> None:
        safety.assess_safety(
            case,
            level=form.level.data,
            assessed_on=form.assessed_on.data,
            reason=form.reason.data,
            review_on=form.review_on.data,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=case_url(public_id)):
        return _safety_page(form, public_id, status=422)
    return after_change(case_url(public_id), message=_("The assessment has been saved."))


def _safety_page(
    form: SafetyForm, public_id: str, status: int = 200, earlier: Sequence[person_facts.Assessment] = ()
) -> ResponseReturnValue:
    fields = [
        ("level", None, False),
        ("reason", _("Needed when the level is raised or high."), True),
        ("assessed_on", None, False),
        ("review_on", _("At the latest after 90 days. Empty means 90 days."), True),
    ]
    return form_page(
        form,
        _("Safety assessment"),
        fields,
        button=_("Save the assessment"),
        back=case_url(public_id),
        status=status,
        earlier=earlier,
    )


@bp.get("/<public_id>/notices/<notice_id>")
@access(Permission.CASE_EDIT)
def notice(public_id: str, notice_id: str) -> ResponseReturnValue:
    """A notice to the municipality: the text to copy, and the day it was sent."""
    return _notice_page(public_id, notice_id, SentForm(data={"sent_on": local_date(utc_now())}))


@bp.post("/<public_id>/notices/<notice_id>")
@access(Permission.CASE_EDIT, audit=Audit.NOTICE_SENT)
def send_notice(public_id: str, notice_id: str) -> ResponseReturnValue:
    """Record that a notice has been sent."""
    actor, form = current_actor(), SentForm()
    case = case_queries.get(actor, public_id)
    found = case_parts.get_notice(case, notice_id)

    def save() -> None:
        stays.send_notice(case, found, sent_on=form.sent_on.data, actor=actor, now=utc_now())

    if not saved(form, save, then=case_url(public_id)):
        return _notice_page(public_id, notice_id, form, status=422)
    return after_change(case_url(public_id), message=_("The notice has been marked as sent."))


@bp.post("/<public_id>/notices/<notice_id>/with-number")
@access(Permission.CASE_EDIT, audit=Audit.NAME_REVEALED, step_up=True)
def notice_with_number(public_id: str, notice_id: str) -> ResponseReturnValue:
    """Her CPR number to be put into the notice: written down before it is shown, for a minute."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_CPR)
    case_parts.get_notice(case, notice_id)
    page, reference = url_for("cases.notice", public_id=public_id, notice_id=notice_id), case.reference
    with transaction(then=page):
        secret, reason = addresses.her_cpr_number(case, actor=actor), _("For the statutory notice")
        number = reveals.reveal(secret, reason=reason, actor=actor, now=utc_now())
    words = _("Back to the notice")
    return shown_once(_("CPR number"), number, back=page, back_words=words, reference=reference)


def _notice_page(public_id: str, notice_id: str, form: SentForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_NAME)
    found = case_parts.get_notice(case, notice_id)
    text = case_parts.notice_text(actor, case, found)
    shown = {
        "form": form,
        "text": text,
        "back": case_url(public_id),
        "url": url_for("cases.send_notice", public_id=public_id, notice_id=notice_id),
        "number_url": url_for("cases.notice_with_number", public_id=public_id, notice_id=notice_id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.NOTICE)
    return render_template("cases/notice.html", **shown), status
