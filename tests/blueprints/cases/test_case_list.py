"""My cases, and finding one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactChannel, SafetyLevel
from portal.core.states import CaseState
from portal.models.audit import AuditEntry
from portal.queries import cases as case_queries
from portal.services import cases, closing, risk
from tests.factories.people import actor_of, make_case, make_member

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def test_i_see_my_cases_and_nobody_elses(as_user: Browser) -> None:
    member = make_member()
    mine, other = make_case(member, name="Amira Karim"), make_case(make_member())
    text = as_user(member).get("/cases").get_data(as_text=True)
    assert mine.reference in text
    assert "Amira Karim" in text
    assert other.public_id not in text


def test_an_empty_list_says_why(as_user: Browser) -> None:
    browser = as_user(make_member())
    assert 'class="empty"' in browser.get("/cases").get_data(as_text=True)
    assert 'class="empty"' in browser.get("/cases?missing=contact").get_data(as_text=True)
    assert 'class="empty"' in as_user(make_member(Role.GROUP_LEADER)).get("/cases").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PROGRAMME_LEAD, Role.GRANT_PAYER])
def test_roles_without_cases_have_no_list(as_user: Browser, role: Role) -> None:
    assert as_user(make_member(role)).get("/cases").status_code == 403


def test_the_filters_find_what_is_missing() -> None:
    member = make_member()
    actor, now = actor_of(member), utc_now()
    bare, full = make_case(member), make_case(member)
    cases.set_safe_contact(full, channel=ContactChannel.SMS, actor=actor, now=now)
    cases.set_safe_contact(bare, channel=ContactChannel.SMS, actor=actor, now=now - timedelta(days=40))
    risk.assess_safety(full, level=SafetyLevel.ORDINARY, assessed_on=TODAY, actor=actor, now=now)
    cases.plan_move(full, TODAY, actor=actor, now=now)
    for missing in case_queries.Missing:
        rows, _more = case_queries.list_mine(actor, today=TODAY, missing=missing)
        assert [row.public_id for row in rows] == [bare.public_id], missing
    closing.close_case(bare, case_queries.count_unfinished(bare.id), actor=actor, now=now)
    assert [row.public_id for row in case_queries.list_mine(actor, today=TODAY)[0]] == [full.public_id]
    closed = case_queries.list_mine(actor, today=TODAY, state=CaseState.CLOSED)[0]
    assert [row.public_id for row in closed] == [bare.public_id]


def test_the_list_costs_the_same_for_fifty_cases_as_for_one(as_user: Browser, count_queries: Any) -> None:
    counted = []
    for number in (1, 50):
        member = make_member()
        for _case in range(number):
            make_case(member, name="Amira")
        browser = as_user(member)
        browser.get("/cases")
        count_queries.start()
        assert browser.get("/cases").status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 5


def test_the_list_goes_on_where_it_stopped(as_user: Browser) -> None:
    member = make_member()
    made = {make_case(member).public_id for _number in range(5)}
    actor, seen, after = actor_of(member), [], None
    while True:
        rows, after = case_queries.list_mine(actor, today=TODAY, after=after, limit=2)
        seen += [row.public_id for row in rows]
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == made
    assert as_user(member).get("/cases?after=x").status_code == 400


def test_a_case_is_found_by_reference_or_exact_name_within_ones_own(as_user: Browser, session: Any) -> None:
    member, stranger = make_member(), make_member()
    case = make_case(member, name="Åse-Marie Holm")
    reference, public_id = case.reference, case.public_id
    mine, other = as_user(member), as_user(stranger)
    for text in (reference, "holm aasemarie", " Åse-Marie Holm "):
        assert public_id in mine.post("/search", data={"sought": text}).get_data(as_text=True), text
        assert public_id not in other.post("/search", data={"sought": text}).get_data(as_text=True)
    assert public_id not in mine.post("/search", data={"sought": "Åse"}).get_data(as_text=True)
    assert mine.post("/search", data={"sought": ""}).status_code == 422
    fields = session.scalars(sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.CASE_SEARCHED)).all()
    assert ["reference"] in fields
    assert ["name"] in fields
