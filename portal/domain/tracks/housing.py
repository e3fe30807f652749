"""A home for a time: from the nomination to the end of the tenancy."""

from dataclasses import dataclass

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, number, said


@dataclass(frozen=True, slots=True)
class Housing(Plain):
    kind: TrackKind = TrackKind.HOUSING

    def active_step(self, facts: Facts) -> NextStep:
        """The tenancy has its own ladder; without one she needs a home."""
        if not facts.has_own_row:
            return NextStep(_("Offer her a free home"), "housing.board")
        return NextStep(_("Follow the tenancy"), "housing.tenancy", facts.own_end_on)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """Two years from moving in; two more when it is decided in time."""
        months, more = number(rules, "tenancy_months", 24), number(rules, "extension_months_max", 24)
        start = facts.own_start_on
        if start is None:
            return EndRule(
                None,
                _(
                    "%(months)d months from the day she moves in; up to %(more)d more can be decided.",
                    months=months,
                    more=more,
                ),
            )
        end = facts.own_end_on or add_months(start, months)
        return EndRule(
            end,
            _(
                "The tenancy ends %(day)s: %(months)d months from moving in, up to %(more)d more can be decided.",
                day=said(end),
                months=months,
                more=more,
            ),
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Residents' meetings each month, and talks as agreed."""
        return (Series(MeetingKind.RESIDENTS, step_days=30, minutes=90), Series(MeetingKind.TALK))


TRACK = Housing()
