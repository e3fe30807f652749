"""What is written about a meeting."""

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind
from portal.core.notes import NoteReaders, TalkKind
from portal.domain.meetings import MOST_IN_SERIES, Repeat
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.safety_questions import SafetyQuestions
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

PLANNED_BY_HAND = [kind for kind in MeetingKind if kind is not MeetingKind.GROUP_SESSION]


class TimeForm(VersionedForm):
    """When a meeting is."""

    day = Day(_("Day"), [required()])
    starts = Clock(_("From"), [required()])
    ends = Clock(_("To"), [required()])
    ends_next_day = BooleanField(_("It ends after midnight"))


class MeetingForm(TimeForm):
    """A new meeting, once or several times."""

    kind = Pick(_("What kind of meeting?"), [required()], kind=PLANNED_BY_HAND)
    step = Pick(_("Which of the programme's talks is it?"), [optional()], choices=[])
    place_kind = Pick(_("Where?"), [required()], kind=PlaceKind)
    place = Line(_("The exact place"), [optional()])
    theme = Line(_("What it is about"), [optional()], scan=Scan.REFUSE)
    has_interpreter = BooleanField(_("An interpreter is ordered"))
    about = Several(_("Which child is it about?"), choices=[])
    repeat = Pick(_("How often?"), [required()], kind=Repeat, default=Repeat.ONCE)
    count = Whole(_("How many meetings?"), [required()], low=1, high=MOST_IN_SERIES, default=1)


# That she has died is recorded on her case, which calls off all of them.
CANCEL_REASONS = [reason for reason in MeetingCancelReason if reason is not MeetingCancelReason.DIED]


class CancelForm(PortalForm):
    """Why a meeting is called off."""

    reason = Pick(_("Why?"), [required()], kind=CANCEL_REASONS, empty=_("Choose"))


class OutcomeForm(SafetyQuestions, VersionedForm):
    """What is to be remembered."""

    minutes = Whole(_("Minutes, if it lasted otherwise than planned"), [optional()], low=1, high=1440)
    talk = Pick(_("Kind of talk"), [optional()], kind=TalkKind, empty=_("No talk"))
    note = Text(_("Note"), [optional()])
    readers = Radio(_("Who reads it"), [optional()], kind=NoteReaders, default=NoteReaders.TEAM.value)
    of_change = frozenset({"readers"})

    @property
    def told(self) -> tuple[str | None, int | None, TalkKind | None]:
        """The note, how many minutes it lasted, and what kind of talk it was."""
        return self.note.data, self.minutes.data, self.talk.data or None

    @property
    def read_by(self) -> NoteReaders:
        """Who reads the note, where it stands in a journal."""
        return NoteReaders(self.readers.data or NoteReaders.TEAM)


class PlaceForm(PortalForm):
    """Why the exact place is opened."""

    reason = Text(_("Why do you need it?"), [required()], scan=Scan.REFUSE)
