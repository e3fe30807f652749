"""When a goal changes its state, what a rating is, and what hangs together in what is known of other plans."""

from collections.abc import Mapping
from datetime import date

from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.core.plans import GoalState, MunicipalPlan

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
        raise Invalid(_("Write why it is given up, in a few words."), field="reason")
    if wanted in (GoalState.REACHED, GoalState.PARTLY_REACHED) and attainment is None:
        raise Invalid(_("Say together how far it came."), field="attainment")


def check_rating(scores: Mapping[CtiArea, int]) -> None:
    """Whether these are ratings: at least one area, each from 0 (no problem) to 4, where lower is better (R-624).

    Raises Invalid, with the area as its field where a number is out of range.
    """
    if not scores:
        raise Invalid(_("Rate at least one area."), field=next(iter(CtiArea)).value)
    for area, score in scores.items():
        if not LOWEST <= score <= HIGHEST:
            raise Invalid(_("Choose from 0 to 4."), field=area.value)


def check_link(known: MunicipalPlan, *, plan_on: date | None, consent_on: date | None, sent_on: date | None) -> None:
    """Whether what is noted of the municipality's plan hangs together (R-627).

    A day of the plan, or the stay plan sent along with it, needs that there is one; what was sent needs her consent,
    given on that day or before. Raises Invalid (field named).
    """
    there_is = known in (MunicipalPlan.ACTION_PLAN, MunicipalPlan.WHOLE_PLAN)
    if not there_is and (plan_on or sent_on):
        raise Invalid(_("Say which plan there is, or leave its days empty."), field="kind")
    if sent_on is not None and consent_on is None:
        message = _("Her stay plan is sent with her consent only. Write the day on which she gave it.")
        raise Invalid(message, field="consent_on")
    if sent_on is not None and consent_on is not None and consent_on > sent_on:
        raise Invalid(_("She must have agreed before it was sent."), field="consent_on")
