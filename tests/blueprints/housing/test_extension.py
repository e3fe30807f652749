"""More time in a home, in the browser: asked for by her caseworker, decided by the coordinator or the lead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from portal.core.clock import add_months, local_date, utc_now
from portal.core.enums import Role
from portal.core.states import TenancyState
from portal.db import db
from portal.models.cases import Case
from portal.models.housing import Tenancy
from portal.models.users import User
from portal.services import tenancies
from tests.factories.housing import Homes, make_homes, make_tenancy
from tests.factories.people import actor_of, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
WISH = "Hun venter på en almen bolig"
GOOD = {"is_extended": "yes", "months": "12", "reason": "Børnene går i skole her"}


@dataclass
class Lived:
    homes: Homes
    tenancy: Tenancy
    page: str
    reference: str


def lived(*, is_asked: bool = False, months: int = 16) -> Lived:
    """A tenancy in the time for asking."""
    homes, now = make_homes(), utc_now()
    tenancy = make_tenancy(homes, moved_in_on=add_months(local_date(now), -months))
    if is_asked:
        tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=now)
    reference = db.session.get_one(Case, tenancy.enrolment.case_id).reference
    return Lived(homes, tenancy, f"/housing/tenancies/{tenancy.public_id}", reference)


def text(browser: Any, page: str) -> str:
    answer = browser.get(page)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_her_caseworker_finds_the_tenancy_from_the_course_and_asks(as_user: AsUser) -> None:
    made = lived()
    browser = as_user(made.homes.contact)
    course = text(browser, f"/courses/{made.tenancy.enrolment.public_id}")
    assert made.page in course
    shown = text(browser, made.page)
    assert made.reference in shown
    assert "Bolig 1" not in shown
    assert "Registrér opsigelse" not in shown
    empty = browser.post(f"{made.page}/ask", data={"reason": ""})
    assert empty.status_code == 422
    assert 'id="ask-reason-error"' in empty.get_data(as_text=True)
    assert browser.post(f"{made.page}/ask", data={"reason": WISH}).status_code == 303
    assert WISH in text(browser, made.page)
    assert browser.post(f"{made.page}/decide", data=GOOD).status_code == 403


def test_outside_its_time_there_is_no_form_but_the_days(as_user: AsUser) -> None:
    made = lived(months=2)
    browser = as_user(made.homes.contact)
    shown = text(browser, made.page)
    assert f"{made.page}/ask" not in shown
    assert f"{add_months(local_date(utc_now()), -2 + 15):%d.%m.%Y}" in shown
    assert browser.post(f"{made.page}/ask", data={"reason": WISH}).status_code == 409


@pytest.mark.parametrize("role", [Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD])
def test_whoever_decides_sees_who_asked_and_why(as_user: AsUser, role: Role) -> None:
    made = lived(is_asked=True)
    browser = as_user(make_member(role, made.homes.coordinator.organisation))
    shown = text(browser, made.page)
    assert "Afgør forlængelsen</h2>" in shown
    assert "Frister</h2>" in shown
    assert db.session.get_one(User, made.homes.contact.user_id).name in shown
    assert WISH in shown
    # A lead decides about a home; who lives there is not hers to know.
    assert (made.reference in shown) is (role is Role.HOUSING_COORDINATOR)
    assert made.page in text(browser, "/housing/")
    assert browser.post(f"{made.page}/ask", data={"reason": WISH}).status_code == 403
    assert browser.post(f"{made.page}/decide", data=GOOD).status_code == 303
    assert "12 måneder mere" in text(browser, made.page)
    assert browser.post(f"{made.page}/decide", data=GOOD).status_code == 409


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"is_extended": ""}, "is_extended"),
        ({"is_extended": "maybe"}, "is_extended"),
        ({"months": ""}, "months"),
        ({"months": "0"}, "months"),
        ({"months": "25"}, "months"),
        ({"months": "mange"}, "months"),
        ({"reason": ""}, "decision-reason"),
        ({"reason": "  "}, "decision-reason"),
        ({"is_extended": "no", "reason": ""}, "decision-reason"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(
    as_user: AsUser, typed: dict[str, str], wrong: str
) -> None:
    made = lived(is_asked=True)
    answer = as_user(made.homes.coordinator).post(f"{made.page}/decide", data=GOOD | typed)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    found = {name for name in ("is_extended", "months", "decision-reason") if f'id="{name}-error"' in shown}
    assert found == {wrong}
    given = GOOD | typed
    assert f'value="{given["months"]}"' in shown
    assert given["reason"].strip() in shown
    assert db.session.get_one(Tenancy, made.tenancy.id).state is TenancyState.EXTENSION_REQUESTED


@pytest.mark.parametrize("months", ["", "12", "99", "mange"])
def test_a_no_needs_a_reason_and_no_months(as_user: AsUser, months: str) -> None:
    made = lived(is_asked=True)
    browser = as_user(made.homes.coordinator)
    given = {"is_extended": "no", "months": months, "reason": "Der er andre, der venter"}
    assert browser.post(f"{made.page}/decide", data=given).status_code == 303
    found = db.session.get_one(Tenancy, made.tenancy.id)
    assert (found.state, found.months) == (TenancyState.ACTIVE, 24)
    shown = text(as_user(made.homes.contact), made.page)
    assert "Der er andre, der venter" in shown
    assert f"{made.page}/ask" not in shown


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_a_stranger_to_the_case_comes_no_further_than_the_door(as_user: AsUser, role: Role) -> None:
    made = lived(is_asked=True)
    opens = role in (Role.CONTACT_PERSON, Role.PROGRAMME_WORKER, Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD)
    browser = as_user(make_member(role))
    assert browser.get(made.page).status_code == (404 if opens else 403)
    asks = role in (Role.CONTACT_PERSON, Role.PROGRAMME_WORKER)
    decides = role in (Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD)
    assert browser.post(f"{made.page}/ask", data={"reason": WISH}).status_code == (404 if asks else 403)
    assert browser.post(f"{made.page}/decide", data=GOOD).status_code == (404 if decides else 403)
