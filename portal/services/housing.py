"""Homes: made ready, offered, taken out of service; and the secret of where they are."""

from datetime import date, datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission, Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState, TenancyState, UnitState
from portal.db import db
from portal.domain.decisions import Sight
from portal.domain.disclosure import FieldGroup as F
from portal.domain.housing import BY_HAND, MONTHS, UNIT_STEPS, UnitAction, check_reason, end_of
from portal.domain.permissions import require
from portal.domain.workflow import check_step, check_version
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.programmes import Offer
from portal.queries.housing import sight_of_home
from portal.queries.tenancies import ENDED, living_in
from portal.services import audit, deadlines, placements, places
from portal.services.reveals import Secret

FASTER = _("Somebody gave this home to another a moment ago. Choose another one; nothing was changed.")


def add_unit(
    offer: Offer, number: int, *, actor: Actor, now: datetime, address: str | None = None, max_children: int = 3
) -> HousingUnit:
    """Take a home into the stock, not ready. Raises Forbidden elsewhere, Invalid (`number`) when it is taken."""
    if actor.role is not Role.SYSTEM:
        require(actor, Permission.HOUSING_MANAGE)
        if actor.organisation_id != offer.organisation_id:
            raise Forbidden
    unit = HousingUnit(
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        number=number,
        state=UnitState.VACANT_NOT_READY,
        max_children=max_children,
        address=address,
    )
    try:
        with db.session.begin_nested():
            db.session.add(unit)
    except IntegrityError as double:
        raise Invalid(_("There is a home with that number already."), field="number") from double
    fields = ["number", "max_children", *(["address"] if address else [])]
    record_unit(Audit.UNIT_ADDED, unit, actor=actor, now=now, fields=fields)
    return unit


def change_facts(
    unit: HousingUnit, *, max_children: int, address: str | None, version: int | None, actor: Actor, now: datetime
) -> None:
    """Change the room for children and the address. An empty `address` leaves the stored one.

    What is the same as before leaves no line. Raises Stale, Forbidden, Invalid for an address that may not be kept.
    """
    require(actor, Permission.HOUSING_MANAGE)
    check_own(unit, actor)
    check_version(version, unit.version)
    if address and not places.may_keep_home(unit):
        raise Invalid(_("No address is kept for this home now. Empty the field."), field="address")
    wanted = {"max_children": max_children, "address": address or unit.address}
    changed = [name for name, value in wanted.items() if getattr(unit, name) != value]
    for name in changed:
        setattr(unit, name, wanted[name])
    db.session.flush()
    if changed:
        record_unit(Audit.UNIT_CHANGED, unit, actor=actor, now=now, fields=changed)


def change_unit(
    unit: HousingUnit,
    action: UnitAction,
    *,
    actor: Actor,
    now: datetime,
    ready_on: date | None = None,
    reason: str | None = None,
) -> None:
    """Take a step with the home itself (R-360). Out of service asks for a reason and when it is expected back.

    Raises Invalid, NotNow, Forbidden.
    """
    if action not in BY_HAND:
        raise NotNow
    check_own(unit, actor)
    step = check_step(UNIT_STEPS, action, unit.state, actor)
    text = check_reason(reason) if action is UnitAction.CLOSE_DOWN else None
    if action in (UnitAction.CLOSE_DOWN, UnitAction.REOPEN):
        unit.ready_on = ready_on
    unit.state = step.target
    db.session.flush()
    record_unit(step.audit, unit, actor=actor, now=now, fields=[action.value, *(["reason"] if text else [])])
    db.session.flush()


def its_address(unit: HousingUnit, *, actor: Actor) -> Secret:
    """Where a home is, as something to be revealed: where somebody lives, a look in her case. Raises Forbidden."""
    require(actor, Permission.ADDRESS_REVEAL)
    check_own(unit, actor)
    return _address_of(unit, living_in(unit.id), actor)


def where_she_lives(tenancy: Tenancy, *, actor: Actor) -> Secret:
    """The same for her team, by her tenancy (R-618). Raises NotNow when she does not live there, Forbidden."""
    require(actor, Permission.ADDRESS_REVEAL)
    if tenancy.state in ENDED:
        raise NotNow
    return _address_of(tenancy.unit, tenancy.enrolment.case_id, actor)


