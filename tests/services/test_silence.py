"""Since when nobody has reached her: what counts, what is only tried, and when the work list tells of it."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import at_local, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactMode, ContactResult, TrackKind
from portal.core.measures import Phase
from portal.core.notes import TalkKind, TookPart
from portal.core.states import CaseState, ClaimState, DeadlineState, MeetingState, Presence
from portal.core.volunteers import TaskOutcome
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.domain.silence import Quiet
from portal.models.cases import Case, Note
from portal.models.cti import CtiCourse
from portal.models.deadlines import Deadline
from portal.models.meetings import Attendance, Meeting
from portal.models.tasks import Task
from portal.queries import silence as queries
from portal.services import children, notes, silence
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.groups import make_group, make_participant
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_open_window

pytestmark = pytest.mark.usefixtures("session")
# The middle of the day: days are counted in Denmark, and nothing here is about midnight or summer time.
NOON = time(12)
NOW = at_local(local_date(utc_now()), NOON)


def quiet_of(case: Case) -> Quiet:
    db.session.flush()
    return queries.read(db.session.execute(sa.select(*queries.columns()).where(Case.id == case.id)).one())


def old_case(member: Any, days: int = 20) -> Case:
    case = make_case(member)
    case.opened_at = at_local(local_date(NOW) - timedelta(days=days), NOON)
    db.session.flush()
    return case


def log(case: Case, member: Any, result: ContactResult, at: datetime = NOW, minutes: int = 2) -> None:
    actor = actor_of(member)
    notes.log_contact(
        case, mode=ContactMode.PHONE, result=result, minutes=minutes, happened_at=at, actor=actor, now=NOW
    )


def days(case: Case) -> tuple[int, int]:
    quiet = quiet_of(case)
    return quiet.days(local_date(NOW)), quiet.attempts


def test_a_missed_date_and_two_unanswered_calls_change_nothing_and_two_minutes_of_talk_do() -> None:
    member = make_member()
    case = old_case(member)
    make_meeting(member, case, MeetingState.NOT_MET, now=NOW - timedelta(hours=3))
    log(case, member, ContactResult.NOT_REACHED, NOW - timedelta(hours=2))
    log(case, member, ContactResult.MESSAGE_LEFT, NOW - timedelta(hours=1))
    assert days(case) == (20, 3)
    log(case, member, ContactResult.REACHED)
    assert days(case) == (0, 0)
    log(case, member, ContactResult.NOT_REACHED, NOW + timedelta(minutes=1))
    assert days(case) == (0, 1)


def test_a_meeting_that_was_held_counts() -> None:
    member = make_member()
    case = old_case(member)
    held = make_meeting(member, case, MeetingState.HELD, now=NOW)
    held.starts_at = NOW - timedelta(days=5)
    held.ends_at = held.starts_at + timedelta(hours=1)
    assert days(case)[0] == 5


def test_a_group_counts_when_she_came() -> None:
    house = make_group()
    enrolment = make_participant(house)
    case = db.session.get_one(Case, enrolment.case_id)
    case.opened_at = NOW - timedelta(days=20)
    meeting = db.session.scalars(
        sa.select(Meeting).where(Meeting.round_id == house.round.id, Meeting.number == 1)
    ).one()
    meeting.starts_at, meeting.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=2) + timedelta(hours=1)
    row = db.session.merge(Attendance(meeting_id=meeting.id, enrolment_id=enrolment.id, presence=Presence.NOT_MET))
    assert days(case) == (20, 1)
    for presence, expected in (
        (Presence.EXCUSED, (20, 0)),
        (Presence.EXPECTED, (20, 0)),
        (Presence.LATE, (2, 0)),
        (Presence.PRESENT, (2, 0)),
    ):
        row.presence = presence
        assert days(case) == expected, presence


def test_what_was_corrected_does_not_count() -> None:
    member = make_member()
    case = old_case(member)
    log(case, member, ContactResult.REACHED)
    wrong = case_notes(case)[-1]
    notes.write_note(case, text="Det var en anden", corrects=wrong, actor=actor_of(member), now=NOW)
    assert days(case)[0] == 20


def test_a_note_of_a_talk_with_her_counts_and_one_about_her_does_not() -> None:
    member = make_member()
    case = old_case(member)
    who: Any = {"actor": actor_of(member), "now": NOW}
    notes.write_note(case, text="Talt med skolen.", facts=NoteFacts(talk=TalkKind.CHILD), **who)
    assert days(case)[0] == 20
    assert silence.put_up(now=NOW + timedelta(days=11)) == 1
    notes.write_note(case, text="Talt.", facts=NoteFacts(talk=TalkKind.SUPPORT, took_part=[TookPart.HER]), **who)
    assert days(case) == (0, 0)
    assert rows(case) == [DeadlineState.CANCELLED]


@pytest.mark.parametrize("talk", TalkKind)
@pytest.mark.parametrize(
    ("took_part", "counts"),
    [
        ([], True),
        ([TookPart.INTERPRETER], True),
        ([TookPart.HER, TookPart.AUTHORITY], True),
        ([TookPart.NETWORK], False),
        ([TookPart.COLLEAGUE, TookPart.INTERPRETER], False),
        ([TookPart.AUTHORITY], False),
        ([TookPart.VOLUNTEER], False),
    ],
)
def test_a_talk_is_one_with_her_unless_somebody_else_is_named(
    talk: TalkKind, took_part: list[TookPart], counts: bool
) -> None:
    member = make_member()
    case = old_case(member)
    facts = NoteFacts(talk=talk, took_part=took_part)
    notes.write_note(case, text="Samtale om volden.", facts=facts, actor=actor_of(member), now=NOW)
    is_with_child = talk is TalkKind.CHILD and TookPart.HER not in took_part
    assert days(case)[0] == (0 if counts and not is_with_child else 20)


def test_a_note_that_is_no_talk_or_about_a_child_counts_only_when_she_is_named() -> None:
    member = make_member()
    case, who = old_case(member), {"actor": actor_of(member), "now": NOW}
    child = children.add(case, ChildRecord(birth_year=2018), **who)
    notes.write_note(case, text="Ringet til skolen.", **who)
    notes.write_note(case, text="Om den lille.", about=[child], facts=NoteFacts(talk=TalkKind.PRACTICAL), **who)
    assert days(case)[0] == 20
    assert silence.put_up(now=NOW + timedelta(days=11)) == 1
    notes.write_note(case, text="De to.", about=[child], facts=NoteFacts(talk=TalkKind.MOTHER_CHILD), **who)
    assert (days(case)[0], rows(case)) == (0, [DeadlineState.CANCELLED])


def test_a_corrected_talk_is_a_talk_still() -> None:
    member = make_member()
    case, who = old_case(member), {"actor": actor_of(member), "now": NOW}
    first = notes.write_note(case, text="Samtale om volden.", facts=NoteFacts(talk=TalkKind.VIOLENCE), **who)
    assert first.took_part == ["her"]
    notes.write_note(case, text="Samtale om volden i foråret.", corrects=first, **who)
    assert days(case)[0] == 0
    second = NoteFacts(talk=TalkKind.VIOLENCE, took_part=[TookPart.NETWORK])
    notes.write_note(case, text="Med hendes søster.", corrects=case_notes(case)[-1], facts=second, **who)
    assert days(case)[0] == 20


def case_notes(case: Case) -> list[Note]:
    return list(db.session.scalars(sa.select(Note).where(Note.case_id == case.id).order_by(Note.id)))


@pytest.mark.parametrize(("phase", "limit"), [(Phase.P1, 7), (Phase.P2, 14), (Phase.P3, 31)])
def test_what_runs_says_how_long_it_may_be(phase: Phase, limit: int) -> None:
    _member, enrolment = make_enrolment(TrackKind.CTI, is_started=True)
    course = db.session.scalars(sa.select(CtiCourse).where(CtiCourse.enrolment_id == enrolment.id)).one_or_none()
    if course is None:
        course = CtiCourse(enrolment_id=enrolment.id)
        db.session.add(course)
    course.phase = phase
    assert quiet_of(db.session.get_one(Case, enrolment.case_id)).limit == limit


def test_other_courses_have_fourteen_days_and_a_case_without_one_thirty() -> None:
    _member, enrolment = make_enrolment(TrackKind.COORDINATING_COUNSELLING, is_started=True)
    assert quiet_of(db.session.get_one(Case, enrolment.case_id)).limit == 14
    assert quiet_of(make_case(make_member())).limit == 30


def rows(case: Case) -> list[DeadlineState]:
    which = sa.select(Deadline.state).where(Deadline.kind == DeadlineKind.SILENCE, Deadline.case_id == case.id)
    return list(db.session.scalars(which.order_by(Deadline.id)))


def test_each_silence_stands_on_the_list_once_and_goes_with_a_talk() -> None:
    member = make_member()
    case = old_case(member, 29)
    assert silence.put_up(now=NOW) == 0
    assert silence.put_up(now=NOW + timedelta(days=1)) == 1
    assert silence.put_up(now=NOW + timedelta(days=2)) == 0
    log(case, member, ContactResult.NOT_REACHED)
    assert rows(case) == [DeadlineState.OPEN]
    log(case, member, ContactResult.REACHED)
    assert rows(case) == [DeadlineState.CANCELLED]
    assert silence.put_up(now=NOW + timedelta(days=3)) == 0
    assert silence.put_up(now=NOW + timedelta(days=31)) == 1
    assert rows(case) == [DeadlineState.CANCELLED, DeadlineState.OPEN]


def test_what_a_meeting_ended_is_taken_down_the_night_after() -> None:
    member = make_member()
    case = old_case(member, 40)
    assert silence.put_up(now=NOW) == 1
    make_meeting(member, case, MeetingState.HELD, now=NOW)
    db.session.flush()
    assert silence.put_up(now=NOW + timedelta(days=1)) == 0
    assert rows(case) == [DeadlineState.CANCELLED]


def test_a_closed_case_is_quiet_for_nobody() -> None:
    case = old_case(make_member(), 400)
    case.closed_at, case.state = NOW, CaseState.CLOSED
    db.session.flush()
    assert silence.put_up(now=NOW) == 0


def test_a_volunteer_who_has_helped_her_counts() -> None:
    case, _member, claim, _consent = make_open_window()
    task = db.session.get_one(Task, claim.task_id)
    case.opened_at, task.starts_at = NOW - timedelta(days=20), NOW - timedelta(days=3)
    task.ends_at = task.starts_at + timedelta(hours=1)
    assert days(case)[0] == 20
    claim.state, claim.done_at, claim.minutes = ClaimState.DONE, NOW, 60
    claim.outcome = TaskOutcome.WENT_WELL
    assert days(case)[0] == 3
