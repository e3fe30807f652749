"""The page of a case that is closed: read for thirty days, then only that there was one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import ContactChannel
from portal.core.measures import FollowUpPoint
from portal.core.states import CaseState, FollowUpState
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.followups import FollowUp
from portal.models.organisations import Organisation
from portal.services import cases, notes
from tests.factories.followups import make_followed
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
SECRETS = ("Amira Karim", "12 34 56 78", "Hun sover hos sin søster")
EDITED = ("identity", "municipality", "safe-contact", "address", "children", "move", "safety", "keep-out")
PARTS = (
    "cases/{}/notes",
    "contacts/{}",
    "plans/{}",
    "risk/{}",
    "children/{}",
    "cases/{}/stay",
    "deadlines/{}",
    "documents/{}",
)
FORMS = (
    *("plans/{}/goals/new", "plans/{}/stay/draft", "plans/{}/municipal", "children/{}/new", "documents/{}/new"),
    *("cases/{}/move", "risk/{}/assessment", "risk/{}/event", "risk/{}/plan", "risk/{}/violence"),
)


def fill(case: Case, member: Any) -> None:
    actor, now = actor_of(member), utc_now()
    cases.set_identity(case, identity=cases.Identity(name="Amira Karim", phone="12345678"), actor=actor, now=now)
    cases.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor, now=now)
    notes.write_note(case, text="Hun sover hos sin søster", actor=actor, now=now)


def close(session: Any, case: Case, days: int) -> None:
    """Closed so many full days ago by the database's clock."""
    at = sa.func.now() - sa.literal(timedelta(days=days), sa.Interval)
    session.execute(sa.update(Case).where(Case.id == case.id).values(state=CaseState.CLOSED, closed_at=at))
    session.execute(sa.delete(Deadline).where(Deadline.kind != DeadlineKind.FOLLOW_UP))


def make_closed(session: Any, days: int) -> tuple[Any, Case]:
    member = make_member()
    case = make_case(member)
    fill(case, member)
    close(session, case, days)
    return member, case


@pytest.mark.parametrize("days", [0, 1, 29])
def test_for_thirty_days_the_team_reads_and_changes_nothing(as_user: AsUser, session: Any, days: int) -> None:
    member, case = make_closed(session, days)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    text = browser.get(page).text
    for shown in ("Amira Karim", "Hun sover hos sin søster"):
        assert shown in text
    assert text.count("Sagen er lukket.") == 1
    for path in EDITED:
        assert f"{page}/{path}" not in text, path
        assert browser.post(f"{page}/{path}", data={}).status_code in (403, 404, 405, 409, 422), path
    written = {"text": "Hun ringede i går og sagde tak"}
    assert browser.post(f"{page}/notes", data=written).status_code == 409
    assert browser.post(f"{page}/contacts", data={"mode": "phone", "result": "reached"}).status_code == 409
    for path in (page, f"{page}/notes"):
        text = browser.get(path).text
        assert "Hun sover hos sin søster" in text
        assert "Skriv en rettelse" not in text
        assert "<textarea" not in text
    assert session.get_one(Case, case.id).state is CaseState.CLOSED


def test_the_parts_of_a_closed_file_are_found_and_only_read(as_user: AsUser, session: Any) -> None:
    member, case = make_closed(session, 3)
    browser = as_user(member)
    overview = browser.get(f"/cases/{case.public_id}").text
    for path in ("plans/{}/needs", "plans/{}/stay", "bridge/{}", *PARTS):
        page = path.format(case.public_id)
        if path in PARTS:
            assert f'href="/{page}"' in overview, page
        text = browser.get(f"/{page}").text
        assert "Sagen er lukket. Genåbn den for at skrive i den." in text, page
        assert [form for form in FORMS if f'"/{form.format(case.public_id)}"' in text] == [], page
        assert f'action="/{page}"' not in text, page


@pytest.mark.parametrize("days", [30, 31, 400])
def test_then_only_that_there_was_one(as_user: AsUser, session: Any, days: int) -> None:
    member, case = make_closed(session, days)
    browser = as_user(member)
    answer = browser.get(f"/cases/{case.public_id}")
    assert answer.status_code == 200
    assert case.reference in answer.text
    for secret in (*SECRETS, "Karim", "12345678"):
        assert secret not in answer.text
    for path in ("identity", "address", "children", "safe-contact", "notes", "keep-out", "stay"):
        assert browser.get(f"/cases/{case.public_id}/{path}").status_code in (403, 404, 405), path


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.HOUSING_COORDINATOR, Role.CONTACT_PERSON])
def test_everybody_else_finds_nothing_from_the_first_day(as_user: AsUser, session: Any, role: Role) -> None:
    member, case = make_closed(session, 0)
    assert as_user(make_member(role, member.organisation)).get(f"/cases/{case.public_id}").status_code == 404


