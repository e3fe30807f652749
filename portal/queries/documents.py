"""The documents of a case, as far as the reader is given them. Callers have got the case and asked the policy."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, undefer

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.papers import Media, PaperKind, PaperState, PassingBasis
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import Relation
from portal.domain.documents import MOST
from portal.models.cases import Case
from portal.models.documents import CaseDocument
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.queries.visibility import visible_enrolments

# A case has fifty places for files, and some that were sent on: one page holds them all.
SHOWN = 4 * MOST


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document in the list; `programme` is that of the course whose people read it too."""

    public_id: str
    version: int
    kind: PaperKind
    state: PaperState
    media: Media | None
    size: int
    dated_on: date
    added_at: datetime
    theme: str | None
    added_by: str
    programme: tuple[str, str] | None
    enrolment: str | None
    recipient: str | None
    basis: PassingBasis | None
    removal_reason: str | None


def given_to(actor: Actor, case: Case, seen: Lens) -> sa.ColumnElement[bool]:
    """Which documents of the case the reader is given (R-686).

    The team has all of them, and so has whoever opened the case in an emergency; who leads a course, those that are
    shared with it; a municipality in somebody else's case what it has put there itself, and what is shared with a
    course of its own.
    """
    of_case = CaseDocument.case_id == case.id
    shared = CaseDocument.enrolment_id.in_(
        sa.select(Enrolment.id).where(Enrolment.case_id == case.id, visible_enrolments(actor))
    )
    if seen.relation not in (Relation.CT, Relation.BG):
        return sa.and_(of_case, shared)
    own = CaseDocument.organisation_id == actor.organisation_id
    return of_case if seen.sees_all_tracks else sa.and_(of_case, sa.or_(shared, own))


def list_documents(actor: Actor, case: Case, seen: Lens) -> list[DocumentRow]:
    """The documents, the newest first by their own day, in one statement."""
    recipient = aliased(Organisation)
    rows = db.session.execute(
        sa.select(CaseDocument, User.name, Programme.name_da, Programme.name_en, Enrolment.public_id, recipient.name)
        .join(User, User.id == CaseDocument.added_by_id)
        .outerjoin(Enrolment, Enrolment.id == CaseDocument.enrolment_id)
        .outerjoin(Offer, Offer.id == Enrolment.offer_id)
        .outerjoin(Programme, Programme.id == Offer.programme_id)
        .outerjoin(recipient, recipient.id == CaseDocument.recipient_organisation_id)
        .where(given_to(actor, case, seen))
        .order_by(CaseDocument.dated_on.desc(), CaseDocument.id.desc())
        .limit(SHOWN)
    )
    return [_row(*row) for row in rows]


def _row(
    found: CaseDocument, by: str, da: str | None, en: str | None, course: str | None, to: str | None
) -> DocumentRow:
    return DocumentRow(
        public_id=found.public_id,
        version=found.version,
        kind=found.kind,
        state=found.state,
        media=found.media,
        size=found.size,
        dated_on=found.dated_on,
        added_at=found.added_at,
        theme=found.theme,
        added_by=by,
        programme=(da, en) if da and en else None,
        enrolment=course,
        recipient=to,
        basis=found.basis,
        removal_reason=found.removal_reason,
    )


def get(actor: Actor, case: Case, seen: Lens, public_id: str) -> CaseDocument:
    """A document without its content. Raises NotFound for one that the reader is not given."""
    return _one(sa.select(CaseDocument).where(CaseDocument.public_id == public_id, given_to(actor, case, seen)))


def get_with_content(actor: Actor, case: Case, seen: Lens, public_id: str) -> CaseDocument:
    """The same with its content."""
    return _one(
        sa.select(CaseDocument)
        .where(CaseDocument.public_id == public_id, given_to(actor, case, seen))
        .options(undefer(CaseDocument.content))
    )


def row_of(actor: Actor, case: Case, seen: Lens, public_id: str) -> DocumentRow:
    """What is said of one document, as values. Raises NotFound."""
    for row in list_documents(actor, case, seen):
        if row.public_id == public_id:
            return row
    raise NotFound


def _one(statement: sa.Select[CaseDocument]) -> CaseDocument:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_taken(case: Case) -> list[CaseDocument]:
    """The files that take a place in the case, with the fingerprint of each, held against a second one at once."""
    db.session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update(key_share=True))
    statement = (
        sa.select(CaseDocument)
        .where(
            CaseDocument.case_id == case.id,
            CaseDocument.state.in_((PaperState.CLEAN, PaperState.WAITING)),
            CaseDocument.kind != PaperKind.HANDOVER,
        )
        .options(undefer(CaseDocument.digest))
        .limit(MOST)
    )
    return list(db.session.scalars(statement))


def list_waiting(limit: int) -> list[int]:
    """The keys of documents that wait for the scanner, the oldest first."""
    waiting = sa.select(CaseDocument.id).where(CaseDocument.state == PaperState.WAITING)
    return list(db.session.scalars(waiting.order_by(CaseDocument.id).limit(limit)))


def claim_waiting(document_id: int) -> CaseDocument | None:
    """One of them with its content, unless somebody else has it or it waits no more."""
    statement = sa.select(CaseDocument).where(CaseDocument.id == document_id, CaseDocument.state == PaperState.WAITING)
    found = statement.options(undefer(CaseDocument.content)).with_for_update(skip_locked=True, of=CaseDocument)
    return db.session.scalar(found)


def case_of(document: CaseDocument) -> Case:
    """The case of a document."""
    return db.session.get_one(Case, document.case_id)
