"""A plain course, for programmes without a method of their own."""

from dataclasses import dataclass

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.domain.tracks.base import EndRule, Facts, Plain, Rules, said, span


@dataclass(frozen=True, slots=True)
class Course(Plain):
    kind: TrackKind = TrackKind.COURSE

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """After the months that the programme names, where it names any."""
        months = span(rules, "duration_months", (0, 0))[1]
        if not months or facts.started_on is None:
            return Plain.end_rule(self, rules, facts)
        end = add_months(facts.started_on, months)
        return EndRule(end, _("%(months)d months from the start: %(day)s.", months=months, day=said(end)))


TRACK = Course()
