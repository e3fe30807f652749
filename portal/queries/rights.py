"""Requests about own data: for the data-protection officer of the organisation that answers, and the case's team."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.rights import Capacity, Harm, RightsKind, RightsState
from portal.db import db
from portal.domain.permissions import can
from portal.domain.redaction import Piece, pieces, read
from portal.domain.rights import SECONDS
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.rights import DossierText, Erasure, LegalHold, RightsRequest, SubjectExport
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.users import name_of

# Between a judgement and its reason, in what is kept of earlier ones.
SEPARATOR = "\t"
OPEN = (RightsState.RECEIVED, RightsState.IN_WORK, RightsState.WAITING, RightsState.GRANTED)


class View(StrEnum):
    """Which requests a list shows."""

    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list: metadata alone."""

    public_id: str
    kind: RightsKind
    capacity: Capacity
    state: RightsState
    reference: str
    received_on: date
    due_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What is written in a request, whose child it is about, and who works on it."""

    asked_by_note: str | None
    wishes: str | None
    extension_reason: str | None
    harm_reason: str | None
    # Earlier judgements of the harm and their reasons, the first one first.
    harm_before: tuple[tuple[Harm | None, str], ...]
    decision_reason: str | None
    return_reason: str | None
    child: str | None
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that is in force."""

    public_id: str
    reference: str
    reason: str | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class CutText:
    """A text of a dossier, cut at what is struck in it."""

    public_id: str
    version: int
    source: str
    pieces: tuple[Piece, ...]


def visible_requests(actor: Actor) -> sa.ColumnElement[bool]:
    """Those that the own organisation answers: all for who runs them, those that wait for who is second (R-526)."""
    own = RightsRequest.organisation_id == actor.organisation_id
    if can(actor, Permission.RIGHTS_RUN):
        return own
    if can(actor, Permission.RIGHTS_SECOND):
        return sa.and_(own, RightsRequest.state == RightsState.WAITING)
    return sa.false()


def list_requests(
    actor: Actor, view: View = View.OPEN, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[RequestRow], str | None]:
    """The requests that the actor answers, the nearest due day first. Raises ValueError for a bad cursor."""
    statement = _rows().where(visible_requests(actor)).order_by(RightsRequest.due_on, RightsRequest.id)
    if view is View.OPEN:
        statement = statement.where(RightsRequest.state.in_(OPEN))
    if after:
        statement = statement.where(sa.tuple_(RightsRequest.due_on, RightsRequest.id) > decode(after, date, int))
    rows = db.session.execute(statement.limit(limit + 1)).all()
    following = encode(rows[limit - 1].due_on, rows[limit - 1].id) if len(rows) > limit else None
    return [_row(row) for row in rows[:limit]], following


def list_of_case(case: Case) -> list[RequestRow]:
    """What was asked for in a case, the newest first. Callers have got the case."""
    statement = _rows().where(RightsRequest.case_id == case.id).order_by(RightsRequest.id.desc()).limit(PAGE_SIZE)
    return [_row(row) for row in db.session.execute(statement)]


