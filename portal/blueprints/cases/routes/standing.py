"""She has died or has moved abroad: recorded on one page, and taken back there."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import StandingForm, TakeBackForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.standing import StandingKind
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.domain.standing import DIED
from portal.queries import cases as case_queries
from portal.queries import standing as queries
from portal.queries.visibility import relation_of
from portal.services import standing as service
from portal.services.standing import Told
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_have_whole
from portal.web.htmx import after_change
from portal.web.saving import saved


def _case(public_id: str) -> tuple[Any, Lens]:
    """The case, also one that was closed long ago: one hears of it later."""
    actor = current_actor()
    case = case_queries.get_known(actor, public_id)
    return case, must_have_whole(actor, case)


@bp.get("/<public_id>/standing")
@access(Permission.CASE_EDIT)
def standing(public_id: str) -> ResponseReturnValue:
    """What is recorded, and a form."""
    return _page(public_id)


@bp.post("/<public_id>/standing")
@access(Permission.CASE_EDIT, audit=Audit.DEATH_RECORDED)
def record_standing(public_id: str) -> ResponseReturnValue:
    """Record that she has died, or has moved abroad."""
    (case, _seen), form, called_off = _case(public_id), StandingForm(), []

    def save() -> None:
        told = Told(StandingKind(form.kind.data), form.since_on.data, form.source.data or None, form.note.data)
        called_off.append(service.record(case, told, actor=current_actor(), now=utc_now()))

    if not saved(form, save, then=case_url(public_id)):
        return _page(public_id, form, status=form.status)
    return after_change(case_url(public_id), message=_said(form.kind.data, sum(called_off)))


def _said(kind: str, called_off: int) -> str:
    if kind != StandingKind.DIED:
        return _("It is recorded that she has moved abroad.")
    meetings = ngettext(
        "%(num)d planned meeting was called off.", "%(num)d planned meetings were called off.", called_off
    )
    return f"{DIED} {meetings}" if called_off else str(DIED)


@bp.post("/<public_id>/standing/<mark_id>/back")
@access(Permission.CASE_EDIT, audit=Audit.STANDING_LIFTED)
def take_standing_back(public_id: str, mark_id: str) -> ResponseReturnValue:
    """Say that it was a mistake."""
    (case, _seen), form, actor = _case(public_id), TakeBackForm(), current_actor()
    mark = queries.get(case, mark_id)

    def save() -> None:
        service.take_back(case, mark, form.reason.data or "", actor=actor, now=utc_now())

    if not saved(form, save, then=case_url(public_id)):
        return _page(public_id, back_form=form, refused=mark_id, status=form.status)
    message = _("It has been taken back. What rested is on the work lists again.")
    return after_change(case_url(public_id), message=message)


def _page(
    public_id: str,
    form: StandingForm | None = None,
    back_form: TakeBackForm | None = None,
    refused: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    actor, (case, seen) = current_actor(), _case(public_id)
    rows = []
    if seen.shows(FieldGroup.CONTACT_SAFE_RULES):
        rows = queries.list_marks(case, with_words=seen.shows(FieldGroup.NOTE_CASE))
    standing_now = {row.kind for row in rows if row.lifted_at is None}
    may_lift = bool(standing_now) and queries.may_lift(case.id, actor.user_id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.STANDING)
    page = render_template(
        "cases/standing.html",
        seen=seen,
        case_id=public_id,
        case_reference=case.reference,
        rows=rows,
        may_lift=may_lift,
        # After her death nothing more is to be recorded; what was sent twice is answered with the form all the same.
        form=form or (None if StandingKind.DIED in standing_now else StandingForm(formdata=None)),
        back_form=back_form,
        empty_back=TakeBackForm(formdata=None),
        refused=refused,
        back=url_for("cases.detail", public_id=public_id),
    )
    return page, status
