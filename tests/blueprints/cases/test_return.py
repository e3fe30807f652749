"""She comes back: her old file is offered before a second one is made; and all her stays on one page."""

from typing import Any

import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.domain.cases import Unfinished
from portal.models.cases import Case
from portal.services import closing
from tests.factories.people import actor_of, make_case, make_member

GIVEN = {"name": "Amira Khalil", "birth_year": "1990"}


def closed(member: Any) -> Case:
    case = make_case(member, name="Amira Khalil", birth_year=1990)
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    return case


def test_her_old_file_is_offered_and_goes_on(session: Any, as_user: Any) -> None:
    member = make_member(name="Maja Holm")
    colleague = make_member(organisation=member.organisation)
    case = closed(member)
    public_id, reference = case.public_id, case.reference
    browser = as_user(colleague)
    asked = browser.submit("/cases/new", data=GIVEN)
    assert asked.status_code == 422
    assert reference in asked.text
    assert "Maja Holm" in asked.text
    answer = browser.submit("/cases/new", data=GIVEN | {"returns": public_id, "contact": "former", "do": "return"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/cases/{public_id}")
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    assert browser.get(f"/cases/{public_id}").status_code == 200


def test_somebody_else_of_that_name_gets_her_own_case(session: Any, as_user: Any) -> None:
    member = make_member()
    closed(member)
    assert as_user(member).submit("/cases/new", data=GIVEN | {"returns": "new"}).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 2


def test_another_house_is_offered_nothing(session: Any, as_user: Any) -> None:
    closed(make_member())
    assert as_user(make_member()).submit("/cases/new", data=GIVEN).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 2


def test_a_stay_elsewhere_stands_among_her_stays(as_user: Any) -> None:
    member = make_member()
    page = f"/cases/{make_case(member).public_id}/stay"
    browser = as_user(member)
    given = {"where": "elsewhere", "admitted_on": "01.02.2025", "discharged_on": "03.03.2025", "previous_stay": "no"}
    assert browser.submit(page, data=given | {"discharged_on": ""}).status_code == 422
    assert browser.submit(page, data=given | {"reasons": ["threats"]}).status_code == 303
    shown = browser.get(page).text
    assert "Et andet krisecenter" in shown
    assert "01.02.2025" in shown