def _address_of(unit: HousingUnit, case_id: int | None, actor: Actor) -> Secret:
    return Secret(
        "address",
        SubjectType.UNIT,
        unit.public_id,
        case_id,
        F.HOUSING_UNIT_IDENTITY,
        lambda: db.session.scalar(sa.select(HousingUnit.address).where(HousingUnit.id == unit.id)),
        ask=partial(_ask_home, unit.id, case_id, actor),
    )


def _ask_home(unit_id: int, case_id: int | None, actor: Actor) -> Sight:
    """Somebody else may live there since the page was opened: then it is another look. Raises Conflict."""
    if living_in(unit_id) != case_id:
        raise Conflict
    return sight_of_home(actor, case_id)


def reserve(unit: HousingUnit, enrolment: Enrolment, move_in_on: date, *, actor: Actor, now: datetime) -> Tenancy:
    """Hold a home for her from a day (R-364). The home's row is locked first, and no two tenancies overlap.

    Raises Conflict when somebody was faster, AskFirst where one asks first (R-751, R-752), Invalid, NotNow, Forbidden.
    """
    check_own(unit, actor)
    db.session.refresh(unit, with_for_update=True)
    if unit.state is UnitState.HELD:
        raise Conflict(FASTER)
    step = check_step(UNIT_STEPS, UnitAction.HOLD, unit.state, actor)
    if enrolment.organisation_id != unit.organisation_id or enrolment.offer_id != unit.offer_id:
        raise Invalid(_("She was given a place in another programme."), field="enrolment")
    if enrolment.state not in (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE):
        raise NotNow
    if move_in_on < local_date(now):
        raise Invalid(_("Choose a day that lies ahead."), field="move_in_on")
    if not places.may_keep(enrolment.case_id):
        raise Invalid(_("With special address protection no home of hers is kept here."), field="enrolment")
    placements.check(PlacementPath.HOME, unit.public_id, enrolment.public_id, now=now)
    tenancy = _insert(unit, enrolment, move_in_on)
    unit.state = step.target
    db.session.flush()
    record_unit(step.audit, unit, actor=actor, now=now, case_id=enrolment.case_id)
    db.session.flush()
    return tenancy


def _insert(unit: HousingUnit, enrolment: Enrolment, move_in_on: date) -> Tenancy:
    """An earlier reservation that came to nothing is taken up again: one tenancy per course."""
    tenancy = db.session.scalar(sa.select(Tenancy).where(Tenancy.enrolment_id == enrolment.id).with_for_update())
    if tenancy is not None and tenancy.state is not TenancyState.NOT_TAKEN:
        raise Conflict(_("She has been given a home already."))
    if tenancy is None:
        tenancy = Tenancy(enrolment_id=enrolment.id)
    tenancy.unit_id, tenancy.state, tenancy.months = unit.id, TenancyState.RESERVED, MONTHS
    tenancy.period = Range(move_in_on, end_of(move_in_on))
    try:
        with db.session.begin_nested():
            db.session.add(tenancy)
            db.session.flush()
    except IntegrityError as overlap:
        raise Conflict(FASTER) from overlap
    return tenancy


def give_back(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Free a reserved home when her course ends before she has moved in. Raises NotNow while she lives there."""
    tenancy = db.session.scalar(sa.select(Tenancy).where(Tenancy.enrolment_id == enrolment.id))
    if tenancy is None or tenancy.state in ENDED:
        return
    if tenancy.state is not TenancyState.RESERVED:
        raise NotNow(_("She lives in the home. Give notice and register that she has moved out first."))
    unit = db.session.get_one(HousingUnit, tenancy.unit_id, with_for_update=True)
    tenancy.state, unit.state = TenancyState.NOT_TAKEN, UnitState.ACCEPTING
    db.session.flush()
    deadlines.call_off(tenancy.public_id, actor=actor, now=now)
    record_unit(Audit.UNIT_CHANGED, unit, actor=actor, now=now, case_id=enrolment.case_id)


def check_own(unit: HousingUnit, actor: Actor) -> None:
    """Raise Forbidden unless the home is the actor's organisation's."""
    if actor.role is not Role.SYSTEM and actor.organisation_id != unit.organisation_id:
        raise Forbidden


def record_unit(
    tag: Audit,
    unit: HousingUnit,
    *,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
    fields: list[str] | None = None,
) -> None:
    """Write a line of the audit trail about a home."""
    audit.record(tag, SubjectType.UNIT, unit.public_id, actor=actor, now=now, case_id=case_id, fields=fields or ())
