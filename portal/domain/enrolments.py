"""Taking part in a programme: when what may be done, and by whom for which kind of course (R-300)."""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_months
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import EndReason, TrackKind
from portal.core.states import EnrolmentState as S
from portal.domain.workflow import Step

LIVE = frozenset({S.PROPOSED, S.ACTIVE, S.PAUSED})
PAUSE_DAYS_MAX = 60
# So long an ended course goes on as the same one; after that she begins a new one.
REOPEN_DAYS = 90
# A course may be written down late, the longest lasts four years; what lies further back is a slip of the year.
EARLIEST_MONTHS = 60


class Action(StrEnum):
    START = "start"
    ASSIGN = "assign"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    END_EARLY = "end_early"
    NEVER_STARTED = "never_started"


MANAGE = Permission.ENROLMENT_MANAGE

WORKFLOW: dict[Action, Step[S]] = {
    Action.START: Step(frozenset({S.PROPOSED}), S.ACTIVE, MANAGE, Audit.ENROLMENT_STARTED),
    Action.RESUME: Step(frozenset({S.PAUSED}), S.ACTIVE, MANAGE, Audit.ENROLMENT_RESUMED),
    Action.COMPLETE: Step(frozenset({S.ACTIVE}), S.COMPLETED, MANAGE, Audit.ENROLMENT_COMPLETED),
    Action.PAUSE: Step(frozenset({S.ACTIVE}), S.PAUSED, MANAGE, Audit.ENROLMENT_PAUSED),
    Action.END_EARLY: Step(frozenset({S.ACTIVE, S.PAUSED}), S.ENDED_EARLY, MANAGE, Audit.ENROLMENT_ENDED),
    Action.NEVER_STARTED: Step(frozenset({S.PROPOSED}), S.NEVER_STARTED, MANAGE, Audit.ENROLMENT_NEVER_STARTED),
    # An assignment leaves the state as it is; the target is never read.
    Action.ASSIGN: Step(LIVE, S.ACTIVE, MANAGE, Audit.ENROLMENT_ASSIGNED),
}

# What the owner of the case does with a course whose house has lost it with her consent.
LAST_STEPS = (Action.END_EARLY, Action.NEVER_STARTED)

# Who looks after a kind of course, where that is not everybody who manages courses.
KIND_PERMISSION: dict[TrackKind, Permission] = {
    TrackKind.CTI: Permission.CTI_MANAGE,
    TrackKind.GROUP: Permission.GROUP_MANAGE,
    TrackKind.HOUSING: Permission.HOUSING_MANAGE,
    TrackKind.FURNISHING: Permission.FURNISHING_MANAGE,
    TrackKind.VOLUNTEER_NETWORK: Permission.TASK_MANAGE,
    TrackKind.GRANT: Permission.GRANT_VIEW,
    TrackKind.COORDINATING_COUNSELLING: Permission.COUNSELLING_MANAGE,
}

# Whose work list shows a course that nobody has taken yet.
QUEUE_ROLE: dict[TrackKind, Role] = {
    TrackKind.GROUP: Role.GROUP_LEADER,
    TrackKind.HOUSING: Role.HOUSING_COORDINATOR,
    TrackKind.FURNISHING: Role.VOLUNTEER_COORDINATOR,
    TrackKind.VOLUNTEER_NETWORK: Role.VOLUNTEER_COORDINATOR,
    TrackKind.COORDINATING_COUNSELLING: Role.MUNICIPAL_ADVISER,
}

# Kinds whose worker joins the team of the case. The others see their own track alone.
TEAM_KINDS = frozenset(
    {
        TrackKind.INDIVIDUAL_COUNSELLING,
        TrackKind.TRANSITION_SUPPORT,
        TrackKind.CTI,
        TrackKind.COORDINATING_COUNSELLING,
        TrackKind.ENTITLEMENT,
        TrackKind.COURSE,
    }
)

