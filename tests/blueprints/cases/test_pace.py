"""One person opens no more than sixty cases within ten minutes: the sixty-first waits (R-576, threat T10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.pages import Page
from portal.db import db
from portal.domain.decisions import CASES_AT_A_STRETCH, STRETCH, is_too_many_cases
from portal.domain.disclosure import Relation
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import audit
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def look_at(cases: list[Case], member: Membership, *, ago: timedelta = timedelta(0)) -> None:
    for case in cases:
        audit.record_view(
            actor=actor_of(member), case_id=case.id, relation=Relation.CT, page=Page.CASE, now=utc_now() - ago
        )
    db.session.flush()


def test_the_limit_is_sixty_and_not_one_less() -> None:
    assert not is_too_many_cases(CASES_AT_A_STRETCH - 1, is_among_them=False)
    assert is_too_many_cases(CASES_AT_A_STRETCH, is_among_them=False)
    assert not is_too_many_cases(CASES_AT_A_STRETCH + 5, is_among_them=True)


def test_the_sixty_first_case_within_ten_minutes_is_not_shown(as_user: AsUser) -> None:
    member = make_member()
    *opened, last, one_more = [make_case(member) for _ in range(CASES_AT_A_STRETCH + 1)]
    look_at(opened, member)
    browser = as_user(member)
    assert browser.get(f"/cases/{last.public_id}").status_code == 200
    refused = browser.get(f"/cases/{one_more.public_id}")
    assert refused.status_code == 429
    assert one_more.reference not in refused.text
    assert "/notes" not in refused.text
    # Those that she has open already stay open, in every part.
    assert browser.get(f"/cases/{opened[0].public_id}").status_code == 200
    assert browser.get(f"/cases/{last.public_id}/notes").status_code == 200
    assert browser.get(f"/cases/{one_more.public_id}/notes").status_code == 429


def test_what_lies_longer_back_does_not_count(as_user: AsUser) -> None:
    member = make_member()
    *opened, one_more = [make_case(member) for _ in range(CASES_AT_A_STRETCH + 1)]
    look_at(opened, member, ago=STRETCH + timedelta(seconds=1))
    assert as_user(member).get(f"/cases/{one_more.public_id}").status_code == 200


def test_another_role_of_the_same_person_does_not_begin_anew(as_user: AsUser) -> None:
    member = make_member()
    other = Membership(user_id=member.user_id, organisation_id=member.organisation_id, role=Role.PROGRAMME_WORKER)
    db.session.add(other)
    *opened, one_more = [make_case(member) for _ in range(CASES_AT_A_STRETCH + 1)]
    db.session.flush()
    look_at(opened, other)
    assert as_user(member).get(f"/cases/{one_more.public_id}").status_code == 429


def test_a_colleague_is_not_held_up(as_user: AsUser) -> None:
    member, colleague = make_member(), make_member()
    opened = [make_case(member) for _ in range(CASES_AT_A_STRETCH)]
    look_at(opened, member)
    own = make_case(colleague)
    assert as_user(colleague).get(f"/cases/{own.public_id}").status_code == 200
