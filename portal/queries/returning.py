"""Whether the own house has a closed file of a woman who comes back: found by what she says of herself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.identity import IdentityProblem, check_phone
from portal.core.protection import IndexField
from portal.core.states import CaseState
from portal.core.text import normalise_name
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.indexes import blind_index
from portal.models.users import Membership, User
from portal.queries.barriers import is_open_to
from portal.queries.client_search import name_with_year
from portal.wall import as_system

MOST_OPENED = 50
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OldFile:
    """A closed file: its reference, when it was closed, and who was the one to ask, if she still works here."""

    public_id: str
    reference: str
    closed_at: datetime
    worker: str | None
    worker_id: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What she says of herself: a name with the birth year, a telephone number or a CPR number."""

    name: str | None = None
    birth_year: int | None = None
    phone: str | None = None
    cpr: str | None = None


@as_system()
def list_closed(actor: Actor, given: Given) -> list[OldFile]:
    """Closed files of the own house that are hers by exact name and birth year, number or CPR number (R-657).

    Never one that keeps the actor out, nor an erased one. Indexes propose a few too many; opening them decides.
    """
    wanted = _indexed(given, actor.organisation_id)
    if not wanted:
        return []
    rows = db.session.scalars(
        sa.select(Case)
        .join(Client, Client.id == Case.client_id)
        .where(
            Case.owner_organisation_id == actor.organisation_id,
            Case.state == CaseState.CLOSED,
            Case.erased_at.is_(None),
            is_open_to(actor, Case.id),
            Client.index_organisation_id == actor.organisation_id,
            sa.or_(*(column == value for column, value in wanted)),
        )
        .options(joinedload(Case.client, innerjoin=True).undefer(Client.cpr_number))
        .order_by(Case.closed_at.desc(), Case.id.desc())
        .limit(MOST_OPENED)
    )
    return [_file(case) for case in rows if _is_her(case.client, given)][:MOST_SHOWN]


def _indexed(given: Given, organisation_id: int | None) -> list[tuple[Any, bytes]]:
    if organisation_id is None:
        return []
    phone = _phone(given.phone)
    values = [
        (Client.name_index, IndexField.NAME_YEAR, _named(given)),
        (Client.phone_index, IndexField.PHONE, phone),
        (Client.cpr_index, IndexField.CPR, given.cpr),
    ]
    return [
        (column, blind_index(value, field=field, organisation_id=organisation_id))
        for column, field, value in values
        if value
    ]


def _named(given: Given) -> str | None:
    return name_with_year(given.name, given.birth_year) if given.name and given.birth_year else None


def _phone(text: str | None) -> str | None:
    try:
        return check_phone(text) if text else None
    except IdentityProblem:
        return None


def _is_her(client: Client, given: Given) -> bool:
    """One of the three is the same. A name alone is not enough: many share one."""
    named = given.name and given.birth_year and client.name and client.birth_year == given.birth_year
    if named and normalise_name(client.name or "") == normalise_name(given.name or ""):
        return True
    if client.phone is not None and client.phone == _phone(given.phone):
        return True
    return client.cpr_number is not None and client.cpr_number == given.cpr


def _file(case: Case) -> OldFile:
    assert case.closed_at is not None
    row = db.session.execute(
        sa.select(User)
        .join(TeamMember, TeamMember.user_id == User.id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.organisation_id == case.owner_organisation_id,
            Membership.is_live,
            User.is_active,
        )
        # The one whom the others asked, and who was there last.
        .order_by(TeamMember.is_primary.desc(), TeamMember.ended_at.desc().nulls_first(), TeamMember.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return OldFile(case.public_id, case.reference, case.closed_at, row.name if row else None, row.id if row else None)
