"""The policy as a gate: what somebody may do with a group of fields is asked of the one procedure (R-372)."""

from portal.core.actor import Actor
from portal.core.errors import Forbidden, NotFound
from portal.domain.decisions import PROVED, Act, Decision, Outcome
from portal.domain.disclosure import FieldGroup
from portal.queries import sight


def check(answer: Decision) -> None:
    """Raise NotFound to whoever may not know that there is something, Forbidden to whoever knows and may not."""
    if answer.outcome is Outcome.NOT_FOUND:
        raise NotFound
    if answer.outcome in (Outcome.FORBIDDEN, Outcome.SIGN_IN):
        raise Forbidden


def must(actor: Actor, case_id: int, act: Act, group: FieldGroup) -> None:
    """Go on only where the policy says yes to the actor at this moment. Raises NotFound, Forbidden.

    That she has proved who she is was asked at the door (M10).
    """
    check(sight.of_case(actor, case_id).asks(act, group, PROVED))
