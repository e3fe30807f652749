"""Her stay plan: the version that counts, the draft, the earlier ones, and the municipality's plan beside it."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.plans import bp
from portal.blueprints.plans.about import case_of, look
from portal.blueprints.plans.forms import AgreeForm, MunicipalForm, StayPlanForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.plans import StayPlanState
from portal.queries import plans as goal_queries
from portal.queries import stay_plans as queries
from portal.services import stay_plans as service
from portal.web.access import access, current_actor
from portal.web.case_pages import form_page
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against, with_sent

FIELDS = ("wish", "goals", "offers", "children", "next_review_on")
LINK_FIELDS = ("kind", "plan_on", "consent_on", "sent_on", "next_meeting_on")


def _url(public_id: str) -> str:
    return url_for("plans.stay_plan", public_id=public_id)


def _page(public_id: str, status: int = 200, **sent: Any) -> ResponseReturnValue:
    case, seen = case_of(public_id)
    current = {one.state: one for one in queries.list_current(case)}
    draft = current.get(StayPlanState.DRAFT)
    known = {"version": draft.version if draft else 0, "confirmed_on": local_date(utc_now())}
    context = {
        "draft": draft,
        "agreed": current.get(StayPlanState.AGREED),
        "versions": [one for one in queries.list_versions(case) if one.state is not StayPlanState.DRAFT],
        "link": queries.find_link(case),
        "seen": seen,
        "case_id": public_id,
        "case_reference": case.reference,
    }
    look(case)
    forms = with_sent({"agree_form": AgreeForm(formdata=None, data=known)}, sent)
    return render_template("plans/stay.html", **context, **forms), status


@bp.get("/<public_id>/stay")
@access(Permission.CASE_EDIT)
def stay_plan(public_id: str) -> ResponseReturnValue:
    """Her stay plan as it counts, the draft of the next, and the municipality's plan."""
    return _page(public_id)


def _form(case: Any, plan: queries.WholeVersion | None, **given: Any) -> StayPlanForm:
    """The form, with the goals that are worked for and those that stand in the plan already."""
    form = StayPlanForm(**given)
    live = [(goal.public_id, goal.wish) for goal in goal_queries.list_goals(case) if goal.is_live]
    form.goals.choices = list({**dict(plan.goals if plan else ()), **dict(live)}.items())
    return form


def _newest(case: Any) -> queries.WholeVersion | None:
    """The draft, or else the version that counts, to write the next from."""
    found = queries.list_current(case)
    return found[0] if found else None


def _known(case: Any) -> StayPlanForm:
    plan = _newest(case)
    data: dict[str, Any] = {"version": 0}
    if plan is not None:
        is_draft = plan.state is StayPlanState.DRAFT
        data = {name: getattr(plan, name) for name in ("wish", "offers", "children")}
        data |= {"goals": [public_id for public_id, _wish in plan.goals], "version": plan.version if is_draft else 0}
        data["next_review_on"] = plan.next_review_on if is_draft else None
    return _form(case, plan, formdata=None, data=data)


