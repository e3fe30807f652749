"""Notices of concern for the children of a case, as values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.children import ConcernState, NotifierDuty, SentHow
from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.concerns import basis, is_overdue
from portal.domain.disclosure import FieldGroup as F
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.concerns import ConcernNotice
from portal.models.organisations import Municipality, Organisation
from portal.models.users import User
from portal.queries.case_parts import municipality_name
from portal.queries.children import birth_date

MOST = 50


@dataclass(frozen=True, slots=True)
class Concern:
    """One notice as the team reads it."""

    public_id: str
    version: int
    child_public_id: str
    child_name: str | None
    child_birth_year: int
    child_birth_date: date | None
    state: ConcernState
    duty: NotifierDuty
    # The paragraph that it goes by, of the day it was sent or else written.
    basis: str
    drafted_on: date
    author: str
    organisation: str
    text: str | None
    violence_suspected: bool
    is_kept_back: bool
    sent_on: date | None
    sent_how: SentHow | None
    municipality_code: str | None
    municipality: str | None
    receipt_due_on: date | None
    receipted_on: date | None
    is_overdue: bool


def list_of(case: Case, seen: Lens, *, today: date, child: Child | None = None) -> list[Concern]:
    """The notices of a case, or those of one child, the newest first. Nothing where her children are closed."""
    wanted = _rows(case, seen)
    if child is not None:
        wanted = wanted.where(ConcernNotice.child_id == child.id)
    rows = db.session.execute(wanted.order_by(ConcernNotice.id.desc()).limit(MOST)).all()
    return [_concern(row, today) for row in rows]


def get_shown(case: Case, public_id: str, seen: Lens, *, today: date) -> Concern:
    """One notice to be read. Raises NotFound."""
    row = db.session.execute(_rows(case, seen).where(ConcernNotice.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _concern(row, today)


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on the letter beside the notice itself. No address, of nobody."""

    municipality: str | None
    mother: str | None
    reference: str
    is_protected: bool


def letter(case: Case, concern: Concern) -> Letter:
    """What the letter says of the case. `case` has its client loaded."""
    code = concern.municipality_code or case.responsible_municipality_code
    return Letter(
        municipality=concern.municipality or municipality_name(code),
        mother=case.client.name,
        reference=case.reference,
        is_protected=case.client.protection_level > 0,
    )


def get(case: Case, public_id: str) -> ConcernNotice:
    """One notice to be changed. Raises NotFound."""
    found = db.session.scalar(
        sa.select(ConcernNotice).where(ConcernNotice.public_id == public_id, ConcernNotice.case_id == case.id)
    )
    if found is None:
        raise NotFound
    return found


def _rows(case: Case, seen: Lens) -> Any:
    is_open = seen.shows(F.CHILD_IDENTITY)
    return (
        sa.select(ConcernNotice, Child, User.name, Organisation.name, Municipality.name)
        .join(Child, Child.id == ConcernNotice.child_id)
        .join(User, User.id == ConcernNotice.author_id)
        .join(Organisation, Organisation.id == ConcernNotice.organisation_id)
        .outerjoin(Municipality, Municipality.code == ConcernNotice.municipality_code)
        .where(ConcernNotice.case_id == case.id, sa.true() if is_open else sa.false())
    )


def _concern(row: Any, today: date) -> Concern:
    notice, child, author, organisation, municipality = row
    day = notice.sent_on or local_date(notice.drafted_at)
    return Concern(
        public_id=notice.public_id,
        version=notice.version,
        child_public_id=child.public_id,
        child_name=child.name,
        child_birth_year=child.birth_year,
        child_birth_date=birth_date(child),
        state=notice.state,
        duty=notice.duty,
        basis=basis(notice.duty, day),
        drafted_on=local_date(notice.drafted_at),
        author=author,
        organisation=organisation,
        text=notice.text,
        violence_suspected=notice.violence_suspected,
        is_kept_back=notice.is_kept_back,
        sent_on=notice.sent_on,
        sent_how=notice.sent_how,
        municipality_code=notice.municipality_code,
        municipality=municipality,
        receipt_due_on=notice.receipt_due_on,
        receipted_on=notice.receipted_on,
        is_overdue=is_overdue(notice.state, notice.receipt_due_on, on=today),
    )
