"""What is written in the journal: a note, or a contact in two taps."""

from datetime import datetime, time
from typing import Any

from wtforms import BooleanField

from portal.core.clock import at_local, local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.notes import NoteReaders, TalkKind, TookPart
from portal.domain.notes import NoteFacts
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.safety_questions import SafetyQuestions
from portal.web.texts import Text

MINUTES = (("5", "5"), ("15", "15"), ("30", "30"), ("60", "60"))


class SaidOfNote:
    """What is said of a note or a contact beside its text, for forms of both."""

    talk: Any = Pick(_("Kind of talk"), [optional()], kind=TalkKind, empty=_("No talk"))
    took_part: Any = Several(_("Who took part"), kind=TookPart)
    readers: Any = Radio(_("Who reads it"), [optional()], kind=NoteReaders, default=NoteReaders.TEAM.value)
    follow_up_on: Any = Day(_("Follow up on"), [optional()])

    @property
    def facts(self) -> NoteFacts:
        """What was said."""
        return NoteFacts(
            talk=self.talk.data or None,
            took_part=[TookPart(one) for one in self.took_part.data or ()],
            readers=self.readers.data or NoteReaders.TEAM,
            follow_up_on=self.follow_up_on.data,
        )

    @property
    def said(self) -> tuple[Any, ...]:
        """The four fields."""
        return self.talk, self.took_part, self.readers, self.follow_up_on


class NoteForm(SaidOfNote, SafetyQuestions, PortalForm):
    """A journal note."""

    text = Text(_("Note"), [required()], can_move=True)
    course = Pick(_("Belongs to the course"), [optional()])
    happened_on = Day(_("Day"), [optional()])
    happened_at = Clock(_("Time"), [optional()])
    themes = Several(_("About"), kind=NeedArea)
    about = Several(_("Which child is it about?"), choices=[])
    was_spoken_with = BooleanField(_("We spoke with the child itself"))

    def moment(self, now: datetime) -> dict[str, Any]:
        """When it happened, as it was said: a day alone has no hour. Nothing where nothing was said. Raises Invalid."""
        day = self.happened_on.data
        if self.happened_at.data is None:
            if day is None:
                return {}
            noon = at_local(day, time(12))
            return {"happened_at": min(noon, now) if day == local_date(now) else noon, "is_day_only": True}
        try:
            return {"happened_at": at_local(day or local_date(now), self.happened_at.data), "is_day_only": False}
        except ValueError as problem:
            raise Invalid(str(problem), field="happened_at") from problem


class ContactForm(SaidOfNote, SafetyQuestions, PortalForm):
    """A contact in two taps: what came of it, and how long it took."""

    result = Radio(_("Result"), [required()], kind=ContactResult)
    mode = Pick(_("How"), [required()], kind=ContactMode)
    course = Pick(_("Belongs to the course"), [optional()])
    quick = Radio(_("Minutes"), [optional()], choices=MINUTES)
    minutes = Whole(_("Other number of minutes"), [optional()], low=0, high=1440)
    themes = Several(_("About"), kind=NeedArea)
    about = Several(_("Which child is it about?"), choices=[])
    was_spoken_with = BooleanField(_("We spoke with the child itself"))
    text = Text(_("A few words"), [optional()], can_move=True)
    # Asked only where what she has said is older than thirty days.
    still_safe = BooleanField(_("Still safe: she says so today"))

    @property
    def was_reached(self) -> bool:
        """Whether somebody has spoken with her."""
        return bool(self.result.data is ContactResult.REACHED)

    @property
    def spent(self) -> int | None:
        """The minutes, typed or tapped."""
        if self.minutes.data is not None:
            return int(self.minutes.data)
        return int(self.quick.data) if self.quick.data else None
