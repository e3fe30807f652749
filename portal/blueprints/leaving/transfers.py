"""Cases that go to another organisation: offered by the lead of one, answered by the lead of the other."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.leaving import bp
from portal.blueprints.leaving.forms import OfferForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import organisation_exits as queries
from portal.queries import teamless
from portal.services import case_transfers as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.takers import TakerForm, taker_forms


@bp.get("/cases")
@access(Permission.TRANSFER_PROPOSE)
def cases() -> ResponseReturnValue:
    """The open cases of the own organisation, each with what has become of the offer."""
    actor = current_actor()
    return render_template("leaving/cases.html", rows=queries.list_open_cases(actor), is_leaving=actor.is_frozen)


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


@bp.get("/offered")
@access(Permission.TRANSFER_ANSWER)
def offered() -> ResponseReturnValue:
    """What other organisations offer."""
    return _offered_page()


def _offered_page(sent: TakerForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    rows = queries.list_offered(actor)
    takers = teamless.list_takers_of(actor, {row.public_id: row.case_id for row in rows})
    forms = taker_forms(rows, takers, sent=sent, at=at)
    return render_template("leaving/offered.html", forms=forms), status


@bp.post("/offered/<public_id>/accept")
@access(Permission.TRANSFER_ANSWER, audit=Audit.TRANSFER_ACCEPTED)
def accept(public_id: str) -> ResponseReturnValue:
    """Take a case over."""
    actor = current_actor()
    _transfer, case = queries.get_offered(actor, public_id)
    form = TakerForm()
    form.user.choices = teamless.list_takers_of(actor, {public_id: case.id})[public_id]

    def act() -> None:
        service.accept(public_id, form.user.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for(".offered")):
        return after_change(url_for(".offered"), message=_("The case is yours now."))
    return _offered_page(form, public_id, form.status)


@bp.post("/offered/<public_id>/decline")
@access(Permission.TRANSFER_ANSWER, audit=Audit.TRANSFER_DECLINED)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no to a case."""
    with transaction(then=url_for(".offered")):
        service.decline(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for(".offered"), message=_("You have said no to the case."))
