"""Homes that come into the stock, and what changes about them."""

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.housing import bp
from portal.blueprints.housing.forms import HomeForm, NewHomeForm
from portal.blueprints.housing.routes import unit_page
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.queries import housing as queries
from portal.queries.programmes import get_own_offer
from portal.services import housing as service
from portal.web.access import access, current_actor
from portal.web.filters import of_both
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _form(offers: Sequence[queries.OwnOffer]) -> NewHomeForm:
    """One programme is not asked about, and its next number is put in."""
    form = NewHomeForm(data={"number": offers[0].next_number if len(offers) == 1 else None})
    form.offer.choices = [(one.public_id, of_both(one.names)) for one in offers]
    if len(offers) == 1:
        del form.offer
    return form


def _new_page(form: NewHomeForm, offers: Sequence[queries.OwnOffer], status: int = 200) -> ResponseReturnValue:
    return render_template("housing/new.html", form=form, has_programme=bool(offers)), status


@bp.get("/units/new")
@access(Permission.HOUSING_MANAGE)
def new_unit() -> ResponseReturnValue:
    """A home that the programme has got."""
    offers = queries.list_own_offers(current_actor())
    return _new_page(_form(offers), offers)


@bp.post("/units/new")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_ADDED)
def add_unit() -> ResponseReturnValue:
    """Take it into the stock, not ready."""
    offers = queries.list_own_offers(current_actor())
    form = _form(offers)
    if form.validate_on_submit():
        chosen = form.offer.data if form.offer else offers[0].public_id
        try:
            with transaction(then=url_for("housing.board")):
                public_id = _add(chosen, form)
            url = url_for("housing.unit", public_id=public_id)
            return after_change(url, message=_("The home is in the stock. Make it ready next."))
        except Invalid as refusal:
            form.refuse(refusal)
    return _new_page(form, offers, 422)


def _add(offer_id: str, form: NewHomeForm) -> str:
    actor = current_actor()
    unit = service.add_unit(
        get_own_offer(actor, offer_id),
        form.number.data,
        max_children=form.max_children.data,
        address=form.address.data or None,
        actor=actor,
        now=utc_now(),
    )
    return unit.public_id


@bp.post("/units/<public_id>/facts")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def change_facts(public_id: str) -> ResponseReturnValue:
    """Change how many children there is room for, or the address."""
    row, form = queries.get_unit(current_actor(), public_id), HomeForm()

    def act() -> None:
        service.change_facts(
            row,
            max_children=form.max_children.data,
            address=form.address.data or None,
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        )

    page = url_for("housing.unit", public_id=public_id)
    if saved(form, act, then=page):
        return after_change(page, message=_("Saved."))
    return unit_page(public_id, form.status, home_form=form)
