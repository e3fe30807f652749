"""Files that somebody has handed in, and what the house knows already that their rows are held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.imports import ImportField as F
from portal.core.imports import ImportState
from portal.core.protection import IndexField
from portal.db import db
from portal.domain.import_rows import Read, key_of
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.imports import CaseImport, ImportKey, ImportLayout
from portal.models.indexes import blind_index
from portal.models.organisations import Municipality
from portal.models.users import Membership, User
from portal.queries import teamless
from portal.queries.client_search import name_with_year
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import known_cases
from portal.wall import as_system

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A case that came in by a number: what stood in the file then, as fingerprints."""

    case_public_id: str
    fingerprints: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a file, and its first rows."""

    headings: list[str]
    samples: list[list[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing about one cell, without what stands in it."""

    row: int
    field: str
    code: str
    text: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """Errors and warnings, rows that are here and differ with their fields, and rows that look like one of hers."""

    issues: list[Found]
    differs: list[tuple[int, list[str]]]
    alike: list[int]


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    """What she handed in herself, for the house she acts for: the rows name women (R-717)."""
    return sa.and_(CaseImport.made_by_id == actor.user_id, CaseImport.organisation_id == actor.organisation_id)


def get(actor: Actor, public_id: str, *, whole: bool = False) -> CaseImport:
    """A file she handed in; `whole` with rows and findings. Raises NotFound."""
    statement = sa.select(CaseImport).where(CaseImport.public_id == public_id, _own(actor))
    if whole:
        statement = statement.options(undefer(CaseImport.content), undefer(CaseImport.findings))
    # Its progress is written by somebody else.
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def table_of(taken: CaseImport) -> Table | None:
    """Headings and the first rows, to name the columns by; None when the rows are gone."""
    if taken.content is None:
        return None
    return Table(taken.content["headings"], [cells for _number, cells in taken.content["rows"][:SAMPLES]])


def findings_of(taken: CaseImport) -> Findings | None:
    """What the check found, errors first; None before it and when it is forgotten."""
    if taken.findings is None:
        return None
    issues = sorted((Found(*issue) for issue in taken.findings["issues"]), key=lambda one: (one.is_warning, one.row))
    return Findings(issues, taken.findings["differs"], taken.findings["alike"])


def list_imports(actor: Actor, *, after: str | None = None) -> tuple[list[CaseImport], str | None]:
    """What she has handed in, the newest first. Raises ValueError for a cursor of another list."""
    statement = sa.select(CaseImport).where(_own(actor)).order_by(CaseImport.id.desc()).limit(PAGE_SIZE + 1)
    if after:
        (last,) = decode(after, int)
        statement = statement.where(CaseImport.id < last)
    rows = list(db.session.scalars(statement))
    return rows[:PAGE_SIZE], encode(rows[PAGE_SIZE - 1].id) if len(rows) > PAGE_SIZE else None


def layout_of(actor: Actor) -> dict[str, str]:
    """How the house's columns were read the last time."""
    found = find_layout(actor)
    return found.fields if found else {}


def find_layout(actor: Actor) -> ImportLayout | None:
    """The row that remembers it."""
    return db.session.scalar(sa.select(ImportLayout).where(ImportLayout.organisation_id == actor.organisation_id))


def people_by_mail(actor: Actor) -> dict[str, int]:
    """Who at the house works in cases, by mail address."""
    rows = db.session.execute(
        sa.select(User.id, User.email)
        .where(User.id.in_(sa.select(Membership.user_id).join(User).where(teamless.takes_cases(actor))))
        .order_by(User.id)
    )
    return {email.casefold(): key for key, email in rows}


def municipalities_by_word() -> dict[str, str]:
    """The code of each municipality, by its name and by the code itself."""
    rows = db.session.execute(sa.select(Municipality.code, Municipality.name)).all()
    return {word: code for code, name in rows for word in (code, code.lstrip("0"), name.casefold())}


def number_index(number: str, organisation_id: int) -> bytes:
    """By what a number of the house is found again."""
    return blind_index(key_of(number), field=IndexField.OWN_NUMBER, organisation_id=organisation_id)


@as_system()
def keys_of(organisation_id: int, numbers: Iterable[str]) -> dict[str, KnownKey]:
    """Which of these numbers are here, as they are compared; of colleagues' cases too, only that it is so (R-714)."""
    wanted = {number_index(number, organisation_id): key_of(number) for number in numbers}
    rows = db.session.execute(
        sa.select(ImportKey, Case.public_id)
        .join(Case, Case.id == ImportKey.case_id)
        .where(ImportKey.organisation_id == organisation_id, ImportKey.number_index.in_(list(wanted)))
    )
    return {wanted[key.number_index]: KnownKey(public_id, key.fingerprints) for key, public_id in rows}


def alike(actor: Actor, rows: Sequence[Read]) -> set[int]:
    """Rows that look like a case that she knows of: by CPR, telephone, or name with birth year.

    Nothing is said of any other case, whoever it belongs to (R-713).
    """
    if actor.organisation_id is None:
        return set()
    signs = [(row.number, column, value) for row in rows for column, value in _signs(row)]
    if not signs:
        return set()
    indexed = {
        (column, value): blind_index(value, field=INDEXES[column][1], organisation_id=actor.organisation_id)
        for _number, column, value in signs
    }
    tests = [
        INDEXES[column][0].in_([index for (name, _value), index in indexed.items() if name == column])
        for column in {column for column, _value in indexed}
    ]
    cases = db.session.scalars(
        sa.select(Case)
        .join(Client, Client.id == Case.client_id)
        .where(known_cases(actor), Client.index_organisation_id == actor.organisation_id, sa.or_(*tests))
        .options(joinedload(Case.client, innerjoin=True).undefer(Client.cpr_number))
    )
    hers = {sign for case in cases for sign in _signs_of(case.client)}
    return {number for number, column, value in signs if (column, value) in hers}


INDEXES = {
    "cpr": (Client.cpr_index, IndexField.CPR),
    "phone": (Client.phone_index, IndexField.PHONE),
    "name": (Client.name_index, IndexField.NAME_YEAR),
}


def _signs(row: Read) -> list[tuple[str, str]]:
    name, year = row.values.get(F.NAME), row.values.get(F.BIRTH_YEAR)
    named = name_with_year(name, year) if name and year else None
    found = (("cpr", row.values.get(F.CPR)), ("phone", row.values.get(F.PHONE)), ("name", named))
    return [(column, value) for column, value in found if value]


def _signs_of(client: Client) -> list[tuple[str, str]]:
    named = name_with_year(client.name, client.birth_year) if client.name and client.birth_year else None
    found = (("cpr", client.cpr_number), ("phone", client.phone), ("name", named))
    return [(column, value) for column, value in found if value]


def count_done_since(organisation_id: int, since: datetime) -> int:
    """How many files a house has started or brought in since a moment."""
    begun = sa.or_(
        CaseImport.state.in_((ImportState.QUEUED, ImportState.RUNNING)),
        sa.and_(CaseImport.state == ImportState.DONE, CaseImport.finished_at >= since),
    )
    statement = sa.select(sa.func.count()).where(CaseImport.organisation_id == organisation_id, begun)
    with as_system():
        return db.session.scalar(statement) or 0


def find_actor(of: CaseImport) -> Actor | None:
    """Whoever handed it in, as she may act now; None when she may not any more."""
    row = db.session.execute(
        sa.select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.id == of.membership_id, Membership.is_live, User.is_active)
    ).one_or_none()
    if row is None:
        return None
    member, user = row
    return Actor(user.id, member.id, member.organisation_id, member.role, user.language.value)
