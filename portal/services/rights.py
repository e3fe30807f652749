"""Requests about own data: written down by the team, answered by the data-protection officer, seconded by another."""

from collections.abc import Sequence
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.rights import (
    Capacity,
    Delivery,
    Harm,
    IdentityCheck,
    RefusalGround,
    RightsKind,
    RightsState,
)
from portal.db import db
from portal.domain import rights as rules
from portal.domain.permissions import require
from portal.domain.rights import TWO_PEOPLE, WORKFLOW, RightsAction
from portal.domain.workflow import check_step
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.organisations import Organisation
from portal.models.rights import RightsRequest
from portal.queries import requests as people
from portal.queries.rights import SEPARATOR
from portal.services import audit, deadlines, messages


def record(
    case: Case,
    *,
    kind: RightsKind,
    capacity: Capacity,
    received_on: date,
    actor: Actor,
    now: datetime,
    child: Child | None = None,
    asked_by_note: str | None = None,
    wishes: str | None = None,
) -> RightsRequest:
    """Write down that somebody asks; it is answered within a month, also in a closed case (R-521). Raises Invalid."""
    require(actor, Permission.RIGHTS_RECORD)
    rules.check_asker(kind, capacity, has_child=child is not None)
    if received_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="received_on")
    if case.erased_at is not None:
        raise NotNow
    request = RightsRequest(
        organisation_id=case.owner_organisation_id,
        case_id=case.id,
        child_id=child.id if child else None,
        kind=kind,
        state=RightsState.RECEIVED,
        capacity=capacity,
        asked_by_note=asked_by_note or None,
        wishes=wishes or None,
        received_on=received_on,
        due_on=rules.due_on(received_on),
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )
    db.session.add(request)
    db.session.flush()
    _mark(request, Audit.RIGHTS_RECORDED, actor, now)
    _put_up(request, now)
    _tell_who_answers(request, actor, now)
    return request


def _tell_who_answers(request: RightsRequest, actor: Actor, now: datetime) -> None:
    """The officers; where there is none, whoever gives roles: that somebody asks, and nothing of whom it is about."""
    if people.has_role(request.organisation_id, Role.DATA_PROTECTION_OFFICER, request.case_id):
        tell(request, MessageKind.RIGHTS_REQUESTED, [Role.DATA_PROTECTION_OFFICER], actor, now)
        return
    house = db.session.get_one(Organisation, request.organisation_id)
    for receiver in people.list_receivers(house.id, [Role.ADMINISTRATOR, Role.PROGRAMME_LEAD], request.case_id):
        messages.notify(
            MessageKind.RIGHTS_WITHOUT_OFFICER,
            receiver,
            SubjectType.ORGANISATION,
            house.public_id,
            dedupe_key=f"unanswered:{request.public_id}:{receiver}",
            actor=actor,
            now=now,
        )


def take(request: RightsRequest, identity_check: IdentityCheck, *, actor: Actor, now: datetime) -> None:
    """Begin to answer, once it is made sure who asks (R-521). Raises Invalid, NotNow, Forbidden."""
    step = check_step(WORKFLOW, RightsAction.TAKE, request.state, actor)
    rules.check_identity(identity_check, request.capacity)
    request.identity_check, request.taken_by_id, request.taken_at = identity_check, actor.user_id, now
    move(request, step.target, step.audit, actor, now)
    deadlines.hand_over(request.public_id, owner_id=actor.user_id)


def extend(request: RightsRequest, reason: str, *, actor: Actor, now: datetime) -> None:
    """Give the answer two more months, once, with a reason that the person is told (R-521). Raises Invalid, NotNow."""
    step = check_step(WORKFLOW, RightsAction.EXTEND, request.state, actor)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if request.extension_reason is not None:
        raise NotNow(_("It has been extended before."))
    request.extension_reason, request.due_on = reason.strip(), rules.extended_due_on(request.received_on)
    _mark(request, step.audit, actor, now)
    deadlines.move(DeadlineKind.RIGHTS_ANSWER, request.public_id, due_on=request.due_on, now=now)


