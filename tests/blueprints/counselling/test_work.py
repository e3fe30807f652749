"""Two taps log a contact; a promise is noted and settled; the list shows what is due. Each page and its refusals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.courses import CounsellingAnswer
from portal.core.enums import Role
from portal.core.states import CounsellingState
from portal.db import db
from portal.models.cases import Case
from portal.models.users import Membership
from portal.queries import counselling as queries
from portal.services import counselling
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
TAPPED = {
    "areas": ["housing", "treatment"],
    "result": "reached",
    "mode": "phone",
    "held_on": TODAY.strftime("%d %m %Y"),
}
PROMISE = {
    "authority": "Jobcentret",
    "area": "daycare",
    "promised": "En plan for praktik",
    "due_on": (TODAY + timedelta(days=9)).strftime("%d %m %Y"),
}
# A form that was sent once is taken in once.
HTMX = {"HX-Request": "true"}


def offered() -> tuple[Membership, Case]:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    case = make_case(adviser)
    counselling.offer(case.id, offered_on=TODAY, actor=actor_of(adviser), now=utc_now())
    return adviser, case


def contacts_of(case: Case, adviser: Membership) -> list[queries.Contact]:
    return queries.list_contacts(actor_of(adviser), queries.get(case.id), organisation_id=None, reads_all=True)


def test_two_taps_log_a_contact(as_user: AsUser) -> None:
    adviser, case = offered()
    browser, page = as_user(adviser), f"/counselling/{case.public_id}"
    shown = browser.get(page).text
    assert 'name="result" value="reached"' in shown
    assert f'value="{TODAY:%d.%m.%Y}"' in shown.partition('id="held_on"')[2].partition(">")[0]
    assert browser.post(f"{page}/contacts", data=TAPPED).status_code == 303
    assert "Bolig" in browser.get(page).text
    assert browser.post(f"{page}/contacts", data=TAPPED | {"result": "not_reached"}, headers=HTMX).status_code < 400
    assert [one.areas for one in contacts_of(case, adviser)] == [["housing", "treatment"]] * 2


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("contacts", TAPPED | {"held_on": "01 01 2999", "text": "Skal ikke gå tabt"}, "held_on"),
        ("contacts", TAPPED | {"minutes": "mange"}, "minutes"),
        ("promises", PROMISE | {"due_on": "01 01 2020"}, "due_on"),
        ("promises", PROMISE | {"authority": ""}, "authority"),
        ("answer", {"given": "later", "answered_on": TODAY.strftime("%d %m %Y")}, "ask_again_on"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_nothing_typed_is_lost(
    as_user: AsUser, path: str, sent: dict[str, Any], field: str
) -> None:
    adviser, case = offered()
    answer = as_user(adviser).post(f"/counselling/{case.public_id}/{path}", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sent.get("text", sent.get("promised", "")) in answer.text
    assert contacts_of(case, adviser) == queries.list_promises(case.id) == []


def test_strangers_are_told_of_nothing_and_other_roles_may_not(as_user: AsUser) -> None:
    adviser, case = offered()
    browser = as_user(adviser)
    browser.post(f"/counselling/{case.public_id}/promises", data=PROMISE)
    (promise,) = queries.list_promises(case.id)
    paths = {"contacts": TAPPED, "promises": PROMISE, f"promises/{promise.public_id}": {"kept": "yes"}}
    for path, sent in paths.items():
        address = f"/counselling/{case.public_id}/{path}"
        assert as_user(make_member()).post(address, data=sent).status_code == 404
        assert as_user(make_member(Role.VOLUNTEER)).post(address, data=sent).status_code == 403
    other, elsewhere = offered()
    address = f"/counselling/{elsewhere.public_id}/promises/{promise.public_id}"
    assert as_user(other).post(address, data={"kept": "yes"}).status_code == 404
    assert queries.list_promises(case.id)[0].settled_on is None


def test_before_the_offer_is_the_wrong_moment_and_a_promise_is_settled_once(as_user: AsUser) -> None:
    adviser, case = offered()
    browser, page = as_user(adviser), f"/counselling/{case.public_id}"
    assert browser.post(f"{page}/promises", data=PROMISE).status_code == 303
    (promise,) = queries.list_promises(case.id)
    assert "Jobcentret" in browser.get(page).text
    settle = f"{page}/promises/{promise.public_id}"
    assert browser.post(settle, data={}).status_code == 422
    assert browser.post(settle, data={"kept": "no"}).status_code == 303
    assert browser.post(settle, data={"kept": "yes"}).status_code == 409
    assert queries.list_promises(case.id)[0].is_kept is False
    queries.get(case.id).state = CounsellingState.NOT_OFFERED
    db.session.flush()
    assert browser.post(f"{page}/contacts", data=TAPPED).status_code == 409


def test_the_list_shows_each_woman_where_she_waits(as_user: AsUser) -> None:
    adviser, case = offered()
    actor, now = actor_of(adviser), utc_now()
    new = make_case(adviser)
    counselling.ensure(new.id)
    browser = as_user(adviser)
    assert case.reference in browser.get("/counselling/?group=waiting").text
    first = browser.get("/counselling/").text
    assert new.reference in first
    assert case.reference not in first
    again = TODAY + timedelta(days=3)
    counselling.answer(
        queries.get(case.id), CounsellingAnswer.LATER, answered_on=TODAY, ask_again_on=again, actor=actor, now=now
    )
    shown = browser.get("/counselling/?group=ask_again").text
    assert case.reference in shown
    assert f"{again:%d.%m.%Y}" in shown
    assert case.reference not in browser.get("/counselling/?group=waiting").text
    assert "Her er ingen lige nu" in browser.get("/counselling/?group=started").text
    assert case.reference not in as_user(make_member(Role.MUNICIPAL_ADVISER)).get("/counselling/").text
    assert browser.get("/counselling/?after=x").status_code == 400
    assert as_user(make_member(Role.VOLUNTEER)).get("/counselling/").status_code == 403


def test_pages_issue_a_fixed_number_of_statements(as_user: AsUser, count_queries: Any) -> None:
    adviser, case = offered()
    browser, page = as_user(adviser), f"/counselling/{case.public_id}"
    for _time in range(3):
        browser.post(f"{page}/contacts", data=TAPPED)
        browser.post(f"{page}/promises", data=PROMISE)
        other = make_case(adviser)
        counselling.offer(other.id, offered_on=TODAY, actor=actor_of(adviser), now=utc_now())
    browser.get(page)
    for address in (page, "/counselling/?group=waiting", "/counselling/figures"):
        count_queries.start()
        assert browser.get(address).status_code == 200
        assert count_queries.stop() <= 12, address
