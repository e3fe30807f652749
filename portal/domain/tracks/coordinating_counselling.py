"""Coordinating counselling: the municipality's statutory offer, six months after the move, twelve in special cases."""

from dataclasses import dataclass
from datetime import date

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.states import CounsellingState, EnrolmentState
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, number, said

OFFER = "counselling.coordinating"
STEPS: dict[CounsellingState, object] = {
    CounsellingState.NOT_OFFERED: _("Offer her the counselling"),
    CounsellingState.OFFERED: _("Write down her answer"),
    CounsellingState.LATER: _("Ask her again on the day that she wished"),
    CounsellingState.NO_ANSWER: _("Ask her once more"),
    CounsellingState.ACCEPTED: _("Hold the first talk and start"),
}


@dataclass(frozen=True, slots=True)
class CoordinatingCounselling(Plain):
    kind: TrackKind = TrackKind.COORDINATING_COUNSELLING

    def next_step(self, facts: Facts) -> NextStep:
        """What the statutory offer waits for; afterwards as any other course."""
        waiting = STEPS.get(facts.counselling) if facts.counselling else None
        if facts.state is EnrolmentState.PROPOSED and waiting is not None:
            return NextStep(waiting, OFFER, Plain.next_step(self, facts).due)
        return Plain.next_step(self, facts)

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """Six months after she moved; up to twelve with a reason and an approver (R-320)."""
        months = number(rules, "duration_months", 6)
        longest = number(rules, "duration_months_special_case", 12)
        end = facts.own_end_on or (add_months(facts.own_start_on, months) if facts.own_start_on else None)
        if end is None:
            return EndRule(
                None,
                _(
                    "%(months)d months from the day she moves; up to %(longest)d with a reason and an approver.",
                    months=months,
                    longest=longest,
                ),
            )
        return EndRule(
            end,
            _(
                "Until %(day)s: %(months)d months after the move, up to %(longest)d with a reason and an approver.",
                day=said(end),
                months=months,
                longest=longest,
            ),
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Talks with her and meetings with those who work together."""
        return (Series(MeetingKind.TALK), Series(MeetingKind.COOPERATION))

    def is_late(self, facts: Facts, today: date) -> bool:
        """Late, too, when the planned end has passed and nobody has ended or extended it."""
        end = facts.own_end_on
        running = facts.state is EnrolmentState.ACTIVE
        return Plain.is_late(self, facts, today) or (running and end is not None and end < today)


TRACK = CoordinatingCounselling()
