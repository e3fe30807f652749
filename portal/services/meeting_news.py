"""News of a meeting for the one who holds it."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.models.meetings import Meeting
from portal.services import messages


def tell_holder(meeting: Meeting, occasion: str, *, actor: Actor, now: datetime) -> None:
    """Tell the one who holds it that somebody else has changed it: once for each occasion and version."""
    if meeting.responsible_id == actor.user_id:
        return
    messages.notify(
        MessageKind.MEETING_CHANGED,
        meeting.responsible_id,
        SubjectType.MEETING,
        meeting.public_id,
        dedupe_key=f"{occasion}:{meeting.public_id}:{meeting.version}",
        actor=actor,
        now=now,
        case_id=meeting.case_id,
    )
