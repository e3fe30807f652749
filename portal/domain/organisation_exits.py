"""An organisation leaves: the steps of it as a table, its days, and what it may still do."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission, Role
from portal.core.people import ExitState as S
from portal.domain.workflow import Step


class ExitAction(StrEnum):
    FREEZE = "freeze"
    RETURN = "return"
    CALL_OFF = "call_off"
    REVOKE = "revoke"
    ASK_DESTRUCTION = "ask_destruction"
    DESTROY = "destroy"


LEAVE = Permission.ORGANISATION_LEAVE
STEPS: dict[ExitAction, Step[S]] = {
    ExitAction.FREEZE: Step(frozenset({S.ASKED}), S.FROZEN, LEAVE, Audit.ORGANISATION_FROZEN),
    ExitAction.RETURN: Step(frozenset({S.FROZEN}), S.FROZEN, LEAVE, Audit.DATA_RETURNED),
    ExitAction.CALL_OFF: Step(frozenset({S.ASKED, S.FROZEN}), S.CALLED_OFF, LEAVE, Audit.EXIT_CALLED_OFF),
    ExitAction.REVOKE: Step(frozenset({S.FROZEN}), S.REVOKED, LEAVE, Audit.ORGANISATION_REVOKED),
    ExitAction.ASK_DESTRUCTION: Step(frozenset({S.REVOKED}), S.DESTRUCTION_ASKED, LEAVE, Audit.DESTRUCTION_ASKED),
    ExitAction.DESTROY: Step(frozenset({S.DESTRUCTION_ASKED}), S.DESTROYED, LEAVE, Audit.KEYS_DESTROYED),
}
# One press each; access is revoked by the night's work on its day, and cases are received on a page of their own.
BY_HAND = (ExitAction.FREEZE, ExitAction.CALL_OFF, ExitAction.ASK_DESTRUCTION, ExitAction.DESTROY)

# After the freeze, as the processing agreement's template has it.
REVOKE_AFTER = timedelta(days=30)
DESTROY_AFTER = timedelta(days=90)
# These stay until the end: they see no case and finish what has begun.
LAST_ROLES = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER})

# What an organisation that is leaving still does: sign in and out, read, hand over, finish leaving.
WHILE_LEAVING = frozenset(
    {
        Audit.SIGNED_OUT,
        Audit.ROLE_SWITCHED,
        Audit.LANGUAGE_CHANGED,
        Audit.PASSWORD_CHANGED,
        Audit.ADDRESS_REVEALED,
        Audit.NAME_REVEALED,
        Audit.CASE_SEARCHED,
        Audit.MESSAGE_READ,
        Audit.MEMBERSHIP_ENDED,
        Audit.HANDED_OVER,
        Audit.TEAM_JOINED,
        Audit.TRANSFER_PROPOSED,
        Audit.EXIT_ASKED,
        *(step.audit for step in STEPS.values()),
    }
)


def is_time_to_return(frozen_at: datetime | None, now: datetime) -> bool:
    """Whether the cases can be received: from day 0 until day 30, also before the night's work has been by (R-535)."""
    return frozen_at is not None and frozen_at <= now < frozen_at + REVOKE_AFTER


def is_second_person(actor: Actor, *, first_id: int | None, first_role: Role | None) -> bool:
    """Whether the actor is somebody else, in another role, than whoever took the step before (R-471)."""
    return actor.user_id != first_id and actor.role is not first_role


def days(frozen_on: date) -> dict[S, date]:
    """On which day each step is due, counted from the freeze."""
    return {S.FROZEN: frozen_on, S.REVOKED: frozen_on + REVOKE_AFTER, S.DESTROYED: frozen_on + DESTROY_AFTER}
