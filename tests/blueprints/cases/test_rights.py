"""The case's team writes down what somebody asks about her own data."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.messages import MessageKind
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.rights import RightsRequest
from portal.services import cases, children
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member, make_organisation

GIVEN = {"kind": "access", "capacity": "herself", "received_on": "01 10 2026"}


def test_a_request_is_written_down_once_and_the_officer_is_told(session: Any, as_user: Any) -> None:
    member = make_member()
    officer = make_member(Role.DATA_PROTECTION_OFFICER, session.get_one(Organisation, member.organisation_id))
    page = f"/cases/{make_case(member).public_id}/rights"
    browser = as_user(member)
    hidden = browser.hidden(page, page)
    first = browser.post(page, data=hidden | GIVEN)
    second = browser.post(page, data=hidden | GIVEN)
    assert (first.status_code, second.status_code) == (303, 303)
    row = session.scalars(sa.select(RightsRequest)).one()
    assert (row.kind, row.due_on.isoformat()) == ("access", "2026-11-01")
    told = session.scalars(sa.select(Message).where(Message.kind == MessageKind.RIGHTS_REQUESTED)).all()
    assert [one.recipient_id for one in told] == [officer.user_id]
    assert "Indsigt i egne oplysninger" in browser.get(page).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"capacity": "other_parent"}, "capacity"),
        ({"received_on": "01 10 2099"}, "received_on"),
        ({"kind": "child_dossier", "capacity": "other_parent"}, "child"),
        ({"kind": ""}, "kind"),
    ],
)
def test_what_breaks_a_rule_comes_back_beside_its_field(as_user: Any, change: dict[str, str], said: str) -> None:
    member = make_member()
    page = f"/cases/{make_case(member).public_id}/rights"
    answer = as_user(member).submit(page, data=GIVEN | change | {"asked_for": "alt I har"})
    assert answer.status_code == 422
    assert f'id="{said}-error"' in answer.text
    assert "alt I har" in answer.text


def test_a_childs_dossier_names_the_child(session: Any, as_user: Any) -> None:
    member = make_member()
    case = make_case(member, name="Anna", birth_year=1990)
    child = children.add(case, ChildRecord(name="Bo", birth_year=2018), actor=actor_of(member), now=utc_now())
    page = f"/cases/{case.public_id}/rights"
    data = GIVEN | {"kind": "child_dossier", "capacity": "custodial_parent", "child": child.public_id}
    assert as_user(member).submit(page, data=data).status_code == 303
    assert session.scalars(sa.select(RightsRequest.child_id)).all() == [child.id]


def test_a_stranger_finds_nothing_and_a_part_is_not_enough(as_user: Any) -> None:
    member = make_member()
    case = make_case(member)
    page = f"/cases/{case.public_id}/rights"
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.ADMINISTRATOR)).get(page).status_code == 403
    adviser = make_member(Role.MUNICIPAL_ADVISER, make_organisation(OrganisationKind.MUNICIPALITY))
    cases.join_team(case.id, adviser.user_id, actor=actor_of(member), now=utc_now())
    assert as_user(adviser).get(page).status_code == 403
