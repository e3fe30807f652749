"""Her safety plan: the next version, the earlier ones, and a sheet for her."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.risk import bp
from portal.blueprints.risk.forms import PlanForm, said
from portal.blueprints.risk.routes import NARRATIVE, overview_url
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.risk import PlanSection
from portal.core.states import CaseState
from portal.domain.labels.risk import HINTS
from portal.queries import cases as case_queries
from portal.queries import safety_plans as queries
from portal.queries.visibility import relation_of
from portal.services import safety_plans
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import must_show
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/<public_id>/plan")
@access(Permission.CASE_EDIT)
def plan(public_id: str) -> ResponseReturnValue:
    """The next version of the safety plan, beginning with what stood in the last."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    last = queries.find_newest_plan(case, must_show(actor, case, NARRATIVE))
    known = {section.value: text for section, text in last.sections} if last else {}
    if last:
        known["has_code_word"] = "yes" if last.has_code_word else "no"
    return _plan_page(public_id, PlanForm(data=known))


@bp.post("/<public_id>/plan")
@access(Permission.CASE_EDIT, audit=Audit.SAFETY_PLAN_WRITTEN)
def save_plan(public_id: str) -> ResponseReturnValue:
    """Save the next version; the earlier ones stay."""
    actor, form = current_actor(), PlanForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)

    def save() -> None:
        safety_plans.write_plan(
            case,
            home=form.home.data,
            sections=form.sections,
            has_code_word=bool(said(form.has_code_word)),
            confirmed_on=form.confirmed_on.data,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=overview_url(public_id)):
        return _plan_page(public_id, form, status=422)
    return after_change(overview_url(public_id), message=_("The plan has been saved as a new version."))


def _plan_page(public_id: str, form: PlanForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, NARRATIVE)
    about = {"case_reference": case.reference, "is_open": case.state is CaseState.OPEN}
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY_PLAN)
    return render_template(
        "risk/plan.html",
        **about,
        seen=seen,
        case_id=public_id,
        form=form,
        parts=[(form[section.value], HINTS[section]) for section in PlanSection],
        back=overview_url(public_id),
    ), status


@bp.get("/<public_id>/plans/<plan_id>")
@access(Permission.CASE_EDIT)
def old_plan(public_id: str, plan_id: str) -> ResponseReturnValue:
    """One version of the plan, to read."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, NARRATIVE)
    shown = {"plan": queries.get_plan(case, seen, plan_id), "case_reference": case.reference}
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY_PLAN)
    return render_template("risk/old_plan.html", seen=seen, case_id=public_id, back=overview_url(public_id), **shown)


@bp.get("/<public_id>/plans/<plan_id>/paper")
@access(Permission.CASE_EDIT)
def paper(public_id: str, plan_id: str) -> ResponseReturnValue:
    """A sheet for her that does not say what it is: those parts that she chooses, without headings of ours."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, NARRATIVE)
    found = queries.get_plan(case, seen, plan_id)
    chosen = request.args.getlist("part")
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SAFETY_PLAN)
    return render_template(
        "risk/paper.html",
        plan=found,
        chosen=chosen,
        lines=[text for section, text in found.sections if section.value in chosen],
        back=url_for("risk.old_plan", public_id=public_id, plan_id=plan_id),
    )
