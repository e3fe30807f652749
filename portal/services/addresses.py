"""Her address and her CPR number: kept with care, opened with a reason."""

from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.risk import ReviewReason
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL, WORKFLOW, CaseAction
from portal.domain.disclosure import FieldGroup
from portal.domain.workflow import check_step, check_version
from portal.models.access import FormerAddress
from portal.models.cases import Case
from portal.models.clients import Client
from portal.queries import case_parts
from portal.services import case_marks, places, protection, risk_reviews, tasks
from portal.services.reveals import Secret


def set_address(
    case: Case,
    *,
    protection_level: int,
    actor: Actor,
    now: datetime,
    address: str | None = None,
    keeps_address: bool = True,
    registered_on: date | None = None,
    lower_reason: str | None = None,
    version: int | None = None,
) -> int:
    """Set the protection of her address, and the address itself where one may be stored (R-107).

    Up at once; lower protection is only asked for here (R-384). Special protection (level 2) removes a stored address
    with every other place of hers, and takes none. An empty `address` leaves the stored one. Volunteers who were
    allowed to see where a task of hers is must be allowed anew, and at a new address her safety is looked at anew
    (R-631). Returns how many meetings and tasks ahead have lost their place. Raises Invalid, Stale, NotNow.
    """
    step = check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    client = case.client
    check_version(version, client.version)
    if protection_level < client.protection_level:
        protection.ask_lower(case, protection_level, lower_reason, actor=actor, now=now)
        protection_level = client.protection_level
    if protection_level >= NO_ADDRESS_LEVEL and address:
        raise Invalid(_("With special address protection no address is kept here. Empty the field."), field="address")
    changed = _changed(client, protection_level, address, registered_on, keeps_address=keeps_address, now=now)
    if "address" in changed or protection_level >= NO_ADDRESS_LEVEL:
        _keep_former(client, protection_level, now=now)
    for name, value in changed.items():
        setattr(client, name, value)
    if changed:
        case_marks.record(step.audit, case, actor=actor, now=now, fields=list(changed))
        tasks.forget_approvals(case.id)
    if "address" in changed and client.address:
        risk_reviews.ask(case, ReviewReason.NEW_ADDRESS, actor=actor, now=now)
    lost = places.forget(case.id, actor=actor, now=now) if changed and protection_level >= NO_ADDRESS_LEVEL else 0
    db.session.flush()
    return lost


def _changed(
    client: Client, level: int, address: str | None, registered_on: date | None, *, keeps_address: bool, now: datetime
) -> dict[str, Any]:
    """What is different from what is stored, by column. Who knows no day of registration is reminded from today on."""
    stored = client.address if keeps_address and not address else address or None
    from_today = protection.lapses_on(local_date(now))
    until = protection.lapses_on(registered_on) if registered_on else client.protection_until or from_today
    wanted = {
        "address": stored if level < NO_ADDRESS_LEVEL else None,
        "protection_level": level,
        "protection_until": until if level == 1 else None,
    }
    return {name: value for name, value in wanted.items() if getattr(client, name) != value}


def _keep_former(client: Client, level: int, *, now: datetime) -> None:
    """Keep where she lived for the safety officer, for ninety days; under special protection nothing is kept at all."""
    if level >= NO_ADDRESS_LEVEL:
        db.session.execute(sa.delete(FormerAddress).where(FormerAddress.client_id == client.id))
    elif client.address:
        former = FormerAddress(public_id=new_public_id(), client_id=client.id, address=client.address, replaced_at=now)
        db.session.add(former)


def her_address(case: Case) -> Secret:
    """Her exact address, as something to be revealed."""
    read = partial(_read, case, Client.address)
    return Secret("address", SubjectType.CASE, case.public_id, case.id, FieldGroup.ADDR_EXACT, read)


def her_cpr_number(case: Case, *, actor: Actor) -> Secret:
    """Her CPR number, as something to be revealed where it may be kept (R-605). Raises Forbidden elsewhere."""
    if not case_parts.may_hold_cpr(actor):
        raise Forbidden
    read = partial(_read, case, Client.cpr_number)
    about = "cpr_number", SubjectType.CASE, case.public_id, case.id
    return Secret(*about, FieldGroup.PERSON_CPR, read, tag=Audit.NAME_REVEALED)


def _read(case: Case, column: Any) -> Any:
    return db.session.scalar(sa.select(column).where(Client.id == case.client_id))
