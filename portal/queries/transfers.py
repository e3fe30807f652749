"""Cases that are offered to another organisation: to whom they can go, what waits for an answer, what came of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.people import TransferBasis, TransferState
from portal.core.states import CaseState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.cases import Case, TeamMember
from portal.models.organisations import Organisation
from portal.models.transfers import CaseTransfer
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.visibility import told_cases
from portal.wall import as_system

MOST = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A case that another organisation offers, without anything of what is in it."""

    public_id: str
    reference: str
    organisation: str
    basis: TransferBasis
    note: str
    hand_over: str | None
    proposed_at: datetime
    case_id: int
    # The case as the reader knows it, where she works in it already: its page and its number.
    known_as: tuple[str, str] | None = None


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
            CaseTransfer.hand_over,
            CaseTransfer.proposed_at,
            CaseTransfer.case_id,
            Case.public_id.label("page"),
            Case.reference,
            told_cases(actor).label("is_told"),
        )
        .join(Case, Case.id == CaseTransfer.case_id)
        .join(Organisation, Organisation.id == CaseTransfer.from_organisation_id)
        .where(CaseTransfer.to_organisation_id == actor.organisation_id, CaseTransfer.state == TransferState.PROPOSED)
        .where(Case.state == CaseState.OPEN)
        # Whoever was kept out after the offer learns no more of it.
        .where(is_open_to(actor, CaseTransfer.case_id))
        .order_by(CaseTransfer.id)
        .limit(MOST)
    )
    return [Offered(*row[:8], (row.page, row.reference) if row.is_told else None) for row in rows]


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
            Case.state == CaseState.OPEN,
            is_open_to(actor, CaseTransfer.case_id),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


@as_system()
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


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One offer in the history of a case, as those who work in it read it."""

    public_id: str
    giver: str
    receiver: str
    state: TransferState
    basis: TransferBasis
    note: str
    hand_over: str | None
    decline_reason: str | None
    stays: str | None
    proposed_at: datetime
    answered_at: datetime | None
    is_own: bool


def list_of_case(actor: Actor, case_id: int) -> list[TransferRow]:
    """Every offer of a case, the newest first. Assumes that the caller may see the case."""
    giver, receiver = aliased(Organisation), aliased(Organisation)
    rows = db.session.execute(
        sa.select(CaseTransfer, giver.name, receiver.name, User.name)
        .join(giver, giver.id == CaseTransfer.from_organisation_id)
        .join(receiver, receiver.id == CaseTransfer.to_organisation_id)
        .outerjoin(User, User.id == CaseTransfer.stays_id)
        .where(CaseTransfer.case_id == case_id)
        .order_by(CaseTransfer.id.desc())
        .limit(MOST)
    )
    return [
        TransferRow(
            row.public_id,
            given_by,
            given_to,
            row.state,
            row.basis,
            row.note,
            row.hand_over,
            row.decline_reason,
            stays,
            row.proposed_at,
            row.answered_at,
            row.from_organisation_id == actor.organisation_id,
        )
        for row, given_by, given_to, stays in rows
    ]


def find_open(case_id: int) -> CaseTransfer | None:
    """The offer of a case that nobody has answered, held until the transaction ends."""
    return db.session.scalar(
        sa.select(CaseTransfer)
        .where(CaseTransfer.case_id == case_id, CaseTransfer.state == TransferState.PROPOSED)
        .options(joinedload(CaseTransfer.to_organisation))
        .with_for_update(of=CaseTransfer)
    )


def list_own_team(actor: Actor, case_id: int) -> list[tuple[str, str]]:
    """Who of the own organisation is on the team of a case, as (public id, name)."""
    rows = db.session.execute(
        sa.select(User.public_id, User.name)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None))
        .where(TeamMember.organisation_id == actor.organisation_id)
        .order_by(TeamMember.id)
        .limit(MOST)
    )
    return [(public_id, name) for public_id, name in rows]


def own_name(actor: Actor) -> tuple[str, str]:
    """The reader herself as (public id, name), where she can take a case herself."""
    row = db.session.execute(sa.select(User.public_id, User.name).where(User.id == actor.user_id)).one()
    return row.public_id, row.name


def find_own_member(actor: Actor, case_id: int, user_public_id: str) -> int | None:
    """The user of the own organisation who is on the team under that public id."""
    return db.session.scalar(
        sa.select(TeamMember.user_id)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None))
        .where(TeamMember.organisation_id == actor.organisation_id, User.public_id == user_public_id)
    )
