"""What nobody decides alone: the first asks, a second releases a dossier or lets an erasure be done (R-526)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.rights import ErasureBasis, RightsKind, RightsState
from portal.domain import rights as rules
from portal.domain.rights import SECONDS, TWO_PEOPLE, WORKFLOW, RightsAction
from portal.domain.workflow import check_step
from portal.models.rights import Erasure, RightsRequest
from portal.queries import requests as people
from portal.queries import rights as queries
from portal.services import deadlines, dossier, erasure, messages
from portal.services.rights import move, tell

# Who answers, as the first of two.
FIRSTS = (Role.DATA_PROTECTION_OFFICER,)


def propose(request: RightsRequest, *, actor: Actor, now: datetime) -> None:
    """Ask the second person (R-526). Raises Invalid for a dossier without harm assessment, NotNow for what stands in
    the way. `request` has the case loaded.
    """
    step = check_step(WORKFLOW, RightsAction.PROPOSE, request.state, actor)
    if request.kind not in TWO_PEOPLE:
        raise NotNow
    if request.kind is RightsKind.CHILD_DOSSIER:
        rules.check_harm(request.harm)
    elif obstacles := erasure.preview(request.case).obstacles:
        raise NotNow(obstacles[0])
    for obstacle in obstacles_to_ask(request, actor):
        raise NotNow(obstacle)
    # Whoever asks the second person is the first.
    request.taken_by_id = actor.user_id
    move(request, step.target, step.audit, actor, now)
    tell(request, MessageKind.SECOND_PERSON_NEEDED, SECONDS, actor, now)
    _ask_seconds(request, actor, now)


def _ask_seconds(request: RightsRequest, actor: Actor, now: datetime) -> None:
    """It stands on the work list of each who could be the second, until one of them has answered."""
    for second in queries.list_seconds(request, actor):
        deadlines.put_up(
            DeadlineKind.SECOND_PERSON,
            SubjectType.RIGHTS_REQUEST,
            request.public_id,
            suffix=str(second),
            due_on=local_date(now),
            organisation_id=request.organisation_id,
            owner_id=second,
            case_id=request.case_id,
            now=now,
        )


def obstacles_to_ask(request: RightsRequest, actor: Actor) -> list[object]:
    """What has to be done before a second person is asked: the texts of a dossier, and somebody to ask (R-526)."""
    found: list[object] = []
    if request.kind is RightsKind.CHILD_DOSSIER:
        try:
            rules.check_harm(request.harm)
        except Invalid as problem:
            found.append(problem)
        if dossier.lacks_texts(request):
            found.append(_("Take the texts down and look through them first."))
    if not queries.list_seconds(request, actor):
        found.append(
            _(
                "Nobody else here can be the second person: it takes another data-protection officer or a safety"
                " officer. Ask an administrator to give somebody that role."
            )
        )
    return found


def recall(request: RightsRequest, *, actor: Actor, now: datetime) -> None:
    """Take it back from the second person, as the first, and work on. Raises Forbidden for others, NotNow."""
    step = check_step(WORKFLOW, RightsAction.RECALL, request.state, actor)
    if request.taken_by_id != actor.user_id:
        raise Forbidden
    move(request, step.target, step.audit, actor, now)


def send_back(request: RightsRequest, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no as the second person, and why: the first is told and works on, or a colleague after her.

    Raises Forbidden for the first herself, Invalid without a reason.
    """
    step = check_step(WORKFLOW, RightsAction.RETURN, request.state, actor)
    rules.check_second(request.taken_by_id, actor.user_id)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    request.return_reason = reason.strip()
    move(request, step.target, step.audit, actor, now)
    if request.taken_by_id not in people.list_receivers(request.organisation_id, FIRSTS, request.case_id):
        # Whoever asked has left: any of those who could answer works on.
        tell(request, MessageKind.RIGHTS_SENT_BACK, FIRSTS, actor, now)
    elif request.taken_by_id is not None:
        messages.notify(
            MessageKind.RIGHTS_SENT_BACK,
            request.taken_by_id,
            SubjectType.RIGHTS_REQUEST,
            request.public_id,
            case_id=request.case_id,
            dedupe_key=f"{MessageKind.RIGHTS_SENT_BACK.value}:{request.public_id}:{request.version}",
            actor=actor,
            now=now,
        )


def confirm(request: RightsRequest, *, actor: Actor, now: datetime) -> Erasure | None:
    """Say yes as the second person (R-526). An erasure is done in the same transaction and checked; its proof returned.

    `request` has the case loaded. Raises Forbidden for the first herself, NotNow.
    """
    step = check_step(WORKFLOW, RightsAction.CONFIRM, request.state, actor)
    rules.check_second(request.taken_by_id, actor.user_id)
    request.seconded_by_id, request.seconded_at = actor.user_id, now
    request.decided_by_id, request.decided_at = request.taken_by_id, now
    move(request, step.target, step.audit, actor, now)
    return _erase(request, actor, now) if request.kind is RightsKind.ERASURE else None


def _erase(request: RightsRequest, actor: Actor, now: datetime) -> Erasure:
    case = request.case
    request.state, request.closed_at = RightsState.CLOSED, now
    deadlines.finish(DeadlineKind.RIGHTS_ANSWER, request.public_id, actor=actor, now=now)
    done = erasure.erase(
        case,
        ErasureBasis.HER_REQUEST,
        actor=actor,
        now=now,
        first_by_id=request.taken_by_id,
        second_by_id=actor.user_id,
    )
    if erasure.verify(done, case, actor=actor, now=now):
        raise RuntimeError("an erasure left something behind")
    return done
