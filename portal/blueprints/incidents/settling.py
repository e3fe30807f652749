"""What is done about an incident: described, notified, told, closed."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.incidents import bp, forms
from portal.blueprints.incidents.register import page
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import incidents as queries
from portal.services import incidents as service
from portal.web.access import access, current_actor
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.saving import saved


def _step(
    public_id: str, form: PortalForm, message: str, change: Callable[[Any, dict[str, Any]], object]
) -> ResponseReturnValue:
    """Load, change, answer. `change` is given the incident, and who acts when."""
    actor, then = current_actor(), url_for("incidents.detail", public_id=public_id)
    incident = queries.get(actor, public_id)
    if not saved(form, lambda: change(incident, {"actor": actor, "now": utc_now()}), then=then):
        return page(public_id, form, form.status)
    return after_change(then, message=message)


@bp.post("/<public_id>/describe")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_CHANGED)
def describe(public_id: str) -> ResponseReturnValue:
    """Write down what has become clear."""
    form = forms.AccountForm()
    return _step(
        public_id,
        form,
        _("Saved."),
        lambda incident, given: service.describe(incident, form.account, version=form.seen, **given),
    )


@bp.post("/<public_id>/notified")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_NOTIFIED)
def notified(public_id: str) -> ResponseReturnValue:
    """The authority was notified."""
    form = forms.NotifiedForm()

    def change(incident: Any, given: dict[str, Any]) -> None:
        at = forms.moment_of(form.notified_on, form.notified_at) or given["now"]
        service.notify_authority(incident, at, form.reason.data, **given)

    return _step(public_id, form, _("The clock has stopped."), change)


@bp.post("/<public_id>/not-required")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_NOTIFIED)
def not_required(public_id: str) -> ResponseReturnValue:
    """The authority need not be notified."""
    form = forms.NotRequiredForm()
    return _step(
        public_id,
        form,
        _("The clock has stopped."),
        lambda incident, given: service.need_not_notify(incident, form.reason.data, **given),
    )


@bp.post("/<public_id>/telling")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_TOLD)
def telling(public_id: str) -> ResponseReturnValue:
    """How far telling the women has come."""
    form = forms.TellingForm()
    return _step(
        public_id,
        form,
        _("Saved."),
        lambda incident, given: service.set_telling(
            incident,
            form.telling.data,
            plan=form.telling_plan.data,
            holder=form.plan_holder.data,
            version=form.seen,
            **given,
        ),
    )


@bp.post("/<public_id>/contain")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_CHANGED)
def contain(public_id: str) -> ResponseReturnValue:
    """It goes on no longer."""
    return _step(
        public_id,
        forms.PressForm(),
        _("Saved. The clock runs on."),
        lambda incident, given: service.contain(incident, **given),
    )


@bp.post("/<public_id>/close")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_CLOSED)
def close(public_id: str) -> ResponseReturnValue:
    """Everything is settled."""
    return _step(
        public_id,
        forms.PressForm(),
        _("The incident is closed."),
        lambda incident, given: service.close(incident, **given),
    )
