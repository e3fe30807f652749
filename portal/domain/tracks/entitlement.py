"""Hours that somebody is entitled to: ten with a psychologist for her, four to ten for each child."""

from dataclasses import dataclass

from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.measures import FollowUpPoint
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, number

ADULT_HOURS = 10
CHILD_HOURS = (4, 10)


@dataclass(frozen=True, slots=True)
class Entitlement(Plain):
    kind: TrackKind = TrackKind.ENTITLEMENT
    points: tuple[FollowUpPoint, ...] = ()

    def active_step(self, facts: Facts) -> NextStep:
        """Register hours until all are used."""
        if facts.minutes_total and facts.minutes_used >= facts.minutes_total:
            return NextStep(_("All hours are used: end the course"))
        return NextStep(_("Register the hours that were held"), "counselling.hours", facts.next_meeting_on)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """When the hours are used, not on a day."""
        return EndRule(
            None,
            _(
                "Ends when the hours are used: %(adult)d for her, %(low)d to %(high)d for each child.",
                adult=number(rules, "hours_adult", ADULT_HOURS),
                low=CHILD_HOURS[0],
                high=CHILD_HOURS[1],
            ),
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Hours with the psychologist."""
        return (Series(MeetingKind.PSYCHOLOGIST, count_max=number(rules, "hours_adult", ADULT_HOURS), minutes=60),)


TRACK = Entitlement()
