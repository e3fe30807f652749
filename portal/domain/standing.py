"""She has died, or has moved abroad: what rests on the work list then, and which meetings are hers (R-815 to R-818)."""

from collections.abc import Iterable, Mapping
from datetime import date

from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import MeetingKind
from portal.core.standing import StandingKind
from portal.domain.bridge import STEPS

DIED = _("She has died. Nobody is to ring, write to or invite her.")
# What a law asks the municipality to offer her; abroad no Danish municipality is responsible for it.
COUNSELLING_ALERTS = frozenset(
    {DeadlineKind.COUNSELLING_OFFER, DeadlineKind.COUNSELLING_MISSED, DeadlineKind.COUNSELLING_MISSED_LEAD}
)
# What is done by reaching her, together with her, or to prepare how she is reached: after her death each of these rows
# would have somebody ring her. What others do stays: notices, a concern for a child, money, a home, a stay, a
# request or a course that somebody must end, meetings that were held, and whatever a right or a retention asks for.
REACHES_HER = (
    *(DeadlineKind.FIRST_CONTACT, DeadlineKind.SILENCE, DeadlineKind.FOLLOW_UP, DeadlineKind.WELFARE_CHECK),
    *(DeadlineKind.SAFE_CONTACT_CHECK, DeadlineKind.CONTACT_BLOCKED, DeadlineKind.NOTE_FOLLOW_UP),
    *(DeadlineKind.STILL_WANTED, DeadlineKind.CONSENT_RENEWAL, DeadlineKind.MEETING_CALLED_OFF),
    *(DeadlineKind.RISK_REVIEW, DeadlineKind.SAFETY_REVIEW, DeadlineKind.SAFETY_PLAN),
    *(DeadlineKind.STAY_PLAN, DeadlineKind.GOAL, DeadlineKind.GOAL_STEP, DeadlineKind.COURSE_LEFT),
    *(DeadlineKind.CTI_PHASE_PLAN, DeadlineKind.CTI_PHASE_CHANGE, DeadlineKind.PROGRAMME_CLOCK),
    *(DeadlineKind.COUNSELLING_ASK_AGAIN, *sorted(COUNSELLING_ALERTS), *STEPS),
    DeadlineKind.FIRST_MUNICIPAL_MEETING,
)
RESTS: Mapping[StandingKind, frozenset[DeadlineKind]] = {
    StandingKind.DIED: frozenset(REACHES_HER),
    StandingKind.MOVED_ABROAD: COUNSELLING_ALERTS | {DeadlineKind.FIRST_MUNICIPAL_MEETING},
}
# Meetings at which she is: the others are between those who worked with her, who may still need them.
WITH_HER = frozenset(MeetingKind) - {
    MeetingKind.COOPERATION,
    MeetingKind.NETWORK_MEETING,
    MeetingKind.RESIDENTS,
    MeetingKind.GROUP_SESSION,
}


def rests_under(kind: DeadlineKind) -> tuple[StandingKind, ...]:
    """Under which marks a row of this kind rests."""
    return tuple(mark for mark, kinds in RESTS.items() if kind in kinds)


def is_with_her(kind: MeetingKind, about: Iterable[object]) -> bool:
    """Whether she is to be there. A talk about or with a child of hers is the child's: the child lives."""
    return kind in WITH_HER and not any(True for _one in about)


def check_since(since_on: date, *, birth_year: int | None, today: date) -> None:
    """Raise Invalid for a day that has not come, or that lies before the year in which she was born."""
    if since_on > today:
        raise Invalid(_("The day has not come yet."), field="since_on")
    if birth_year is not None and since_on.year < birth_year:
        raise Invalid(
            _("She was born in %(year)d. Check the day, or the year under Facts about her.", year=birth_year),
            field="since_on",
        )
