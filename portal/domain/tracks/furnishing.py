"""Furnishing help: from an empty flat to a home, with an architect and volunteers."""

from dataclasses import dataclass

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.clocks import ClockKey, newest
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, said, span

_USUAL = newest(ClockKey.FURNISHING_COURSE)
# In months, where a programme says nothing else.
LENGTH = (_USUAL.amount, _USUAL.at_most or _USUAL.amount)


@dataclass(frozen=True, slots=True)
class Furnishing(Plain):
    kind: TrackKind = TrackKind.FURNISHING

    def active_step(self, facts: Facts) -> NextStep:
        """The project has its own page."""
        return NextStep(_("Go on with the furnishing"), "furnishing.detail", facts.next_meeting_on)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """Three to five months from the first meeting, five to seven meetings."""
        low, high = span(rules, "duration_months", LENGTH)
        if facts.started_on is None:
            return EndRule(None, _("%(low)d to %(high)d months from the first meeting.", low=low, high=high))
        end = add_months(facts.started_on, high)
        return EndRule(
            end,
            _(
                "%(low)d to %(high)d months from the first meeting: %(day)s at the latest.",
                low=low,
                high=high,
                day=said(end),
            ),
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Five to seven meetings of two to three hours in her home."""
        hours = span(rules, "meeting_hours", (2, 3))
        return (Series(MeetingKind.FURNISHING, *span(rules, "meetings", (5, 7)), step_days=21, minutes=hours[1] * 60),)


TRACK = Furnishing()