def get(actor: Actor, public_id: str) -> RightsRequest:
    """One request with case, child and who works on it. Raises NotFound also for another organisation's."""
    found = db.session.scalar(
        sa.select(RightsRequest)
        .where(RightsRequest.public_id == public_id, visible_requests(actor))
        .options(
            joinedload(RightsRequest.case).joinedload(Case.owner),
            joinedload(RightsRequest.child),
            joinedload(RightsRequest.taken_by),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_seconds(request: RightsRequest, actor: Actor) -> dict[int, str]:
    """Who can be the second person beside the actor, by name; nobody who is kept out of the case (R-526)."""
    rows = db.session.execute(
        sa.select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == request.organisation_id,
            Membership.role.in_(SECONDS),
            Membership.is_live,
            User.is_active,
            User.id != actor.user_id,
            sa.literal(request.case_id).not_in(blocked_cases(User.id)),
        )
        .distinct()
        .limit(PAGE_SIZE)
    )
    return {row.id: row.name for row in sorted(rows, key=lambda row: row.name.casefold())}


def written(request: RightsRequest) -> Written:
    """What the page shows of a request that `get` has found."""
    return Written(
        asked_by_note=request.asked_by_note,
        wishes=request.wishes,
        extension_reason=request.extension_reason,
        harm_reason=request.harm_reason,
        harm_before=tuple(_judged(line) for line in (request.harm_before or "").splitlines()),
        decision_reason=request.decision_reason,
        return_reason=request.return_reason,
        child=_child(request.child) if request.child else None,
        taken_by=name_of(request.taken_by),
    )


def _judged(line: str) -> tuple[Harm | None, str]:
    harm, _separator, reason = line.partition(SEPARATOR)
    return (Harm(harm), reason) if harm in set(Harm) else (None, line)


def _child(child: Child) -> str:
    """By name and year: two children may share either, and one may have no name here."""
    return f"{child.name or '–'} ({child.birth_year})"


def find_export(request: RightsRequest) -> SubjectExport | None:
    """The newest file of a request, also when it is gone."""
    return db.session.scalar(
        sa.select(SubjectExport)
        .where(SubjectExport.request_id == request.id)
        .order_by(SubjectExport.id.desc())
        .limit(1)
    )


def list_texts(request: RightsRequest) -> list[DossierText]:
    """The texts of a child's dossier in their order."""
    statement = sa.select(DossierText).where(DossierText.request_id == request.id).order_by(DossierText.number)
    return list(db.session.scalars(statement))


def list_cut(request: RightsRequest) -> list[CutText]:
    """The texts of a child's dossier for the screen on which they are looked through."""
    return [
        CutText(one.public_id, one.version, one.source, tuple(pieces(one.text, read(one.spans))))
        for one in list_texts(request)
    ]


def get_text(request: RightsRequest, public_id: str) -> DossierText:
    """One text of the dossier. Raises NotFound for another request's."""
    found = db.session.scalar(
        sa.select(DossierText).where(DossierText.request_id == request.id, DossierText.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def find_hold(case_id: int) -> LegalHold | None:
    """The hold that is in force for a case."""
    return db.session.scalar(
        sa.select(LegalHold)
        .where(LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None))
        .options(joinedload(LegalHold.case))
    )


def find_erasure(subject_hash: bytes) -> Erasure | None:
    """The proof of an erasure, by the keyed hash of whom it was about."""
    return db.session.scalar(sa.select(Erasure).where(Erasure.subject_hash == subject_hash).limit(1))


def get_case_of_own(actor: Actor, reference: str) -> Case:
    """A case of the own organisation by its reference, for a hold. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Case).where(Case.reference == reference, Case.owner_organisation_id == actor.organisation_id)
    )
    if found is None:
        raise NotFound
    return found


def list_holds(actor: Actor) -> list[HoldRow]:
    """The holds in force at the own organisation, the newest first, with the references of their cases."""
    rows = db.session.execute(
        sa.select(LegalHold.public_id, Case.reference, LegalHold.reason, LegalHold.set_at)
        .join(LegalHold.case)
        .where(Case.owner_organisation_id == actor.organisation_id, LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.id.desc())
        .limit(PAGE_SIZE)
    )
    return [HoldRow(*row) for row in rows]


def get_hold(actor: Actor, public_id: str) -> LegalHold:
    """A hold of the own organisation. Raises NotFound."""
    found = db.session.scalar(
        sa.select(LegalHold)
        .join(LegalHold.case)
        .where(LegalHold.public_id == public_id, Case.owner_organisation_id == actor.organisation_id)
        .options(joinedload(LegalHold.case))
    )
    if found is None:
        raise NotFound
    return found


def _rows() -> sa.Select[int, str, RightsKind, Capacity, RightsState, str, date, date]:
    return sa.select(
        RightsRequest.id,
        RightsRequest.public_id,
        RightsRequest.kind,
        RightsRequest.capacity,
        RightsRequest.state,
        Case.reference,
        RightsRequest.received_on,
        RightsRequest.due_on,
    ).join(Case, Case.id == RightsRequest.case_id)


def _row(row: sa.Row[int, str, RightsKind, Capacity, RightsState, str, date, date]) -> RequestRow:
    return RequestRow(
        row.public_id,
        row.kind,
        row.capacity,
        row.state,
        row.reference,
        row.received_on,
        row.due_on,
        row.state in OPEN,
    )
