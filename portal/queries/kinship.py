"""Who of the staff may be close to somebody in a case: compared by the portal alone, shown to nobody."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core.enums import Role
from portal.core.states import CaseState
from portal.db import db
from portal.domain.alerts import surname, workplace
from portal.models.access import WatchedPerson
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.visibility import LIVE


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody who bears the surname of a party of an open case, at an organisation that has to do with it."""

    user_id: int
    organisation_id: int
    case_id: int
    owner_organisation_id: int


def list_kin() -> Iterator[Kin]:
    """Every pair of an employee and an open case of her own organisation or municipality with the same surname.

    The parties are the woman, her children and those on the case's watch list. The names are opened here, compared,
    and forgotten.
    """
    staff = _staff()
    parties = _surnames()
    for case_id, owner, organisation_id in _organisations():
        for name in parties.get(case_id, ()):
            for user_id in staff.get((organisation_id, name), ()):
                yield Kin(user_id, organisation_id, case_id, owner)


def list_colleagues() -> list[tuple[int, int, int]]:
    """Open cases with somebody on the watch list who writes from a house that has to do with the case.

    The case, its owner and that house. Compared by the domain of his e-mail address and of those of who works there.
    """
    houses = _workplaces()
    parties = db.session.execute(
        sa.select(WatchedPerson.case_id, WatchedPerson.email).where(WatchedPerson.ended_at.is_(None))
    )
    suspects = defaultdict(set)
    for case_id, email in parties:
        if email and workplace(email):
            suspects[case_id].add(workplace(email))
    return [row for row in _organisations() if suspects.get(row[0], set()) & houses.get(row[2], set())]


def _workplaces() -> dict[int, set[str]]:
    found = defaultdict(set)
    for organisation_id, email in db.session.execute(_employed(Membership.organisation_id, User.email)):
        found[organisation_id].add(workplace(email))
    return {house: domains - {""} for house, domains in found.items()}


def _employed(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .join_from(User, Membership, Membership.user_id == User.id)
        .where(User.is_active, Membership.ended_at.is_(None), Membership.role != Role.VOLUNTEER)
        .distinct()
    )


def _staff() -> dict[tuple[int, str], set[int]]:
    rows = db.session.execute(_employed(User.id, Membership.organisation_id, User.name))
    found = defaultdict(set)
    for user_id, organisation_id, name in rows:
        found[organisation_id, surname(name)].add(user_id)
    return found


def _surnames() -> dict[int, set[str]]:
    is_open = Case.state == CaseState.OPEN
    parts = (
        sa.select(Case.id, Client.name).join(Client, Client.id == Case.client_id),
        sa.select(Case.id, Child.name).join(Child, Child.client_id == Case.client_id),
        sa.select(Case.id, WatchedPerson.name)
        .join(WatchedPerson, WatchedPerson.case_id == Case.id)
        .where(WatchedPerson.ended_at.is_(None)),
    )
    found = defaultdict(set)
    for part in parts:
        for case_id, name in db.session.execute(part.where(is_open)):
            if name and surname(name):
                found[case_id].add(surname(name))
    return found


def _organisations() -> list[tuple[int, int, int]]:
    """Open cases with their owner and each organisation that has to do with them: owner, receivers, municipality."""
    is_open = Case.state == CaseState.OPEN
    columns = (Case.id, Case.owner_organisation_id)
    municipal = Organisation.municipality_code == Case.responsible_municipality_code
    parts = (
        sa.select(*columns, Case.owner_organisation_id.label("organisation_id")).where(is_open),
        sa.select(*columns, Enrolment.organisation_id)
        .join(Enrolment, Enrolment.case_id == Case.id)
        .where(is_open, Enrolment.state.in_(LIVE)),
        sa.select(*columns, Organisation.id).join(Organisation, municipal).where(is_open),
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(sa.union(*parts))]
