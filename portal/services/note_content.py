"""What a note says: taken out of it, put back, or written in the case where it belongs (R-820, R-822, R-823)."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.kinds import ContactMode, ContactResult
from portal.core.notes import NoteAside, TalkKind
from portal.core.states import CaseState
from portal.db import db
from portal.domain.misplaced import Held
from portal.models.cases import Case, Note
from portal.queries import misplaced as queries
from portal.services import case_marks, note_children, notes, pins, silence
from portal.wall import as_system


def hold_cases(ids: Sequence[int]) -> None:
    """Hold these cases until the transaction ends, one after the other. The second person may not see the other one."""
    with as_system():
        db.session.execute(sa.select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())


def take(case: Case, note: Note, *, actor: Actor, now: datetime) -> Held:
    """Take all that a note says out of it, so that nobody reads it and it counts nowhere (R-820)."""
    pinned_by_id = pins.take_off(note)
    children = note_children.take_off(case, note, actor=actor, now=now)
    held = Held(
        text=note.text,
        mode=note.mode,
        result=note.result,
        minutes=note.minutes,
        talk=note.talk,
        took_part=list(note.took_part),
        themes=list(note.themes),
        enrolment_id=note.enrolment_id,
        counselling_id=note.counselling_id,
        meeting_id=note.meeting_id,
        corrects_id=note.corrects_id,
        children=children,
        pinned_by_id=pinned_by_id,
    )
    _write(note, Held())
    note.aside = NoteAside.WAITS
    db.session.flush()
    return held


def put_back(case: Case, note: Note, held: Held, *, actor: Actor, now: datetime) -> None:
    """The note says again what it said, and stands where it stood."""
    before = silence.since(case.id)
    note.aside = None
    _write(note, held)
    note.enrolment_id, note.counselling_id = held.enrolment_id, held.counselling_id
    note.meeting_id, note.corrects_id = held.meeting_id, held.corrects_id
    db.session.flush()
    note_children.put_back(case, note, held.children, actor=actor, now=now)
    if held.pinned_by_id is not None:
        pins.put_back(case, note, pinned_by_id=held.pinned_by_id, now=now)
    if held.has_reached_her and case.state is CaseState.OPEN:
        silence.has_moved(case, before, actor=actor, now=now)


def move_in(case_id: int, note: Note, held: Held, *, actor: Actor, now: datetime) -> None:
    """Write the note where it belongs: by the same author, of the same hour, entered when it was (R-822).

    Her children, courses and counselling are another's and stay behind. The text is sealed by the key of that case.
    """
    with as_system():
        case = db.session.get_one(Case, case_id)
        before = silence.since(case_id)
        moved = Note(
            case_id=case_id,
            author_id=note.author_id,
            organisation_id=note.organisation_id,
            happened_at=note.happened_at,
            is_day_only=note.is_day_only,
            written_at=note.written_at,
            readers=note.readers,
            is_moved_in=True,
        )
        _write(moved, held)
        db.session.add(moved)
        db.session.flush()
        if held.has_reached_her:
            silence.has_moved(case, before, actor=actor, now=now)
        case_marks.record(Audit.NOTE_MOVED_IN, case, actor=actor, now=now)
        db.session.flush()


def gone(case: Case, note: Note, held: Held) -> None:
    """What the note took off the work lists stands there again, unless somebody has reached her since (R-823)."""
    if case.state is not CaseState.OPEN:
        return
    note_children.not_spoken_after_all(case, held.children)
    if not held.has_reached_her or queries.has_reached_since(case, note):
        return
    silence.holds_again(case)
    if held.result == ContactResult.REACHED:
        notes.put_back(case, note, held.enrolment_id)


def _write(note: Note, held: Held) -> None:
    """Let a note say this, but for what only its own case knows."""
    note.text, note.minutes = held.text, held.minutes
    note.mode = ContactMode(held.mode) if held.mode else None
    note.result = ContactResult(held.result) if held.result else None
    note.talk = TalkKind(held.talk) if held.talk else None
    note.took_part, note.themes = list(held.took_part), list(held.themes)
    note.enrolment_id = note.counselling_id = note.meeting_id = note.corrects_id = None
