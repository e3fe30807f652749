"""A volunteer friend and a network: meetings two and two, and events for all."""

from dataclasses import dataclass

from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, number, span


@dataclass(frozen=True, slots=True)
class VolunteerNetwork(Plain):
    kind: TrackKind = TrackKind.VOLUNTEER_NETWORK

    def active_step(self, facts: Facts) -> NextStep:
        """The match has its own page; without one she needs a volunteer."""
        if not facts.has_own_row:
            return NextStep(_("Find a volunteer who suits her"), "volunteers.match")
        return NextStep(_("Ask how the two of them get on"), "volunteers.match", facts.next_meeting_on)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """No fixed end."""
        return EndRule(None, _("No fixed end: she and her volunteer meet for as long as both want to."))

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Two or three meetings a month, and an event about each month."""
        low, high = span(rules, "one_to_one_meetings_per_month", (2, 3))
        return (
            Series(MeetingKind.VOLUNTEER_MEETING, low, high, step_days=30 // high),
            Series(MeetingKind.VOLUNTEER_MEETING, step_days=number(rules, "network_event_every_days", 30)),
        )


TRACK = VolunteerNetwork()
