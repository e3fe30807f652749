"""Words for volunteer tasks."""

from collections.abc import Mapping

from portal.core.i18n import _
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import PartOfDay, Requirement, SafetyAdvice, Skill, TaskKind, TaskOutcome
from portal.domain.labels.words import Words

WORDS: Words = (
    (TaskKind.ASSEMBLE_BEDS, _("Assemble beds")),
    (TaskKind.ASSEMBLE_FURNITURE, _("Assemble furniture")),
    (TaskKind.FETCH_FURNITURE, _("Fetch furniture")),
    (TaskKind.MOVE_BOXES, _("Carry removal boxes")),
    (TaskKind.PAINT_ROOM, _("Paint a room")),
    (TaskKind.ROOM_PLAN, _("Plan the rooms")),
    (TaskKind.HANG_CURTAINS, _("Put up curtains and lamps")),
    (TaskKind.HOMEWORK_HELP, _("Help with homework")),
    (TaskKind.ACCOMPANY_OUTING, _("Come along on an outing")),
    (TaskKind.WALK_AND_TALK, _("A walk and a talk")),
    (TaskKind.NETWORK_EVENT, _("Help at a network evening")),
    (Skill.DRIVING_LICENCE, _("driving licence B")),
    (Skill.TRAILER, _("trailer")),
    (Skill.TOOLS, _("own tools")),
    (Skill.ARCHITECT, _("architect")),
    (Skill.CHILDREN, _("good with children")),
    (Skill.ARABIC, _("speaks Arabic")),
    (Skill.SOMALI, _("speaks Somali")),
    (Skill.POLISH, _("speaks Polish")),
    (Skill.ENGLISH, _("speaks English")),
    (PartOfDay.MORNING, _("morning")),
    (PartOfDay.AFTERNOON, _("afternoon")),
    (PartOfDay.EVENING, _("evening")),
    (SafetyAdvice.NOT_ALONE, _("Never go in alone the first time.")),
    (SafetyAdvice.WAIT_FOR_STAFF, _("One of the staff comes along: wait outside, and go in together.")),
    (SafetyAdvice.TELL_NOBODY, _("Tell nobody whom you help or where, neither at home nor online.")),
    (SafetyAdvice.NO_PICTURES, _("Take no pictures, also not of the room, the door or the view.")),
    (
        SafetyAdvice.PLACES_OFF,
        _("Turn off on your phone and in your car what shares where you are, and save the address nowhere."),
    ),
    (SafetyAdvice.NOT_ALONE_WITH_CHILD, _("Be with the children only where another adult can see you.")),
    (SafetyAdvice.LEAVE_WHEN_WRONG, _("If anything feels wrong, leave, and telephone the coordinator.")),
    (SafetyAdvice.DANGER, _("In danger, or if somebody turns up who should not: call 112.")),
    (TaskOutcome.WENT_WELL, _("It went well")),
    (TaskOutcome.NEEDS_HELP, _("I need help")),
    (TaskOutcome.CONCERN, _("I am worried about somebody")),
    (TaskState.DRAFT, _("Draft")),
    (TaskState.PUBLISHED, _("Free to take")),
    (TaskState.FULL, _("Taken, to be confirmed")),
    (TaskState.CONFIRMED, _("Confirmed")),
    (TaskState.REPORTED, _("Hours are in")),
    (TaskState.VERIFIED, _("Done")),
    (TaskState.CANCELLED, _("Called off")),
    (TaskState.EXPIRED, _("Not taken in time")),
    (ClaimState.PENDING, _("Waits for the coordinator")),
    (ClaimState.CONFIRMED, _("Confirmed")),
    (ClaimState.DONE, _("Done")),
    (ClaimState.RELEASED, _("Given back")),
    (ClaimState.WITHDRAWN_BY_STAFF, _("Taken back by the coordinator")),
    (Requirement.ACTIVE, _("is paused")),
    (Requirement.READY, _("being processed")),
    (Requirement.PLEDGE, _("declaration of confidentiality")),
    (Requirement.TRAINING, _("introduction")),
    (Requirement.CERTIFICATE, _("child certificate")),
)

# The same, said to the volunteer herself.
REASONS: Mapping[Requirement, object] = {
    Requirement.ACTIVE: _("Your volunteering is paused. Talk to your coordinator."),
    Requirement.READY: _("Your registration is being processed. It takes up to five weekdays for everybody."),
    Requirement.PLEDGE: _("Your declaration of confidentiality is missing. Ask your coordinator."),
    Requirement.TRAINING: _("You have not had the introduction yet. Ask your coordinator."),
    Requirement.CERTIFICATE: _("This task needs a valid child certificate. Ask your coordinator."),
}
