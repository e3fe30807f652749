"""Handing over everything of somebody who leaves, in one page."""

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.people import bp
from portal.blueprints.people.forms import ROW, HandOverForm, hand_over_form
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.pages import Page
from portal.domain.hand_overs import END, loads, propose
from portal.domain.permissions import can
from portal.queries import hand_over_receipts as receipt_queries
from portal.queries import hand_overs as queries
from portal.queries import lead_cases
from portal.queries.lead_cases import LeadRow
from portal.services import hand_overs as service
from portal.web.access import access, current_actor, log_list
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/<public_id>/hand-over")
@access(Permission.ACCOUNT_MANAGE)
def hand_over(public_id: str) -> ResponseReturnValue:
    """Everything that is hers, whom it would go to, and how full the others get."""
    return _page(public_id, is_sent=False)


def _page(public_id: str, *, is_sent: bool, status: int = 200, form: HandOverForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    membership, name = queries.get_leaver(actor, public_id)
    plan, is_own = queries.get_plan(actor, membership), membership.user_id == actor.user_id
    if form is None:
        form = _form(plan) if is_sent else _form(plan, fresh=True)
    by_name = {one.public_id: one.user_id for one in plan.successors}
    everyone = form.everyone.data or ""
    chosen = {key: by_name.get(everyone or to) for key, to in form.chosen.items()}
    return render_template(
        "people/hand_over.html",
        form=form,
        rows=list(zip(plan.rows, form.rows, strict=True)),
        successors=plan.successors,
        after=loads(plan.rows, plan.successors, chosen, beside=plan.beside),
        public_id=public_id,
        known=_known(plan, is_own=is_own),
        name=name,
        role=membership.role,
        is_own=is_own,
        may_end=actor.role in END and not is_own,
    ), status


def _known(plan: queries.Plan, *, is_own: bool) -> Mapping[int, Sequence[LeadRow]]:
    """What a lead sees of these cases in her list without names: nobody else who opens this page sees courses."""
    if is_own or not can(current_actor(), Permission.CASE_LEAD_LIST):
        return {}
    cases = [row.case_id for row in plan.rows if row.case_id is not None]
    known = lead_cases.list_of_cases(current_actor(), cases, today=local_date(utc_now()))
    log_list(Page.LEAD_LIST, len(known))
    return known


def _form(plan: queries.Plan, *, fresh: bool = False) -> HandOverForm:
    proposed = propose(plan.rows, plan.successors, deputy=plan.deputy, beside=plan.beside, blocked=plan.blocked)
    return hand_over_form(plan.rows, plan.successors, proposed, **({"formdata": None} if fresh else {}))


@bp.post("/<public_id>/hand-over")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.HANDED_OVER, step_up="end")
def hand_over_now(public_id: str) -> ResponseReturnValue:
    """Hand everything over and end the role, or only look at the numbers once more. Only the end asks for a proof."""
    actor = current_actor()
    membership, _name = queries.get_leaver(actor, public_id)
    form, receipts = _form(queries.get_plan(actor, membership)), list[str]()
    if request.form.get("do") == "preview":
        return _page(public_id, is_sent=True, form=form)

    def act() -> None:
        is_end = request.form.get("do") == "end"
        receipts.append(_act(public_id, form, is_end=is_end))

    # A second click leads to the page where what has been done is listed.
    if saved(form, act, then=url_for("people.receipts", member_id=public_id)):
        return after_change(
            url_for("people.receipt", public_id=receipts[0]), message=_("Everything has been handed over.")
        )
    return _page(public_id, is_sent=True, status=form.status, form=form)


def _act(public_id: str, form: HandOverForm, *, is_end: bool) -> str:
    try:
        return service.hand_over(
            public_id,
            form.chosen,
            everyone=form.everyone.data,
            is_end=is_end,
            actor=current_actor(),
            now=utc_now(),
        )
    except Invalid as refusal:
        if refusal.field is not None and refusal.field != "everyone":
            raise Invalid(refusal.message, field=ROW + refusal.field) from refusal
        raise


@bp.get("/members/<member_id>/receipts")
@access(Permission.ACCOUNT_MANAGE)
def receipts(member_id: str) -> ResponseReturnValue:
    """The last hand-over of somebody's role."""
    return _receipt(receipt_queries.get_last_id(current_actor(), member_id))


@bp.get("/hand-overs/<public_id>")
@access(Permission.ACCOUNT_MANAGE)
def receipt(public_id: str) -> ResponseReturnValue:
    """What was handed over to whom."""
    return _receipt(public_id)


def _receipt(public_id: str) -> ResponseReturnValue:
    return render_template("people/receipt.html", receipt=receipt_queries.get(current_actor(), public_id))
