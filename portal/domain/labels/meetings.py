"""Words for meetings."""

from portal.core.i18n import _
from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind
from portal.core.states import MeetingState, Presence
from portal.domain.labels.words import Words
from portal.domain.meetings import MeetingAction, Repeat

WORDS: Words = (
    (MeetingKind.TALK, _("Talk")),
    (MeetingKind.HOME_VISIT, _("Home visit")),
    (MeetingKind.PHONE, _("Telephone talk")),
    (MeetingKind.GROUP_SESSION, _("Group meeting")),
    (MeetingKind.INTAKE_TALK, _("First talk")),
    (MeetingKind.COOPERATION, _("Cooperation meeting")),
    (MeetingKind.NETWORK_MEETING, _("Network meeting")),
    (MeetingKind.ACCOMPANIMENT, _("Companion at a meeting")),
    (MeetingKind.ESCORT, _("Escort on the way")),
    (MeetingKind.PSYCHOLOGIST, _("Psychologist")),
    (MeetingKind.FURNISHING, _("Home meeting about furnishing")),
    (MeetingKind.VOLUNTEER_MEETING, _("Meeting with a volunteer")),
    (MeetingKind.RESIDENTS, _("Residents' meeting")),
    (PlaceKind.OUR_ROOMS, _("in our rooms")),
    (PlaceKind.HER_HOME, _("at her home")),
    (PlaceKind.PHONE, _("on the telephone")),
    (PlaceKind.VIDEO, _("on video")),
    (PlaceKind.AGREED_PLACE, _("at an agreed place")),
    (MeetingState.PLANNED, _("Planned meeting")),
    (MeetingState.HELD, _("Held")),
    (MeetingState.NOT_MET, _("She did not come")),
    (MeetingState.CANCELLED, _("Cancelled meeting")),
    (MeetingCancelReason.HER_WISH, _("Her wish")),
    (MeetingCancelReason.STAFF_ILL, _("Illness with us")),
    (MeetingCancelReason.SAFETY, _("Safety")),
    (MeetingCancelReason.HOLIDAY, _("Holiday")),
    (MeetingCancelReason.OTHER, _("Other")),
    (Presence.EXPECTED, _("expected")),
    (Presence.PRESENT, _("present")),
    (Presence.LATE, _("late")),
    (Presence.LEFT_EARLY, _("left early")),
    (Presence.EXCUSED, _("excused")),
    (Presence.NOT_MET, _("did not come")),
    (Presence.NOT_APPLICABLE, _("not counted")),
    (Repeat.ONCE, _("Once")),
    (Repeat.WEEKLY, _("Every week")),
    (Repeat.FORTNIGHTLY, _("Every second week")),
    (Repeat.MONTHLY, _("Every month")),
    (MeetingAction.MOVE, _("Move the meeting")),
    (MeetingAction.CANCEL, _("Cancel the meeting")),
    (MeetingAction.HOLD, _("It was held")),
    (MeetingAction.NOT_MET, _("She did not come")),
    (MeetingAction.NOTE, _("Write a note")),
    (MeetingAction.PRESENCE, _("Register who came")),
)
