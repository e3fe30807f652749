"""R-824: what is written about a meeting with her is a note of the journal, told once and never overwritten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow, Stale
from portal.core.kinds import TrackKind
from portal.core.notes import NoteReaders, WrongCase
from portal.core.states import MeetingState, RequestState
from portal.db import db
from portal.domain.cases import Unfinished, lens
from portal.domain.disclosure import Relation
from portal.models.cases import Case, Note
from portal.models.children import NoteChild
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.queries import case_timeline
from portal.queries import notes as queries
from portal.services import children, closing, meetings, misplaced, notes, team
from portal.services.children import ChildRecord
from portal.services.misplaced import Wish
from tests.factories.furnishing import make_volunteer_course
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
WHOLE = lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)


class Story:
    """A meeting two hours ago, about the one child of two."""

    def __init__(self) -> None:
        self.member = make_member()
        self.by: dict[str, Any] = {"actor": actor_of(self.member), "now": NOW}
        self.case = make_case(self.member, now=NOW - timedelta(days=1))
        self.children = [children.add(self.case, ChildRecord(birth_year=2015), **self.by) for _number in range(2)]
        ahead = timedelta(hours=-2)
        self.meeting = make_meeting(self.member, self.case, ahead=ahead, now=NOW, about=self.children[:1])

    def notes(self) -> list[Note]:
        return list(db.session.scalars(sa.select(Note).order_by(Note.id)))

    def seen_by(self, number: int) -> list[str | None]:
        child = self.children[number]
        rows = case_timeline.list_past(self.by["actor"], self.case.id, WHOLE, child_id=child.id, limit=100).rows
        return [row.text for row in rows if row.text]

    def stands(self, who: Membership | None = None) -> list[str | None]:
        actor = actor_of(who) if who else self.by["actor"]
        return [note.text for note in queries.list_of_meeting(actor, self.meeting.id, WHOLE)]


@pytest.fixture
def story() -> Story:
    return Story()


def test_it_stands_in_the_journal_of_the_meetings_hour_children_and_writer(story: Story) -> None:
    meetings.hold(story.meeting, "Aftalt bisidder.", **story.by)
    (note,) = story.notes()
    assert (note.text, note.happened_at, note.written_at) == ("Aftalt bisidder.", story.meeting.starts_at, NOW)
    assert (note.meeting_id, note.author_id, note.readers) == (story.meeting.id, story.member.user_id, NoteReaders.TEAM)
    assert story.meeting.note is None
    assert (story.seen_by(0), story.seen_by(1)) == (["Aftalt bisidder."], [])
    rows = case_timeline.list_past(story.by["actor"], story.case.id, WHOLE, limit=100).rows
    assert [(row.source, row.of_meeting) for row in rows if row.text] == [("note", True)]


def test_the_second_text_keeps_the_first_as_what_it_corrects(story: Story) -> None:
    meetings.hold(story.meeting, "Aftalt bisidder.", **story.by)
    meetings.write_note(story.meeting, "Ingen bisidder.", **story.by)
    meetings.write_note(story.meeting, "", **story.by)
    first, second = story.notes()
    assert (first.text, second.text, second.corrects_id) == ("Aftalt bisidder.", "Ingen bisidder.", first.id)
    assert second.meeting_id == story.meeting.id
    assert story.stands() == ["Ingen bisidder."]
    assert story.seen_by(1) == []
    # Corrected in the journal, it is still what stands about the meeting.
    notes.write_note(story.case, text="Bisidder: Anna.", corrects=second, about=story.children[:1], **story.by)
    assert story.stands() == ["Bisidder: Anna."]


def test_whoever_had_the_page_open_learns_that_something_was_written(story: Story) -> None:
    meetings.hold(story.meeting, **story.by)
    seen = story.meeting.version
    meetings.write_note(story.meeting, "Først.", version=seen, **story.by)
    with pytest.raises(Stale):
        meetings.write_note(story.meeting, "Sidst.", version=seen, **story.by)


def test_what_is_for_fewer_is_read_by_fewer_and_corrected_by_none_of_the_others(story: Story) -> None:
    colleague = make_member(organisation=story.member.organisation)
    team.join_team(story.case.id, colleague.user_id, actor=actor_of(colleague), now=NOW)
    meetings.hold(story.meeting, "Kun for os.", readers=NoteReaders.WORKER, **story.by)
    assert (story.stands(), story.stands(colleague)) == (["Kun for os."], [])
    meetings.write_note(story.meeting, "Mit indtryk.", actor=actor_of(colleague), now=NOW)
    assert [note.corrects_id for note in story.notes()] == [None, None]
    assert story.stands(colleague) == ["Mit indtryk."]


def test_what_a_reader_cannot_read_hides_nothing_from_her(story: Story) -> None:
    colleague = make_member(organisation=story.member.organisation)
    team.join_team(story.case.id, colleague.user_id, actor=actor_of(colleague), now=NOW)
    meetings.hold(story.meeting, "For alle.", **story.by)
    meetings.write_note(story.meeting, "For os to.", readers=NoteReaders.WORKER, **story.by)
    assert (story.stands(), story.stands(colleague)) == (["For os to."], ["For alle."])


def test_the_lens_that_keeps_the_journal_shut_keeps_this_shut(story: Story) -> None:
    meetings.hold(story.meeting, "Aftalt bisidder.", **story.by)
    shut = lens(Relation.CT, Role.MUNICIPAL_ADVISER, is_owner=False)
    stranger = actor_of(make_member())
    for seen in (shut, lens(Relation.XO, Role.CONTACT_PERSON, is_owner=False)):
        assert queries.list_of_meeting(stranger, story.meeting.id, seen) == []


def test_whoever_does_not_write_in_the_case_writes_nothing_about_the_meeting() -> None:
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    case = db.session.get_one(Case, course.case_id)
    meeting = make_meeting(coordinator, case, enrolment_id=course.id, ahead=timedelta(hours=-2))
    who: Any = {"actor": actor_of(coordinator), "now": utc_now()}
    with pytest.raises(Forbidden):
        meetings.hold(meeting, "Hun var ked af det.", **who)
    meetings.hold(meeting, **who)
    with pytest.raises(Forbidden):
        meetings.write_note(meeting, "Hun var ked af det.", **who)
    assert (meeting.state, meeting.note) == (MeetingState.HELD, None)
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 0


def test_nothing_is_written_in_a_closed_case(story: Story) -> None:
    meetings.hold(story.meeting, **story.by)
    closing.close_case(story.case, Unfinished(), **story.by)
    with pytest.raises(NotNow):
        meetings.write_note(story.meeting, "For sent.", **story.by)


def test_a_talk_before_the_decision_has_no_journal_and_keeps_its_note() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    meeting = make_meeting(made.intake, None, request_id=made.request.id, ahead=timedelta(hours=-2))
    meetings.hold(meeting, "Hun vil gerne.", actor=actor_of(made.intake), now=utc_now())
    assert (meeting.note, db.session.scalar(sa.select(sa.func.count(Note.id)))) == ("Hun vil gerne.", 0)


def test_what_was_written_before_stays_and_stands_with_the_meeting(story: Story) -> None:
    meetings.hold(story.meeting, **story.by)
    story.meeting.note = "Fra før."
    db.session.flush()
    meetings.write_note(story.meeting, "Nyt.", **story.by)
    assert story.meeting.note == "Fra før."
    assert sorted(filter(None, story.seen_by(0))) == ["Fra før.", "Nyt."]
    shut = lens(Relation.CT, Role.MUNICIPAL_ADVISER, is_owner=False)
    rows = case_timeline.list_past(actor_of(make_member()), story.case.id, shut, limit=100).rows
    assert [row.text for row in rows if row.text] == []


def test_put_aside_it_says_nothing_of_the_meeting_and_comes_back_to_it(story: Story) -> None:
    meetings.hold(story.meeting, "Om en anden.", **story.by)
    (note,) = story.notes()
    misplaced.put_aside(story.case, note, Wish(reason=WrongCase.SOMEBODY_ELSE), **story.by)
    assert (story.stands(), note.meeting_id) == ([], None)
    misplaced.call_back(story.case, note, **story.by)
    assert (story.stands(), note.meeting_id) == (["Om en anden."], story.meeting.id)


def test_a_meeting_that_runs_is_written_about_and_has_not_happened_later_than_now() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    meeting = make_meeting(member, case, ahead=timedelta(seconds=1), now=NOW)
    meetings.hold(meeting, "Hun er her nu.", actor=actor, now=NOW)
    happened: datetime = db.session.scalars(sa.select(Note.happened_at)).one()
    assert happened == NOW
    assert db.session.scalars(sa.select(NoteChild)).all() == []
    assert db.session.get_one(Meeting, meeting.id).note is None
