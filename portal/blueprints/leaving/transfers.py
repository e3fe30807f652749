"""Cases of an organisation that leaves: offered by its lead to another one."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.leaving import bp
from portal.blueprints.leaving.forms import OfferForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import organisation_exits
from portal.queries import transfers as queries
from portal.services import transfers as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/cases")
@access(Permission.TRANSFER_PROPOSE)
def cases() -> ResponseReturnValue:
    """The open cases of the own organisation, each with what has become of the offer."""
    actor = current_actor()
    return render_template(
        "leaving/cases.html", rows=organisation_exits.list_open_cases(actor), is_leaving=actor.is_frozen
    )


@bp.get("/cases/<public_id>")
@access(Permission.TRANSFER_PROPOSE)
def offer(public_id: str) -> ResponseReturnValue:
    """Offer one case."""
    return _offer_page(public_id, OfferForm(formdata=None))


def _offer_page(public_id: str, form: OfferForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = queries.get_open_case(actor, public_id)
    form.organisation.choices = [("", _("Choose")), *queries.list_receivers(actor)]
    return render_template("leaving/offer.html", form=form, reference=case.lead_reference, public_id=public_id), status


@bp.post("/cases/<public_id>")
@access(Permission.TRANSFER_PROPOSE, audit=Audit.TRANSFER_PROPOSED)
def offer_now(public_id: str) -> ResponseReturnValue:
    """Send the offer."""
    form, actor = OfferForm(), current_actor()
    queries.get_open_case(actor, public_id)
    form.organisation.choices = queries.list_receivers(actor)

    def act() -> None:
        basis = service.Basis(form.basis.data, form.note.data)
        service.propose(public_id, form.organisation.data, basis, actor=actor, now=utc_now())

    if saved(form, act, then=url_for(".cases")):
        return after_change(url_for(".cases"), message=_("The case has been offered."))
    return _offer_page(public_id, form, form.status)
