"""An organisation's leaving, and the cases that it offers to others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.people import ExitState, TransferBasis, TransferState
from portal.core.states import CaseState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.leaving import CaseTransfer, OrganisationExit
from portal.models.organisations import Organisation
from portal.queries.barriers import is_open_to
from portal.wall import as_system

MOST = 200


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case of an organisation that leaves, under the reference for leads, and what has become of the offer."""

    public_id: str
    reference: str
    to: str | None
    state: TransferState | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A case that another organisation offers, without anything of what is in it."""

    public_id: str
    reference: str
    organisation: str
    basis: TransferBasis
    note: str
    proposed_at: datetime
    case_id: int


def find_live(organisation_id: int) -> OrganisationExit | None:
    """The organisation's leaving, unless it was called off."""
    return db.session.scalar(
        sa.select(OrganisationExit).where(
            OrganisationExit.organisation_id == organisation_id, OrganisationExit.state != ExitState.CALLED_OFF
        )
    )


def get_live(organisation_id: int) -> OrganisationExit:
    """The same, held until the transaction ends. Raises NotFound where the organisation stays."""
    found = db.session.scalar(
        sa.select(OrganisationExit)
        .where(OrganisationExit.organisation_id == organisation_id, OrganisationExit.state != ExitState.CALLED_OFF)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def list_to_revoke(*, frozen_before: datetime) -> Sequence[OrganisationExit]:
    """Those whose day has come on which nobody signs in any more."""
    return db.session.scalars(
        sa.select(OrganisationExit)
        .where(OrganisationExit.state == ExitState.FROZEN, OrganisationExit.frozen_at <= frozen_before)
        .order_by(OrganisationExit.id)
    ).all()


@as_system()
def count_open_cases(organisation_id: int) -> int:
    """How many open cases an organisation owns."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Case)
            .where(
                Case.owner_organisation_id == organisation_id, Case.state == CaseState.OPEN, Case.erased_at.is_(None)
            )
        )
        or 0
    )


def list_open_cases(actor: Actor) -> list[OpenCase]:
    """The open cases of the own organisation with the last offer of each, the oldest first."""
    last = (
        sa.select(CaseTransfer.case_id, Organisation.name.label("to"), CaseTransfer.state)
        .join(Organisation, Organisation.id == CaseTransfer.to_organisation_id)
        .where(CaseTransfer.from_organisation_id == actor.organisation_id)
        .ext(distinct_on(CaseTransfer.case_id))
        .order_by(CaseTransfer.case_id, CaseTransfer.id.desc())
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Case.public_id, Case.lead_reference, last.c.to, last.c.state)
        .outerjoin(last, last.c.case_id == Case.id)
        .where(Case.owner_organisation_id == actor.organisation_id, Case.state == CaseState.OPEN)
        .where(is_open_to(actor, Case.id))
        .order_by(Case.id)
        .limit(MOST)
    )
    return [OpenCase(*row) for row in rows]


def get_open_case(actor: Actor, public_id: str) -> Case:
    """An open case of the own organisation, held until the transaction ends. Raises NotFound."""
    case = db.session.scalar(
        sa.select(Case)
        .where(Case.public_id == public_id, Case.owner_organisation_id == actor.organisation_id)
        .where(Case.state == CaseState.OPEN, is_open_to(actor, Case.id))
        .with_for_update()
    )
    if case is None:
        raise NotFound
    return case


def list_receivers(actor: Actor) -> list[tuple[str, str]]:
    """Organisations that could take a case over, as (public id, name)."""
    rows = db.session.execute(
        sa.select(Organisation.public_id, Organisation.name)
        .where(Organisation.is_active, Organisation.is_frozen.is_(False), Organisation.id != actor.organisation_id)
        .order_by(Organisation.name)
        .limit(MOST)
    )
    return [(public_id, name) for public_id, name in rows]


def find_receiver(actor: Actor, public_id: str, *, case_id: int) -> Organisation | None:
    """The organisation that a case may be offered to; None where it may not, whatever the reason (R-472)."""
    blocked = sa.exists().where(
        CaseBlock.case_id == case_id, CaseBlock.organisation_id == Organisation.id, CaseBlock.ended_at.is_(None)
    )
    return db.session.scalar(
        sa.select(Organisation).where(
            Organisation.public_id == public_id,
            Organisation.is_active,
            Organisation.is_frozen.is_(False),
            Organisation.id != actor.organisation_id,
            ~blocked,
        )
    )


@as_system()
def list_offered(actor: Actor) -> list[Offered]:
    """What other organisations offer to the own one and wait for an answer on, the oldest first."""
    rows = db.session.execute(
        sa.select(
            CaseTransfer.public_id,
            Case.lead_reference,
            Organisation.name,
            CaseTransfer.basis,
            CaseTransfer.note,
            CaseTransfer.proposed_at,
            CaseTransfer.case_id,
        )
        .join(Case, Case.id == CaseTransfer.case_id)
        .join(Organisation, Organisation.id == CaseTransfer.from_organisation_id)
        .where(CaseTransfer.to_organisation_id == actor.organisation_id, CaseTransfer.state == TransferState.PROPOSED)
        # Whoever was kept out after the offer learns no more of it.
        .where(is_open_to(actor, CaseTransfer.case_id))
        .order_by(CaseTransfer.id)
        .limit(MOST)
    )
    return [Offered(*row) for row in rows]


@as_system()
def get_offered(actor: Actor, public_id: str) -> tuple[CaseTransfer, Case]:
    """One of them with its case, held until the transaction ends. Raises NotFound."""
    row = db.session.execute(
        sa.select(CaseTransfer, Case)
        .join(Case, Case.id == CaseTransfer.case_id)
        .where(
            CaseTransfer.public_id == public_id,
            CaseTransfer.to_organisation_id == actor.organisation_id,
            CaseTransfer.state == TransferState.PROPOSED,
            is_open_to(actor, CaseTransfer.case_id),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def is_offer(actor: Actor, public_id: str) -> bool:
    """Whether this is a case that was offered by the own organisation or to it."""
    found = sa.exists().where(
        CaseTransfer.public_id == public_id,
        sa.or_(
            CaseTransfer.from_organisation_id == actor.organisation_id,
            CaseTransfer.to_organisation_id == actor.organisation_id,
        ),
    )
    return bool(db.session.scalar(sa.select(found)))


def is_own(actor: Actor, public_id: str) -> bool:
    """Whether this is the public id of the own organisation."""
    found = db.session.scalar(sa.select(Organisation.public_id).where(Organisation.id == actor.organisation_id))
    return found == public_id