def _draft_page(form: StayPlanForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    hints = {
        "wish": _("Write what she says, not what we call it."),
        "goals": _("Goals are written down under Goals. Here you choose."),
        "offers": _("What, how often, and who by role. No address."),
        "children": _("What the stay is to be for them, in a sentence."),
        "next_review_on": _("For example 02.10.2026. It comes on the work list."),
    }
    shown = FIELDS if form.goals.choices else tuple(name for name in FIELDS if name != "goals")
    fields = [(name, hints[name], name != "wish") for name in shown]
    heading, intro = _("Write the stay plan"), _("A draft until she has confirmed it. What is agreed stays as it is.")
    return form_page(
        form, heading, fields, button=_("Save the draft"), back=_url(public_id), intro=intro, status=status
    )


@bp.get("/<public_id>/stay/draft")
@access(Permission.CASE_EDIT)
def write_stay_plan(public_id: str) -> ResponseReturnValue:
    """Write on the draft of her stay plan, beginning with the version that counts."""
    case, _seen = case_of(public_id)
    form = _known(case)
    look(case)
    return _draft_page(form, public_id)


@bp.post("/<public_id>/stay/draft")
@access(Permission.CASE_EDIT, audit=Audit.STAY_PLAN_WRITTEN)
def save_stay_plan(public_id: str) -> ResponseReturnValue:
    """Save the draft."""
    case, _seen = case_of(public_id)
    form, then = _form(case, _newest(case)), _url(public_id)

    def save() -> None:
        written = service.Written(
            wish=form.wish.data,
            offers=form.offers.data,
            children=form.children.data,
            goals=form.goals.data or (),
            next_review_on=form.next_review_on.data,
        )
        service.write(case, written, actor=current_actor(), now=utc_now(), version=form.seen)

    if not saved(form, save, then=then):
        case, _seen = case_of(public_id)
        return _draft_page(against(form, lambda: _known(case)), public_id, form.status)
    return after_change(then, message=_("The draft is saved. Go through it with her, and write how she confirms it."))


@bp.post("/<public_id>/stay/draft/agree")
@access(Permission.CASE_EDIT, audit=Audit.STAY_PLAN_AGREED)
def agree_stay_plan(public_id: str) -> ResponseReturnValue:
    """She has confirmed the draft."""
    case, _seen = case_of(public_id)
    form, then = AgreeForm(), _url(public_id)

    def save() -> None:
        how, day = form.confirmed_how.data, form.confirmed_on.data
        service.agree(case, how=how, confirmed_on=day, actor=current_actor(), now=utc_now(), version=form.seen)

    if not saved(form, save, then=then):
        return _page(public_id, form.status, agree_form=form)
    return after_change(then, message=_("The stay plan is agreed."))


@bp.get("/<public_id>/stay/<stay_plan_id>")
@access(Permission.CASE_EDIT)
def stay_plan_version(public_id: str, stay_plan_id: str) -> ResponseReturnValue:
    """One version of the stay plan, to read and to sign on paper."""
    case, seen = case_of(public_id)
    shown = {"plan": queries.get_version(case, stay_plan_id), "case_reference": case.reference}
    look(case)
    return render_template("plans/stay_version.html", seen=seen, case_id=public_id, **shown)


def _link_known(case: Any) -> MunicipalForm:
    link = queries.find_link(case)
    data = {name: getattr(link, name) for name in (*LINK_FIELDS, "version")} if link else {"version": 0}
    return MunicipalForm(formdata=None, data=data)


def _link_page(form: MunicipalForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    day = _("For example 02.10.2026")
    hints = {
        "kind": _("Whether, and which. What stands in it is the municipality's own."),
        "consent_on": _("Without her consent it is not sent."),
    }
    fields = [(name, hints.get(name, day), name != "kind") for name in LINK_FIELDS]
    heading, button = _("The municipality's plan"), _("Save the facts")
    return form_page(form, heading, fields, button=button, back=_url(public_id), status=status)


@bp.get("/<public_id>/municipal")
@access(Permission.CASE_EDIT)
def municipal_plan(public_id: str) -> ResponseReturnValue:
    """What is known of the municipality's plan."""
    case, _seen = case_of(public_id)
    form = _link_known(case)
    look(case)
    return _link_page(form, public_id)


@bp.post("/<public_id>/municipal")
@access(Permission.CASE_EDIT, audit=Audit.MUNICIPAL_PLAN_NOTED)
def save_municipal_plan(public_id: str) -> ResponseReturnValue:
    """Note what is known of the municipality's plan."""
    case, _seen = case_of(public_id)
    form, then = MunicipalForm(), _url(public_id)

    def save() -> None:
        noted = service.Noted(**{name: form[name].data for name in LINK_FIELDS})
        service.note_municipal_plan(case, noted, actor=current_actor(), now=utc_now(), version=form.seen)

    if not saved(form, save, then=then):
        case, _seen = case_of(public_id)
        return _link_page(against(form, lambda: _link_known(case)), public_id, form.status)
    return after_change(then, message=_("Saved."))
