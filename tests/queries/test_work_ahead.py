"""What lies ahead: the work list, the calendar, and whether the portal stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import MeetingKind, SubjectType
from portal.core.states import MeetingState
from portal.db import db
from portal.models.outbox import JobRun
from portal.models.users import Membership
from portal.queries import deadlines as queries
from portal.queries import health
from portal.queries import meetings as meeting_queries
from portal.services import deadlines
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = NOW.date()
in_session = pytest.mark.usefixtures("session")


def put_up(member: Membership, *days: int) -> None:
    for day in days:
        deadlines.put_up(
            DeadlineKind.OTHER,
            SubjectType.SYSTEM,
            f"thing-{member.id}-{day}",
            due_on=TODAY + timedelta(days=day),
            organisation_id=member.organisation_id,
            owner_id=member.user_id,
            now=NOW,
        )


def days_of(rows: list[queries.DeadlineRow]) -> list[int]:
    return [(row.due_on - TODAY).days for row in rows]


@in_session
@pytest.mark.parametrize(
    ("span", "days"),
    [(queries.Span.NEAR, [-3, 0, 7]), (queries.Span.LATE, [-3]), (queries.Span.ALL, [-3, 0, 7, 8])],
)
def test_ones_own_list_looks_as_far_as_it_is_asked_to(span: queries.Span, days: list[int]) -> None:
    member = make_member(now=NOW)
    put_up(member, 8, 7, 0, -3)
    put_up(make_member(organisation=member.organisation, now=NOW), 1)
    assert days_of(queries.list_mine(actor_of(member), today=TODAY, span=span)[0]) == days


@in_session
def test_a_list_goes_on_where_it_ended_also_within_a_day() -> None:
    member = make_member(now=NOW)
    put_up(member, 1, 2, 3)
    seen, cursor = [], None
    for _ in range(2):
        rows, cursor = queries.list_mine(actor_of(member), today=TODAY, after=cursor, limit=2)
        seen += days_of(rows)
    assert (seen, cursor) == ([1, 2, 3], None)


@pytest.mark.parametrize(
    ("first", "frame"),
    [
        (date(2026, 11, 1), (date(2026, 10, 26), date(2026, 12, 6))),
        (date(2027, 2, 1), (date(2027, 2, 1), date(2027, 2, 28))),
    ],
)
def test_a_month_is_shown_in_whole_weeks(first: date, frame: tuple[date, date]) -> None:
    assert meeting_queries.month_frame(first) == frame


@in_session
def test_a_week_and_a_month_hold_their_danish_days_alone() -> None:
    member = make_member(now=NOW)
    monday = date(2026, 11, 16)
    # Just before and just after midnight in Copenhagen, which is an hour ahead of UTC.
    moments = [datetime(2026, 11, day, hour, 30, tzinfo=UTC) for day, hour in ((15, 22), (15, 23), (22, 23))]
    made = [make_meeting(member, make_case(member, now=NOW), now=NOW, ahead=moment - NOW) for moment in moments]
    actor = actor_of(member)
    assert [row.public_id for row in meeting_queries.week(actor, monday)] == [made[1].public_id]
    assert len(meeting_queries.month(actor, date(2026, 11, 1))) == 3
    assert meeting_queries.week(actor_of(make_member(organisation=member.organisation, now=NOW)), monday) == []


@in_session
def test_a_clash_is_another_meeting_of_the_same_person_at_the_same_time() -> None:
    member = make_member(now=NOW)
    actor, case = actor_of(member), make_case(member, now=NOW)
    one = make_meeting(member, case, now=NOW)
    same, _after, _cancelled = (
        make_meeting(member, case, state, now=NOW, ahead=timedelta(minutes=minutes), kind=MeetingKind.PHONE)
        for minutes, state in ((30, MeetingState.PLANNED), (60, MeetingState.PLANNED), (30, MeetingState.CANCELLED))
    )
    assert [row.public_id for row in meeting_queries.find_clashes(actor, [one])] == [same.public_id]
    assert meeting_queries.find_clashes(actor, []) == []


@in_session
def test_a_case_behind_a_meeting_is_opened_by_its_team() -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    assert meeting_queries.sees_case(actor_of(member), case.id)
    assert not meeting_queries.sees_case(actor_of(make_member(now=NOW)), case.id)


@in_session
@pytest.mark.parametrize(("minutes", "is_fine"), [(None, False), (0, True), (15, True), (16, False)])
def test_scheduled_work_is_late_after_a_quarter_of_an_hour(minutes: int | None, is_fine: bool) -> None:
    if minutes is not None:
        ended = NOW - timedelta(minutes=minutes)
        db.session.add(JobRun(job="reminders", slot=ended, started_at=ended, lease_until=ended, finished_at=ended))
        db.session.flush()
    assert health.check(NOW) == health.Health(database=True, jobs=is_fine)


@pytest.fixture
def without_runs(session: Session) -> None:
    """A database in which the table of runs cannot be read."""
    db.session.execute(sa.text("ALTER TABLE job_run RENAME TO job_run_gone"))


@pytest.mark.usefixtures("without_runs")
def test_a_database_that_does_not_answer_is_told() -> None:
    assert health.check(NOW) == health.Health(database=False, jobs=False)


@in_session
def test_a_programmes_question_is_near_whatever_its_day() -> None:
    member = make_member(now=NOW)
    put_up(member, 9)
    deadlines.put_up(
        DeadlineKind.REFERRAL_INFO,
        SubjectType.REFERRAL,
        "r" * 22,
        due_on=TODAY + timedelta(days=14),
        organisation_id=member.organisation_id,
        owner_id=member.user_id,
        now=NOW,
    )
    rows, _cursor = queries.list_mine(actor_of(member), today=TODAY, span=queries.Span.NEAR)
    assert [row.kind for row in rows] == [DeadlineKind.REFERRAL_INFO]
