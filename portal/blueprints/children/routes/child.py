"""One child: its own lens on what has been, with whom it is, its plan, and who agreed to what."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.forms import ConsentForm, StepForm, WhereForm
from portal.blueprints.children.view import child_url, facts_of, looked, open_case
from portal.core.audit_tags import Audit
from portal.core.children import ChildSettingKind, PlanStep
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.states import CaseState
from portal.domain.children import is_enough, missing
from portal.queries import case_timeline
from portal.queries import child_records as records
from portal.queries import children as queries
from portal.queries import concerns as concern_queries
from portal.services import children as service
from portal.web.access import access
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.past import past_items
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/<public_id>/of/<child_id>")
@access(Permission.CASE_EDIT)
def child(public_id: str, child_id: str) -> ResponseReturnValue:
    """Everything about one child: its own and the family's, never what is about a brother or sister alone."""
    return _page(public_id, child_id)


def _page(public_id: str, child_id: str, sent: PortalForm | None = None) -> ResponseReturnValue:
    actor, case, seen = open_case(public_id)
    found, after, today = queries.get(case, child_id), request.args.get("after"), local_date(utc_now())
    facts, record, settings = facts_of(case, found, seen), records.read(found), records.list_settings(found, seen)
    past = read_page(lambda: case_timeline.list_past(actor, case.id, seen, after=after, child_id=found.id))
    shown = {
        "facts": facts,
        "periods": record.periods,
        "settings": {one.kind: one for one in settings},
        "kinds": list(ChildSettingKind),
        "plan": _plan(record, settings),
        "consents": [(*row, is_enough(row[0], facts.custody, row[2])) for row in record.consents],
        "hours": records.hours(found),
        "concerns": concern_queries.list_of(case, seen, today=today, child=found),
        "items": past_items(past.rows, public_id),
        "more_url": url_for("children.child", public_id=public_id, child_id=child_id, after=past.following)
        if past.following
        else None,
        "first_url": child_url(public_id, child_id) if after else None,
        "is_open": case.state is CaseState.OPEN,
        "case_reference": case.reference,
    }
    looked(actor, case)
    forms = _forms(sent)
    page = render_template("children/child.html", seen=seen, case_id=public_id, child_id=child_id, **shown, **forms)
    return page, sent.status if sent else 200


def _forms(sent: PortalForm | None) -> dict[str, PortalForm]:
    kinds: dict[str, type[PortalForm]] = {
        "where_form": WhereForm,
        "step_form": StepForm,
        "consent_form": ConsentForm,
    }
    return {name: sent if isinstance(sent, kind) else kind(formdata=None) for name, kind in kinds.items()}


def _plan(record: records.Record, settings: list[records.SettingFacts]) -> list[dict[str, Any]]:
    """Each step of the plan with its days, and whether it is missing."""
    open_steps = set(missing((step for _id, step, _day in record.steps), (one.kind for one in settings)))
    days: dict[PlanStep, list[tuple[str, Any]]] = {}
    for step_id, step, day in record.steps:
        days.setdefault(step, []).append((step_id, day))
    return [
        {"step": step, "days": days.get(step, []), "is_missing": step in open_steps}
        for step in PlanStep
        if step in days or step in open_steps
    ]


@bp.post("/<public_id>/of/<child_id>/where")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_WHERE_SET)
def set_where(public_id: str, child_id: str) -> ResponseReturnValue:
    """Write with whom the child is or was."""
    actor, case, _seen = open_case(public_id)
    form, found, page = WhereForm(), queries.get(case, child_id), child_url(public_id, child_id)

    def act() -> None:
        days = {"from_on": form.from_on.data, "until_on": form.until_on.data}
        service.set_where(case, found, form.kind.data, **days, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, child_id, form)
    return after_change(page, message=_("Saved."))


@bp.post("/<public_id>/of/<child_id>/where/<where_id>/remove")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_WHERE_SET)
def remove_where(public_id: str, child_id: str, where_id: str) -> ResponseReturnValue:
    """Take out a time that was written by mistake."""
    actor, case, _seen = open_case(public_id)
    found, page = queries.get(case, child_id), child_url(public_id, child_id)
    period = records.get_period(found, where_id)
    with transaction(then=page):
        service.remove_where(case, found, period, actor=actor, now=utc_now())
    return after_change(page, message=_("Taken out."))


@bp.post("/<public_id>/of/<child_id>/plan")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_STEP_NOTED)
def note_step(public_id: str, child_id: str) -> ResponseReturnValue:
    """Tick something of the plan."""
    actor, case, _seen = open_case(public_id)
    form, found, page = StepForm(), queries.get(case, child_id), child_url(public_id, child_id)

    def act() -> None:
        service.note_step(case, found, form.step.data, done_on=form.done_on.data, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, child_id, form)
    return after_change(page, message=_("Saved."))


@bp.post("/<public_id>/of/<child_id>/plan/<tick_id>/remove")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_STEP_NOTED)
def remove_step(public_id: str, child_id: str, tick_id: str) -> ResponseReturnValue:
    """Take back a tick that was set by mistake."""
    actor, case, _seen = open_case(public_id)
    found, page = queries.get(case, child_id), child_url(public_id, child_id)
    step = records.get_step(found, tick_id)
    with transaction(then=page):
        service.remove_step(case, found, step, actor=actor, now=utc_now())
    return after_change(page, message=_("Taken out."))


@bp.post("/<public_id>/of/<child_id>/consents")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_CONSENT_NOTED)
def note_consent(public_id: str, child_id: str) -> ResponseReturnValue:
    """Write down an answer given on the child's behalf."""
    actor, case, _seen = open_case(public_id)
    form, found, page = ConsentForm(), queries.get(case, child_id), child_url(public_id, child_id)

    def act() -> None:
        said = {"is_yes": form.answer.data == "yes", "given_by": form.given_by.data, "given_on": form.given_on.data}
        service.note_consent(case, found, form.question.data, **said, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        return _page(public_id, child_id, form)
    return after_change(page, message=_("Saved."))
