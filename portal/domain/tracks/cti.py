"""CTI: three phases of three months, counted from the day she moves into her own home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.clock import add_months
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.measures import CtiArea, FollowUpPoint, Phase
from portal.domain.cti import AREAS_PER_PHASE, NEXT_PHASE, boundaries, phase_starts_on
from portal.domain.cti_flags import legal_basis_due_on, plan_due_on
from portal.domain.tracks.base import EndRule, Facts, NextStep, Plain, Rules, Series, said

CLOSING_MONTH = 8
POINTS = (
    FollowUpPoint.START,
    FollowUpPoint.PHASE_2,
    FollowUpPoint.PHASE_3,
    FollowUpPoint.END,
    FollowUpPoint.AFTER_3,
)
PAGE = "cti.detail"


@dataclass(frozen=True, slots=True)
class Cti(Plain):
    kind: TrackKind = TrackKind.CTI
    points: tuple[FollowUpPoint, ...] = POINTS

    def active_step(self, facts: Facts) -> NextStep:
        """The move, then the phase's plan, then the next phase change."""
        phase = facts.phase or Phase.PRE
        if facts.t0 is None:
            return NextStep(_("Keep in contact; the move sets the dates"), PAGE)
        if phase in (Phase.P1, Phase.P2, Phase.P3) and not facts.has_phase_plan:
            due = plan_due_on(facts.t0, phase)
            return NextStep(_("Choose one to three areas with her and write the plan"), PAGE, due)
        if phase is Phase.P3:
            return NextStep(_("Hand over and end the course"), PAGE, boundaries(facts.t0).end)
        if phase is Phase.ENDED:
            return NextStep(_("End the course"), PAGE, boundaries(facts.t0).end)
        return NextStep(_("Look back and go on to the next phase"), PAGE, phase_starts_on(facts.t0, NEXT_PHASE[phase]))

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """Nine months from T0; the method knows no extension (R-310)."""
        if facts.t0 is None:
            return EndRule(None, _("Nine months from the day she moves into her own home. The day is not known yet."))
        end = boundaries(facts.t0).end
        return EndRule(
            end,
            _(
                "Ends %(day)s: nine months after she moved in. More help after that needs a course of its own.",
                day=said(end),
            ),
        )

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Home visits, going along, and meetings with those who take over."""
        return (
            Series(MeetingKind.HOME_VISIT),
            Series(MeetingKind.ACCOMPANIMENT),
            Series(MeetingKind.COOPERATION),
            Series(MeetingKind.NETWORK_MEETING),
        )

    def is_late(self, facts: Facts, today: date) -> bool:
        """Late, too, when the next step of the phases has passed its day."""
        due = self.next_step(facts).due
        return Plain.is_late(self, facts, today) or (due is not None and due < today)


def check_areas(areas: Sequence[str]) -> tuple[str, ...]:
    """The focus areas of a phase, without doubles. Raises Invalid unless they are one to three known ones (R-311)."""
    chosen = tuple(dict.fromkeys(areas))
    if any(area not in set(CtiArea) for area in chosen):
        raise Invalid(_("Choose among the seven areas of the method."), field="areas")
    if not chosen:
        raise Invalid(_("Choose at least one area, together with her."), field="areas")
    if len(chosen) not in AREAS_PER_PHASE:
        raise Invalid(
            _(
                "Choose at most three areas. The method asks for few at a time, so that she has the strength for them; "
                "the others wait for the next phase."
            ),
            field="areas",
        )
    return chosen


def moved_dates(before: date | None, after: date) -> list[tuple[object, date | None, date]]:
    """Every date of a course as it is and as another T0 would make it, to look at before it is changed (R-313)."""
    now, then = (boundaries(before) if before else None), boundaries(after)
    return [
        (_("She moves in"), now and now.t0, then.t0),
        (
            _("What the last months rest on, at the latest"),
            before and legal_basis_due_on(before),
            legal_basis_due_on(after),
        ),
        (_("Phase 2 begins"), now and now.p2, then.p2),
        (_("Phase 3 begins"), now and now.p3, then.p3),
        (_("The course ends"), now and now.end, then.end),
        (_("Follow-up after the course"), now and now.follow_up, then.follow_up),
    ]


def closing_from(t0: date) -> date:
    """The first day a course may be completed, eight months after T0: nobody is let go early (R-312)."""
    return add_months(t0, CLOSING_MONTH)


TRACK = Cti()
