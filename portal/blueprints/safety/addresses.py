"""Protection that two people lower, one look at where she is, and more looks for a colleague who needs them."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.safety import bp
from portal.blueprints.safety.desk import next_url, read_rows, tabs
from portal.blueprints.safety.forms import AllowanceForm, OpenForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.kinds import SubjectType
from portal.core.safety import OfficersPart
from portal.domain.disclosure import GROUP_OF_PART
from portal.domain.labels import label
from portal.queries import protection as queries
from portal.queries import reveals as reveal_queries
from portal.queries import safety, users
from portal.services import protection, reveals
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction


def _allowance_form(**given: Any) -> AllowanceForm:
    form = AllowanceForm(prefix="more", **given)
    form.user.choices = [("", _("Choose")), *users.list_names(current_actor())]
    return form


@bp.get("/protection")
@access(Permission.SAFETY_VIEW)
def protection_page() -> ResponseReturnValue:
    """Lower protection that waits for the officer, and two forms."""
    return _page()


def _page(form: OpenForm | None = None, more: AllowanceForm | None = None, status: int = 200) -> ResponseReturnValue:
    rows, following = read_rows(queries.list_open)
    page = render_template(
        "safety/protection.html",
        rows=rows,
        form=form or OpenForm(formdata=None, prefix="open"),
        more=more or _allowance_form(formdata=None),
        tabs=tabs("protection_page"),
        next_url=next_url("protection_page", following),
    )
    return page, status


@bp.post("/protection/<public_id>/agree")
@access(Permission.SAFETY_VIEW, audit=Audit.PROTECTION_CHANGED, step_up=True)
def agree_to_lower(public_id: str) -> ResponseReturnValue:
    """Agree to lower protection; it is in force a day later."""
    actor, there = current_actor(), url_for("safety.protection_page")
    with transaction(then=there):
        change = queries.get(public_id, safety.own_cases(actor))
        protection.agree(change, actor=actor, now=utc_now())
    return after_change(there, message=_("Agreed. It is in force in 24 hours; until then it can be taken back."))


@bp.post("/protection/<public_id>/take-back")
@access(Permission.SAFETY_VIEW, audit=Audit.PROTECTION_CHANGED)
def keep_protection(public_id: str) -> ResponseReturnValue:
    """Keep the protection as it is."""
    actor, there = current_actor(), url_for("safety.protection_page")
    with transaction(then=there):
        change = queries.get(public_id, safety.own_cases(actor))
        protection.take_back(change, actor=actor, now=utc_now())
    return after_change(there, message=_("The protection stays as it is."))


@bp.post("/open")
@access(Permission.SAFETY_VIEW, audit=Audit.ADDRESS_REVEALED, step_up=True)
def open_part() -> ResponseReturnValue:
    """Show one thing about her for a minute; written down first."""
    actor, form, found = current_actor(), OpenForm(prefix="open"), []

    def act() -> None:
        case = safety.find_own_case(actor, form.reference.data)
        if case is None:
            raise Invalid(_("No case here has that reference."), field="reference")
        part = OfficersPart(form.part.data)
        read = partial(reveal_queries.of_a_case, case, part)
        secret = reveals.Secret(part.value, SubjectType.CASE, case.public_id, case.id, GROUP_OF_PART[part], read)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))
        found.append(case.reference)

    there = url_for("safety.protection_page")
    if not saved(form, act, then=there):
        return _page(form, status=form.status)
    value, reference = found
    name = label(OfficersPart(form.part.data))
    return shown_once(name, value, back=there, back_words=_("Back"), reference=reference)


@bp.post("/allowances")
@access(Permission.SAFETY_VIEW, audit=Audit.REVEALS_ALLOWED, step_up=True)
def allow_more() -> ResponseReturnValue:
    """Let a colleague open more a day, for a week."""
    form, there = _allowance_form(), url_for("safety.protection_page")

    def act() -> None:
        user_id = users.colleague_id(current_actor(), form.user.data)
        reveals.allow_more(user_id, form.a_day.data, reason=form.reason.data, actor=current_actor(), now=utc_now())

    if not saved(form, act, then=there):
        return _page(more=form, status=form.status)
    return after_change(there, message=_("Saved. It counts for a week."))
