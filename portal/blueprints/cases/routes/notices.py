"""The notices that the law asks for: the text to copy, the file to send, and the day it was sent."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import SentAnewForm, SentForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries import notices as queries
from portal.queries.visibility import relation_of
from portal.services import addresses, notices, reveals
from portal.web import notice_paper
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_show
from portal.web.downloads import download
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


@bp.post("/<public_id>/leaving-notice")
@access(Permission.CASE_EDIT, audit=Audit.NOTICE_PREPARED)
def prepare_notice(public_id: str) -> ResponseReturnValue:
    """Make the notice of discharge ready before she leaves."""
    actor, now = current_actor(), utc_now()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_NAME)
    with transaction(then=case_url(public_id)):
        found = notices.prepare(case, actor=actor, now=now)
    return redirect(url_for(".notice", public_id=public_id, notice_id=found.public_id), 303)


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
        notices.send(case, found, sent_on=form.sent_on.data, actor=actor, now=utc_now())

    if not saved(form, save, then=case_url(public_id)):
        return _notice_page(public_id, notice_id, form, status=422)
    return after_change(case_url(public_id), message=_("The notice has been marked as sent."))


@bp.post("/<public_id>/notices/<notice_id>/sent")
@access(Permission.CASE_EDIT, audit=Audit.NOTICE_CORRECTED)
def correct_notice(public_id: str, notice_id: str) -> ResponseReturnValue:
    """Correct the day on which a notice was sent; what stood there is kept."""
    actor, form = current_actor(), SentAnewForm()
    case = case_queries.get(actor, public_id)
    found, then = case_parts.get_notice(case, notice_id), url_for(".notice", public_id=public_id, notice_id=notice_id)

    def save() -> None:
        given = {"sent_on": form.sent_on.data, "reason": form.reason.data or ""}
        notices.correct_sent(case, found, **given, actor=actor, now=utc_now())

    if not saved(form, save, then=then):
        return _notice_page(public_id, notice_id, form, status=422)
    return after_change(then, message=_("Corrected."))


@bp.get("/<public_id>/notices/<notice_id>/file")
@access(Permission.CASE_EDIT)
def notice_file(public_id: str, notice_id: str) -> ResponseReturnValue:
    """The notice as PDF, without her CPR number; an anonymous one without her name too."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_NAME)
    text = case_parts.notice_text(actor, case, case_parts.get_notice(case, notice_id))
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.NOTICE)
    language = request.args.get("language", "")
    return download(notice_paper.as_pdf(text, language=language, made_on=local_date(utc_now())), "pdf")


@bp.post("/<public_id>/notices/<notice_id>/file-with-number")
@access(Permission.CASE_EDIT, audit=Audit.NAME_REVEALED, step_up=True)
def notice_file_with_number(public_id: str, notice_id: str) -> ResponseReturnValue:
    """The named notice as PDF with her CPR number, written down before it is made. An anonymous one takes none."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_CPR)
    text = case_parts.notice_text(actor, case, case_parts.get_notice(case, notice_id))
    if text.is_anonymous:
        raise Forbidden(_("She is here anonymously: the notice takes no CPR number."))
    with transaction(then=url_for("cases.notice", public_id=public_id, notice_id=notice_id)):
        secret, reason = addresses.her_cpr_number(case, actor=actor), _("For the statutory notice")
        number = reveals.reveal(secret, reason=reason, actor=actor, now=utc_now())
    return download(notice_paper.as_pdf(text, language="", made_on=local_date(utc_now()), number=number), "pdf")


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


def _notice_page(
    public_id: str, notice_id: str, form: SentForm | SentAnewForm, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.PERSON_NAME)
    found = case_parts.get_notice(case, notice_id)
    text = case_parts.notice_text(actor, case, found)
    if text.sent_on is not None and not isinstance(form, SentAnewForm):
        form = SentAnewForm(formdata=None, data={"sent_on": text.sent_on})
    shown = {
        "form": form,
        "text": text,
        "kept": queries.list_kept(found),
        "ahead": queries.find_ahead(case, today=local_date(utc_now())) if text.is_ahead else None,
        "is_open": case.state is CaseState.OPEN,
        **_words(text),
        **_urls(public_id, notice_id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.NOTICE)
    return render_template("cases/notice.html", **shown), status


def _words(text: case_parts.NoticeText) -> dict[str, Any]:
    return {
        "heading": notice_paper.heading(text),
        "to": notice_paper.to_whom(text),
        "lines": [*notice_paper.lines(text), *notice_paper.children(text)],
        "reference": notice_paper.reference(text),
    }


def _urls(public_id: str, notice_id: str) -> dict[str, str]:
    ids: Any = {"public_id": public_id, "notice_id": notice_id}
    return {
        "back": case_url(public_id),
        "url": url_for("cases.send_notice", **ids),
        "prepare_url": url_for("cases.prepare_notice", public_id=public_id),
        "correct_url": url_for("cases.correct_notice", **ids),
        "number_url": url_for("cases.notice_with_number", **ids),
        "file_url": url_for("cases.notice_file", **ids),
        "english_url": url_for("cases.notice_file", **ids, language=Language.ENGLISH.value),
        "number_file_url": url_for("cases.notice_file_with_number", **ids),
    }
