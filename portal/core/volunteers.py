"""What volunteers do, bring along, and must have in order before they take a task."""

from enum import StrEnum


class Requirement(StrEnum):
    """One thing that can stand between a volunteer and a task."""

    ACTIVE = "active"
    READY = "ready"
    PLEDGE = "pledge"
    TRAINING = "training"
    CERTIFICATE = "certificate"


class TaskKind(StrEnum):
    """Volunteer tasks by type: a fixed list, so that a card holds no free text."""

    ASSEMBLE_BEDS = "assemble_beds"
    ASSEMBLE_FURNITURE = "assemble_furniture"
    FETCH_FURNITURE = "fetch_furniture"
    MOVE_BOXES = "move_boxes"
    PAINT_ROOM = "paint_room"
    ROOM_PLAN = "room_plan"
    HANG_CURTAINS = "hang_curtains"
    HOMEWORK_HELP = "homework_help"
    ACCOMPANY_OUTING = "accompany_outing"
    WALK_AND_TALK = "walk_and_talk"
    NETWORK_EVENT = "network_event"


class Skill(StrEnum):
    DRIVING_LICENCE = "driving_licence"
    TRAILER = "trailer"
    TOOLS = "tools"
    ARCHITECT = "architect"
    CHILDREN = "children"
    ARABIC = "arabic"
    SOMALI = "somali"
    POLISH = "polish"
    ENGLISH = "english"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class SafetyAdvice(StrEnum):
    """What a volunteer must know before she goes: a fixed list, the same for everybody and about nobody."""

    NOT_ALONE = "not_alone"
    WAIT_FOR_STAFF = "wait_for_staff"
    TELL_NOBODY = "tell_nobody"
    NO_PICTURES = "no_pictures"
    PLACES_OFF = "places_off"
    NOT_ALONE_WITH_CHILD = "not_alone_with_child"
    LEAVE_WHEN_WRONG = "leave_when_wrong"
    DANGER = "danger"


class TaskOutcome(StrEnum):
    WENT_WELL = "went_well"
    NEEDS_HELP = "needs_help"
    CONCERN = "concern"
