"""Applications for start-up grants: the queue, one application, and what was given before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.kinds import GrantCategory, PayeeKind
from portal.core.states import GrantState
from portal.db import db
from portal.domain.disclosure import FieldGroup, opens
from portal.domain.permissions import can
from portal.domain.relations import usual_relation
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.grants import Fund, GrantApplication, GrantApproval, GrantLine
from portal.models.users import User
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_grants

QUEUES: dict[str, tuple[GrantState, ...]] = {
    "new": (GrantState.DRAFT, GrantState.SUBMITTED, GrantState.SCREENING, GrantState.NEEDS_INFO),
    "decide": (GrantState.ASSESSED,),
    "pay": (GrantState.APPROVED, GrantState.PAYMENT_ORDERED),
    "paid": (GrantState.PAID, GrantState.RECEIPTED),
    "ended": (GrantState.DECLINED, GrantState.WITHDRAWN),
}
GIVEN = (GrantState.APPROVED, GrantState.PAYMENT_ORDERED, GrantState.PAID, GrantState.RECEIPTED)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One application in the queue."""

    id: int
    public_id: str
    reference: str
    case_reference: str
    state: GrantState
    created_at: datetime
    submitted_at: datetime | None
    answer_due_on: date | None
    fund: str
    amount_ore: int


@dataclass(frozen=True, slots=True)
class Texts:
    """What is written in an application, as far as it is open to the reader. The account is shown on demand."""

    other_support: str | None
    info_wanted: str | None
    recommendation: str | None
    decline_text: str | None
    has_account: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose and its amounts."""

    public_id: str
    category: GrantCategory
    purpose: str | None
    requested_ore: int
    approved_ore: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the applicant has filled in, for the form that goes on with it."""

    version: int
    other_support: str | None
    payee_kind: PayeeKind | None
    has_account: bool
    lines: tuple[Line, ...]


