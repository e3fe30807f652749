"""The page on which it is recorded that she has died or moved abroad, and what her case says of it then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactChannel, TrackKind
from portal.core.standing import StandingKind
from portal.core.states import CaseState, MeetingState
from portal.db import db
from portal.models.cases import Case
from portal.models.meetings import Meeting
from portal.models.standing import StandingMark
from portal.queries import cases as queries
from portal.services import cases, children, standing
from portal.services.children import ChildRecord
from portal.services.standing import Told
from tests.blueprints.cases.test_case_page import enrol
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
NOW = utc_now()
TODAY = local_date(NOW)
SENT = {"kind": "died", "since_on": f"{TODAY:%d.%m.%Y}", "source": "authority", "note": "Politiet ringede klokken ti"}
NOBODY = "Ingen skal ringe til, skrive til eller invitere hende."
MISTAKE = {"reason": "Det var en anden med samme navn"}


def url_of(case: Case) -> str:
    return f"/cases/{case.public_id}/standing"


def record(case: Case, member: Any, kind: StandingKind = StandingKind.DIED) -> StandingMark:
    actor = actor_of(member)
    standing.record(queries.get(actor, case.public_id), Told(kind, TODAY), actor=actor, now=NOW)
    db.session.commit()
    return db.session.scalars(sa.select(StandingMark).where(StandingMark.kind == kind)).one()


def test_in_one_step_from_the_case_page_and_the_case_says_it_first(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    cases.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor_of(member), now=NOW)
    children.add(case, ChildRecord(birth_year=2020), actor=actor_of(member), now=NOW)
    course = enrol(case, make_member(Role.PROGRAMME_WORKER), TrackKind.CTI)
    meeting = make_meeting(member, case, ahead=timedelta(days=1))
    key, page = course.public_id, f"/cases/{case.public_id}"
    browser = as_user(member)
    assert url_of(case) in browser.get(page).text
    assert "Politiet" not in browser.get(url_of(case)).text
    answer = browser.submit(url_of(case), data=SENT)
    assert (answer.status_code, answer.location) == (303, page)
    text = browser.get(page).text
    assert f"Hun er død {TODAY:%d.%m.%Y}" in text and NOBODY in text
    assert text.index(NOBODY) < text.index('id="next"')
    assert "1 planlagt møde er aflyst." in text
    assert f"/courses/{key}" in text and f"/children/{case.public_id}" in text
    assert "Kun SMS" not in text and "/referrals/start" not in text
    assert "Politiet ringede klokken ti" in browser.get(url_of(case)).text
    assert db.session.get_one(Meeting, meeting.id).state is MeetingState.CANCELLED


def test_a_part_of_the_page_answers_a_form_sent_by_htmx(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    answer = as_user(member).post(url_of(case), data=SENT, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 204)
    assert answer.headers["HX-Redirect"] == f"/cases/{case.public_id}"
    assert db.session.scalar(sa.select(sa.func.count(StandingMark.id))) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"since_on": ""}, {"since_on": f"{TODAY + timedelta(days=1):%d.%m.%Y}"}, {"since_on": "i går"},
     {"kind": "gone"}, {"source": "nobody"}],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(as_user: AsUser, wrong: dict[str, str]) -> None:
    member = make_member()
    case = make_case(member)
    answer = as_user(member).submit(url_of(case), data=SENT | wrong)
    assert answer.status_code == 422
    assert "Politiet ringede klokken ti" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(StandingMark.id))) == 0


def test_a_stranger_finds_nothing(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    mark = record(case, member)
    browser, url = as_user(make_member()), url_of(case)
    assert browser.get(url).status_code == 404
    assert browser.post(url, data=SENT).status_code == 404
    assert browser.post(f"{url}/{mark.public_id}/back", data=MISTAKE).status_code == 404
    assert browser.get(f"/cases/{'A' * 22}/standing").status_code == 404


def test_who_has_a_part_of_the_case_or_a_role_that_changes_none_is_refused(as_user: AsUser) -> None:
    member, lead = make_member(), make_member(Role.PROGRAMME_LEAD)
    case = make_case(member)
    leader = make_member(Role.GROUP_LEADER)
    enrol(case, leader, TrackKind.GROUP)
    for one in (lead, leader):
        assert as_user(one).get(url_of(case)).status_code == 403
        assert as_user(one).post(url_of(case), data=SENT).status_code == 403


def test_a_second_time_comes_too_late(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    mark = record(case, member)
    browser, url = as_user(member), url_of(case)
    assert browser.post(url, data=SENT).status_code == 409
    back = f"{url}/{mark.public_id}/back"
    assert browser.submit(url, back, MISTAKE).status_code == 303
    assert browser.post(back, data=MISTAKE).status_code == 409


def test_taken_back_both_stay_in_the_file_and_the_case_says_nothing_more(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    mark = record(case, member)
    browser, url = as_user(member), url_of(case)
    back = f"{url}/{mark.public_id}/back"
    short = browser.submit(url, back, {"reason": "fejl"})
    assert short.status_code == 422 and "fejl" in short.text
    assert browser.submit(url, back, MISTAKE).status_code == 303
    assert NOBODY not in browser.get(f"/cases/{case.public_id}").text
    assert MISTAKE["reason"] in browser.get(url).text


def test_a_mark_of_another_case_is_not_found(as_user: AsUser) -> None:
    member = make_member()
    mark = record(make_case(member), member)
    other = make_case(member)
    assert as_user(member).post(f"{url_of(other)}/{mark.public_id}/back", data=MISTAKE).status_code == 404


def test_only_who_is_asked_about_the_case_takes_it_back(as_user: AsUser) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case = make_case(member)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(member), now=NOW)
    mark = record(case, colleague)
    browser, url = as_user(colleague), url_of(case)
    assert "/back" not in browser.get(url).text
    assert browser.post(f"{url}/{mark.public_id}/back", data=MISTAKE).status_code == 403


def test_abroad_the_strip_says_so_and_she_may_still_be_reached(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    cases.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor_of(member), now=NOW)
    record(case, member, StandingKind.MOVED_ABROAD)
    text = as_user(member).get(f"/cases/{case.public_id}").text
    assert f"Hun er flyttet til udlandet {TODAY:%d.%m.%Y}" in text
    assert f"I udlandet siden {TODAY:%d.%m.%Y}" in text and "Kun SMS" in text
    assert NOBODY not in text


@pytest.mark.parametrize("days", [1, 400])
def test_one_hears_of_it_also_when_the_case_is_closed(as_user: AsUser, days: int) -> None:
    member = make_member()
    case = make_case(member)
    closed = NOW - timedelta(days=days)
    db.session.execute(sa.update(Case).where(Case.id == case.id).values(state=CaseState.CLOSED, closed_at=closed))
    db.session.commit()
    browser = as_user(member)
    assert url_of(case) in browser.get(f"/cases/{case.public_id}").text
    assert browser.get(url_of(case)).status_code == 200
    assert browser.submit(url_of(case), data=SENT).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(StandingMark.id))) == 1
    assert ("Politiet" in browser.get(url_of(case)).text) is (days < 30)


def test_another_house_on_the_case_reads_it_too(as_user: AsUser) -> None:
    member, worker = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case = make_case(member)
    cases.join_team(case.id, worker.user_id, actor=actor_of(member), now=NOW)
    record(case, member)
    assert NOBODY in as_user(worker).get(f"/cases/{case.public_id}").text


def test_the_pages_cost_few_statements(as_user: AsUser, count_queries: Counter) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    counted = {}
    for name in ("lives", "died"):
        for url in (page, url_of(case)):
            browser.get(url)
            count_queries.start()
            assert browser.get(url).status_code == 200
            counted[name, url == page] = count_queries.stop()
        if name == "lives":
            record(case, member)
    assert max(counted.values()) <= 12, counted
    assert counted["died", True] == counted["lives", True] + 1, "what is still open is asked for then alone"
