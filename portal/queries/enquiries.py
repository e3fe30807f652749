"""Enquiries of the own house: the list, one of them, and how many ended in what."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.clock import end_of_local_day, start_of_local_day
from portal.core.enquiries import Conclusion, EnquiryAsker, EnquiryChannel
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.domain.permissions import can
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.enquiries import Enquiry
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import told_cases, visible_cases
from portal.wall import as_system

MOST_SAME = 5
MOST_OPENED = 50


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One line of the list. Who asked is told while it is nobody's case."""

    public_id: str
    received_at: datetime
    channel: EnquiryChannel
    asker: EnquiryAsker
    name: str | None
    child_count: int
    conclusions: tuple[str, ...]
    call_back_on: date | None
    is_called_back: bool
    is_case: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What was said in an enquiry, and who took it down."""

    name: str | None
    phone: str | None
    wish: str | None
    offered_instead: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A month's enquiries: how many, and how many had each conclusion and each reason. Several may be true."""

    base: int
    conclusions: dict[str, int]
    reject_reasons: dict[str, int]
    editions: tuple[int, ...]


def visible_enquiries(actor: Actor) -> sa.ColumnElement[bool]:
    """Those of the own house, for whoever takes them down there."""
    if not can(actor, Permission.ENQUIRY_RECORD):
        return sa.false()
    return Enquiry.organisation_id == actor.organisation_id


def within(first: date, last: date) -> sa.ColumnElement[bool]:
    """Received from the first day to the last, both counted in."""
    return Enquiry.received_at.between(start_of_local_day(first), end_of_local_day(last))


def list_enquiries(
    actor: Actor,
    *,
    month: tuple[date, date] | None = None,
    conclusion: Conclusion | None = None,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[list[EnquiryRow], str | None]:
    """The newest first, and the cursor of the next page. Raises ValueError for a bad cursor."""
    statement = sa.select(Enquiry).where(visible_enquiries(actor))
    if month is not None:
        statement = statement.where(within(*month))
    if conclusion is not None:
        statement = statement.where(Enquiry.conclusions.contains([conclusion.value]))
    if after:
        statement = statement.where(sa.tuple_(Enquiry.received_at, Enquiry.id) < decode(after, datetime, int))
    order = (Enquiry.received_at.desc(), Enquiry.id.desc())
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    following = encode(rows[limit - 1].received_at, rows[limit - 1].id) if len(rows) > limit else None
    return [_row(row) for row in rows[:limit]], following


def _row(row: Enquiry) -> EnquiryRow:
    return EnquiryRow(
        public_id=row.public_id,
        received_at=row.received_at,
        channel=row.channel,
        asker=row.asker,
        name=row.name if row.case_id is None else None,
        child_count=row.child_count,
        conclusions=tuple(row.conclusions),
        call_back_on=row.call_back_on,
        is_called_back=row.called_back_at is not None,
        is_case=row.case_id is not None,
    )


def get(actor: Actor, public_id: str) -> Enquiry:
    """One enquiry of the own house. What has become a case is there for whoever sees the case. Raises NotFound."""
    seen = sa.or_(Enquiry.case_id.is_(None), Enquiry.case_id.in_(sa.select(Case.id).where(told_cases(actor))))
    found = db.session.scalar(
        sa.select(Enquiry)
        .where(Enquiry.public_id == public_id, visible_enquiries(actor), seen)
        .options(joinedload(Enquiry.recorded_by, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def written(enquiry: Enquiry) -> Written:
    """What the pages of an enquiry show that `get` has found."""
    return Written(
        name=enquiry.name,
        phone=enquiry.phone,
        wish=enquiry.wish,
        offered_instead=enquiry.offered_instead,
        by=enquiry.recorded_by.name,
    )


def list_same_phone(actor: Actor, enquiry: Enquiry) -> list[tuple[str, datetime]]:
    """Earlier enquiries here from the same number, the newest first: public id and moment."""
    if enquiry.phone_index is None:
        return []
    rows = db.session.scalars(
        sa.select(Enquiry)
        .where(visible_enquiries(actor), Enquiry.phone_index == enquiry.phone_index, Enquiry.case_id.is_(None))
        .where(Enquiry.id != enquiry.id)
        .order_by(Enquiry.received_at.desc(), Enquiry.id.desc())
        .limit(MOST_OPENED)
    )
    # Several numbers share an index: opening them decides.
    same = [(row.public_id, row.received_at) for row in rows if row.phone == enquiry.phone]
    return same[:MOST_SAME]


def case_of(actor: Actor, enquiry: Enquiry) -> tuple[str, str] | None:
    """The case that it became, for whoever sees that: public id and reference."""
    row = db.session.execute(
        sa.select(Case.public_id, Case.reference).where(Case.id == enquiry.case_id, visible_cases(actor))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def find_own_case(actor: Actor, reference: str) -> Case | None:
    """An open case of the own house that the actor sees, by its reference."""
    return db.session.scalar(
        sa.select(Case)
        .join(Client, Client.id == Case.client_id)
        .where(
            Case.reference == reference.strip(),
            Case.owner_organisation_id == actor.organisation_id,
            Case.state == CaseState.OPEN,
            visible_cases(actor),
        )
        .options(joinedload(Case.client, innerjoin=True))
    )


def find_of_case(case: Case) -> Enquiry | None:
    """The newest enquiry that became this case."""
    return db.session.scalar(
        sa.select(Enquiry).where(Enquiry.case_id == case.id).order_by(Enquiry.received_at.desc()).limit(1)
    )


@as_system()
def count_month(actor: Actor, month: tuple[date, date]) -> Counted:
    """How the enquiries of the own house in a month ended: numbers alone, also of what became a case (R-652)."""
    rows = db.session.execute(
        sa.select(Enquiry.conclusions, Enquiry.reject_reasons, Enquiry.codes_version)
        .where(Enquiry.organisation_id == actor.organisation_id, within(*month))
        .order_by(Enquiry.id)
    ).all()
    return Counted(
        base=len(rows),
        conclusions=dict(Counter(code for row in rows for code in row[0])),
        reject_reasons=dict(Counter(code for row in rows for code in row[1])),
        editions=tuple(sorted({row[2] for row in rows})),
    )
