"""Requests about own data: who may ask for what, by when it is answered, and each step on the way."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.clock import add_months
from portal.core.enums import Permission as P
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.rights import Capacity, Harm, IdentityCheck, RightsKind, RightsState
from portal.domain.deadlines import ClockKey, newest
from portal.domain.deadlines import due_on as clock_due_on
from portal.domain.workflow import Step

EXTENSION_MONTHS = 2
# Whom the second person may be: in one of these roles at the house that answers.
SECONDS = (Role.DATA_PROTECTION_OFFICER, Role.SAFETY_OFFICER)
# What nobody decides alone.
TWO_PEOPLE = frozenset({RightsKind.CHILD_DOSSIER, RightsKind.ERASURE})
ASKERS: Mapping[RightsKind, frozenset[Capacity]] = {
    RightsKind.ACCESS: frozenset({Capacity.HERSELF, Capacity.LAWYER}),
    RightsKind.CHILD_DOSSIER: frozenset(
        {Capacity.CUSTODIAL_PARENT, Capacity.OTHER_PARENT, Capacity.LAWYER, Capacity.MUNICIPALITY}
    ),
    RightsKind.ERASURE: frozenset({Capacity.HERSELF, Capacity.LAWYER}),
    RightsKind.RECTIFICATION: frozenset({Capacity.HERSELF, Capacity.CUSTODIAL_PARENT, Capacity.LAWYER}),
    RightsKind.RESTRICTION: frozenset({Capacity.HERSELF, Capacity.CUSTODIAL_PARENT, Capacity.LAWYER}),
}


class RightsAction(StrEnum):
    TAKE = "take"
    EXTEND = "extend"
    PREPARE = "prepare"
    PROPOSE = "propose"
    RETURN = "return"
    RECALL = "recall"
    CONFIRM = "confirm"
    GRANT = "grant"
    REFUSE = "refuse"
    CLOSE = "close"
    WITHDRAW = "withdraw"


S = RightsState
UNDECIDED = frozenset({S.RECEIVED, S.IN_WORK, S.WAITING})

WORKFLOW: Mapping[RightsAction, Step[RightsState]] = {
    RightsAction.TAKE: Step(frozenset({S.RECEIVED}), S.IN_WORK, P.RIGHTS_RUN, Audit.RIGHTS_TAKEN),
    RightsAction.EXTEND: Step(frozenset({S.IN_WORK}), S.IN_WORK, P.RIGHTS_RUN, Audit.RIGHTS_EXTENDED),
    RightsAction.PREPARE: Step(frozenset({S.IN_WORK}), S.IN_WORK, P.RIGHTS_RUN, Audit.DOSSIER_PREPARED),
    RightsAction.PROPOSE: Step(frozenset({S.IN_WORK}), S.WAITING, P.RIGHTS_RUN, Audit.RIGHTS_PROPOSED),
    RightsAction.RETURN: Step(frozenset({S.WAITING}), S.IN_WORK, P.RIGHTS_SECOND, Audit.RIGHTS_RETURNED),
    RightsAction.RECALL: Step(frozenset({S.WAITING}), S.IN_WORK, P.RIGHTS_RUN, Audit.RIGHTS_RETURNED),
    RightsAction.CONFIRM: Step(frozenset({S.WAITING}), S.GRANTED, P.RIGHTS_SECOND, Audit.RIGHTS_CONFIRMED),
    RightsAction.GRANT: Step(frozenset({S.IN_WORK}), S.GRANTED, P.RIGHTS_RUN, Audit.RIGHTS_GRANTED),
    # Also before it is sure who asks: that it cannot be made sure is a ground.
    RightsAction.REFUSE: Step(frozenset({S.RECEIVED, S.IN_WORK}), S.REFUSED, P.RIGHTS_RUN, Audit.RIGHTS_REFUSED),
    RightsAction.CLOSE: Step(frozenset({S.GRANTED}), S.CLOSED, P.RIGHTS_RUN, Audit.RIGHTS_CLOSED),
    RightsAction.WITHDRAW: Step(UNDECIDED, S.WITHDRAWN, P.RIGHTS_RUN, Audit.RIGHTS_WITHDRAWN),
}


def due_on(received_on: date) -> date:
    """The last day of the answer: one month after the request came in (R-521)."""
    return clock_due_on(ClockKey.SUBJECT_REQUEST, received_on)


def extended_due_on(received_on: date) -> date:
    """The last day when there is a reason for two more months, counted from the request, never chained (R-521)."""
    return add_months(received_on, newest(ClockKey.SUBJECT_REQUEST).amount + EXTENSION_MONTHS)


def check_asker(kind: RightsKind, capacity: Capacity, *, has_child: bool) -> None:
    """Raise Invalid when this person cannot ask for this, or no child is named for what is a child's (R-521)."""
    if capacity not in ASKERS[kind]:
        raise Invalid(_("This cannot be asked for in that capacity."), field="capacity")
    if (kind is RightsKind.CHILD_DOSSIER) != has_child:
        raise Invalid(_("Name the child for a child's dossier, and only then."), field="child")


def check_identity(check: IdentityCheck, capacity: Capacity) -> None:
    """Raise Invalid until it is sure who asks: another parent by papers, a lawyer by a power of attorney (R-521)."""
    if check is IdentityCheck.NOT_YET:
        raise Invalid(_("First make sure who asks."), field="identity_check")
    if capacity is Capacity.OTHER_PARENT and check is not IdentityCheck.CUSTODY_PAPER:
        raise Invalid(_("The other parent shows papers on custody."), field="identity_check")
    if capacity is Capacity.LAWYER and check is not IdentityCheck.POWER_OF_ATTORNEY:
        raise Invalid(_("A lawyer shows a power of attorney."), field="identity_check")


def check_second(first: int | None, second: int | None) -> None:
    """Raise Forbidden when the second person is the first: two accounts of one person are one person (R-526)."""
    if first is None or second is None or first == second:
        raise Forbidden(_("This waits for a second person."))


def check_harm(harm: Harm | None) -> None:
    """Raise Invalid until the harm has been assessed, and for a serious one: then the dossier is refused (R-524)."""
    if harm is None:
        raise Invalid(_("First assess what harm may come of it."), field="harm")
    if harm is Harm.SERIOUS:
        raise Invalid(_("With serious harm ahead the dossier is not handed out. Refuse the request."), field="harm")
