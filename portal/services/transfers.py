"""A case goes to another organisation: offered on a basis that is written down, and taken over or declined."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.people import TransferBasis, TransferState
from portal.core.safety import PlacementPath
from portal.db import db
from portal.domain import transfers as rules
from portal.domain.permissions import require
from portal.domain.relations import TEAM_ROLES
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.organisations import Organisation
from portal.models.transfers import CaseTransfer
from portal.models.users import Membership
from portal.queries import teamless
from portal.queries import transfers as queries
from portal.queries.kept_out import is_kept_out
from portal.queries.referrals import has_consent
from portal.services import audit, case_marks, deadlines, messages, organisation_keys, placements
from portal.services.case_marks import must_be_open
from portal.services.team import join_team
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a case may go: which kind, and the paragraph or how and when she said yes."""

    kind: TransferBasis
    note: str


@dataclass(frozen=True, slots=True)
class Wish:
    """An offer as its giver writes it: where to, on what, what must be known, and who stays by her consent."""

    organisation: str
    kind: TransferBasis
    hand_over: str
    law: str | None = None
    note: str | None = None
    stays: str | None = None


def propose(case_public_id: str, to_public_id: str, basis: Basis, *, actor: Actor, now: datetime) -> CaseTransfer:
    """Offer an open case of an organisation that leaves to another one (R-472).

    Raises Forbidden, NotFound, NotNow while the organisation stays, Invalid for a receiver that cannot have it, and
    Conflict when it is offered already.
    """
    require(actor, Permission.TRANSFER_PROPOSE)
    if not actor.is_frozen:
        raise NotNow(_("Cases are handed to another organisation when the own one leaves."))
    case = queries.get_open_case(actor, case_public_id)
    return _offer(case, _receiver(case, to_public_id, actor), basis, actor=actor, now=now)


def offer(case: Case, wish: Wish, *, actor: Actor, now: datetime) -> CaseTransfer:
    """Offer an open case of the own team to another organisation (R-722). Nothing changes until that one says yes.

    On her consent it goes only to whom the ledger names; on a law with the paragraph as it is cited today. Raises
    Forbidden for another organisation's case, Invalid (field named), NotNow in a closed case, Conflict the second time.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if case.owner_organisation_id != actor.organisation_id:
        raise Forbidden
    today, receiver = local_date(now), _receiver(case, wish.organisation, actor)
    if wish.kind is TransferBasis.LEGAL_BASIS and not wish.law:
        raise Invalid(_("Choose the paragraph."), field="law")
    if wish.kind is TransferBasis.FRESH_CONSENT:
        if not has_consent(case.id, receiver.id, on=today):
            raise Invalid(
                _("No consent of hers towards that organisation is written down. Do that first."), field="basis"
            )
        if not wish.note:
            raise Invalid(_("Write how and when she said yes."), field="note")
    law = wish.law if wish.kind is TransferBasis.LEGAL_BASIS else None
    transfer = _offer(
        case,
        receiver,
        Basis(wish.kind, rules.ground(law, wish.note, today)),
        hand_over=wish.hand_over,
        stays_id=_stays(case, wish.stays, today, actor),
        actor=actor,
        now=now,
    )
    case_marks.put_up(DeadlineKind.TRANSFER_WAITS, case, due_on=rules.answer_due_on(today), actor=actor, now=now)
    db.session.flush()
    return transfer


def _receiver(case: Case, public_id: str, actor: Actor) -> Organisation:
    receiver = queries.find_receiver(actor, public_id, case_id=case.id)
    if receiver is None:
        raise Invalid(_("This case cannot go there. Choose another organisation."), field="organisation")
    return receiver


def _stays(case: Case, user_public_id: str | None, today: date, actor: Actor) -> int | None:
    """Who stays on the team: only somebody who is on it, and only while she consents to that house having a part."""
    if not user_public_id:
        return None
    found = queries.find_own_member(actor, case.id, user_public_id)
    if found is None:
        raise Invalid(_("Choose somebody on the team."), field="stays")
    if not has_consent(case.id, case.owner_organisation_id, on=today):
        raise Invalid(
            _("She has not consented to your organisation having a part in it. Write that down first."), field="stays"
        )
    return found


def _offer(
    case: Case,
    receiver: Organisation,
    basis: Basis,
    *,
    actor: Actor,
    now: datetime,
    hand_over: str | None = None,
    stays_id: int | None = None,
) -> CaseTransfer:
    transfer = CaseTransfer(
        case_id=case.id,
        from_organisation_id=case.owner_organisation_id,
        to_organisation_id=receiver.id,
        basis=basis.kind,
        note=basis.note,
        hand_over=hand_over,
        stays_id=stays_id,
        state=TransferState.PROPOSED,
        proposed_at=now,
        proposed_by_id=actor.user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(transfer)
    except IntegrityError as double:
        raise Conflict(_("The case is offered to somebody already.")) from double
    _announce(transfer, case, receiver, actor=actor, now=now)
    return transfer


def _announce(transfer: CaseTransfer, case: Case, receiver: Organisation, *, actor: Actor, now: datetime) -> None:
    case_marks.record(Audit.TRANSFER_PROPOSED, case, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.TRANSFER_ANSWER,
        SubjectType.ORGANISATION,
        transfer.public_id,
        due_on=rules.answer_due_on(local_date(now)),
        organisation_id=receiver.id,
        queue_role=rules.answering_role(receiver.kind),
        case_id=case.id,
        now=now,
    )
    for user_id in teamless.list_told(receiver.id, (Role.PROGRAMME_LEAD,), case.id):
        _tell(transfer, user_id, actor=actor, now=now)


def withdraw(case: Case, *, actor: Actor, now: datetime) -> None:
    """Take an offer back before it is answered (R-722). Raises Forbidden for another house's, NotNow for none."""
    require(actor, Permission.CASE_EDIT)
    transfer = queries.find_open(case.id)
    if transfer is None:
        raise NotNow(_("The case is not offered to anybody just now."))
    if transfer.from_organisation_id != actor.organisation_id:
        raise Forbidden
    _answer(transfer, TransferState.WITHDRAWN, case.public_id, actor, now)
    case_marks.record(Audit.TRANSFER_WITHDRAWN, case, actor=actor, now=now)
    db.session.flush()


