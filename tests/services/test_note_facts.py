"""R-811, R-813, R-814: what is said of a note beside its text."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.kinds import ContactMode, ContactResult
from portal.core.notes import NoteReaders, TalkKind, TookPart
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.notes import NoteFacts, may_come_back, narrower
from portal.models.cases import Note
from portal.models.deadlines import Deadline
from portal.services import deadlines, meetings, notes
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)
TEAM, HOUSE, WORKER = NoteReaders


@pytest.fixture
def world() -> dict[str, Any]:
    member = make_member()
    return {"case": make_case(member, now=NOW), "actor": actor_of(member), "now": NOW, "member": member}


def write(world: dict[str, Any], **values: Any) -> Note:
    given = {name: world[name] for name in ("actor", "now")}
    return notes.write_note(world["case"], text="Talt om skolen.", **given, **values)


@pytest.mark.parametrize(
    ("of_first", "asked_for", "given"),
    [(TEAM, TEAM, TEAM), (TEAM, WORKER, WORKER), (HOUSE, TEAM, HOUSE), (WORKER, TEAM, WORKER), (WORKER, HOUSE, WORKER)],
)
def test_a_correction_is_read_by_no_more_than_what_it_corrects(
    world: dict[str, Any], of_first: NoteReaders, asked_for: NoteReaders, given: NoteReaders
) -> None:
    first = write(world, facts=NoteFacts(readers=of_first))
    assert write(world, corrects=first, facts=NoteFacts(readers=asked_for)).readers is given
    assert narrower(asked_for, of_first) is given


@pytest.mark.parametrize("talk", TalkKind)
def test_it_says_what_kind_of_talk_it_was_and_who_was_there(world: dict[str, Any], talk: TalkKind) -> None:
    facts = NoteFacts(talk=talk, took_part=[TookPart.HER, TookPart.INTERPRETER])
    note = write(world, facts=facts)
    db.session.expire(note)
    assert (note.talk, note.took_part) == (talk, ["her", "interpreter"])


@pytest.mark.parametrize("talk", [None, *TalkKind])
def test_a_held_meeting_says_so_too_and_takes_it_back(world: dict[str, Any], talk: TalkKind | None) -> None:
    meeting = make_meeting(world["member"], world["case"])
    meetings.hold(meeting, talk=TalkKind.CHILD, actor=world["actor"], now=NOW)
    assert meeting.talk is TalkKind.CHILD
    meetings.write_note(meeting, "Kort.", talk, actor=world["actor"], now=NOW)
    db.session.expire(meeting)
    assert meeting.talk is talk


def test_the_day_to_come_back_stands_on_the_writers_own_list(world: dict[str, Any]) -> None:
    day = TODAY + timedelta(days=9)
    note = notes.log_contact(
        world["case"],
        mode=ContactMode.PHONE,
        result=ContactResult.NOT_REACHED,
        facts=NoteFacts(follow_up_on=day),
        actor=world["actor"],
        now=NOW,
    )
    write(world, facts=NoteFacts(follow_up_on=day))
    rows = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.NOTE_FOLLOW_UP)).all()
    assert [(row.due_on, row.owner_id, row.case_id) for row in rows] == [
        (day, world["actor"].user_id, world["case"].id)
    ] * 2
    suffix = note.public_id
    deadlines.finish(DeadlineKind.NOTE_FOLLOW_UP, world["case"].public_id, suffix=suffix, actor=world["actor"], now=NOW)
    assert sorted(row.state for row in rows) == [DeadlineState.DONE, DeadlineState.OPEN]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_day_that_is_over_or_far_away_is_refused_and_nothing_is_written(world: dict[str, Any], days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        write(world, facts=NoteFacts(follow_up_on=TODAY + timedelta(days=days)))
    assert refusal.value.field == "follow_up_on"
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 0


def test_a_year_is_counted_from_the_day_also_from_a_leap_day() -> None:
    leap = date(2028, 2, 29)
    assert may_come_back(date(2029, 2, 28), leap)
    assert not may_come_back(date(2029, 3, 1), leap)
