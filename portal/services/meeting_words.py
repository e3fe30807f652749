"""What is written about a meeting: with her, in her journal; about a group or before a decision, with the meeting."""

from datetime import datetime

from portal.core.actor import Actor
from portal.models.meetings import Meeting
from portal.queries import meetings as queries
from portal.services import notes


def keep(meeting: Meeting, text: str | None, *, actor: Actor, now: datetime) -> None:
    """Keep what somebody wrote about a meeting, at the time of the meeting; nothing where nothing was written (R-824).

    In the journal it is a note like any other: read by all who read there, corrected by another note, never written
    over. Raises NotNow in a closed case.
    """
    if not text:
        return
    case = queries.find_journal(actor, meeting)
    if case is None:
        meeting.note = text
        return
    notes.write_note(
        case,
        text=text,
        # It may be registered in the morning of its day.
        happened_at=min(meeting.starts_at, now),
        enrolment_id=meeting.enrolment_id,
        about=queries.list_children(meeting),
        actor=actor,
        now=now,
    )
