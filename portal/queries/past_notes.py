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
from portal.queries.past_cells import OF_CASE, cells
from portal.queries.past_parts import children_of
from portal.queries.slips import slip


def notes(actor: Actor) -> sa.Select[Any]:
    """Notes and contacts that are written for the actor too (R-811); of what was put aside, that it was (R-820)."""
    asker, decider = aliased(User), aliased(User)
    before, writer = aliased(Note), aliased(User)
    return (
        sa.select(
            *cells(
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
                corrects=Note.corrects_id.is_not(None),
                slip=slip(),
                written=Note.written_at,
                **_facts(),
                **_corrected(actor, before, writer),
                **_beside(asker, decider),
                children=children_of(NoteChild, Note.id),
                name_da=Programme.name_da,
                name_en=Programme.name_en,
            )
        )
        .join(User, User.id == Note.author_id)
        .outerjoin(before, sa.and_(before.id == Note.corrects_id, before.aside.is_(None), readable(actor, before)))
        .outerjoin(writer, writer.id == before.author_id)
        .outerjoin(NotePin, NotePin.note_id == Note.id)
        .outerjoin(NoteMisplacement, sa.and_(NoteMisplacement.note_id == Note.id, NoteMisplacement.state.in_(STANDING)))
        .outerjoin(asker, asker.id == NoteMisplacement.asked_by_id)
        .outerjoin(decider, decider.id == NoteMisplacement.decided_by_id)
        .outerjoin(Enrolment, Enrolment.id == Note.enrolment_id)
        .outerjoin(Offer, Offer.id == Enrolment.offer_id)
        .outerjoin(Programme, Programme.id == Offer.programme_id)
        .where(Note.case_id == OF_CASE, sa.or_(readable(actor), Note.aside.is_not(None)))
    )


def _facts() -> dict[str, Any]:
    """What is said of a note beside its text."""
    return {
        "talk": Note.talk,
        "took_part": Note.took_part,
        "readers": Note.readers,
        "pinned": NotePin.note_id.is_not(None),
        "moved": Note.is_moved_in,
        "of_meeting": Note.meeting_id.is_not(None),
        "day_only": Note.is_day_only,
    }


def _corrected(actor: Actor, before: Any, writer: Any) -> dict[str, Any]:
    """Which note it corrects, and which one corrects it: as far as the actor reads the other one (R-825)."""
    later = aliased(Note)
    newest = (
        sa.select(later.public_id)
        .where(later.corrects_id == Note.id, ~later.is_withdrawal, readable(actor, later))
        .order_by(later.id.desc())
        .limit(1)
    )
    return {
        "corrects_id": before.public_id,
        "corrects_at": before.happened_at,
        "corrects_day": before.is_day_only,
        "corrects_who": writer.name,
        "corrected_by": newest.scalar_subquery(),
    }


def _beside(asker: Any, decider: Any) -> dict[str, Any]:
    """What stands in the place of a note that was put aside: by whom and why, and nothing of what it said."""
    return {
        "aside": Note.aside,
        "because": NoteMisplacement.reason,
        "asked_by": asker.name,
        "decided_by": decider.name,
        "decided": NoteMisplacement.decided_at,
    }
