"""One row of Min dag: given to a colleague of the team, or said not to matter any more."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.home import bp
from portal.blueprints.home.forms import DropForm, GiveForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.domain.cases import MAY_BE_DROPPED
from portal.domain.clocks import STATUTORY
from portal.queries import day_news as colleagues
from portal.queries import deadlines as queries
from portal.services import worklist
from portal.web.access import access, current_actor, log_list
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/day/<public_id>")
@access(Permission.DAY_VIEW)
def row(public_id: str) -> ResponseReturnValue:
    """What else can become of a row."""
    return _page(public_id)


@bp.post("/day/<public_id>/give")
@access(Permission.DAY_VIEW, audit=Audit.DEADLINE_GIVEN)
def give(public_id: str) -> ResponseReturnValue:
    """Give it to a colleague of the team."""
    actor, form, then = current_actor(), GiveForm(), url_for("home.day")
    deadline = queries.get_mine(actor, public_id)
    form.user.choices = colleagues.list_colleagues(actor, public_id)

    def act() -> None:
        colleague = colleagues.get_colleague_id(actor, public_id, form.user.data)
        worklist.give(deadline, colleague, actor=actor, now=utc_now())

    if not saved(form, act, then=then):
        return _page(public_id, given=form)
    return after_change(then, message=_("Given to your colleague."))


@bp.post("/day/<public_id>/not-relevant")
@access(Permission.DAY_VIEW, audit=Audit.DEADLINE_DROPPED)
def drop(public_id: str) -> ResponseReturnValue:
    """Say that it does not matter any more, and why."""
    actor, form, then = current_actor(), DropForm(), url_for("home.day")
    deadline = queries.get_mine(actor, public_id)

    def act() -> None:
        worklist.drop(deadline, reason=form.reason.data, actor=actor, now=utc_now())

    if not saved(form, act, then=then):
        return _page(public_id, dropped=form)
    return after_change(then, message=_("Taken off the list."))


def _page(public_id: str, *, given: GiveForm | None = None, dropped: DropForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    shown = queries.get_row(actor, public_id)
    people = colleagues.list_colleagues(actor, public_id) if shown.may_give else []
    form = given or GiveForm(formdata=None)
    form.user.choices = people
    log_list(Page.WORK_LIST, 1)
    page = render_template(
        "home/row.html",
        row=shown,
        people=people,
        give_form=form,
        drop_form=dropped or DropForm(formdata=None),
        is_statutory=shown.kind in STATUTORY,
        may_be_dropped=shown.kind in MAY_BE_DROPPED,
    )
    refused = given or dropped
    return page, refused.status if refused else 200
