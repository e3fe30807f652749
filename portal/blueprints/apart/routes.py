"""What the team of a case keeps apart, and what it is asked."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.apart import bp
from portal.blueprints.apart.forms import AnswerForm, AreaForm, CaseForm, PersonForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.disclosure import FieldGroup
from portal.queries import apart as queries
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import apart as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import must_have_whole, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction

# Each of the three forms stands on the page under its own prefix.
FORMS: dict[str, type[Any]] = {"case": CaseForm, "person": PersonForm, "area": AreaForm}
TYPED = {"case": "reference", "person": "email", "area": "areas"}


def _case(public_id: str) -> Any:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.RISK_NARRATIVE_PERPETRATOR)
    return case, must_have_whole(actor, case)


def _url(public_id: str) -> str:
    return url_for("apart.index", public_id=public_id)


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def index(public_id: str) -> ResponseReturnValue:
    """From whom and what she is kept apart, what the team is asked, and three forms."""
    return _page(public_id)


def _page(public_id: str, status: int = 200, at: str = "", **sent: Any) -> ResponseReturnValue:
    actor, (case, seen) = current_actor(), _case(public_id)
    forms = {name: sent.get(name) or kind(formdata=None, prefix=name) for name, kind in FORMS.items()}
    questions = [(row, _answer_form(row, sent.get("answer"), at)) for row in queries.list_questions(case)]
    shown = {
        "seen": seen,
        "case_id": public_id,
        "reference": case.reference,
        "is_open": case.state is CaseState.OPEN,
        "is_own": case.owner_organisation_id == actor.organisation_id,
        "flags": queries.list_flags(actor, case),
        "questions": questions,
        "forms": forms,
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.APART)
    return render_template("apart/index.html", **shown), status


def _answer_form(row: queries.QuestionRow, sent: AnswerForm | None, at: str) -> AnswerForm:
    form = sent if sent is not None and row.public_id == at else AnswerForm(formdata=None)
    form.answer.id = f"answer-{row.public_id}"
    return form


def _keep(public_id: str, name: str, act: Callable[..., object], words: str) -> ResponseReturnValue:
    (case, _seen), form = _case(public_id), FORMS[name](prefix=name)
    given = {"actor": current_actor(), "now": utc_now()}
    if saved(form, lambda: act(case, form[TYPED[name]].data, form.kept(), **given), then=_url(public_id)):
        return after_change(_url(public_id), message=words)
    return _page(public_id, form.status, **{name: form})


@bp.post("/<public_id>/case")
@access(Permission.CASE_EDIT, audit=Audit.KEEP_APART_SET)
def from_case(public_id: str) -> ResponseReturnValue:
    """Apart from another case, by its number."""
    return _keep(
        public_id,
        "case",
        service.from_case,
        _("Noted. A case of your own counts at once; for any other number its team is asked."),
    )


@bp.post("/<public_id>/person")
@access(Permission.CASE_EDIT, audit=Audit.KEEP_APART_SET)
def from_person(public_id: str) -> ResponseReturnValue:
    """Apart from somebody with an account."""
    return _keep(
        public_id,
        "person",
        service.from_person,
        _("Noted. You are asked before the two are brought together."),
    )


@bp.post("/<public_id>/area")
@access(Permission.CASE_EDIT, audit=Audit.KEEP_APART_SET)
def from_areas(public_id: str) -> ResponseReturnValue:
    """Postal areas in which she must not live."""
    return _keep(
        public_id,
        "area",
        service.from_areas,
        _("Noted. You are asked before she is given a home there."),
    )


@bp.post("/<public_id>/flags/<flag_id>/<any(renew, end):action>")
@access(Permission.CASE_EDIT, audit=Audit.KEEP_APART_ENDED)
def change(public_id: str, flag_id: str, action: str) -> ResponseReturnValue:
    """Still needed, or not any more."""
    (case, _seen), actor, now = _case(public_id), current_actor(), utc_now()
    with transaction(then=_url(public_id)):
        flag = queries.get_flag(case, flag_id)
        (service.renew if action == "renew" else service.end)(flag, case, actor=actor, now=now)
    words = _("It stays. You are asked about it again in half a year.")
    return after_change(_url(public_id), message=words if action == "renew" else _("It has been taken away."))


@bp.post("/<public_id>/questions/<question_id>")
@access(Permission.CASE_EDIT, audit=Audit.APART_ANSWERED)
def answer(public_id: str, question_id: str) -> ResponseReturnValue:
    """Go ahead, this once, or no."""
    (case, _seen), form = _case(public_id), AnswerForm()
    question = queries.get_question(case, question_id)

    def act() -> None:
        service.answer(question, case, form.answer.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=_url(public_id)):
        return after_change(_url(public_id), message=_("Your answer has been sent."))
    return _page(public_id, form.status, at=question_id, answer=form)
