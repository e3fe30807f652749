"""A contact that was logged by a slip: undone within two minutes, kept in the journal, counted nowhere."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.kinds import ContactChannel, ContactMode, ContactResult, SubjectType, TrackKind
from portal.core.notes import NoteReaders
from portal.core.states import CaseState, DeadlineState, EnrolmentState
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.domain.risk import Answers
from portal.domain.silence import Quiet
from portal.models.audit import AuditEntry
from portal.models.bridge import LeavingBridge
from portal.models.cases import Case, Note
from portal.models.deadlines import Deadline
from portal.queries import case_timeline, course_log, cti, passing_on
from portal.queries import silence as silence_queries
from portal.services import bridge, cases, children, deadlines, notes, pins, violence
from portal.services.children import ChildRecord
from portal.web.case_pages import lens_of
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("session")


def logged(case: Case, member: Any, **more: Any) -> Note:
    given = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "minutes": 15, "now": utc_now()}
    return notes.log_contact(case, actor=actor_of(member), **given | more)


def undone(case: Case, note: Note, member: Any, *, after: timedelta = MINUTE) -> Note:
    return notes.undo_contact(case, note, actor=actor_of(member), now=note.written_at + after)


def state_of(public_id: str, kind: DeadlineKind) -> list[tuple[DeadlineState, Any, Any, Any]]:
    rows = db.session.execute(
        sa.select(Deadline.state, Deadline.due_on, Deadline.owner_id, Deadline.done_at).where(
            Deadline.subject_public_id == public_id, Deadline.kind == kind
        )
    )
    return [tuple(row) for row in rows]


def quiet(case: Case) -> Quiet:
    columns = silence_queries.columns()
    return silence_queries.read(db.session.execute(sa.select(*columns).where(Case.id == case.id)).one())


def test_both_stand_in_the_journal_and_the_contact_counts_nowhere() -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    case = db.session.get_one(Case, course.case_id)
    logged(case, worker, result=ContactResult.NOT_REACHED)
    before = quiet(case)
    assert before.attempts == 1
    note = logged(case, worker, enrolment_id=course.id, enrolment_public_id=course.public_id)
    assert quiet(case).attempts == 0
    assert len(cti.list_contacts(course.id)) == len(course_log.list_contacts(actor_of(worker), course.id)) == 1
    assert passing_on.work_done(case).reached == 1
    taken_back = undone(case, note, worker)
    assert (taken_back.corrects_id, taken_back.is_withdrawal, taken_back.mode) == (note.id, True, None)
    assert cti.list_contacts(course.id) == course_log.list_contacts(actor_of(worker), course.id) == []
    assert passing_on.work_done(case).reached == 0
    assert quiet(case) == before
    assert (note.mode, note.result, note.minutes) == (ContactMode.PHONE, ContactResult.REACHED, 15), "never edited"
    rows = case_timeline.list_past(actor_of(worker), case.id, lens_of(actor_of(worker), case)).rows
    assert [row.slip for row in rows if row.source == "note"] == ["undoes", "undone", None]
    lines = sa.select(sa.func.count()).where(AuditEntry.action == Audit.CONTACT_UNDONE)
    assert db.session.scalar(lines) == 1


def test_the_silence_stands_on_the_list_again_as_it_was() -> None:
    member = make_member()
    case = make_case(member)
    deadlines.put_up(
        DeadlineKind.SILENCE,
        SubjectType.CASE,
        case.public_id,
        suffix="2026-01-01",
        due_on=local_date(utc_now()) - timedelta(days=3),
        organisation_id=case.owner_organisation_id,
        owner_id=member.user_id,
        case_id=case.id,
        now=utc_now() - timedelta(days=3),
    )
    before = state_of(case.public_id, DeadlineKind.SILENCE)
    note = logged(case, member)
    assert state_of(case.public_id, DeadlineKind.SILENCE)[0][0] is DeadlineState.CANCELLED
    undone(case, note, member)
    assert state_of(case.public_id, DeadlineKind.SILENCE) == before


def test_the_first_contact_is_wanted_again_as_it_was() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    case = db.session.get_one(Case, course.case_id)
    before = state_of(course.public_id, DeadlineKind.FIRST_CONTACT)
    assert before[0][0] is DeadlineState.OPEN
    note = logged(case, worker, enrolment_id=course.id, enrolment_public_id=course.public_id)
    assert state_of(course.public_id, DeadlineKind.FIRST_CONTACT)[0][0] is DeadlineState.DONE
    undone(case, note, worker)
    assert state_of(course.public_id, DeadlineKind.FIRST_CONTACT) == before


def test_a_course_that_has_begun_meanwhile_wants_no_first_contact() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    case = db.session.get_one(Case, course.case_id)
    note = logged(case, worker, enrolment_id=course.id, enrolment_public_id=course.public_id)
    course.state, course.started_on = EnrolmentState.ACTIVE, local_date(utc_now())
    undone(case, note, worker)
    assert state_of(course.public_id, DeadlineKind.FIRST_CONTACT)[0][0] is DeadlineState.DONE


def test_the_first_contact_after_leaving_is_wanted_again() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    case, now = db.session.get_one(Case, course.case_id), utc_now()
    today = local_date(now)
    then = {"actor": actor_of(worker), "now": now - MINUTE}
    cases.record_stay(case, admitted_on=today - timedelta(days=40), **then)
    cases.end_stay(case, discharged_on=today, **then)
    bridge.note_plan(case, **then)
    before = state_of(case.public_id, DeadlineKind.BRIDGE_FIRST_CONTACT)
    assert [row[0] for row in before] == [DeadlineState.OPEN]
    note = logged(case, worker, enrolment_id=course.id, enrolment_public_id=course.public_id)
    contact_on = sa.select(LeavingBridge.first_contact_on).where(LeavingBridge.case_id == case.id)
    assert db.session.scalar(contact_on) == today
    undone(case, note, worker)
    assert db.session.scalar(contact_on) is None
    assert state_of(case.public_id, DeadlineKind.BRIDGE_FIRST_CONTACT) == before


def test_two_minutes_and_only_by_whoever_logged_it_and_only_once() -> None:
    member = make_member()
    case = make_case(member)
    colleague = make_member(Role.CONTACT_PERSON, member.organisation)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(member), now=utc_now())
    note = logged(case, member)
    with pytest.raises(Forbidden):
        undone(case, note, colleague)
    with pytest.raises(Forbidden):
        undone(case, note, make_member(Role.VOLUNTEER, member.organisation))
    with pytest.raises(NotNow, match="to minutter"):
        undone(case, note, member, after=2 * MINUTE)
    undone(case, note, member, after=2 * MINUTE - timedelta(seconds=1))
    with pytest.raises(NotNow, match="allerede"):
        undone(case, note, member)
    assert db.session.scalar(sa.select(sa.func.count()).where(Note.corrects_id == note.id)) == 1


def test_a_note_is_corrected_and_never_undone() -> None:
    member = make_member()
    case = make_case(member)
    note = notes.write_note(case, text="Vi talte sammen.", actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        undone(case, note, member)


def test_nothing_is_undone_in_a_closed_case() -> None:
    member = make_member()
    case = make_case(member)
    note = logged(case, member)
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    db.session.flush()
    with pytest.raises(NotNow, match="lukket"):
        undone(case, note, member)


@pytest.mark.parametrize("what", ["correction", "later contact", "three questions", "card", "child"])
def test_what_something_hangs_on_is_not_undone(what: str) -> None:
    member = make_member()
    case = make_case(member)
    given = {"actor": actor_of(member), "now": utc_now()}
    about = {}
    if what == "child":
        child = children.add(case, ChildRecord(name="Bo", birth_year=2019), **given)
        about = {"about": [child], "was_spoken_with": True}
    note = logged(case, member, **about)
    along = {"actor": actor_of(member), "now": note.written_at}
    if what == "correction":
        notes.write_note(case, text="Det var hendes søster.", corrects=note, **along)
    elif what == "later contact":
        logged(case, member)
    elif what == "three questions":
        violence.keep_answers(case, Answers(new_violence=False, unwanted_contact=False, feels_safe=6), **along)
    elif what == "card":
        cases.set_safe_contact(case, channel=ContactChannel.SMS, **along)
    with pytest.raises(NotNow):
        undone(case, note, member)


def test_the_day_to_come_back_to_it_goes_with_it() -> None:
    member = make_member()
    case = make_case(member)
    day = local_date(utc_now()) + timedelta(days=7)
    kept, slip = (logged(case, member, facts=NoteFacts(follow_up_on=day)) for _time in range(2))
    undone(case, slip, member)
    rows = db.session.execute(sa.select(Deadline.source_key, Deadline.state).where(Deadline.due_on == day)).all()
    assert {key.rpartition(":")[2]: state for key, state in rows} == {
        kept.public_id: DeadlineState.OPEN,
        slip.public_id: DeadlineState.CANCELLED,
    }


def test_who_reads_it_reads_that_it_was_undone_and_what_is_pinned_is_corrected_instead() -> None:
    member = make_member()
    case = make_case(member)
    slip = logged(case, member, facts=NoteFacts(readers=NoteReaders.WORKER))
    assert undone(case, slip, member).readers is NoteReaders.WORKER
    shown = logged(case, member)
    pins.pin(case, shown, actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        undone(case, shown, member)
