"""Individual counselling: she or a relative makes contact; it lasts as long as it helps."""

from dataclasses import dataclass

from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.tracks.base import EndRule, Facts, Plain, Rules, Series, by_length


@dataclass(frozen=True, slots=True)
class IndividualCounselling(Plain):
    kind: TrackKind = TrackKind.INDIVIDUAL_COUNSELLING

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """No fixed end, unless the programme names one (programme: own funds, own approach)."""
        return by_length(rules, facts) or EndRule(None, _("No fixed end: she comes for as long as it helps her."))

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Talks and telephone, as agreed."""
        return (Series(MeetingKind.TALK), Series(MeetingKind.PHONE))


TRACK = IndividualCounselling()
