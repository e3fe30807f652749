"""The cases of an organisation that leaves, for the file that goes back to it, and the receipts for such files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.subject_data import NOT_RETURNED
from portal.models.cases import Case
from portal.models.leaving import OrganisationReturn
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.queries import subject_rows
from portal.queries.barriers import blocked_cases
from portal.wall import as_system

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a page shows of a receipt: who took a file, when, for which certificate, and what the file was."""

    public_id: str
    organisation: str
    made_at: datetime
    by: str
    role: Role
    cases: int
    size: int
    sha256: str
    certificate_sha256: str


@as_system()
def list_case_ids(organisation_id: int) -> list[int]:
    """Every case that an organisation owns, open, closed and erased, the oldest first: all of them, on purpose."""
    own = sa.select(Case.id).where(Case.owner_organisation_id == organisation_id).order_by(Case.id)
    return list(db.session.scalars(own))


@as_system()
def is_kept_out(actor: Actor) -> bool:
    """Whether there is a case of the own organisation from which this person is kept out."""
    own = sa.select(Case.id).where(Case.owner_organisation_id == actor.organisation_id)
    return bool(db.session.scalar(sa.select(sa.exists(own.where(Case.id.in_(blocked_cases(actor.user_id)))))))


@as_system()
def collect(case_id: int, organisation_id: int) -> tuple[Case, subject_rows.Rows]:
    """One case of an organisation with every row about it, and of the woman what hangs on no other case.

    An erased case is the shell that the erasure left, without what is known of her elsewhere. Raises NotFound.
    """
    owned = sa.select(Case).where(Case.id == case_id, Case.owner_organisation_id == organisation_id)
    case = db.session.scalar(owned)
    if case is None:
        raise NotFound

    def keeps(table: str, row: object) -> bool:
        return table != "client_case" or (isinstance(row, Case) and row.id == case_id)

    root, key = ("client", case.client_id) if case.erased_at is None else ("client_case", case.id)
    return case, subject_rows.collect(root, key, leave_out=NOT_RETURNED, keeps=keeps)


def names_for(organisation_id: int) -> dict[str, dict[Any, str]]:
    """Names in the place of keys: of organisations and programmes, and of people who work or worked in this one."""
    here = (
        sa.select(Membership.id, User.id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id)
    )
    rows = db.session.execute(here).all()
    people = {user_id: name or "" for _membership, user_id, name in rows}
    helpers = sa.select(Volunteer.id, Volunteer.user_id).where(Volunteer.organisation_id == organisation_id)
    return subject_rows.names_of_links() | {
        "user_account": people,
        "membership": {membership: people[user_id] for membership, user_id, _name in rows},
        "volunteer": {key: people.get(user_id, "") for key, user_id in db.session.execute(helpers)},
    }


def list_receipts(actor: Actor) -> list[Receipt]:
    """The last receipts of the own organisation, the newest first."""
    rows = db.session.scalars(_receipts(actor).order_by(OrganisationReturn.id.desc()).limit(SHOWN))
    return [_shown(row) for row in rows]


def get_receipt(actor: Actor, public_id: str) -> tuple[OrganisationReturn, Receipt]:
    """One of them, as it is stored and as it is shown. Raises NotFound for another organisation's."""
    found = db.session.scalar(_receipts(actor).where(OrganisationReturn.public_id == public_id))
    if found is None:
        raise NotFound
    return found, _shown(found)


def _receipts(actor: Actor) -> sa.Select[OrganisationReturn]:
    own = sa.select(OrganisationReturn).where(OrganisationReturn.organisation_id == actor.organisation_id)
    return own.options(joinedload(OrganisationReturn.made_by), joinedload(OrganisationReturn.organisation))


def _shown(row: OrganisationReturn) -> Receipt:
    return Receipt(
        public_id=row.public_id,
        organisation=row.organisation.name,
        made_at=row.made_at,
        by=row.made_by.name,
        role=row.made_role,
        cases=row.cases,
        size=row.size,
        sha256=row.sha256,
        certificate_sha256=row.certificate_sha256,
    )
