"""Every part of the case file says which case it is: with two windows open, nobody writes in the wrong one."""

from typing import Any

import pytest

from tests.factories.people import make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
PARTS = (
    *("/cases/{}", "/cases/{}/notes", "/cases/{}/team", "/cases/{}/stay", "/cases/{}/consents"),
    *("/plans/{}", "/plans/{}/needs", "/plans/{}/stay", "/plans/{}/for-her"),
    *("/risk/{}", "/risk/{}/assessment", "/risk/{}/plan", "/risk/{}/violence"),
    *("/children/{}", "/documents/{}", "/contacts/{}", "/deadlines/{}"),
)


@pytest.mark.parametrize("path", PARTS)
def test_a_part_of_the_case_file_says_which_case_it_is(as_user: Any, path: str) -> None:
    member = make_member()
    case = make_case(member)
    address, reference = path.format(case.public_id), case.reference
    page = as_user(member).get(address)
    assert page.status_code == 200
    assert reference in page.text.partition("<main")[2]
