"""R-812: at most three notes stand first, also when two pin at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.db import db, transaction
from portal.domain.cases import Unfinished
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Note, NotePin
from portal.services import closing, notes, pins
from tests.factories.people import actor_of, make_case, make_member

NOW = utc_now()


def pinned() -> list[str | None]:
    rows = sa.select(Note).join(NotePin, NotePin.note_id == Note.id).order_by(Note.id)
    return [note.text for note in db.session.scalars(rows)]


def written(case: Case, actor: Any, *texts: str) -> list[Note]:
    return [notes.write_note(case, text=text, actor=actor, now=NOW) for text in texts]


@pytest.mark.usefixtures("session")
def test_three_stand_first_and_a_fourth_waits_for_one_to_go() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    rows = written(case, actor, "a", "b", "c", "d")
    who: Any = {"actor": actor, "now": NOW}
    assert [pins.pin(case, note, **who) for note in rows[:3]] == [True] * 3
    assert not pins.pin(case, rows[0], **who)
    with pytest.raises(NotNow):
        pins.pin(case, rows[3], **who)
    assert pins.unpin(case, rows[1], **who)
    assert not pins.unpin(case, rows[1], **who)
    assert pins.pin(case, rows[3], **who)
    assert pinned() == ["a", "c", "d"]
    tags = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert (tags.count(Audit.NOTE_PINNED), tags.count(Audit.NOTE_UNPINNED)) == (4, 1)


@pytest.mark.usefixtures("session")
def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    (first,) = written(case, actor, "Ring kun om formiddagen.")
    pins.pin(case, first, actor=actor, now=NOW)
    notes.write_note(case, text="Ring kun om aftenen.", corrects=first, actor=actor, now=NOW)
    assert pinned() == ["Ring kun om aftenen."]


@pytest.mark.usefixtures("session")
def test_nobody_pins_in_a_closed_case_or_without_writing_in_it() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    (note,) = written(case, actor, "a")
    volunteer = actor_of(make_member(Role.VOLUNTEER))
    for move in (pins.pin, pins.unpin):
        with pytest.raises(Forbidden):
            move(case, note, actor=volunteer, now=NOW)
    closing.close_case(case, Unfinished(), actor=actor, now=NOW)
    for move in (pins.pin, pins.unpin):
        with pytest.raises(NotNow):
            move(case, note, actor=actor, now=NOW)
    assert pinned() == []


def test_of_two_who_pin_at_once_the_fourth_is_told_to_wait(app: Flask, committed: Session) -> None:
    with transaction():
        member = make_member()
        case, actor = make_case(member, now=NOW), actor_of(member)
        ids = [note.id for note in written(case, actor, "a", "b", "c", "d")]
        case_id = case.id
        for note_id in ids[:2]:
            pins.pin(case, db.session.get_one(Note, note_id), actor=actor, now=NOW)

    def pin(note_id: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    case = db.session.get_one(Case, case_id)
                    return pins.pin(case, db.session.get_one(Note, note_id), actor=actor, now=NOW)
            except NotNow:
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(pin, ids[2:])) == [False, True]
    assert committed.scalar(sa.select(sa.func.count()).select_from(NotePin)) == 3
