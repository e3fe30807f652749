"""Groups: a round with a series of meetings."""

from dataclasses import dataclass
from datetime import timedelta

from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, number, said, span


@dataclass(frozen=True, slots=True)
class Group(Plain):
    kind: TrackKind = TrackKind.GROUP

    def active_step(self, facts: Facts) -> NextStep:
        """Her next group meeting; without a seat, a seat."""
        if not facts.has_own_row:
            return NextStep(_("Give her a seat in a round"), "groups.index")
        return NextStep(_("Next group meeting"), "groups.detail", facts.next_meeting_on)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """With the last meeting of her round; before she has a seat, the length that the programme names."""
        if facts.own_end_on is not None:
            return EndRule(facts.own_end_on, _("Ends with the last meeting on %(day)s.", day=said(facts.own_end_on)))
        weeks = self.weeks(rules)
        if facts.own_start_on is None:
            return EndRule(None, _("The group lasts about %(num)d weeks from its first meeting.", num=weeks))
        end = facts.own_start_on + timedelta(weeks=weeks)
        return EndRule(end, _("About %(num)d weeks from the first meeting: %(day)s.", num=weeks, day=said(end)))

    def weeks(self, rules: Rules) -> int:
        """How many weeks a round lasts: as the programme names them, else from the number of meetings."""
        longest = span(rules, "duration_weeks", (0, 0))[1]
        return longest or number(rules, "sessions", 10) * number(rules, "session_step_days", 7) // 7

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """One series of meetings with a fixed step."""
        step = number(rules, "session_step_days", 7)
        low, high = span(rules, "duration_weeks", (0, 0))
        count = span(rules, "sessions", (max(low * 7 // step, 1), max(high * 7 // step, 1)))
        return (
            Series(MeetingKind.GROUP_SESSION, *count, step_days=step, minutes=number(rules, "session_minutes", 120)),
        )


TRACK = Group()