# Courses that an end takes nothing from: a seat, a home, a phase is given or begun anew.
REOPENS = (
    TrackKind.INDIVIDUAL_COUNSELLING,
    TrackKind.TRANSITION_SUPPORT,
    TrackKind.ENTITLEMENT,
    TrackKind.COURSE,
)

# That she has been quiet is never a reason, and CTI ends early for very few.
EARLY_REASONS = (
    EndReason.HER_WISH,
    EndReason.MOVED_AWAY,
    EndReason.OTHER_HELP,
    EndReason.BACK_AT_CENTRE,
    EndReason.SAFETY,
    EndReason.DIED,
    EndReason.OTHER,
)
CTI_REASONS = (EndReason.HER_WISH, EndReason.MOVED_AWAY, EndReason.DIED, EndReason.OTHER)

# Accepting one of these opens something that stands by itself, an offer by law or an application.
NOT_UNDONE = frozenset({TrackKind.COORDINATING_COUNSELLING, TrackKind.GRANT})


def steps_for(kind: TrackKind) -> dict[Action, Step[S]]:
    """The table of steps with the permission that this kind of course asks for (R-300)."""
    permission = KIND_PERMISSION.get(kind, MANAGE)
    return {action: replace(step, permission=permission) for action, step in WORKFLOW.items()}


def require_own(actor: Actor, organisation_id: int) -> None:
    """Raise Forbidden unless the course is given by the actor's own organisation; the scheduler may always."""
    if actor.role is not Role.SYSTEM and actor.organisation_id != organisation_id:
        raise Forbidden


def queue_role(kind: TrackKind) -> Role:
    """Whose work list shows a course of this kind while nobody has taken it."""
    return QUEUE_ROLE.get(kind, Role.PROGRAMME_WORKER)


def end_reasons(kind: TrackKind) -> tuple[EndReason, ...]:
    """Why a course of this kind may end before its time. Inactivity is not among them (R-301)."""
    return CTI_REASONS if kind is TrackKind.CTI else EARLY_REASONS


def check_end(kind: TrackKind, reason: EndReason, note: str | None) -> None:
    """Raise Invalid for a reason that does not hold for this kind, or "other" without a word of why (R-301)."""
    if reason not in end_reasons(kind):
        raise Invalid(_("A course of this kind does not end for that reason."), field="reason")
    if reason is EndReason.OTHER and not (note or "").strip():
        raise Invalid(_("Write in a few words why it ends."), field="note")


def check_pause(review_on: date, today: date) -> None:
    """Raise Invalid unless the pause is looked at again within 60 days (R-302)."""
    if not today <= review_on <= today + timedelta(days=PAUSE_DAYS_MAX):
        raise Invalid(
            _("Choose a day within the next %(num)d days to look at the pause again.", num=PAUSE_DAYS_MAX),
            field="review_on",
        )


def check_started(started_on: date, given_on: date, today: date) -> None:
    """Raise Invalid for a start that has not come yet, or from long before the place was given."""
    if started_on > today:
        raise Invalid(_("The first contact cannot lie ahead."), field="started_on")
    if started_on < add_months(given_on, -EARLIEST_MONTHS):
        raise Invalid(
            _("The place was given on %(day)s. Check the year.", day=f"{given_on:%d.%m.%Y}"), field="started_on"
        )


def check_ended(started_on: date | None, ended_on: date, today: date) -> None:
    """Raise Invalid for an end ahead of today or before the start."""
    if ended_on > today:
        raise Invalid(_("The end cannot lie ahead."), field="ended_on")
    if started_on is not None and ended_on < started_on:
        raise Invalid(_("The end lies before the start."), field="ended_on")


def may_reopen(state: S, kind: TrackKind, ended_on: date | None, today: date) -> bool:
    """Whether an ended course may go on as the same one: of these kinds, within 90 days of its last day (R-780)."""
    if state not in (S.COMPLETED, S.ENDED_EARLY) or kind not in REOPENS or ended_on is None:
        return False
    return today <= ended_on + timedelta(days=REOPEN_DAYS)
