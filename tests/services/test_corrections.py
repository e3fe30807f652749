"""R-826: a correction keeps what it does not say anew; a child's note never comes to its brother or sister by it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import at_local
from portal.core.enums import Role
from portal.core.kinds import NeedArea, TrackKind
from portal.core.notes import NoteReaders, TalkKind, TookPart
from portal.db import db
from portal.domain.cases import lens
from portal.domain.disclosure import Relation
from portal.domain.notes import NoteFacts
from portal.models.cases import Case, Note
from portal.models.children import Child, NoteChild
from portal.queries import case_timeline
from portal.services import children, notes
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BEFORE = NOW - timedelta(days=3)
pytestmark = pytest.mark.usefixtures("session")
FACTS = NoteFacts(talk=TalkKind.CHILD, took_part=[TookPart.NETWORK], readers=NoteReaders.HOUSE)


class Story:
    """A case with a course and two children, and a note about the first."""

    def __init__(self, **said: Any) -> None:
        member, self.course = make_enrolment(TrackKind.CTI, is_started=True)
        self.by: dict[str, Any] = {"actor": actor_of(member), "now": NOW}
        self.case = db.session.get_one(Case, self.course.case_id)
        self.children = [children.add(self.case, ChildRecord(birth_year=2015), **self.by) for _number in range(2)]
        given = {
            "about": self.children[:1],
            "was_spoken_with": True,
            "enrolment_id": self.course.id,
            "happened_at": BEFORE,
            "themes": [NeedArea.HOUSING],
            "facts": FACTS,
        }
        self.first = notes.write_note(self.case, text="Først.", **given | said, **self.by)

    def correct(self, **said: Any) -> Note:
        note = notes.write_note(self.case, text="Rettet.", corrects=self.first, **said, **self.by)
        db.session.expire(note)
        return note

    def about(self, note: Note) -> list[tuple[int, bool]]:
        rows = db.session.scalars(sa.select(NoteChild).where(NoteChild.note_id == note.id))
        return sorted((row.child_id, row.was_spoken_with) for row in rows)

    def texts(self, child: Child) -> set[str | None]:
        whole = lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)
        rows = case_timeline.list_past(self.by["actor"], self.case.id, whole, child_id=child.id, limit=100).rows
        return {row.text for row in rows if row.source == "note"}


def test_corrected_with_text_alone_it_keeps_all_that_the_first_one_said() -> None:
    story = Story()
    note = story.correct()
    assert (note.happened_at, note.is_day_only, note.enrolment_id) == (BEFORE, False, story.course.id)
    assert (note.talk, note.took_part, note.themes) == (TalkKind.CHILD, ["network"], ["housing"])
    assert note.readers is NoteReaders.HOUSE
    assert story.about(note) == [(story.children[0].id, True)]
    one, two = story.children
    assert (story.texts(one), story.texts(two)) == ({"Først.", "Rettet."}, set())


def test_what_it_says_anew_stands() -> None:
    story = Story()
    facts = NoteFacts(talk=TalkKind.MOTHER_CHILD, readers=NoteReaders.TEAM)
    note = story.correct(about=story.children[1:], enrolment_id=None, themes=(), facts=facts, happened_at=NOW)
    assert (note.happened_at, note.enrolment_id, note.themes) == (NOW, None, [])
    # Never read by more than what it corrects.
    assert (note.talk, note.readers) == (TalkKind.MOTHER_CHILD, NoteReaders.HOUSE)
    assert story.about(note) == [(story.children[1].id, False)]


def test_children_some_of_whom_were_spoken_with_are_kept_as_they_were() -> None:
    story = Story(about=[], was_spoken_with=False)
    one, two = story.children
    children.link_note(story.case, story.first, [one], was_spoken_with=True, **story.by)
    children.link_note(story.case, story.first, [two], was_spoken_with=False, **story.by)
    assert story.about(story.correct()) == sorted([(one.id, True), (two.id, False)])


def test_a_day_without_an_hour_stays_one_until_an_hour_is_said() -> None:
    noon = at_local(BEFORE.date(), time(12))
    story = Story(happened_at=noon, is_day_only=True)
    assert story.correct().is_day_only
    assert not story.correct(happened_at=BEFORE).is_day_only


def test_a_correction_of_a_correction_keeps_the_child_too() -> None:
    story = Story()
    story.first = story.correct()
    assert story.about(story.correct()) == [(story.children[0].id, True)]
    assert story.texts(story.children[1]) == set()


def test_a_note_of_the_family_stays_the_familys() -> None:
    member = make_member()
    case, by = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    first = notes.write_note(case, text="x", **by)
    note = notes.write_note(case, text="y", corrects=first, **by)
    assert (note.talk, note.enrolment_id, note.readers) == (None, None, NoteReaders.TEAM)
    assert db.session.scalars(sa.select(NoteChild)).all() == []
