"""The steps of leaving, for the administrator and the data-protection officer: two persons."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.leaving import bp
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.people import ExitState
from portal.domain.organisation_exits import BY_HAND, STEPS, ExitAction, days, is_time_to_return
from portal.domain.workflow import available_actions
from portal.queries import organisation_exits as queries
from portal.queries import organisation_returns
from portal.services import organisation_exits as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.submissions import transaction

ACTS = {
    ExitAction.FREEZE: service.freeze,
    ExitAction.CALL_OFF: service.call_off,
    ExitAction.ASK_DESTRUCTION: service.ask_destruction,
    ExitAction.DESTROY: service.destroy,
}


@bp.get("/")
@access(Permission.ORGANISATION_LEAVE)
def index() -> ResponseReturnValue:
    """How far the leaving has come, and what the next step is."""
    actor = current_actor()
    leaving = queries.find_live(actor.organisation_id or 0)
    actions = [] if leaving is None else available_actions(STEPS, leaving.state, actor)
    frozen_on = local_date(leaving.frozen_at) if leaving and leaving.frozen_at else None
    return render_template(
        "leaving/index.html",
        leaving=leaving,
        actions=[action for action in actions if action in BY_HAND],
        days=days(frozen_on or local_date(utc_now())),
        frozen_on=frozen_on,
        open_cases=queries.count_open_cases(actor.organisation_id or 0),
        may_return=leaving is not None and is_time_to_return(leaving.frozen_at, utc_now()),
        receipts=organisation_returns.list_receipts(actor) if leaving else (),
    )


@bp.post("/ask")
@access(Permission.ORGANISATION_LEAVE, audit=Audit.EXIT_ASKED, step_up=True)
def ask() -> ResponseReturnValue:
    """Say that the organisation is to leave."""
    with transaction(then=url_for(".index")):
        service.ask_own(actor=current_actor(), now=utc_now())
    return after_change(url_for(".index"), message=_("It waits for a second person, in the other role."))


@bp.post("/steps/<action>")
@access(Permission.ORGANISATION_LEAVE, audit=Audit.ORGANISATION_FROZEN, step_up=True)
def step(action: str) -> ResponseReturnValue:
    """Take the next step."""
    act = next((act for name, act in ACTS.items() if name == action), None)
    if act is None:
        raise NotFound
    with transaction(then=url_for(".index")):
        act(actor=current_actor(), now=utc_now())
    return after_change(url_for(".index"), message=_("Saved."))


@bp.get("/certificates/<public_id>")
@access(Permission.ORGANISATION_LEAVE)
def certificate(public_id: str) -> ResponseReturnValue:
    """What is certified once the key is gone."""
    leaving = queries.find_live(current_actor().organisation_id or 0)
    if leaving is None or leaving.public_id != public_id or leaving.state is not ExitState.DESTROYED:
        raise NotFound
    return render_template("leaving/certificate.html", leaving=leaving, organisation=current_actor().organisation_name)
