"""What the safety officer looks after: blocks and emergency accesses."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.safety import bp
from portal.blueprints.safety.desk import show_list
from portal.blueprints.safety.forms import BlockForm, ReviewForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.safety import Verdict
from portal.queries import case_parts, emergencies
from portal.queries import safety as queries
from portal.services import blocks, break_glass
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/")
@access(Permission.SAFETY_VIEW)
def index() -> ResponseReturnValue:
    """Who is kept out of which case."""
    return show_list("index", _block_form(formdata=None))


def _block_form(**given: Any) -> BlockForm:
    form = BlockForm(**given)
    form.organisation.choices = [("", _("Nobody")), *case_parts.organisation_choices()[1:]]
    return form


@bp.post("/blocks")
@access(Permission.SAFETY_VIEW, audit=Audit.BLOCK_SET, step_up=True)
def keep_out() -> ResponseReturnValue:
    """Keep an account or an organisation out of a case of the own organisation."""
    form = _block_form()

    def act() -> None:
        case = queries.find_own_case(current_actor(), form.reference.data)
        if case is None:
            raise Invalid(_("No case here has that reference."), field="reference")
        blocks.keep_out_by_words(
            case,
            email=form.email.data,
            organisation=form.organisation.data,
            reason=form.reason.data,
            ends_part=form.ends_part.data,
            actor=current_actor(),
            now=utc_now(),
        )

    if not saved(form, act, then=url_for("safety.index")):
        return show_list("index", form, status=form.status)
    return after_change(
        url_for("safety.index"), message=_("Saved. It counts from now on, also for whoever turns up with it later.")
    )


@bp.post("/blocks/<public_id>/lift")
@access(Permission.SAFETY_VIEW, audit=Audit.BLOCK_LIFTED, step_up=True)
def ask_to_lift(public_id: str) -> ResponseReturnValue:
    """Propose to lift a block; her caseworker must agree."""
    actor = current_actor()
    with transaction(then=url_for("safety.index")):
        block = queries.get_block(public_id, queries.own_cases(actor))
        blocks.ask_to_lift(block, actor=actor, now=utc_now())
    return after_change(url_for("safety.index"), message=_("Her caseworker has been asked to agree."))


@bp.get("/emergencies")
@access(Permission.SAFETY_VIEW)
def emergencies_page() -> ResponseReturnValue:
    """Who opened a case in an emergency, and what is to be looked at."""
    return show_list("emergencies_page", ReviewForm(formdata=None))


@bp.post("/emergencies/<public_id>")
@access(Permission.SAFETY_VIEW, audit=Audit.BREAK_GLASS_REVIEWED, step_up=True)
def review(public_id: str) -> ResponseReturnValue:
    """Find that it was needed, or was not."""
    form, there = ReviewForm(), url_for("safety.emergencies_page")
    emergencies.get_emergency(current_actor(), public_id)
    if not form.validate_on_submit():
        return show_list("emergencies_page", form, wrong=public_id, status=form.status)
    with transaction(then=there):
        break_glass.review(
            public_id,
            verdict=Verdict(form.verdict.data),
            remark=form.remark.data,
            actor=current_actor(),
            now=utc_now(),
        )
    return after_change(there, message=_("Saved."))