def test_a_planned_follow_up_keeps_how_she_is_reached_and_her_scores(as_user: AsUser, session: Any) -> None:
    made = make_followed()
    fill(made.case, made.worker)
    close(session, made.case, 40)
    session.execute(sa.update(FollowUp).where(FollowUp.point != FollowUpPoint.END).values(state=FollowUpState.PLANNED))
    text = as_user(made.worker).get(f"/cases/{made.case.public_id}").text
    assert "Amira Karim" in text
    assert "12345678" in text.replace(" ", "")
    assert "safety-strip" in text
    assert "Hun sover hos sin søster" not in text
    session.execute(sa.update(FollowUp).values(state=FollowUpState.DECLINED))
    assert "Amira" not in as_user(made.worker).get(f"/cases/{made.case.public_id}").text


def test_the_day_it_is_over_is_counted_in_full_days(as_user: AsUser, session: Any) -> None:
    member, case = make_closed(session, 0)
    for minutes, is_told in ((-1, True), (1, False)):
        at = sa.func.now() - sa.literal(timedelta(days=30, minutes=minutes), sa.Interval)
        session.execute(sa.update(Case).where(Case.id == case.id).values(closed_at=at))
        assert ("Amira" in as_user(member).get(f"/cases/{case.public_id}").text) is is_told


@pytest.mark.parametrize("days", [0, 29, 30, 400])
def test_the_team_opens_it_again_with_a_reason(as_user: AsUser, session: Any, days: int) -> None:
    member, case = make_closed(session, days)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    assert f"{page}/reopen" in browser.get(page).text
    short = browser.submit(f"{page}/reopen", f"{page}/reopen", data={"reason": "for kort"})
    assert short.status_code == 422
    assert "for kort" in short.text
    assert session.get_one(Case, case.id, populate_existing=True).state is CaseState.CLOSED
    done = browser.submit(f"{page}/reopen", f"{page}/reopen", data={"reason": "Hun er kommet tilbage på centret"})
    assert done.status_code == 303
    text = browser.get(page).text
    for secret in ("Amira Karim", "Hun sover hos sin søster"):
        assert secret in text
    assert f"{page}/reopen" not in text
    assert f"{page}/identity" in text
    again = browser.post(f"{page}/reopen", data={"reason": "Hun er kommet tilbage på centret"})
    assert again.status_code == 409


def test_nobody_else_opens_it_again(as_user: AsUser, session: Any) -> None:
    member, case = make_closed(session, 3)
    page = f"/cases/{case.public_id}/reopen"
    house = session.get_one(Organisation, member.organisation_id)
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(member), now=utc_now())
    reason = {"reason": "Hun er kommet tilbage på centret"}
    for other, status in ((make_member(organisation=house), 404), (make_member(Role.SAFETY_OFFICER, house), 403)):
        assert as_user(other).post(page, data=reason).status_code == status
    assert as_user(adviser).post(page, data=reason).status_code == 403
    assert session.get_one(Case, case.id, populate_existing=True).state is CaseState.CLOSED


@pytest.mark.parametrize("wanted", ["Amira Karim", "12 34 56 78"])
@pytest.mark.parametrize("days", [29, 30, 400])
def test_her_team_finds_the_case_again_when_she_comes_back(
    as_user: AsUser, session: Any, days: int, wanted: str
) -> None:
    member, case = make_closed(session, days)
    session.execute(sa.update(Case).where(Case.id == case.id).values(moved_on=utc_now().date()))
    reference, page = case.reference, f'href="/cases/{case.public_id}"'
    colleague = make_member(organisation=session.get_one(Organisation, member.organisation_id))
    assert as_user(member).post("/search", data={"sought": reference}).location == f"/cases/{case.public_id}"
    sought = {"sought": wanted}
    found = as_user(member).post("/search", data=sought).text
    assert page in found
    rows = found.partition('id="case-rows"')[2]
    assert ("Amira" in rows) is (days < 30)
    assert ("flyttet ind" in rows) is (days < 30)
    assert page not in as_user(colleague).post("/search", data=sought).text
    assert (page in as_user(member).get("/cases?state=closed").text) is (days < 30)


@pytest.mark.parametrize("days", [0, 30, 400])
def test_that_she_asks_for_her_data_is_taken_down_at_any_time(as_user: AsUser, session: Any, days: int) -> None:
    member, case = make_closed(session, days)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    assert f"{page}/rights" in browser.get(page).text
    answer = browser.get(f"{page}/rights")
    assert answer.status_code == 200
    for secret in SECRETS:
        assert secret not in answer.text


@pytest.mark.parametrize(("days", "status"), [(0, 200), (29, 200), (30, 404), (400, 404)])
def test_a_consent_is_taken_back_for_as_long_as_it_is_read(
    as_user: AsUser, session: Any, days: int, status: int
) -> None:
    member, case = make_closed(session, days)
    assert as_user(member).get(f"/cases/{case.public_id}/consents").status_code == status


def test_a_closed_page_costs_few_statements(as_user: AsUser, session: Any, count_queries: Counter) -> None:
    member, case = make_closed(session, 31)
    browser = as_user(member)
    count_queries.start()
    browser.get(f"/cases/{case.public_id}")
    assert count_queries.stop() <= 12
