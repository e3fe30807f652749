"""What is written about a meeting with her: a note of the journal, read and corrected as every other (R-824)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.core.notes import NoteReaders
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.models.cases import Case
from portal.models.meetings import Meeting
from portal.queries import children as child_queries
from portal.queries import meetings as queries
from portal.queries import notes as note_queries
from portal.services import notes


def add(
    meeting: Meeting,
    text: str | None,
    readers: NoteReaders = NoteReaders.TEAM,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write about a meeting: in the journal where it is with her, beside the meeting where it is about nobody (R-824).

    What stands there already stays: the new text is its correction (R-116). Raises Forbidden for whoever does not
    write in the case, NotNow in a closed one.
    """
    if not text:
        return
    if meeting.case_id is None:
        meeting.note = text
        return
    if not queries.sees_case(actor, meeting.case_id):
        raise Forbidden
    case, before = db.session.get_one(Case, meeting.case_id), note_queries.find_of_meeting(actor, meeting.id)
    if before is not None:
        facts = replace(notes.facts_of(before), readers=readers)
        notes.write_note(case, text=text, corrects=before, facts=facts, actor=actor, now=now)
    else:
        notes.write_note(
            case,
            text=text,
            # One may write while it still runs, on the day from the morning on.
            happened_at=min(meeting.starts_at, now),
            enrolment_id=meeting.enrolment_id,
            meeting_id=meeting.id,
            about=child_queries.list_of_meeting(meeting.id),
            facts=NoteFacts(readers=readers),
            actor=actor,
            now=now,
        )
    # Who has its page open learns that something has been written meanwhile.
    flag_modified(meeting, "starts_at")
