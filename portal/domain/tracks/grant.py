"""A start-up grant: an application, two pairs of eyes and a payment."""

from dataclasses import dataclass
from datetime import date

from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint
from portal.core.states import EnrolmentState
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series


@dataclass(frozen=True, slots=True)
class Grant(Plain):
    kind: TrackKind = TrackKind.GRANT
    points: tuple[FollowUpPoint, ...] = ()

    def next_step(self, facts: Facts) -> NextStep:
        """The application has its own page and its own clock."""
        if facts.state in (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE):
            return NextStep(_("Follow the application"), "grants.detail")
        return Plain.next_step(self, facts)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """With the receipt."""
        return EndRule(None, _("Ends when the money has been paid and the receipt has come."))

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """No meetings."""
        return ()

    def is_late(self, facts: Facts, today: date) -> bool:
        """Never by itself: the application's own deadlines say so."""
        return False


TRACK = Grant()
