"""A note that was put aside is read and counted nowhere: every page, paper and figure that reads notes (R-822)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactMode, ContactResult, SubjectType, TrackKind
from portal.core.notes import NoteAside, NoteReaders, WrongCase
from portal.core.rights import Capacity, RightsKind
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.domain.silence import Quiet
from portal.models.cases import Case, Note
from portal.models.deadlines import Deadline
from portal.models.rights import RightsRequest
from portal.queries import case_timeline, course_log, cti, passing_on, records
from portal.queries import misplaced as queries
from portal.queries import silence as silence_queries
from portal.services import access_export, cases, children, deadlines, misplaced, notes, pins, rights
from portal.services.children import ChildRecord
from portal.services.misplaced import Wish
from portal.web.case_pages import lens_of
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)
SECRET = "Hun bor hos sin søster i Vejle."


def aside(case: Case, note: Note, actor: Any, number: str | None = None) -> None:
    misplaced.put_aside(case, note, Wish(WrongCase.WRONG_CASE, number), actor=actor, now=NOW)


def quiet(case: Case) -> Quiet:
    row = db.session.execute(sa.select(*silence_queries.columns()).where(Case.id == case.id)).one()
    return silence_queries.read(row)


def silence_of(case: Case) -> list[DeadlineState]:
    rows = sa.select(Deadline.state).where(Deadline.case_id == case.id, Deadline.kind == DeadlineKind.SILENCE)
    return list(db.session.scalars(rows))


def colleague_of(member: Any, case: Case) -> Any:
    colleague = make_member(member.role, member.organisation)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(member), now=NOW)
    return colleague


def put_up_silence(case: Case, owner_id: int, since: Any) -> None:
    deadlines.put_up(
        DeadlineKind.SILENCE,
        SubjectType.CASE,
        case.public_id,
        suffix=since.isoformat(),
        due_on=TODAY,
        organisation_id=case.owner_organisation_id,
        owner_id=owner_id,
        case_id=case.id,
        now=NOW,
    )


def test_the_journal_says_that_it_waits_and_nothing_else() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    colleague = actor_of(colleague_of(member, case))
    seen = lens_of(actor, case)
    note = notes.write_note(case, text=SECRET, actor=actor, now=NOW, facts=NoteFacts(readers=NoteReaders.WORKER))
    kept = notes.write_note(case, text="Noget andet.", actor=actor, now=NOW)
    pins.pin(case, note, actor=actor, now=NOW)
    aside(case, note, actor)
    for reader in (actor, colleague):
        page = case_timeline.list_past(reader, case.id, seen, pins_first=True)
        assert [row.public_id for row in page.waiting] == [note.public_id]
        assert (page.pinned, [row.text for row in page.rows if row.source == "note"]) == ([], [kept.text])
        (row,) = page.waiting
        assert (row.aside, row.text, row.themes, row.talk) == (NoteAside.WAITS, None, (), None)
        assert (row.asked_by, row.because) == (member.user.name, "wrong_case")
    misplaced.take_out(case, note, actor=colleague, now=NOW)
    page = case_timeline.list_past(actor, case.id, seen, pins_first=True)
    (shell,) = [row for row in page.rows if row.aside]
    assert page.waiting == []
    assert (shell.aside, shell.text, shell.decided_at) == (NoteAside.OUT, None, NOW)
    told = [row.what for row in page.rows if row.source == "event"]
    assert told[:2] == ["note:taken_out", "note:put_aside"]


def test_who_moved_it_in_is_told_to_nobody_there() -> None:
    member = make_member()
    case, other, actor = make_case(member, now=NOW), make_case(member, now=NOW), actor_of(member)
    second = actor_of(colleague_of(member, case))
    note = notes.write_note(case, text=SECRET, actor=actor, now=NOW)
    aside(case, note, actor, other.reference)
    misplaced.take_out(case, note, actor=second, now=NOW)
    rows = case_timeline.list_past(actor, other.id, lens_of(actor, other)).rows
    assert [(row.what, row.who) for row in rows if row.what == "note:moved_in"] == [("note:moved_in", None)]
    assert [(row.text, row.is_moved_in, row.who) for row in rows if row.source == "note"] == [
        (SECRET, True, member.user.name)
    ]


def test_it_goes_to_no_records_and_into_no_dossier() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    second = actor_of(colleague_of(member, case))
    note = notes.write_note(case, text=SECRET, actor=actor, now=NOW)
    notes.write_note(case, text="Om hende.", actor=actor, now=NOW)
    request = rights.record(
        case,
        kind=RightsKind.ACCESS,
        capacity=Capacity.HERSELF,
        received_on=TODAY,
        actor=actor,
        now=NOW,
    )
    request.case = case

    def told(request: RightsRequest = request) -> list[Any]:
        sections = access_export.of_woman(request).sections
        entries = [entry for one in sections for entry in one.entries if entry.table.startswith("note")]
        return [(entry.table, entry.values.get("text")) for entry in entries]

    def sent() -> list[str | None]:
        found = records.list_notes(actor, case, lens_of(actor, case), TODAY - timedelta(days=1), TODAY)
        return [row.text for row in found]

    assert {text for _table, text in told()} == set(sent()) == {SECRET, "Om hende."}
    aside(case, note, actor)
    assert (told(), sent()) == ([("note", "Om hende.")], ["Om hende."])
    misplaced.take_out(case, note, actor=second, now=NOW)
    assert (told(), sent()) == ([("note", "Om hende.")], ["Om hende."])


def test_it_counts_in_no_course_and_no_handover() -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    case, actor = db.session.get_one(Case, course.case_id), actor_of(worker)
    given: Any = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "minutes": 30, "actor": actor}
    note = notes.log_contact(case, enrolment_id=course.id, text=SECRET, now=NOW, **given)
    assert (len(cti.list_contacts(course.id)), len(course_log.list_contacts(actor, course.id))) == (1, 1)
    assert passing_on.work_done(case).reached == 1
    aside(case, note, actor)
    assert cti.list_contacts(course.id) == course_log.list_contacts(actor, course.id) == []
    assert passing_on.work_done(case).reached == 0


def test_a_child_is_not_told_of_it_and_was_not_spoken_with() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    given: Any = {"actor": actor, "now": NOW}
    child = children.add(case, ChildRecord(name="Bo", birth_year=2019), **given)
    note = notes.write_note(case, text=SECRET, about=[child], was_spoken_with=True, **given)
    seen = lens_of(actor, case)
    assert child.last_spoken_on == TODAY
    aside(case, note, actor)
    rows = case_timeline.list_past(actor, case.id, seen, child_id=child.id).rows
    assert [row for row in rows if row.source == "note"] == []
    assert child.last_spoken_on is None


def test_the_silence_is_as_if_it_had_never_been_and_stands_on_the_list_again() -> None:
    member = make_member()
    long_ago = NOW - timedelta(days=60)
    case, actor = make_case(member, now=long_ago), actor_of(member)
    second = actor_of(colleague_of(member, case))
    before = quiet(case)
    put_up_silence(case, member.user_id, local_date(long_ago))
    note = notes.log_contact(
        case, mode=ContactMode.PHONE, result=ContactResult.REACHED, actor=actor, now=NOW - timedelta(days=1)
    )
    assert (quiet(case) == before, silence_of(case)) == (False, [DeadlineState.CANCELLED])
    aside(case, note, actor)
    assert (quiet(case), silence_of(case)) == (before, [DeadlineState.CANCELLED])
    misplaced.take_out(case, note, actor=second, now=NOW)
    assert (quiet(case), silence_of(case)) == (before, [DeadlineState.OPEN])


def test_whoever_has_reached_her_since_ended_the_silence_too() -> None:
    member = make_member()
    long_ago = NOW - timedelta(days=60)
    case, actor = make_case(member, now=long_ago), actor_of(member)
    second = actor_of(colleague_of(member, case))
    put_up_silence(case, member.user_id, local_date(long_ago))
    given: Any = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "actor": actor}
    note = notes.log_contact(case, now=NOW - timedelta(days=2), **given)
    notes.log_contact(case, now=NOW - timedelta(days=1), **given)
    aside(case, note, actor)
    misplaced.take_out(case, note, actor=second, now=NOW)
    assert silence_of(case) == [DeadlineState.CANCELLED]


def test_the_first_contact_of_a_course_is_wanted_again() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    case, actor = db.session.get_one(Case, course.case_id), actor_of(worker)
    second = actor_of(colleague_of(worker, case))
    wanted = sa.select(Deadline.state).where(
        Deadline.subject_public_id == course.public_id, Deadline.kind == DeadlineKind.FIRST_CONTACT
    )
    note = notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        actor=actor,
        now=NOW,
        enrolment_id=course.id,
        enrolment_public_id=course.public_id,
    )
    assert db.session.scalars(wanted).all() == [DeadlineState.DONE]
    aside(case, note, actor)
    misplaced.take_out(case, note, actor=second, now=NOW)
    assert db.session.scalars(wanted).all() == [DeadlineState.OPEN]


@pytest.mark.parametrize(("days", "state"), [(3, DeadlineState.CANCELLED), (80, DeadlineState.OPEN)])
def test_where_it_is_moved_in_it_ends_the_silence_that_it_would_have_ended(days: int, state: DeadlineState) -> None:
    member = make_member()
    case, other = make_case(member, now=NOW), make_case(member, now=NOW - timedelta(days=60))
    actor, second = actor_of(member), actor_of(colleague_of(member, case))
    put_up_silence(other, member.user_id, local_date(NOW - timedelta(days=60)))
    note = notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        actor=actor,
        now=NOW,
        happened_at=NOW - timedelta(days=days),
    )
    aside(case, note, actor, other.reference)
    assert silence_of(other) == [DeadlineState.OPEN]
    misplaced.take_out(case, note, actor=second, now=NOW)
    assert silence_of(other) == [state]


def test_who_does_not_read_a_note_decides_without_its_text() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    second = actor_of(colleague_of(member, case))
    note = notes.write_note(case, text=SECRET, actor=actor, now=NOW, facts=NoteFacts(readers=NoteReaders.WORKER))
    aside(case, note, actor)
    assert queries.get_note(second, case, note.public_id).id == note.id
    mine, hers = queries.show(actor, note), queries.show(second, note)
    assert (mine.reads, mine.text, mine.length) == (True, SECRET, len(SECRET))
    assert (hers.reads, hers.text, hers.length) == (False, None, len(SECRET))
    assert mine.asked is not None and mine.asked.is_mine
    assert hers.asked is not None and not hers.asked.is_mine
