"""When her safety is looked at anew, what puts visits on hold, and when an assessment or a plan has run out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.risk import PlanSection, ReviewReason
from portal.domain.deadlines import ClockKey, due_on

LOWEST, HIGHEST = 1, 7
# What she answers at or under which, and the fall from her last answer by which, somebody looks at it at once.
LOW, FALL = 3, 2

# What has happened → how soon somebody looks at her safety again.
CLOCK: Mapping[ReviewReason, ClockKey] = {
    ReviewReason.NEW_VIOLENCE: ClockKey.SAFETY_REVIEW_AT_ONCE,
    ReviewReason.SAFETY_QUESTIONS: ClockKey.SAFETY_REVIEW_AT_ONCE,
    ReviewReason.NEW_ADDRESS: ClockKey.SAFETY_REVIEW,
    ReviewReason.MOVED: ClockKey.SAFETY_REVIEW,
    ReviewReason.STAY_ENDED: ClockKey.SAFETY_REVIEW,
    ReviewReason.COURT_DATE: ClockKey.SAFETY_REVIEW,
    ReviewReason.CONTACT_BEGINS: ClockKey.SAFETY_REVIEW,
    ReviewReason.RELEASE: ClockKey.SAFETY_REVIEW,
    ReviewReason.VISITS_WAIT: ClockKey.SAFETY_REVIEW,
}
# Until somebody of the team has looked at it, no volunteer comes to her home.
HOLDS_VISITS = frozenset({ReviewReason.NEW_VIOLENCE, ReviewReason.SAFETY_QUESTIONS, ReviewReason.VISITS_WAIT})
# She lives elsewhere than when her safety plan was made.
HOME_CHANGES = frozenset({ReviewReason.NEW_ADDRESS, ReviewReason.MOVED, ReviewReason.STAY_ENDED})
# What no page of the portal knows of by itself: entered by hand.
BY_HAND = (
    ReviewReason.COURT_DATE,
    ReviewReason.CONTACT_BEGINS,
    ReviewReason.RELEASE,
    ReviewReason.NEW_ADDRESS,
)


def written_parts(sections: Mapping[PlanSection, str | None]) -> dict[str, str]:
    """The parts of a safety plan in which something stands (R-632). Raises Invalid where nothing does."""
    written = {section.value: text.strip() for section, text in sections.items() if text and text.strip()}
    if not written:
        raise Invalid(_("Write at least one part of the plan."), field=PlanSection.WARNING_SIGNS.value)
    return written


@dataclass(frozen=True, slots=True)
class Answers:
    """What she answered to the three questions; each may be left out."""

    new_violence: bool | None = None
    unwanted_contact: bool | None = None
    # From 1, not safe at all, to 7, entirely safe.
    feels_safe: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked or answered."""
        return self.new_violence is None and self.unwanted_contact is None and self.feels_safe is None


def review_due_on(reason: ReviewReason, today: date) -> date:
    """Until when her safety is looked at again: a week; the next day after violence (R-631)."""
    return due_on(CLOCK[reason], today)


def calls_for_review(answers: Answers, last_feeling: int | None) -> bool:
    """Whether what she answered is looked at at once: a yes, 3 or less, or 2 less than the last time (R-635)."""
    if answers.new_violence or answers.unwanted_contact:
        return True
    felt = answers.feels_safe
    if felt is None:
        return False
    return felt <= LOW or (last_feeling is not None and last_feeling - felt >= FALL)


def is_expired(review_on: date | None, today: date) -> bool:
    """Whether an assessment has run out: the day to look at it again has passed (R-630)."""
    return review_on is not None and review_on < today


def is_outdated(written_at: datetime | None, home_changed_at: Iterable[datetime]) -> bool:
    """Whether a plan was made for a home that she has left since; also where there is none yet (R-632)."""
    return any(written_at is None or changed_at > written_at for changed_at in home_changed_at)
