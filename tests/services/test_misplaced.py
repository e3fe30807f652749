"""A note in the wrong case: put aside by one, taken out or left by a second person (R-820 to R-823)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow, Stale
from portal.core.kinds import ContactMode, ContactResult, NeedArea, TeamScope
from portal.core.messages import MessageKind
from portal.core.notes import AsideState, NoteAside, NoteReaders, TalkKind, TookPart, WrongCase
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.cases import Unfinished
from portal.domain.misplaced import MOST_ASIDE, Held
from portal.domain.notes import NoteFacts
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Note, NotePin, TeamMember
from portal.models.children import NoteChild
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.misplaced import NoteMisplacement
from portal.services import cases, children, closing, misplaced, notes, pins
from portal.services.children import ChildRecord
from portal.services.misplaced import Wish
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
LATER = NOW + timedelta(minutes=5)
TAGS = (Audit.NOTE_PUT_ASIDE, Audit.NOTE_CALLED_BACK, Audit.NOTE_LEFT, Audit.NOTE_TAKEN_OUT, Audit.NOTE_MOVED_IN)
OTHER = "the other one"
SECRET = "Hun fortalte om sin søn i Vejle."
FACTS = NoteFacts(talk=TalkKind.SUPPORT, took_part=[TookPart.HER, TookPart.INTERPRETER], readers=NoteReaders.HOUSE)


@dataclass
class Story:
    """A tired worker with two cases, a colleague on the wrong one, and the note."""

    member: Any
    colleague: Any
    case: Case
    other: Case
    note: Note

    @property
    def asker(self) -> Actor:
        return actor_of(self.member)

    @property
    def second(self) -> Actor:
        return actor_of(self.colleague)

    def ask(self, number: str | None = OTHER, **more: Any) -> NoteMisplacement:
        wish = Wish(WrongCase.WRONG_CASE, self.other.reference if number == OTHER else number, **more)
        return misplaced.put_aside(self.case, self.note, wish, actor=self.asker, now=LATER)

    def act(self, action: str, who: Actor) -> None:
        given: dict[str, Any] = {"actor": who, "now": LATER + timedelta(minutes=1)}
        if action == "leave":
            misplaced.leave(self.case, self.note, "Det er hende.", **given)
        elif action == "name_another":
            misplaced.name_another(self.case, self.note, None, **given)
        else:
            getattr(misplaced, action)(self.case, self.note, **given)


def make_story(**note: Any) -> Story:
    member = make_member()
    colleague = make_member(Role.CONTACT_PERSON, member.organisation)
    case, other = make_case(member, now=NOW), make_case(member, now=NOW)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(member), now=NOW)
    given = {"text": SECRET, "facts": FACTS, "themes": [NeedArea.HOUSING]} | note
    written = notes.write_note(case, actor=actor_of(member), now=NOW, happened_at=NOW - timedelta(days=2), **given)
    return Story(member, colleague, case, other, written)


def said(note: Note) -> tuple[Any, ...]:
    return (
        note.text, note.mode, note.result, note.minutes, note.talk, list(note.took_part), list(note.themes),
        note.enrolment_id, note.counselling_id, note.corrects_id,
    )  # fmt: skip


def tags(case: Case) -> list[Audit]:
    rows = sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id, AuditEntry.action.in_(TAGS))
    return list(db.session.scalars(rows.order_by(AuditEntry.id)))


def waiting(case: Case) -> list[tuple[DeadlineState, int | None]]:
    rows = sa.select(Deadline.state, Deadline.owner_id).where(
        Deadline.case_id == case.id, Deadline.kind == DeadlineKind.NOTE_ASIDE
    )
    return [tuple(row) for row in db.session.execute(rows)]


def raw(table: str, column: str, key: int) -> Any:
    return db.session.scalar(sa.text(f"SELECT {column} FROM {table} WHERE id = {key}"))


def test_put_aside_nothing_of_it_stands_in_the_case() -> None:
    story = make_story()
    row = story.ask(remark="Hun har samme fornavn.")
    assert said(story.note) == (None, None, None, None, None, [], [], None, None, None)
    assert (story.note.aside, raw("note", "text", story.note.id)) == (NoteAside.WAITS, None)
    assert (row.length, row.reason, row.target_case_id) == (len(SECRET), WrongCase.WRONG_CASE, story.other.id)
    held = Held.read(row.held or {})
    assert (held.text, held.talk, held.themes) == (SECRET, "support", ["housing"])
    assert SECRET.encode() not in bytes(raw("note_misplacement", "held", row.id))
    assert waiting(story.case) == [(DeadlineState.OPEN, story.colleague.user_id)]
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.SECOND_PERSON_NEEDED)
    assert db.session.scalars(told).all() == [story.colleague.user_id]
    assert tags(story.case) == [Audit.NOTE_PUT_ASIDE]


def test_a_yes_writes_it_where_it_belongs_and_leaves_a_shell() -> None:
    story = make_story()
    row = story.ask()
    story.act("take_out", story.second)
    assert said(story.note) == (None, None, None, None, None, [], [], None, None, None)
    assert (story.note.aside, story.note.author_id) == (NoteAside.OUT, story.member.user_id)
    assert (row.state, row.held, row.remark, row.target_case_id) == (AsideState.TAKEN_OUT, None, None, None)
    assert (row.asked_by_id, row.decided_by_id) == (story.member.user_id, story.colleague.user_id)
    assert raw("note_misplacement", "held", row.id) is raw("note", "text", story.note.id) is None
    moved = db.session.scalars(sa.select(Note).where(Note.case_id == story.other.id)).one()
    assert said(moved) == (
        SECRET, None, None, None, TalkKind.SUPPORT, ["her", "interpreter"], ["housing"], None, None, None,
    )  # fmt: skip
    assert (moved.author_id, moved.organisation_id) == (story.note.author_id, story.note.organisation_id)
    assert (moved.happened_at, moved.written_at) == (story.note.happened_at, story.note.written_at)
    assert (moved.readers, moved.is_moved_in, moved.aside) == (NoteReaders.HOUSE, True, None)
    assert tags(story.case) == [Audit.NOTE_PUT_ASIDE, Audit.NOTE_TAKEN_OUT]
    assert tags(story.other) == [Audit.NOTE_MOVED_IN]
    assert [state for state, _owner in waiting(story.case)] == [DeadlineState.DONE]
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.NOTE_DECIDED)
    assert db.session.scalars(told).all() == [story.member.user_id]


def test_nowhere_means_that_it_is_gone() -> None:
    story = make_story()
    story.ask(None)
    story.act("take_out", story.second)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Note)) == 1
    assert (story.note.aside, story.note.text) == (NoteAside.OUT, None)


@pytest.mark.parametrize(("action", "state"), [("call_back", "called_back"), ("leave", "left")])
def test_called_back_or_left_it_stands_again_as_it_was(action: str, state: str) -> None:
    story = make_story()
    given: Any = {"actor": story.asker, "now": NOW}
    child = children.add(story.case, ChildRecord(name="Bo", birth_year=2019), **given)
    children.link_note(story.case, story.note, [child], was_spoken_with=True, **given)
    spoken_on = child.last_spoken_on
    pins.pin(story.case, story.note, **given)
    before = said(story.note)
    row = story.ask(remark="x")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NotePin)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NoteChild)) == 0
    assert spoken_on is not None and child.last_spoken_on is None
    story.act(action, story.asker if action == "call_back" else story.second)
    assert (said(story.note), story.note.aside) == (before, None)
    assert child.last_spoken_on == spoken_on
    assert db.session.scalar(sa.select(NotePin.pinned_by_id)) == story.member.user_id
    assert (row.state, row.held, row.remark) == (AsideState(state), None, None)
    assert row.answer == ("Det er hende." if action == "leave" else None)
    # It can be asked about anew.
    story.ask()
    assert story.note.aside is NoteAside.WAITS


PEOPLE = ("asker", "colleague", "part", "volunteer", "stranger")
ACTIONS = ("put_aside", "call_back", "name_another", "leave", "take_out")
STATES = ("standing", "asked", "called_back", "left", "taken_out")


def expected(action: str, state: str, who: str) -> type[Exception] | None:
    """The second copy of who does what when."""
    hers = who == "asker" if action in ("call_back", "name_another") else who == "colleague"
    if action == "put_aside":
        works = who in ("asker", "colleague")
        return Forbidden if not works else NotNow if state in ("asked", "taken_out") else None
    if who not in ("asker", "colleague"):
        # Nobody else gets as far as the moment, but for calling back what does not wait.
        return NotNow if action == "call_back" and state in ("standing", "called_back", "left") else Forbidden
    if state in ("standing", "called_back", "left"):
        return NotNow
    return Forbidden if not hers else None if state == "asked" else NotNow


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_who_does_what_when(action: str, state: str) -> None:
    for who in PEOPLE:
        story = make_story()
        part = make_member(Role.MUNICIPAL_ADVISER)
        db.session.add(
            TeamMember(
                case_id=story.case.id,
                user_id=part.user_id,
                membership_id=part.id,
                organisation_id=part.organisation_id,
                scope=TeamScope.MUNICIPAL,
                joined_at=NOW,
            )
        )
        if state != "standing":
            story.ask()
        if state in ("called_back", "left", "taken_out"):
            verb = {"called_back": "call_back", "left": "leave", "taken_out": "take_out"}[state]
            story.act(verb, story.asker if verb == "call_back" else story.second)
        people = {
            "asker": story.asker,
            "colleague": story.second,
            "part": actor_of(part),
            "volunteer": actor_of(make_member(Role.VOLUNTEER, story.member.organisation)),
            "stranger": actor_of(make_member(Role.CONTACT_PERSON, story.member.organisation)),
        }

        def act(story: Story = story, actor: Actor = people[who]) -> None:
            if action == "put_aside":
                wish = Wish(WrongCase.NOT_TO_KEEP)
                misplaced.put_aside(story.case, story.note, wish, actor=actor, now=LATER)
            else:
                story.act(action, actor)

        refused = expected(action, state, who)
        if refused is None:
            act()
        else:
            with pytest.raises(refused):
                act()


def test_one_answer_for_every_number_that_is_not_hers_to_name() -> None:
    story = make_story()
    stranger, closed = make_case(make_member()), make_case(story.member, now=NOW)
    closing.close_case(closed, Unfinished(), actor=story.asker, now=NOW)
    left = make_case(story.member, now=NOW)
    place = sa.select(TeamMember).where(TeamMember.case_id == left.id)
    db.session.scalars(place).one().scope = TeamScope.MUNICIPAL
    numbers = ("2031-9999", "x", stranger.reference, closed.reference, left.reference)
    for number in (*numbers, story.case.reference, story.other.lead_reference):
        with pytest.raises(Invalid, match="Du arbejder ikke i en åben sag med det nummer") as refused:
            story.ask(number)
        assert refused.value.field == "number"
    assert story.note.aside is None


def test_whoever_asked_works_in_the_other_case_no_more() -> None:
    story = make_story()
    story.ask()
    place = sa.select(TeamMember).where(TeamMember.case_id == story.other.id)
    db.session.scalars(place).one().ended_at = LATER
    db.session.flush()
    with pytest.raises(NotNow, match="arbejder ikke længere i den"):
        story.act("take_out", story.second)
    assert story.note.aside is NoteAside.WAITS
    again = make_case(story.member, now=NOW)
    misplaced.name_another(story.case, story.note, again.reference, actor=story.asker, now=LATER)
    story.act("take_out", story.second)
    assert db.session.scalars(sa.select(Note.text).where(Note.case_id == again.id)).all() == [SECRET]


def test_the_other_case_is_closed_meanwhile_and_the_wrong_one_may_be() -> None:
    story = make_story()
    nothing = Unfinished()
    closing.close_case(story.case, nothing, actor=story.asker, now=NOW)
    story.ask()
    assert waiting(story.case)[0][0] is DeadlineState.OPEN
    closing.close_case(story.other, nothing, actor=story.asker, now=LATER)
    with pytest.raises(NotNow, match="lukket"):
        story.act("take_out", story.second)
    misplaced.name_another(story.case, story.note, None, actor=story.asker, now=LATER)
    story.act("take_out", story.second)
    assert story.note.aside is NoteAside.OUT


def test_a_case_that_is_closed_while_a_note_waits_keeps_its_row_on_the_list() -> None:
    story = make_story()
    story.ask()
    closing.close_case(story.case, Unfinished(), actor=story.asker, now=LATER)
    assert waiting(story.case)[0][0] is DeadlineState.OPEN


def test_a_yes_to_something_else_than_was_asked_is_too_old() -> None:
    story = make_story()
    row = story.ask()
    seen = row.version
    story.act("name_another", story.asker)
    with pytest.raises(Stale):
        misplaced.take_out(story.case, story.note, actor=story.second, now=LATER, version=seen)
    misplaced.take_out(story.case, story.note, actor=story.second, now=LATER, version=row.version)
    assert story.note.aside is NoteAside.OUT


def test_a_no_says_why() -> None:
    story = make_story()
    story.ask()
    with pytest.raises(Invalid) as refused:
        misplaced.leave(story.case, story.note, "  ", actor=story.second, now=LATER)
    assert refused.value.field == "answer"


def test_a_correction_that_is_put_aside_corrects_nothing_and_one_of_a_note_that_is_gone_stays() -> None:
    story = make_story()
    given: Any = {"actor": story.asker, "now": NOW}
    correction = notes.write_note(story.case, text="Det var i går.", corrects=story.note, **given)
    wish = Wish(WrongCase.WRONG_CASE, story.other.reference)
    misplaced.put_aside(story.case, correction, wish, actor=story.asker, now=LATER)
    assert correction.corrects_id is None
    misplaced.call_back(story.case, correction, actor=story.asker, now=LATER)
    assert correction.corrects_id == story.note.id
    story.ask(None)
    story.act("take_out", story.second)
    assert (correction.text, correction.corrects_id) == ("Det var i går.", story.note.id)
    misplaced.put_aside(story.case, correction, wish, actor=story.asker, now=LATER)
    misplaced.take_out(story.case, correction, actor=story.second, now=LATER)
    moved = db.session.scalars(sa.select(Note).where(Note.case_id == story.other.id)).one()
    assert (moved.text, moved.corrects_id) == ("Det var i går.", None)


def test_an_undone_contact_is_only_taken_out_and_what_undoes_it_is_no_note_of_its_own() -> None:
    story = make_story()
    given: Any = {"actor": story.asker, "now": utc_now()}
    slip = notes.log_contact(
        story.case, mode=ContactMode.PHONE, result=ContactResult.REACHED, text="Hun er i Vejle.", **given
    )
    undone = notes.undo_contact(story.case, slip, **given)
    for one in (slip, undone):
        wish = Wish(WrongCase.WRONG_CASE, story.other.reference)
        with pytest.raises(NotNow):
            misplaced.put_aside(story.case, one, wish, actor=story.asker, now=LATER)
    misplaced.put_aside(story.case, slip, Wish(WrongCase.WRONG_CASE), actor=story.asker, now=LATER)
    misplaced.take_out(story.case, slip, actor=story.second, now=LATER)
    assert (slip.text, slip.aside) == (None, NoteAside.OUT)


def test_so_many_wait_at_once_and_no_more() -> None:
    story = make_story()
    for number in range(MOST_ASIDE):
        one = notes.write_note(story.case, text=f"{number}", actor=story.asker, now=NOW)
        misplaced.put_aside(story.case, one, Wish(WrongCase.WRONG_CASE), actor=story.asker, now=LATER)
    with pytest.raises(NotNow, match="Ti notater"):
        story.ask()


def test_while_nobody_else_works_with_the_whole_case_whoever_asked_sees_that_it_waits() -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    note = notes.write_note(case, text=SECRET, actor=actor_of(member), now=NOW)
    misplaced.put_aside(case, note, Wish(WrongCase.SOMEBODY_ELSE), actor=actor_of(member), now=LATER)
    assert waiting(case) == [(DeadlineState.OPEN, member.user_id)]
    colleague = make_member(Role.CONTACT_PERSON, member.organisation)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(member), now=LATER)
    misplaced.take_out(case, note, actor=actor_of(colleague), now=LATER)
    assert note.aside is NoteAside.OUT


def test_the_database_keeps_a_note_that_is_put_aside_empty() -> None:
    story = make_story()
    story.ask()
    story.note.text = SECRET
    with pytest.raises(sa.exc.IntegrityError, match="empty_aside"):
        db.session.flush()
