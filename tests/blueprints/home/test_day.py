"""Min dag: what must be done, by whom, by when."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.core.audit_tags import Audit
from portal.core.clock import at_local, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import MeetingKind, PlaceKind, SubjectType
from portal.core.states import DeadlineState, MeetingState
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.queries import deadlines as queries
from portal.services import deadlines, meetings
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.factories.work_list import put_up

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
WORKING = [role for role in Role if role not in (Role.SYSTEM, Role.VOLUNTEER)]


def plan_meeting(session: Any, member: Membership, case: Case) -> str:
    now = utc_now()
    meeting = Meeting(
        organisation_id=member.organisation_id,
        responsible_id=member.user_id,
        case_id=case.id,
        kind=MeetingKind.HOME_VISIT,
        state=MeetingState.PLANNED,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        place_kind=PlaceKind.HER_HOME,
    )
    session.add(meeting)
    session.flush()
    return meeting.public_id


@pytest.mark.parametrize(
    ("role", "target"),
    [
        (Role.CONTACT_PERSON, "/day"),
        (Role.INTAKE, "/day"),
        (Role.VOLUNTEER, "tasks"),
        (Role.PROGRAMME_LEAD, "reports"),
        (Role.DATA_PROTECTION_OFFICER, "/day"),
        (Role.SAFETY_OFFICER, "/day"),
        (Role.ADMINISTRATOR, "/day"),
    ],
)
def test_each_role_begins_its_day_somewhere(as_user: Browser, role: Role, target: str) -> None:
    response = as_user(make_member(role)).get("/")
    assert response.status_code == 303
    assert target in response.location or response.location.startswith("/missing")


def test_nobody_begins_at_the_sign_in_page(client: Any) -> None:
    assert client.get("/").location.endswith("/sign-in")
    assert "/sign-in" in client.get("/day").location


@pytest.mark.parametrize("role", WORKING)
def test_an_empty_day_says_why(as_user: Browser, role: Role) -> None:
    text = as_user(make_member(role)).get("/day").get_data(as_text=True)
    assert 'class="empty"' in text


def test_a_volunteer_has_no_such_list(as_user: Browser) -> None:
    assert as_user(make_member(Role.VOLUNTEER)).get("/day").status_code == 403


def test_the_day_shows_late_today_and_the_week_in_that_order(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    for kind, days in ((DeadlineKind.STAY_PLAN, -2), (DeadlineKind.RISK_REVIEW, 0), (DeadlineKind.OTHER, 6)):
        put_up(member, case, kind, days)
    put_up(member, case, DeadlineKind.COURSE_END, 30)
    meeting = plan_meeting(session, member, case)
    reference = case.reference
    browser = as_user(member)
    text = browser.get("/day").get_data(as_text=True)
    places = [text.index(f'id="{block}"') for block in ("now", "late", "today", "next")]
    assert places == sorted(places)
    assert 'id="later"' not in text
    assert reference in text
    assert meeting in text
    assert f'title="{TODAY - timedelta(days=2):%d.%m.%Y}"' in text
    assert f"/risk/{case.public_id}/assessment" in text
    assert 'id="later"' in browser.get("/day?span=all").get_data(as_text=True)


def test_the_day_is_mine_alone(as_user: Browser, session: Any) -> None:
    member, colleague = make_member(), make_member()
    case = make_case(member)
    put_up(member, case, DeadlineKind.OTHER, 0)
    reference, public_id = case.reference, session.scalars(sa.select(Deadline.public_id)).one()
    browser = as_user(colleague)
    assert reference not in browser.get("/day").get_data(as_text=True)
    assert browser.post(f"/day/{public_id}/done", data={}).status_code == 404


def test_what_nobody_has_taken_is_seen_by_the_role_it_waits_for() -> None:
    lead = make_member(Role.INTAKE)
    other = make_member(Role.INTAKE)
    case = make_case(make_member())
    deadlines.put_up(
        DeadlineKind.REFERRAL_ANSWER,
        SubjectType.REQUEST,
        "r" * 22,
        due_on=TODAY,
        case_id=case.id,
        organisation_id=lead.organisation_id,
        queue_role=Role.INTAKE,
        now=utc_now(),
    )
    rows, _more = queries.list_mine(actor_of(lead), today=TODAY)
    assert [(row.kind, row.reference) for row in rows] == [(DeadlineKind.REFERRAL_ANSWER, None)]
    assert queries.list_mine(actor_of(other), today=TODAY)[0] == []


def test_a_row_is_done_by_one_press_and_only_once(as_user: Browser, session: Any) -> None:
    member = make_member()
    put_up(member, make_case(member), DeadlineKind.WELFARE_CHECK, -1)
    public_id = session.scalars(sa.select(Deadline.public_id)).one()
    browser = as_user(member)
    assert browser.post(f"/day/{public_id}/done", data={}).status_code == 303
    assert browser.post(f"/day/{public_id}/done", data={}).status_code == 409
    assert session.scalars(sa.select(Deadline.state)).one() is DeadlineState.DONE
    assert session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == Audit.DEADLINE_DONE)).all()


def test_a_row_is_put_off_but_not_one_that_the_law_sets(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    put_up(member, case, DeadlineKind.OTHER, 0)
    put_up(member, case, DeadlineKind.ADMISSION_NOTICE, 0)
    found = dict(session.execute(sa.select(Deadline.kind, Deadline.public_id)).all())
    browser = as_user(member)
    address = f"/day/{found[DeadlineKind.OTHER]}/put-off"
    assert browser.post(address, data={"days": "2"}).status_code == 422
    assert browser.post(address, data={"days": "3"}).status_code == 303
    assert browser.post(f"/day/{found[DeadlineKind.ADMISSION_NOTICE]}/put-off", data={"days": "3"}).status_code == 409
    due = session.scalars(sa.select(Deadline.due_on).where(Deadline.kind == DeadlineKind.OTHER)).one()
    assert due == TODAY + timedelta(days=3)


def test_the_day_costs_the_same_for_fifty_rows_as_for_one(as_user: Browser, count_queries: Any) -> None:
    counted = []
    for number in (1, 50):
        member = make_member()
        for _row in range(number):
            put_up(member, make_case(member), DeadlineKind.OTHER, 0)
        browser = as_user(member)
        browser.get("/day")
        count_queries.start()
        assert browser.get("/day").status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 7


def test_the_list_goes_on_where_it_stopped(as_user: Browser) -> None:
    member = make_member()
    for number in range(5):
        put_up(member, make_case(member), DeadlineKind.OTHER, number % 2)
    actor, seen, after = actor_of(member), [], None
    while True:
        rows, after = queries.list_mine(actor, today=TODAY, after=after, limit=2)
        seen += rows
        if after is None:
            break
    assert len({row.public_id for row in seen}) == 5
    assert [row.due_on for row in seen] == sorted(row.due_on for row in seen)
    assert as_user(member).get("/day?after=x").status_code == 400


@pytest.mark.parametrize("address", ["/help", "/accessibility"])
def test_anybody_reads_the_public_pages(client: Any, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_health_page_tells_no_details(client: Any) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert set(answer.get_json()) == {"database", "jobs"}


def test_a_meeting_is_shown_once_and_registered_when_its_day_has_come(as_user: Browser) -> None:
    member, now = make_member(), utc_now()
    case = make_case(member)
    planned = {}
    for days in (0, 3):
        starts_at = at_local(TODAY + timedelta(days=days), time(9, 30))
        planned[days] = meetings.plan(
            kind=MeetingKind.HOME_VISIT,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place_kind=PlaceKind.HER_HOME,
            responsible_id=member.user_id,
            organisation_id=member.organisation_id,
            case_id=case.id,
            actor=actor_of(member),
            now=now - timedelta(days=1),
        ).public_id
    browser = as_user(member)
    text = browser.get("/day").get_data(as_text=True)
    assert 'id="today"' not in text
    today, ahead = text.split('id="next"')
    assert planned[0] in today and "Registrér<" in today
    assert planned[3] in ahead and "Hjemmebesøg 09.30" in ahead and "Åbn<" in ahead and "Registrér" not in ahead


def test_a_waiting_request_says_which_one_and_counts_in_the_rail(as_user: Browser) -> None:
    made = make_request()
    name, reference = made.offer.programme.name_da, made.referral.reference
    page = as_user(made.intake).get("/day?span=all").text
    assert reference in page
    assert name in page
    with time_machine.travel(utc_now() + timedelta(days=20), tick=False):
        rail = as_user(made.intake).get("/day").text.partition('href="/day"')[2].partition("</a>")[0]
    assert '<span class="count">1</span>' in rail
