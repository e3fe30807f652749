"""When a goal changes its state, and what is asked for then."""

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import DeadlineKind
from portal.core.plans import GoalState

LIVE = frozenset({GoalState.OPEN, GoalState.IN_PROGRESS})
LOWEST, HIGHEST = 0, 4
# On the list of whoever is responsible for the goal or the step, whoever the primary of the case is.
OWN_ROWS = frozenset({DeadlineKind.GOAL, DeadlineKind.GOAL_STEP})


def check_change(now: GoalState, wanted: GoalState, attainment: int | None, reason: str | None) -> None:
    """Whether a goal may come to this state (R-621): every state from every other, also back again.

    A dropped goal says why; one that is reached, also in part, says how far (0 to 4). Raises Invalid (field named).
    """
    if wanted is now:
        raise Invalid(_("The goal stands like that already."), field="state")
    if attainment is not None and not LOWEST <= attainment <= HIGHEST:
        raise Invalid(_("Choose from 0 to 4."), field="attainment")
    if wanted is GoalState.DROPPED and not (reason or "").strip():
        raise Invalid(_("Write why it is dropped, in a few words."), field="reason")
    if wanted in (GoalState.REACHED, GoalState.PARTLY_REACHED) and attainment is None:
        raise Invalid(_("Say together how far it came."), field="attainment")