def list_queue(
    actor: Actor, *, queue: str, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[GrantRow], str | None]:
    """Applications that the actor may see, the oldest first, and the cursor of the next page."""
    amount = (
        sa.select(sa.func.coalesce(sa.func.sum(sa.func.coalesce(GrantLine.approved_ore, GrantLine.requested_ore)), 0))
        .where(GrantLine.application_id == GrantApplication.id)
        .correlate(GrantApplication)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            GrantApplication.id,
            GrantApplication.public_id,
            GrantApplication.reference,
            Case.reference,
            GrantApplication.state,
            GrantApplication.created_at,
            GrantApplication.submitted_at,
            GrantApplication.answer_due_on,
            Fund.name,
            amount,
        )
        .join(Case, Case.id == GrantApplication.case_id)
        .join(Fund, Fund.id == GrantApplication.fund_id)
        .where(visible_grants(actor), GrantApplication.state.in_(QUEUES[queue]))
    )
    if after:
        created_at, last_id = decode(after, datetime, int)
        statement = statement.where(sa.tuple_(GrantApplication.created_at, GrantApplication.id) > (created_at, last_id))
    ordered = statement.order_by(GrantApplication.created_at, GrantApplication.id).limit(limit + 1)
    rows = [GrantRow(*row) for row in db.session.execute(ordered)]
    return rows[:limit], encode(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None


def get(actor: Actor, public_id: str) -> GrantApplication:
    """An application with its case and fund. Raises NotFound also for one that the actor may not see."""
    found = db.session.scalar(
        sa.select(GrantApplication)
        .options(joinedload(GrantApplication.case), joinedload(GrantApplication.fund))
        .where(GrantApplication.public_id == public_id, visible_grants(actor))
    )
    if found is None:
        raise NotFound
    return found


def list_lines(application: GrantApplication) -> list[GrantLine]:
    """The lines of an application in the order in which they were written."""
    return list(
        db.session.scalars(
            sa.select(GrantLine)
            .where(GrantLine.application_id == application.id)
            .order_by(GrantLine.id)
            .limit(PAGE_SIZE)
        )
    )


def texts(actor: Actor, application: GrantApplication) -> Texts:
    """What the page shows of an application that `get` has found; the recommendation stays among the fund's people."""
    relation = usual_relation(actor.role)
    sees = opens(FieldGroup.GRANT_APPLICATION, relation)
    is_fund = application.fund.organisation_id == actor.organisation_id
    sees_decision = opens(FieldGroup.GRANT_DECISION_PAYMENT, relation)
    pays = can(actor, Permission.GRANT_PAY) and opens(FieldGroup.GRANT_BANK_DETAILS, relation, "reveal")
    return Texts(
        other_support=application.other_support if sees else None,
        info_wanted=application.info_wanted if sees else None,
        recommendation=application.recommendation if sees and is_fund else None,
        decline_text=application.decline_text if sees_decision else None,
        has_account=pays and has_account(application),
    )


def has_account(application: GrantApplication) -> bool:
    """Whether an account is kept, without reading it."""
    kept = sa.select(GrantApplication.account.is_not(None)).where(GrantApplication.id == application.id)
    return bool(db.session.scalar(kept))


def shown_lines(application: GrantApplication) -> list[Line]:
    """The lines of an application as its pages show them."""
    return [
        Line(one.public_id, one.category, one.purpose, one.requested_ore, one.approved_ore)
        for one in list_lines(application)
    ]


def draft(application: GrantApplication) -> Draft:
    """What stands in an application, for whoever fills it in."""
    return Draft(
        version=application.version,
        other_support=application.other_support,
        payee_kind=application.payee_kind,
        has_account=has_account(application),
        lines=tuple(shown_lines(application)),
    )


def list_approvals(application: GrantApplication) -> list[tuple[GrantApproval, str]]:
    """Who has said yes to the amount as it stands, with names."""
    rows = db.session.execute(
        sa.select(GrantApproval, User.name)
        .join(User, User.id == GrantApproval.approver_id)
        .where(GrantApproval.application_id == application.id)
        .order_by(GrantApproval.approved_at)
        .limit(PAGE_SIZE)
    )
    return [(approval, name) for approval, name in rows]


def list_previous(application: GrantApplication, *, since: datetime) -> list[GrantRow]:
    """What the same organisation's funds have given to the same client since then: duplicates show here."""
    client_id = sa.select(Case.client_id).where(Case.id == application.case_id).scalar_subquery()
    rows: Any = db.session.execute(
        sa.select(
            GrantApplication.id,
            GrantApplication.public_id,
            GrantApplication.reference,
            Case.reference,
            GrantApplication.state,
            GrantApplication.created_at,
            GrantApplication.submitted_at,
            GrantApplication.answer_due_on,
            Fund.name,
            sa.func.coalesce(GrantApplication.approved_ore, 0).label("amount_ore"),
        )
        .join(Case, Case.id == GrantApplication.case_id)
        .join(Fund, Fund.id == GrantApplication.fund_id)
        .where(
            Case.client_id == client_id,
            GrantApplication.id != application.id,
            Fund.organisation_id == application.fund.organisation_id,
            GrantApplication.state.in_(GIVEN),
            GrantApplication.decided_at >= since,
        )
        .order_by(GrantApplication.decided_at.desc())
        .limit(10)
    )
    return [GrantRow(*row) for row in rows]


def count_children(application: GrantApplication) -> int:
    """How many children she has with her: all that the fund's people learn of them."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Child)
        .join(Case, Case.client_id == Child.client_id)
        .where(Case.id == application.case_id, Child.is_along)
    )
    return db.session.scalar(statement) or 0


def list_funds() -> list[Fund]:
    """All funds that can be applied to, by name."""
    return list(
        db.session.scalars(
            sa.select(Fund).options(joinedload(Fund.organisation)).order_by(Fund.name, Fund.id).limit(PAGE_SIZE)
        )
    )


def get_fund(public_id: str) -> Fund:
    """A fund. Raises NotFound."""
    fund = db.session.scalar(sa.select(Fund).where(Fund.public_id == public_id))
    if fund is None:
        raise NotFound
    return fund


def list_own_funds(actor: Actor) -> list[Fund]:
    """The funds of the actor's own organisation with what is left in them."""
    return list(
        db.session.scalars(
            sa.select(Fund).where(Fund.organisation_id == actor.organisation_id).order_by(Fund.name).limit(PAGE_SIZE)
        )
    )


def approvers_of(approvals: Collection[tuple[GrantApproval, str]]) -> set[int]:
    """The people behind a list of approvals."""
    return {approval.approver_id for approval, _name in approvals}