def assess_harm(request: RightsRequest, harm: Harm, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Write down what may come of handing a child's dossier out (R-524). Raises Invalid.

    A reason is needed for anything but none, and for another judgement than before, which the second person sees too.
    """
    check_step(WORKFLOW, RightsAction.PREPARE, request.state, actor)
    why = (reason or "").strip()
    if (harm is not Harm.NONE_SEEN or request.harm not in (None, harm)) and not why:
        raise Invalid(_("Say why."), field="reason")
    if request.harm not in (None, harm):
        before = f"{request.harm}{SEPARATOR}{request.harm_reason or ''}"
        request.harm_before = f"{request.harm_before}\n{before}" if request.harm_before else before
    request.harm, request.harm_reason = harm, " ".join(why.split()) or None
    _mark(request, Audit.HARM_ASSESSED, actor, now)


def grant(request: RightsRequest, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Say yes where one person decides: access, rectification, restriction. Raises NotNow for the others."""
    step = check_step(WORKFLOW, RightsAction.GRANT, request.state, actor)
    if request.kind in TWO_PEOPLE:
        raise NotNow(_("This waits for a second person."))
    _decide(request, reason, actor, now)
    move(request, step.target, step.audit, actor, now)


def refuse(request: RightsRequest, ground: RefusalGround, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no, on a ground and with a reason; the wording for the person is prepared (R-524). Raises Invalid, NotNow."""
    step = check_step(WORKFLOW, RightsAction.REFUSE, request.state, actor)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    _decide(request, reason, actor, now)
    request.refusal_ground, request.closed_at = ground, now
    move(request, step.target, step.audit, actor, now)
    deadlines.finish(DeadlineKind.RIGHTS_ANSWER, request.public_id, actor=actor, now=now)


def close(request: RightsRequest, delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    """Write down how the answer reached the person: in person or by Digital Post, never by mail (R-525)."""
    step = check_step(WORKFLOW, RightsAction.CLOSE, request.state, actor)
    request.delivery, request.closed_at = delivery, now
    move(request, step.target, step.audit, actor, now)
    deadlines.finish(DeadlineKind.RIGHTS_ANSWER, request.public_id, actor=actor, now=now)


def withdraw(request: RightsRequest, *, actor: Actor, now: datetime) -> None:
    """Write down that the person takes the request back."""
    step = check_step(WORKFLOW, RightsAction.WITHDRAW, request.state, actor)
    request.closed_at = now
    move(request, step.target, step.audit, actor, now)
    deadlines.call_off(request.public_id, actor=actor, now=now)


def _decide(request: RightsRequest, reason: str | None, actor: Actor, now: datetime) -> None:
    request.decided_at, request.decided_by_id = now, actor.user_id
    request.decision_reason = (reason or "").strip() or None


def move(request: RightsRequest, target: RightsState, tag: Audit, actor: Actor, now: datetime) -> None:
    """Take a step; away from the second person, it leaves the work lists."""
    if request.state is RightsState.WAITING:
        deadlines.call_off(request.public_id, kind=DeadlineKind.SECOND_PERSON, actor=actor, now=now)
    request.state = target
    _mark(request, tag, actor, now)


def _mark(request: RightsRequest, tag: Audit, actor: Actor, now: datetime) -> None:
    about = request.public_id
    audit.record(tag, SubjectType.RIGHTS_REQUEST, about, actor=actor, now=now, case_id=request.case_id)
    db.session.flush()


def _put_up(request: RightsRequest, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.RIGHTS_ANSWER,
        SubjectType.RIGHTS_REQUEST,
        request.public_id,
        due_on=request.due_on,
        organisation_id=request.organisation_id,
        queue_role=Role.DATA_PROTECTION_OFFICER,
        case_id=request.case_id,
        now=now,
    )


def tell(request: RightsRequest, kind: MessageKind, roles: Sequence[Role], actor: Actor, now: datetime) -> None:
    """Tell whoever at the house that answers is in one of the roles."""
    about = request.public_id
    for receiver in people.list_receivers(request.organisation_id, roles, request.case_id):
        messages.notify(
            kind,
            receiver,
            SubjectType.RIGHTS_REQUEST,
            about,
            case_id=request.case_id,
            # Asked again after it was sent back, she is told again.
            dedupe_key=f"{kind.value}:{about}:{request.version}:{receiver}",
            actor=actor,
            now=now,
        )
