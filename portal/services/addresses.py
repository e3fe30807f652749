"""Her address and her CPR number: kept with care, opened with a reason."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL, WORKFLOW, CaseAction
from portal.domain.permissions import require
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.services import audit, case_marks, tasks

SHORTEST_REASON = 15


def set_address(
    case: Case,
    *,
    protection_level: int,
    actor: Actor,
    now: datetime,
    address: str | None = None,
    keeps_address: bool = True,
    version: int | None = None,
) -> None:
    """Set the protection of her address, and the address itself where one may be stored (R-107).

    Special protection (level 2) removes a stored address and takes none. An empty `address` leaves the stored one.
    Volunteers who were allowed to see where a task of hers is must be allowed anew. Raises Invalid, Stale, NotNow.
    """
    step = check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    client = case.client
    check_version(version, client.version)
    if protection_level >= NO_ADDRESS_LEVEL and address:
        raise Invalid(_("With special address protection no address is kept here. Empty the field."), field="address")
    stored = client.address if keeps_address and not address else address or None
    if protection_level >= NO_ADDRESS_LEVEL:
        stored = None
    changed = [
        name
        for name, old, new in (
            ("address", client.address, stored),
            ("protection_level", client.protection_level, protection_level),
        )
        if old != new
    ]
    if changed:
        client.address, client.protection_level = stored, protection_level
        case_marks.record(step.audit, case, actor=actor, now=now, fields=changed)
        tasks.forget_addresses(case.id, keeps_places=protection_level < NO_ADDRESS_LEVEL)
    db.session.flush()


def check_reason(reason: str | None) -> str:
    """A reason for opening something protected: at least 15 characters (R-108). Raises Invalid."""
    text = (reason or "").strip()
    if len(text) < SHORTEST_REASON:
        raise Invalid(_("Write why you need it, in at least %(num)d characters.", num=SHORTEST_REASON), field="reason")
    return text


def record_address_reveal(case: Case, *, reason: str, actor: Actor, now: datetime) -> None:
    """Write who opens her address and why. The edge commits this before it shows anything (R-108)."""
    require(actor, Permission.ADDRESS_REVEAL)
    audit.record(
        Audit.ADDRESS_REVEALED,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        fields=["address"],
        reason=check_reason(reason),
    )
    db.session.flush()


def record_cpr_reveal(case: Case, *, reason: str, actor: Actor, now: datetime) -> None:
    """Write who opens her CPR number and why. The edge commits this before it shows anything (R-108)."""
    require(actor, Permission.CASE_EDIT)
    audit.record(
        Audit.NAME_REVEALED,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        fields=["cpr_number"],
        reason=check_reason(reason),
    )
    db.session.flush()
