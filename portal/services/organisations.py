"""Organisations that join, with what they give, their fund and the first person who can let others in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Language, OrganisationKind, Region, Role
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType, TrackKind
from portal.db import db
from portal.models.grants import Fund
from portal.models.organisations import Municipality, Organisation
from portal.models.programmes import Offer, Programme
from portal.services import account_codes, accounts, audit


def found(
    name: str,
    kind: OrganisationKind,
    region: Region,
    *,
    municipality_code: str | None = None,
    may_hold_cpr: bool = False,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Take an organisation in. A municipality is named by its code, and no other has one (R-170).

    Raises Invalid beside the field, Conflict when the name is taken.
    """
    if (kind is OrganisationKind.MUNICIPALITY) != (municipality_code is not None):
        raise Invalid(_("A municipality has its three-digit code, and no other has one."), field="municipality")
    if municipality_code is not None and db.session.get(Municipality, municipality_code) is None:
        raise Invalid(_("There is no municipality with that code."), field="municipality")
    organisation = Organisation(
        name=name.strip(), kind=kind, region=region, municipality_code=municipality_code, may_hold_cpr=may_hold_cpr
    )
    try:
        with db.session.begin_nested():
            db.session.add(organisation)
    except IntegrityError as double:
        raise Conflict(_("There is an organisation of that name already.")) from double
    audit.record(Audit.ORGANISATION_FOUNDED, SubjectType.SYSTEM, organisation.public_id, actor=actor, now=now)
    return organisation


def open_offer(
    organisation: Organisation, programme_key: str, *, capacity: int | None = None, actor: Actor, now: datetime
) -> Offer:
    """Let an organisation give a programme, with its places or without a fixed number.

    Raises Invalid for a programme that is not in the reference data, Conflict when it gives it already.
    """
    programme = db.session.scalar(sa.select(Programme).where(Programme.key == programme_key))
    if programme is None:
        raise Invalid(_("There is no such programme: %(key)s.", key=programme_key), field="gives")
    offer = Offer(programme=programme, organisation=organisation, capacity=capacity)
    try:
        with db.session.begin_nested():
            db.session.add(offer)
    except IntegrityError as double:
        raise Conflict(_("The organisation gives that programme already.")) from double
    audit.record(Audit.OFFER_OPENED, SubjectType.PROGRAMME, offer.public_id, actor=actor, now=now)
    return offer


def open_fund(
    offer: Offer, name: str, budget_ore: int, second_approval_above_ore: int, *, actor: Actor, now: datetime
) -> Fund:
    """Give a grant programme its money: the budget, and above which amount two must approve, both in øre.

    Raises Invalid for a programme that gives no grants.
    """
    if offer.programme.kind is not TrackKind.GRANT:
        raise Invalid(_("Only a programme that gives grants has a fund."), field="fund")
    fund = Fund(
        organisation=offer.organisation,
        offer_id=offer.id,
        name=name.strip(),
        budget_ore=budget_ore,
        second_approval_above_ore=second_approval_above_ore,
    )
    db.session.add(fund)
    db.session.flush()
    audit.record(Audit.FUND_OPENED, SubjectType.GRANT, fund.public_id, actor=actor, now=now)
    return fund


def appoint(
    organisation: Organisation, name: str, email: str, language: Language, *, actor: Actor, now: datetime
) -> str:
    """Invite the first administrator, who lets the others in. Returns the code to be read out to her (R-443).

    Raises Conflict when somebody has an account with that address: her own administrator gives her the role.
    """
    if accounts.find_user(email) is not None:
        raise Conflict(_("Somebody has an account with that address already."))
    who = account_codes.Invited(name, email, Role.ADMINISTRATOR, language)
    return account_codes.invite(who, organisation.id, actor=actor, now=now)
