"""The municipality's offer to her: offered, answered, begun, extended, ended. On record for every woman."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.counselling import bp, forms
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.kinds import ContactMode
from portal.core.pages import Page
from portal.core.states import CounsellingState
from portal.domain.cases import Lens
from portal.domain.counselling import ANSWERED, HAS_CONTACTS, WORKFLOW, Action
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import cases as case_queries
from portal.queries import counselling as queries
from portal.services import counselling as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import with_sent


def _extend_form(case_id: int, counselling: Any = None, **options: Any) -> forms.ExtendForm:
    """The form for an extension, with the one that is there."""
    colleagues = queries.list_colleagues(current_actor(), case_id)
    form = forms.ExtendForm(data=_extension(counselling, colleagues), **options)
    form.approver.choices = [("", _("Choose")), *((one.public_id, one.name) for one in colleagues)]
    return form


def show_page(public_id: str, status: int = 200, **given: Any) -> ResponseReturnValue:
    """The counselling of a case, with what can be done about it now."""
    actor, today = current_actor(), local_date(utc_now())
    case = case_queries.get_told(actor, public_id)
    log_view(case_id=case.id, relation=Relation.CT, page=Page.COUNSELLING)
    case = case_queries.get_told(actor, public_id)
    found = queries.find(case.id)
    state = found.state if found else CounsellingState.NOT_OFFERED
    blank, seen = {"formdata": None}, lens_of(actor, case)
    actions, may_record = _actions(state, seen), can(actor, Permission.COUNSELLING_RECORD) and not seen.is_closed
    people = queries.names_of(found.offered_by_id, found.extension_approved_by_id) if found else {}
    context: dict[str, Any] = {
        "case": case,
        "case_id": public_id,
        "seen": seen,
        "counselling": found,
        "extension": queries.extension_of(found),
        "state": state,
        "actions": actions,
        "answer": ANSWERED.get(state),
        "people": people,
        "may_refer": can(actor, Permission.REFERRAL_MAKE),
        "offer_form": forms.OfferForm(**blank, data={"offered_on": today}),
        "answer_form": forms.AnswerForm(**blank, data={"answered_on": today}),
        "begin_form": forms.BeginForm(**blank, data={"started_on": today}),
        "extend_form": _extend_form(case.id, found, **blank) if "extend" in actions else None,
        "end_form": forms.EndForm(**blank, data={"ended_on": today}),
        "contact_form": forms.ContactForm(**blank, data={"held_on": today, "mode": ContactMode.PHONE.value}),
        "promise_form": forms.PromiseForm(**blank),
        "has_contacts": state in HAS_CONTACTS and may_record,
        "may_promise": may_record,
        "contacts": _contacts(found, seen),
        "promises": queries.list_promises(case.id),
        "former": queries.list_former(case.id),
    }
    shown = with_sent(context, given)
    # Both forms ask for areas: each stands under a name of its own.
    shown["contact_form"].areas.id = "contact-areas"
    return render_template("counselling/coordinating.html", **shown), status


def _actions(state: CounsellingState, seen: Lens) -> set[str]:
    """What can be done about the counselling now. In a closed case nothing begins; what has begun can be ended."""
    actions = set(available_actions(WORKFLOW, state, current_actor()))
    return {action.value for action in (actions & {Action.END} if seen.is_closed else actions)}


def _contacts(found: Any, seen: Lens) -> list[queries.Contact]:
    if found is None:
        return []
    actor, reads_all = current_actor(), seen.shows(FieldGroup.NOTE_CASE)
    return queries.list_contacts(actor, found, organisation_id=actor.organisation_id, reads_all=reads_all)


def _extension(counselling: Any, colleagues: Sequence[queries.Colleague]) -> dict[str, Any]:
    if counselling is None:
        return {}
    found: dict[str, Any] = {"version": counselling.version}
    extension = queries.extension_of(counselling)
    if extension is not None:
        approver = (one.public_id for one in colleagues if one.user_id == extension.approved_by_id)
        found |= {"until": extension.until, "reason": extension.reason}
        found["approver"] = next(approver, None)
    return found


@bp.get("/<public_id>")
@access(Permission.FOLLOW_UP_FILL)
def coordinating(public_id: str) -> ResponseReturnValue:
    """The statutory counselling of a case."""
    return show_page(public_id)


def save(public_id: str, name: str, form: Any, change: Any, message: object) -> ResponseReturnValue:
    case = case_queries.get_told(current_actor(), public_id)
    page = url_for("counselling.coordinating", public_id=public_id)
    if saved(form, lambda: change(case, actor=current_actor(), now=utc_now()), then=page):
        return after_change(page, message=message)
    return show_page(public_id, form.status, **{name: form})


@bp.post("/<public_id>/offer")
@access(Permission.COUNSELLING_RECORD, audit=Audit.COUNSELLING_OFFERED)
def offer(public_id: str) -> ResponseReturnValue:
    """Record the offer."""
    form = forms.OfferForm()

    def change(case: Any, **who: Any) -> None:
        service.offer(
            case.id,
            offered_on=form.offered_on.data,
            areas=form.areas.data or (),
            how=form.how.data,
            has_interpreter=form.has_interpreter.data,
            **who,
        )

    return save(public_id, "offer_form", form, change, _("The offer is on record."))


@bp.post("/<public_id>/answer")
@access(Permission.COUNSELLING_RECORD, audit=Audit.COUNSELLING_ANSWERED)
def answer(public_id: str) -> ResponseReturnValue:
    """Record her answer."""
    form = forms.AnswerForm()

    def change(case: Any, **who: Any) -> None:
        service.answer(
            queries.get(case.id),
            form.given.data,
            answered_on=form.answered_on.data,
            ask_again_on=form.ask_again_on.data,
            **who,
        )

    return save(public_id, "answer_form", form, change, _("Her answer is on record."))


@bp.post("/<public_id>/begin")
@access(Permission.COUNSELLING_MANAGE, audit=Audit.COUNSELLING_STARTED)
def begin(public_id: str) -> ResponseReturnValue:
    """Record that it has begun."""
    form = forms.BeginForm()

    def change(case: Any, **who: Any) -> None:
        service.start(queries.get(case.id), started_on=form.started_on.data, moved_on=case.moved_on, **who)

    return save(public_id, "begin_form", form, change, _("The counselling has begun."))


@bp.post("/<public_id>/extend")
@access(Permission.COUNSELLING_MANAGE, audit=Audit.COUNSELLING_EXTENDED)
def extend(public_id: str) -> ResponseReturnValue:
    """Extend it beyond six months."""
    case_id = case_queries.get_told(current_actor(), public_id).id
    form = _extend_form(case_id)
    ids = {one.public_id: one.user_id for one in queries.list_colleagues(current_actor(), case_id)}

    def change(case: Any, **who: Any) -> None:
        service.extend(
            queries.get(case.id),
            until=form.until.data,
            reason=form.reason.data,
            approver_id=ids[form.approver.data],
            moved_on=case.moved_on,
            version=form.seen,
            **who,
        )

    return save(public_id, "extend_form", form, change, _("The counselling is extended."))


@bp.post("/<public_id>/end")
@access(Permission.COUNSELLING_MANAGE, audit=Audit.COUNSELLING_ENDED)
def end(public_id: str) -> ResponseReturnValue:
    """Record that it has ended."""
    form = forms.EndForm()

    def change(case: Any, **who: Any) -> None:
        service.end(queries.get(case.id), form.reason.data, ended_on=form.ended_on.data, **who)

    return save(public_id, "end_form", form, change, _("The counselling has ended."))
