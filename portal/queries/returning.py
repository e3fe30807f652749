"""Whether the own house has a file of a woman, open or closed: found by what she says of herself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
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
from portal.queries.visibility import known_cases
from portal.wall import as_system

MOST_OPENED = 50
MOST_SHOWN, MOST_OPEN_SHOWN = 3, 5


@dataclass(frozen=True, slots=True)
class OldFile:
    """A closed file: its reference, when it was closed, and who was the one to ask, if she still works here."""

    public_id: str
    reference: str
    closed_at: datetime
    worker: str | None
    worker_id: int | None


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open case: its reference, since when, whom to ask, and whether the reader may go there."""

    public_id: str
    reference: str
    opened_at: datetime
    worker: str | None
    is_known: bool


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
    found = (case for case, _is_known in _find(actor, given, CaseState.CLOSED, Case.closed_at))
    return [_file(case) for case in islice(found, MOST_SHOWN)]


@as_system()
def list_open(actor: Actor, given: Given) -> list[OpenFile]:
    """Open cases of the own house that may be hers, found as closed ones are: up to five, never another's (R-810).

    Never one that keeps the actor out. Whoever is not on its team learns whom to ask, no more.
    """
    found = islice(_find(actor, given, CaseState.OPEN, Case.opened_at), MOST_OPEN_SHOWN)
    return [
        OpenFile(case.public_id, case.reference, case.opened_at, _worker_of(case), is_known) for case, is_known in found
    ]


def _find(actor: Actor, given: Given, state: CaseState, since: Any) -> Iterator[tuple[Case, bool]]:
    """The cases in this state that are hers, the newest first, and whether the actor knows of each."""
    wanted = _indexed(given, actor.organisation_id)
    if not wanted:
        return
    rows = db.session.execute(
        sa.select(Case, known_cases(actor).label("is_known"))
        .join(Client, Client.id == Case.client_id)
        .where(
            Case.owner_organisation_id == actor.organisation_id,
            Case.state == state,
            Case.erased_at.is_(None),
            is_open_to(actor, Case.id),
            Client.index_organisation_id == actor.organisation_id,
            sa.or_(*(column == value for column, value in wanted)),
        )
        .options(joinedload(Case.client, innerjoin=True).undefer(Client.cpr_number))
        .order_by(since.desc(), Case.id.desc())
        .limit(MOST_OPENED)
    ).all()
    for case, is_known in rows:
        if _is_her(case.client, given):
            yield case, bool(is_known)


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


def _worker_of(case: Case) -> str | None:
    """The one to ask about an open case."""
    return db.session.scalar(
        sa.select(User.name)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.organisation_id == case.owner_organisation_id,
            TeamMember.ended_at.is_(None),
        )
        .order_by(TeamMember.is_primary.desc(), TeamMember.id)
        .limit(1)
    )


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
