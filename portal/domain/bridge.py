"""The bridge from the centre to what comes after: which days follow from the day she leaves, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import TrackKind
from portal.core.stays import CivilOffer, GrantPrompt, PsychologistOffer
from portal.domain.clocks import ClockKey, newest

# Days from the day on which she plans to leave. Proposed, but for the psychologist: a law says during the stay
# or directly after it.
STEPS: Mapping[DeadlineKind, int] = {
    DeadlineKind.BRIDGE_GRANT: -28,
    DeadlineKind.BRIDGE_ADDRESS: -14,
    DeadlineKind.BRIDGE_CIVIL_OFFER: -14,
    DeadlineKind.BRIDGE_RECEIVER: 0,
    DeadlineKind.PSYCHOLOGIST_START: newest(ClockKey.PSYCHOLOGIST_START).amount,
    DeadlineKind.BRIDGE_FIRST_CONTACT: 7,
}
NOTHING_STANDS: Mapping[DeadlineKind, date] = MappingProxyType({})
# Kinds of course in which somebody works with her: whoever gives one has taken over.
RECEIVES = frozenset(
    {
        TrackKind.INDIVIDUAL_COUNSELLING,
        TrackKind.TRANSITION_SUPPORT,
        TrackKind.CTI,
        TrackKind.COORDINATING_COUNSELLING,
        TrackKind.COURSE,
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What has been seen to before she leaves, as it is written down; empty is not known yet."""

    receiver: str | None = None
    received_on: date | None = None
    first_contact_on: date | None = None
    address_checked_on: date | None = None
    grant_answer: GrantPrompt | None = None
    civil_offer: CivilOffer | None = None
    civil_reason: str | None = None
    psychologist_offer: PsychologistOffer | None = None

    def done_on(self, kind: DeadlineKind) -> date | None:
        """The day that was written for a step; None where it has none."""
        return {
            DeadlineKind.BRIDGE_RECEIVER: self.received_on,
            DeadlineKind.BRIDGE_FIRST_CONTACT: self.first_contact_on,
            DeadlineKind.BRIDGE_ADDRESS: self.address_checked_on,
        }.get(kind)


@dataclass(frozen=True, slots=True)
class Crossed:
    """Which steps ask for nothing more, with the courses that she has."""

    has_receiver: bool = False
    has_contact: bool = False
    is_address_checked: bool = False
    grant: GrantPrompt | None = None
    civil: CivilOffer | None = None
    # The hours were offered to her, she does not want them, or the first one has been held.
    has_psychologist: bool = False

    def is_done(self, kind: DeadlineKind) -> bool:
        """Whether a step asks for nothing more. That she was not asked is an answer that needs its reason."""
        return {
            DeadlineKind.BRIDGE_RECEIVER: self.has_receiver,
            DeadlineKind.BRIDGE_FIRST_CONTACT: self.has_contact,
            DeadlineKind.BRIDGE_ADDRESS: self.is_address_checked,
            DeadlineKind.BRIDGE_GRANT: self.grant is not None,
            DeadlineKind.BRIDGE_CIVIL_OFFER: self.civil is not None,
            DeadlineKind.PSYCHOLOGIST_START: self.has_psychologist,
        }[kind]


def leaves_on(planned: date | None, discharged: date | None) -> date | None:
    """The day on which she leaves: as it was, else as planned (R-655).

    Whoever has left before the day that was planned has left: nothing waits for the plan.
    """
    return discharged or planned


def planned_days(day: date) -> dict[DeadlineKind, date]:
    """The day of each step, counted from the day on which she leaves."""
    return {kind: day + timedelta(days=offset) for kind, offset in STEPS.items()}


def due_days(
    day: date, today: date, standing: Mapping[DeadlineKind, date] = NOTHING_STANDS
) -> dict[DeadlineKind, date]:
    """The day on which each step is due, with the days on which steps stand already.

    What should have been before today, when the plan is made late, is due today; what stands on an earlier day stays
    late, however often the plan is gone through (R-655).
    """
    return {kind: max(planned, min(standing.get(kind, today), today)) for kind, planned in planned_days(day).items()}


def is_alone(day: date | None, crossed: Crossed, today: date) -> bool:
    """Whether the day has come and nobody has taken over: shown in red until somebody has (R-656)."""
    return day is not None and day <= today and not crossed.has_receiver
