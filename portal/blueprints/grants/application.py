"""One application: read, filled in, sent, taken back."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.grants import bp
from portal.blueprints.grants.forms import ApplicationForm, DeclineForm, InfoForm, PayForm, RecommendForm, RevealForm
from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, start_of_local_day, utc_now
from portal.core.enums import Permission
from portal.core.kinds import ConsentPurpose, GrantCategory
from portal.domain.grants import (
    PREVIOUS_AID_MONTHS,
    STEPS,
    approvals_needed,
    may_approve,
    may_pay,
)
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import grants as grant_queries
from portal.services import consents
from portal.services import grants as grant_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against, with_sent


def detail_context(public_id: str, **forms: Any) -> dict[str, Any]:
    """Everything that the page of an application shows to this person."""
    actor, now = current_actor(), utc_now()
    application = grant_queries.get(actor, public_id)
    approvals = grant_queries.list_approvals(application)
    approved_by = grant_queries.approvers_of(approvals)
    since = start_of_local_day(add_months(local_date(now), -PREVIOUS_AID_MONTHS))
    is_fund = application.fund.organisation_id == actor.organisation_id
    texts = grant_queries.texts(actor, application)
    context = {
        "application": application,
        "texts": texts,
        "fund": application.fund,
        "lines": grant_queries.shown_lines(application),
        "approvals": approvals,
        "children": grant_queries.count_children(application),
        "previous": grant_queries.list_previous(application, since=since) if is_fund else [],
        "needed": approvals_needed(
            application.recommended_ore or 0, second_above_ore=application.fund.second_approval_above_ore
        ),
        "left_ore": application.fund.budget_ore - application.fund.reserved_ore - application.fund.spent_ore,
        "actions": {action.value for action in available_actions(STEPS, application.state, actor)},
        "is_own": not may_approve(
            actor.user_id,
            applicant_id=application.applicant_id,
            recommended_by_id=application.recommended_by_id,
            approved_by=approved_by,
        ),
        "may_pay": may_pay(actor.user_id, recommended_by_id=application.recommended_by_id, approved_by=approved_by),
        "is_fund": is_fund,
        "opens_case": can(actor, Permission.CASE_VIEW),
        "info_form": InfoForm(formdata=None),
        "recommend_form": RecommendForm(
            formdata=None, data={"version": application.version, "text": texts.recommendation}
        ),
        "decline_form": DeclineForm(formdata=None),
        "pay_form": PayForm(formdata=None),
        "reveal_form": RevealForm(formdata=None),
    }
    return with_sent(context, forms)


@bp.get("/<public_id>")
@access(Permission.GRANT_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One application with what this person can do about it."""
    return render_template("grants/detail.html", **detail_context(public_id))


def _form_for(draft: grant_queries.Draft, **options: Any) -> ApplicationForm:
    data: dict[str, Any] = {
        "version": draft.version,
        "other_support": draft.other_support,
        "payee_kind": draft.payee_kind,
    }
    for line in draft.lines:
        data[f"amount_{line.category.value}"] = line.requested_ore
        data[f"purpose_{line.category.value}"] = line.purpose
    return ApplicationForm(data=data, **options)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@access(Permission.GRANT_APPLY, audit=Audit.GRANT_SUBMITTED)
def edit(public_id: str) -> ResponseReturnValue:
    """Fill in the application, together with her, and send it."""
    application = grant_queries.get(current_actor(), public_id)
    form = _form_for(grant_queries.draft(application))
    page = url_for("grants.detail", public_id=public_id)
    if saved(form, lambda: _save_and_send(application, form), then=page):
        return after_change(page, message=_("The application has been sent."))
    status = form.status if form.is_submitted() else 200
    application = grant_queries.get(current_actor(), public_id)
    draft = grant_queries.draft(application)
    form = against(form, lambda: _form_for(draft, formdata=None))
    rows = [
        (category, form[f"amount_{category.value}"], form[f"purpose_{category.value}"]) for category in GrantCategory
    ]
    wanted = grant_queries.texts(current_actor(), application).info_wanted
    shown = {"application": application, "has_account": draft.has_account, "wanted": wanted}
    return render_template("grants/edit.html", **shown, form=form, rows=rows), status


def _save_and_send(application: Any, form: ApplicationForm) -> None:
    actor, now = current_actor(), utc_now()
    grant_service.fill_in(
        application,
        lines=form.typed_lines(),
        other_support=form.other_support.data,
        payee_kind=form.payee_kind.data,
        account=form.account.data or None,
        version=form.seen,
        actor=actor,
        now=now,
    )
    consents.give_consent(
        application.case,
        purpose=ConsentPurpose.REFERRAL,
        form=form.consent.data,
        given_on=local_date(now),
        recipient_organisation_id=application.fund.organisation_id,
        actor=actor,
        now=now,
    )
    grant_service.submit(application, actor=actor, now=now)


@bp.post("/<public_id>/withdraw")
@access(Permission.GRANT_APPLY, audit=Audit.GRANT_WITHDRAWN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take the application back."""
    application = grant_queries.get(current_actor(), public_id)
    with transaction(then=url_for("grants.detail", public_id=public_id)):
        grant_service.withdraw(application, actor=current_actor(), now=utc_now())
    return after_change(url_for("grants.detail", public_id=public_id), message=_("The application is withdrawn."))
