"""What has been in a case: the notes and logged contacts of it, as one part of the whole."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.models.cases import Note, NotePin
from portal.models.children import NoteChild
from portal.models.enrolments import Enrolment
from portal.models.misplaced import NoteMisplacement
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.queries.misplaced import STANDING
from portal.queries.notes import readable
from portal.queries.past_parts import cells, children_of
from portal.queries.slips import slip


def notes(actor: Actor, case_id: int) -> sa.Select[Any]:
    """Notes and contacts that are written for the actor too (R-811); of what was put aside, that it was (R-820)."""
    asker, decider, first = aliased(User), aliased(User), aliased(Note)
    return (
        sa.select(*_cells(actor, asker, decider, first))
        .join(User, User.id == Note.author_id)
        .outerjoin(first, first.id == Note.corrects_id)
        .outerjoin(NotePin, NotePin.note_id == Note.id)
        .outerjoin(NoteMisplacement, sa.and_(NoteMisplacement.note_id == Note.id, NoteMisplacement.state.in_(STANDING)))
        .outerjoin(asker, asker.id == NoteMisplacement.asked_by_id)
        .outerjoin(decider, decider.id == NoteMisplacement.decided_by_id)
        .outerjoin(Enrolment, Enrolment.id == Note.enrolment_id)
        .outerjoin(Offer, Offer.id == Enrolment.offer_id)
        .outerjoin(Programme, Programme.id == Offer.programme_id)
        .where(Note.case_id == case_id, sa.or_(readable(actor), Note.aside.is_not(None)))
    )


def _cells(actor: Actor, asker: Any, decider: Any, first: Any) -> list[Any]:
    return cells(
        "note",
        Note.happened_at,
        Note.id,
        public_id=Note.public_id,
        what=Note.mode,
        outcome=Note.result,
        minutes=Note.minutes,
        themes=Note.themes,
        text=Note.text,
        who=User.name,
        corrects=first.happened_at,
        corrected=_corrected(actor),
        slip=slip(),
        written=Note.written_at,
        talk=Note.talk,
        took_part=Note.took_part,
        readers=Note.readers,
        pinned=NotePin.note_id.is_not(None),
        moved=Note.is_moved_in,
        of_meeting=Note.meeting_id.is_not(None),
        **_beside(asker, decider),
        children=children_of(NoteChild, Note.id),
        name_da=Programme.name_da,
        name_en=Programme.name_en,
    )


def _corrected(actor: Actor) -> Any:
    """When a note was corrected the last time, by one that the actor reads."""
    later = aliased(Note)
    stands = sa.and_(later.corrects_id == Note.id, later.aside.is_(None), ~later.is_withdrawal)
    return sa.select(sa.func.max(later.written_at)).where(stands, readable(actor, later)).scalar_subquery()


def _beside(asker: Any, decider: Any) -> dict[str, Any]:
    """What stands in the place of a note that was put aside: by whom and why, and nothing of what it said."""
    return {
        "aside": Note.aside,
        "because": NoteMisplacement.reason,
        "asked_by": asker.name,
        "decided_by": decider.name,
        "decided": NoteMisplacement.decided_at,
    }
