"""A case goes to another organisation: offered on a basis that is written down, and taken over or declined."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission, Role
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.people import TransferBasis, TransferState
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.permissions import require
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.leaving import CaseTransfer
from portal.models.users import Membership
from portal.queries import organisation_exits as queries
from portal.queries import teamless
from portal.queries.kept_out import is_kept_out
from portal.services import audit, messages, organisation_keys
from portal.services.team import join_team
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a case may go: which kind, and the paragraph or how and when she said yes."""

    kind: TransferBasis
    note: str


def propose(case_public_id: str, to_public_id: str, basis: Basis, *, actor: Actor, now: datetime) -> CaseTransfer:
    """Offer an open case of an organisation that leaves to another one (R-472).

    Raises Forbidden, NotFound, NotNow while the organisation stays, Invalid for a receiver that cannot have it, and
    Conflict when it is offered already.
    """
    require(actor, Permission.TRANSFER_PROPOSE)
    if not actor.is_frozen:
        raise NotNow(_("Cases are handed to another organisation when the own one leaves."))
    case = queries.get_open_case(actor, case_public_id)
    receiver = queries.find_receiver(actor, to_public_id, case_id=case.id)
    if receiver is None:
        raise Invalid(_("This case cannot go there. Choose another organisation."), field="organisation")
    transfer = CaseTransfer(
        case_id=case.id,
        from_organisation_id=case.owner_organisation_id,
        to_organisation_id=receiver.id,
        basis=basis.kind,
        note=basis.note,
        state=TransferState.PROPOSED,
        proposed_at=now,
        proposed_by_id=actor.user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(transfer)
    except IntegrityError as double:
        raise Conflict(_("The case is offered to somebody already.")) from double
    audit.record(
        Audit.TRANSFER_PROPOSED,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
    )
    for user_id in teamless.list_told(receiver.id, (Role.PROGRAMME_LEAD,), case.id):
        _tell(transfer, user_id, actor=actor, now=now)
    return transfer


def _tell_who_offered(transfer: CaseTransfer, *, actor: Actor, now: datetime) -> None:
    """Whoever offered the case; where she has left, those who lead her house."""
    leads = teamless.list_told(transfer.from_organisation_id, (Role.PROGRAMME_LEAD,), transfer.case_id)
    for user_id in {transfer.proposed_by_id} & leads.keys() or leads:
        _tell(transfer, user_id, actor=actor, now=now)


def _tell(transfer: CaseTransfer, user_id: int, *, actor: Actor, now: datetime) -> None:
    messages.notify(
        MessageKind.SECOND_PERSON_NEEDED,
        user_id,
        SubjectType.ORGANISATION,
        transfer.public_id,
        actor=actor,
        now=now,
        dedupe_key=f"transfer:{transfer.public_id}:{transfer.state.value}:{user_id}",
    )


@as_system()
def accept(public_id: str, worker_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a case over: it is the own organisation's from now on, with this worker as the one to ask (R-472).

    Everybody of the organisation that leaves comes off the team. Raises Forbidden, NotFound, and Invalid for a worker
    who cannot take it.
    """
    require(actor, Permission.TRANSFER_ANSWER)
    transfer, case = queries.get_offered(actor, public_id)
    worker = teamless.get_taker(actor, worker_public_id)
    if worker.user_id == actor.user_id or is_kept_out(case.id, worker.user_id):
        raise Invalid(_("Choose somebody else for this one."), field="user")
    _answer(transfer, TransferState.ACCEPTED, actor, now)
    case.owner_organisation_id = transfer.to_organisation_id
    db.session.flush()
    organisation_keys.rekey_case(case)
    _leave(case, transfer, now)
    join_team(case.id, worker.user_id, actor=actor, now=now, is_primary=True)
    _move_dates(case, transfer, worker)
    audit.record(Audit.TRANSFER_ACCEPTED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    _tell_who_offered(transfer, actor=actor, now=now)
    db.session.flush()


def _leave(case: Case, transfer: CaseTransfer, now: datetime) -> None:
    db.session.execute(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.organisation_id == transfer.from_organisation_id,
            TeamMember.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def _move_dates(case: Case, transfer: CaseTransfer, worker: Membership) -> None:
    db.session.execute(
        sa.update(Deadline)
        .where(
            Deadline.case_id == case.id,
            Deadline.organisation_id == transfer.from_organisation_id,
            Deadline.state == DeadlineState.OPEN,
        )
        .values(organisation_id=transfer.to_organisation_id, owner_id=worker.user_id)
    )


def decline(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Say no to a case. Whoever offered it looks for another. Raises Forbidden, NotFound."""
    require(actor, Permission.TRANSFER_ANSWER)
    transfer, case = queries.get_offered(actor, public_id)
    _answer(transfer, TransferState.DECLINED, actor, now)
    audit.record(Audit.TRANSFER_DECLINED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    _tell_who_offered(transfer, actor=actor, now=now)
    db.session.flush()


def _answer(transfer: CaseTransfer, state: TransferState, actor: Actor, now: datetime) -> None:
    transfer.state, transfer.answered_at, transfer.answered_by_id = state, now, actor.user_id