def lapse(case: Case, *, actor: Actor, now: datetime) -> None:
    """The same for an offer of a case that is closed; nothing where there is none."""
    if queries.find_open(case.id) is not None:
        withdraw(case, actor=actor, now=now)


def _tell_who_offered(transfer: CaseTransfer, *, actor: Actor, now: datetime) -> None:
    """Whoever offered the case; where she has left, those who lead her house."""
    roles = (Role.PROGRAMME_LEAD, *sorted(TEAM_ROLES))
    there = teamless.list_told(transfer.from_organisation_id, roles, transfer.case_id)
    leads = [user_id for user_id, role in there.items() if role is Role.PROGRAMME_LEAD]
    for user_id in {transfer.proposed_by_id} & there.keys() or leads:
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
    """Take a case over: it is the own organisation's from now on, with this worker as the one to ask (R-472, R-723).

    Everybody of the giver comes off the team at once, but for whom she wants to stay and still consents to.
    Raises Forbidden, NotFound, Invalid for a worker who cannot take it, AskFirst where one asks first (R-751).
    """
    require(actor, Permission.TRANSFER_ANSWER)
    transfer, case = queries.get_offered(actor, public_id)
    worker = teamless.get_taker(actor, worker_public_id)
    is_runner = worker.user_id == actor.user_id and actor.role not in TEAM_ROLES
    if is_runner or is_kept_out(case.id, worker.user_id):
        raise Invalid(_("Choose somebody else for this one."), field="user")
    placements.check(PlacementPath.TEAM, case.public_id, worker_public_id, now=now)
    _answer(transfer, TransferState.ACCEPTED, case.public_id, actor, now)
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
    stays = transfer.stays_id
    if stays is not None and not has_consent(case.id, transfer.from_organisation_id, on=local_date(now)):
        stays = None
    db.session.execute(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.organisation_id == transfer.from_organisation_id,
            TeamMember.ended_at.is_(None),
            TeamMember.user_id.is_distinct_from(stays),
        )
        .values(ended_at=now)
    )


def _move_dates(case: Case, transfer: CaseTransfer, worker: Membership) -> None:
    db.session.execute(
        sa.update(Deadline)
        .where(
            Deadline.case_id == case.id,
            Deadline.organisation_id == transfer.from_organisation_id,
            deadlines.is_to_do(),
        )
        .values(organisation_id=transfer.to_organisation_id, owner_id=worker.user_id)
    )


def decline(public_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no to a case, with a reason. Whoever offered it looks for another. Raises Forbidden, NotFound, Invalid."""
    require(actor, Permission.TRANSFER_ANSWER)
    if not reason.strip():
        raise Invalid(_("Write why."), field="reason")
    transfer, case = queries.get_offered(actor, public_id)
    with as_system():
        transfer.decline_reason = reason
        _answer(transfer, TransferState.DECLINED, case.public_id, actor, now)
        db.session.flush()
    audit.record(Audit.TRANSFER_DECLINED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    _tell_who_offered(transfer, actor=actor, now=now)
    db.session.flush()


def _answer(transfer: CaseTransfer, state: TransferState, case_public_id: str, actor: Actor, now: datetime) -> None:
    transfer.state, transfer.answered_at, transfer.answered_by_id = state, now, actor.user_id
    deadlines.finish(DeadlineKind.TRANSFER_ANSWER, transfer.public_id, actor=actor, now=now)
    deadlines.finish(DeadlineKind.TRANSFER_WAITS, case_public_id, actor=actor, now=now)
