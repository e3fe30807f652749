"""Transition support: in her own home, with a social, a legal and a children's strand."""

from dataclasses import dataclass

from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, by_length


@dataclass(frozen=True, slots=True)
class TransitionSupport(Plain):
    kind: TrackKind = TrackKind.TRANSITION_SUPPORT

    def active_step(self, facts: Facts) -> NextStep:
        """The next home visit, or to plan one."""
        if facts.next_meeting_on is not None:
            return NextStep(_("Next home visit"), "meetings.week", facts.next_meeting_on)
        return NextStep(_("Plan the next home visit"), "meetings.new")

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """When the three strands are in other hands, unless the programme says how long it lasts."""
        return by_length(rules, facts) or EndRule(
            None, _("Ends when the social, legal and children's strands are in other hands.")
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Home visits, and going along to others."""
        return (Series(MeetingKind.HOME_VISIT, minutes=90), Series(MeetingKind.ACCOMPANIMENT))


TRACK = TransitionSupport()
