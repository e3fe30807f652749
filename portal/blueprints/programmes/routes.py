"""Free places, and one programme with its facts."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.blueprints.programmes import bp
from portal.blueprints.programmes.forms import CapacityForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.labels.programmes import FACTS, VALUES
from portal.domain.permissions import can
from portal.domain.programmes import read
from portal.domain.referral_sources import said
from portal.queries import programmes as queries
from portal.services import programmes as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against


def room(row: Any) -> tuple[str, str]:
    """The chip that says whether there is room, and its colour."""
    if not row.is_accepting:
        return _("closed for referrals"), "neutral"
    if row.free is None:
        return _("room"), "green"
    if row.free == 0:
        waiting = ngettext("%(num)d on the waiting list", "%(num)d on the waiting list", row.waiting)
        return _("0 free · %(waiting)s", waiting=waiting), "warm"
    return ngettext("%(num)d place", "%(num)d places", row.free), "green"


@bp.get("/")
@access(Permission.PROGRAMME_VIEW)
def index() -> ResponseReturnValue:
    """All offers with their room."""
    rows = queries.list_offers(current_actor())
    may_change = can(current_actor(), Permission.REFERRAL_ANSWER)
    return render_template("programmes/index.html", rows=[(row, *room(row)) for row in rows], may_change=may_change)


def _detail(public_id: str, sent: CapacityForm | None = None, wrong: str | None = None) -> str:
    actor, programme = current_actor(), queries.get_programme(public_id)
    rules, language = read(programme.rules), str(get_locale())
    facts = [
        (FACTS[key], _said(value, language), key in rules.assumed) for key, value in rules.facts.items() if key in FACTS
    ]
    return render_template(
        "programmes/detail.html",
        programme=programme,
        provider=_said(programme.provider, language),
        facts=facts,
        criteria=[criterion.said(language) for criterion in rules.criteria],
        questions=[question.said(language) for question in rules.questions],
        steps=[step.said(language) for step in rules.steps],
        offer_weekdays=rules.offer_weekdays,
        is_offer_assumed="offer_weekdays" in rules.assumed,
        offers=[
            (row, *room(row), _capacity_form(row, sent if row.public_id == wrong else None))
            for row in queries.list_offers_of(actor, programme)
        ],
        may_change=can(actor, Permission.REFERRAL_ANSWER),
        senders=said(rules.sources) if "sources" in programme.rules and "senders" not in rules.facts else None,
    )


def _capacity_form(row: queries.OfferRow, sent: CapacityForm | None) -> CapacityForm:
    known = CapacityForm(formdata=None, data={"version": row.version, "capacity": row.capacity})
    return against(sent, lambda: known) if sent else known


def _said(value: Any, language: str) -> str:
    """A value of the reference file as a person reads it."""
    if isinstance(value, dict):
        return str(value.get(f"name_{language}", "")) or (f"{value['min']}-{value['max']}" if "min" in value else "")
    if isinstance(value, list):
        return ", ".join(_said(part, language) for part in value)
    return str(VALUES.get(value, value))


@bp.get("/<public_id>")
@access(Permission.PROGRAMME_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One programme: what it is, what it asks for, and who gives it."""
    return _detail(public_id)


@bp.post("/offers/<public_id>/accepting")
@access(Permission.REFERRAL_ANSWER, audit=Audit.OFFER_CHANGED)
def set_accepting(public_id: str) -> ResponseReturnValue:
    """Open or close an own offer for referrals."""
    offer = queries.get_own_offer(current_actor(), public_id)
    is_open = request.form.get("accepting") == "yes"
    with transaction(then=url_for("programmes.index")):
        service.set_accepting(offer, is_open, actor=current_actor(), now=utc_now())
    message = _("The programme is open for referrals.") if is_open else _("The programme is closed for referrals.")
    return after_change(url_for("programmes.index"), message=message)


@bp.post("/offers/<public_id>/capacity")
@access(Permission.REFERRAL_ANSWER, audit=Audit.OFFER_CHANGED)
def set_capacity(public_id: str) -> ResponseReturnValue:
    """Say how many places an own offer has."""
    offer, form = queries.get_own_offer(current_actor(), public_id), CapacityForm()
    programme_id = offer.programme.public_id
    page = url_for("programmes.detail", public_id=programme_id)

    def act() -> None:
        service.set_capacity(offer, form.capacity.data, version=form.seen, actor=current_actor(), now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("The number of places is saved."))
    return _detail(programme_id, form, public_id), form.status
