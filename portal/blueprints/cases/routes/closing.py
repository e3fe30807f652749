"""The end of a case, and its return."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import CloseForm, ReopenForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.queries import cases as case_queries
from portal.queries import unfinished as unfinished_queries
from portal.queries.plans import count_live
from portal.queries.visibility import relation_of
from portal.services import closing
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, must_have_whole
from portal.web.htmx import after_change
from portal.web.links import page_of
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/<public_id>/close")
@access(Permission.CASE_EDIT)
def ask_to_close(public_id: str) -> ResponseReturnValue:
    """What must be done before the case is closed."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    unfinished = case_queries.count_unfinished(case.id)
    ends = _where_it_ends(public_id, {} if unfinished.is_empty else unfinished_queries.find_first(actor, case.id))
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CLOSE)
    return form_page(
        CloseForm(),
        _("Close the case"),
        [],
        button=_("Close the case"),
        back=case_url(public_id),
        intro=_before_closing(case.id),
        unfinished=unfinished,
        ends=ends,
    )


def _where_it_ends(public_id: str, first: dict[SubjectType, str]) -> dict[str, str]:
    """The page on which the first of each kind is ended; those that are left stand there when one comes back."""
    pages = {
        "stays": url_for("cases.stay", public_id=public_id),
        "counselling": url_for("counselling.coordinating", public_id=public_id),
    }
    return pages | {kind.value: page_of(kind, first[kind]) for kind in first}


def _before_closing(case_id: int) -> str:
    """What is kept, and that goals are still worked for: to know, not to hinder (R-623)."""
    kept = _("Follow-ups after the end stay on the work list. Her file is kept.")
    live = count_live(case_id)
    told = ngettext("%(num)d goal of hers is still worked for.", "%(num)d goals of hers are still worked for.", live)
    return f"{kept} {told}" if live else kept


@bp.post("/<public_id>/close")
@access(Permission.CASE_EDIT, audit=Audit.CASE_CLOSED)
def close(public_id: str) -> ResponseReturnValue:
    """Close the case."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    with transaction(then=case_url(public_id)):
        closing.close_case(case, case_queries.count_unfinished(case.id), actor=actor, now=utc_now())
    return after_change(case_url(public_id), message=_("The case is closed."))


@bp.get("/<public_id>/reopen")
@access(Permission.CASE_EDIT, step_up=True)
def ask_to_reopen(public_id: str) -> ResponseReturnValue:
    """Why a closed case is opened again."""
    actor = current_actor()
    case = case_queries.get_known(actor, public_id)
    must_have_whole(actor, case)
    if case.state is CaseState.OPEN:
        return redirect(case_url(public_id), 303)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CLOSE)
    return _reopen_page(ReopenForm(), public_id)


@bp.post("/<public_id>/reopen")
@access(Permission.CASE_EDIT, audit=Audit.CASE_REOPENED, step_up=True)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open a closed case again."""
    actor, form = current_actor(), ReopenForm()
    case = case_queries.get_known(actor, public_id)
    must_have_whole(actor, case)

    def save() -> None:
        closing.reopen_case(case, form.reason.data or "", actor=actor, now=utc_now())

    if not saved(form, save, then=case_url(public_id)):
        return _reopen_page(form, public_id, status=422)
    return after_change(case_url(public_id), message=_("The case is open again. Ask her first how she may be reached."))


def _reopen_page(form: ReopenForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Reopen the case"),
        [("reason", _("For example that she has come back, or that it was closed by mistake. No names."), False)],
        button=_("Reopen the case"),
        back=case_url(public_id),
        status=status,
        intro=_(
            "The team sees her file again. What waited on the work list comes back; "
            "courses and grants stay ended. "
            "The rest of the team is told, and the reason is kept."
        ),
    )
