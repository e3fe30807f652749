"""An organisation's leaving, and what has become of its open cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.people import ExitState, TransferState
from portal.core.states import CaseState
from portal.db import db
from portal.models.cases import Case
from portal.models.leaving import OrganisationExit
from portal.models.organisations import Organisation
from portal.models.transfers import CaseTransfer
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


def is_own(actor: Actor, public_id: str) -> bool:
    """Whether this is the public id of the own organisation."""
    found = db.session.scalar(sa.select(Organisation.public_id).where(Organisation.id == actor.organisation_id))
    return found == public_id
