"""R-811: who reads a note, on every page that shows one; what is counted is counted for everybody."""

from dataclasses import dataclass
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.errors import NotFound
from portal.core.kinds import ContactMode, ContactResult, TrackKind
from portal.core.notes import NoteReaders
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.models.cases import Case
from portal.models.users import Membership
from portal.queries import case_timeline, course_log, cti, records
from portal.queries import notes as queries
from portal.services import notes, pins, team
from portal.web.case_pages import lens_of
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, agree, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)
READS = {
    NoteReaders.TEAM: {"writer", "primary", "colleague", "other house"},
    NoteReaders.HOUSE: {"writer", "primary", "colleague"},
    NoteReaders.WORKER: {"writer", "primary"},
}


@dataclass
class World:
    """A case with four who work on it."""

    case: Case
    people: dict[str, Membership]

    def write(self, readers: NoteReaders, **values: Any) -> Any:
        actor = actor_of(self.people["writer"])
        facts = NoteFacts(readers=readers)
        return notes.write_note(self.case, text=f"For {readers}", actor=actor, now=NOW, facts=facts, **values)

    def past_of(self, who: str) -> set[str | None]:
        actor = actor_of(self.people[who])
        rows = case_timeline.list_past(actor, self.case.id, lens_of(actor, self.case)).rows
        return {row.text for row in rows if row.source == "note"}


@pytest.fixture
def world() -> World:
    primary = make_member()
    case = make_case(primary, now=NOW)
    home = primary.organisation
    people = {"primary": primary, "writer": make_member(organisation=home), "colleague": make_member(organisation=home)}
    people["other house"] = make_member()
    agree(case, people["other house"].organisation_id)
    for who in ("writer", "colleague", "other house"):
        team.join_team(case.id, people[who].user_id, actor=actor_of(people[who]), now=NOW)
    db.session.flush()
    return World(case, people)


@pytest.mark.parametrize("readers", NoteReaders)
@pytest.mark.parametrize("who", ["writer", "primary", "colleague", "other house"])
def test_who_reads_what_is_written(world: World, readers: NoteReaders, who: str) -> None:
    note = world.write(readers)
    reads = who in READS[readers]
    assert world.past_of(who) == ({note.text} if reads else set())
    actor = actor_of(world.people[who])
    if reads:
        assert queries.get(actor, world.case, note.public_id) is note
    else:
        with pytest.raises(NotFound):
            queries.get(actor, world.case, note.public_id)


def test_whoever_is_asked_first_next_reads_it_and_the_one_before_does_not(world: World) -> None:
    world.write(NoteReaders.WORKER)
    colleague = world.people["colleague"]
    team.join_team(world.case.id, colleague.user_id, actor=actor_of(colleague), now=NOW, is_primary=True)
    assert world.past_of("colleague") == {"For worker"}
    assert world.past_of("primary") == set()


def test_what_is_pinned_is_pinned_for_those_who_read_it(world: World) -> None:
    note = world.write(NoteReaders.HOUSE)
    pins.pin(world.case, note, actor=actor_of(world.people["writer"]), now=NOW)
    shown = {}
    for who, person in world.people.items():
        actor = actor_of(person)
        page = case_timeline.list_past(actor, world.case.id, lens_of(actor, world.case), pins_first=True)
        shown[who] = len(page.pinned)
        assert all(row.source != "note" for row in page.rows)
    assert shown == {"primary": 1, "writer": 1, "colleague": 1, "other house": 0}


def test_a_course_counts_a_contact_whose_words_are_for_fewer() -> None:
    member, course = make_enrolment(TrackKind.CTI, is_started=True)
    case = db.session.get_one(Case, course.case_id)
    writer = actor_of(make_member(organisation=member.organisation))
    facts = NoteFacts(readers=NoteReaders.WORKER)
    notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        minutes=30,
        text="For worker",
        enrolment_id=course.id,
        facts=facts,
        actor=writer,
        now=NOW,
    )
    stranger = actor_of(make_member(organisation=member.organisation))
    assert [(row.minutes, row.text) for row in course_log.list_contacts(stranger, course.id)] == [(30, None)]
    assert [(row.minutes, row.text) for row in course_log.list_contacts(writer, course.id)] == [(30, "For worker")]
    assert [one.minutes for one in cti.list_contacts(course.id)] == [30]


def test_what_goes_to_the_records_says_how_much_is_missing(world: World) -> None:
    for readers in NoteReaders:
        world.write(readers)
    found = {}
    for who in ("primary", "colleague"):
        actor = actor_of(world.people[who])
        given = (actor, world.case, lens_of(actor, world.case), TODAY, TODAY)
        found[who] = (len(records.list_notes(*given)), records.count_kept_back(*given))
    assert found == {"primary": (3, 0), "colleague": (2, 1)}
