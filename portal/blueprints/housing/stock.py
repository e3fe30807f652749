"""Homes that come into the stock, and what changes about them."""

from typing import Any

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
from portal.web.submissions import transaction


def _form(**options: Any) -> NewHomeForm:
    form = NewHomeForm(**options)
    offers = queries.list_own_offers(current_actor())
    form.offer.choices = [(public_id, of_both(names)) for public_id, names in offers]
    return form


@bp.get("/units/new")
@access(Permission.HOUSING_MANAGE)
def new_unit() -> ResponseReturnValue:
    """A home that the programme has got."""
    return render_template("housing/new.html", form=_form())


@bp.post("/units/new")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def add_unit() -> ResponseReturnValue:
    """Take it into the stock, not ready."""
    actor, form = current_actor(), _form()
    if form.validate_on_submit():
        offer = get_own_offer(actor, form.offer.data)
        try:
            with transaction(then=url_for("housing.board")):
                service.add_unit(
                    offer,
                    form.number.data,
                    max_children=form.max_children.data,
                    address=form.address.data or None,
                    actor=actor,
                    now=utc_now(),
                )
            return after_change(url_for("housing.board"), message=_("The home is in the stock. Make it ready next."))
        except Invalid as refusal:
            form.refuse(refusal)
    return render_template("housing/new.html", form=form), 422


@bp.post("/units/<public_id>/facts")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def change_facts(public_id: str) -> ResponseReturnValue:
    """Change how many children there is room for, or the address."""
    row, form = queries.get_unit(current_actor(), public_id), HomeForm()
    if not form.validate_on_submit():
        return unit_page(public_id, 422, home_form=form)
    page = url_for("housing.unit", public_id=public_id)
    with transaction(then=page):
        service.change_facts(
            row,
            max_children=form.max_children.data,
            address=form.address.data or None,
            version=form.version.data,
            actor=current_actor(),
            now=utc_now(),
        )
    return after_change(page, message=_("Saved."))
