"""Before a case is opened: open cases of the own house that may be hers, and going on by one tick."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.cases import Case
from portal.services import blocks, cases
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
GIVEN = {"name": "Amira Khalil", "birth_year": "1990"}
LOOKED = {"is_another": "y"}
NUMBER = "20 12 34 56"
ASKS = "Det kan være den samme kvinde"


def known(member: Any, **facts: Any) -> Case:
    """An open case of hers."""
    return make_case(member, **({"name": "Amira Khalil", "birth_year": 1990} | facts))


def how_many() -> int:
    """How many cases there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0


def test_an_open_case_that_may_be_hers_is_shown_first_and_one_tick_goes_on(as_user: Any) -> None:
    member = make_member(name="Maja Holm")
    case = known(member)
    browser = as_user(member)
    asked = browser.submit("/cases/new", data=GIVEN | {"language": "Farsi"})
    assert (asked.status_code, how_many()) == (422, 1)
    assert ASKS in asked.text and 'id="is_another-error"' in asked.text and "Farsi" in asked.text
    assert f'href="/cases/{case.public_id}"' in asked.text and "Maja Holm" in asked.text
    assert browser.submit("/cases/new", data=GIVEN | LOOKED).status_code == 303
    assert how_many() == 2


def test_a_part_of_the_page_is_given_back_by_htmx(as_user: Any) -> None:
    member = make_member()
    known(member)
    answer = as_user(member).post("/cases/new", data=GIVEN, headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and text.lstrip().startswith("<section") and ASKS in text


def test_whoever_is_not_on_its_team_learns_whom_to_ask_and_goes_there_no_more_than_before(as_user: Any) -> None:
    member = make_member(name="Maja Holm")
    case = known(member)
    public_id, reference = case.public_id, case.reference
    browser = as_user(make_member(organisation=member.organisation))
    asked = browser.submit("/cases/new", data=GIVEN)
    assert asked.status_code == 422
    assert reference in asked.text and "Maja Holm" in asked.text
    assert public_id not in asked.text
    assert browser.get(f"/cases/{public_id}").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Amira Khalil"},
        {"name": "Amira Khalil", "birth_year": "1991"},
        {"name": "Amira Khalid", "birth_year": "1990"},
        {"is_unnamed": "y", "phone": "20 12 34 57"},
    ],
)
def test_what_is_not_exactly_the_same_is_nobody(as_user: Any, given: dict[str, str]) -> None:
    member = make_member()
    known(member, phone=NUMBER)
    assert as_user(member).submit("/cases/new", data=given).status_code == 303
    assert how_many() == 2


def test_a_telephone_number_is_enough(as_user: Any) -> None:
    member = make_member()
    known(member, phone=NUMBER)
    answer = as_user(member).submit("/cases/new", data={"is_unnamed": "y", "phone": "+45 20123456"})
    assert answer.status_code == 422 and ASKS in answer.text


def test_another_house_is_shown_nothing(as_user: Any) -> None:
    known(make_member())
    answer = as_user(make_member()).submit("/cases/new", data=GIVEN)
    assert answer.status_code == 303 and how_many() == 2


def test_a_case_that_keeps_somebody_out_is_not_shown_to_her(as_user: Any) -> None:
    member = make_member()
    case = known(member)
    kept_out = make_member(organisation=member.organisation)
    blocks.keep_out(case, user_id=kept_out.user_id, reason=None, actor=actor_of(member), now=utc_now())
    db.session.flush()
    assert as_user(kept_out).submit("/cases/new", data=GIVEN).status_code == 303


def test_up_to_five_are_shown_and_the_newest_first(as_user: Any) -> None:
    member = make_member()
    made = [known(member).reference for _number in range(7)]
    text = as_user(member).submit("/cases/new", data=GIVEN).text
    assert [reference in text for reference in made] == [False] * 2 + [True] * 5


def test_a_volunteer_opens_none_and_is_shown_none(as_user: Any) -> None:
    member = make_member()
    case = known(member)
    answer = as_user(make_member(Role.VOLUNTEER, organisation=member.organisation)).post("/cases/new", data=GIVEN)
    assert answer.status_code == 403 and case.reference not in answer.get_data(as_text=True)


def test_the_old_way_of_opening_by_the_service_asks_nobody() -> None:
    member = make_member()
    known(member)
    opened = cases.open_case(name="Amira Khalil", birth_year=1990, actor=actor_of(member), now=utc_now())
    assert opened.reference
