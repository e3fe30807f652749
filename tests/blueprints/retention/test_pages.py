"""The preview of what will disappear, and lengths that two people set."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.rights import RetentionRule, RetentionState
from portal.models.organisations import Organisation
from portal.models.retention import RetentionItem, RetentionSetting
from tests.factories.people import make_case, make_member


def make_item(case: Any) -> None:
    from portal.db import db

    today = local_date(utc_now())
    db.session.add(
        RetentionItem(
            rule=RetentionRule.R3,
            subject_key=f"client_case:{case.id}:2026-01-01",
            organisation_id=case.owner_organisation_id,
            case_id=case.id,
            due_on=today,
            found_at=utc_now(),
            told_on=today,
            state=RetentionState.AHEAD,
        )
    )
    db.session.flush()


def test_the_preview_names_cases_by_reference_and_only_ones_own(session: Any, as_user: Any) -> None:
    member = make_member()
    case = make_case(member, name="Anna Holm")
    make_item(case)
    house = session.get_one(Organisation, member.organisation_id)
    mine = as_user(make_member(Role.DATA_PROTECTION_OFFICER, house)).get("/retention/").text
    others = as_user(make_member(Role.DATA_PROTECTION_OFFICER)).get("/retention/").text
    assert case.reference in mine
    assert "Anna" not in mine
    assert case.reference not in others


def test_a_length_is_asked_for_by_one_and_agreed_to_by_another(session: Any, as_user: Any) -> None:
    first = make_member(Role.DATA_PROTECTION_OFFICER)
    second = make_member(Role.SAFETY_OFFICER, first.organisation)
    browser, other = as_user(first), as_user(second)
    assert browser.submit("/retention/rules", data={"rule": "R3", "days": "40"}).status_code == 303
    setting = session.scalars(sa.select(RetentionSetting)).one()
    agree = f"/retention/rules/{setting.public_id}/agree"
    assert browser.post(agree, data={}).status_code == 403
    assert other.submit("/retention/rules", agree).status_code == 303
    assert other.post(agree, data={}).status_code == 409
    assert "40 dage" in browser.get("/retention/rules").text


@pytest.mark.parametrize("days", ["0", "13", "36500", "mange", ""])
def test_a_length_that_nobody_can_mean_comes_back(as_user: Any, days: str) -> None:
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    answer = browser.submit("/retention/rules", data={"rule": "R3", "days": days})
    assert answer.status_code == 422
    assert 'id="days-error"' in answer.text


def test_from_a_message_one_comes_to_ones_own_preview(as_user: Any) -> None:
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    stranger = make_member(Role.DATA_PROTECTION_OFFICER)
    page = f"/retention/of/{officer.organisation.public_id}"
    assert as_user(officer).get(page).status_code == 303
    assert as_user(stranger).get(page).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CONTACT_PERSON, Role.PROGRAMME_LEAD])
def test_others_do_not_come_in(as_user: Any, role: Role) -> None:
    assert as_user(make_member(role)).get("/retention/").status_code == 403


def test_the_day_is_a_day_to_come_and_every_sentence_stands_by_itself(session: Any, as_user: Any) -> None:
    member = make_member()
    make_item(make_case(member))
    house = session.get_one(Organisation, member.organisation_id)
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER, house))
    ahead = browser.get("/retention/").text
    assert "Står til sletning den" in ahead and "I gang" not in ahead
    cells = re.findall(r'data-label="Hvad der sker">(.*?)</td>', browser.get("/retention/rules").text, re.DOTALL)
    assert len(cells) == len(RetentionRule)
    for cell in cells:
        sentences = [" ".join(part.split()) for part in re.split(r"<[^>]+>", cell) if part.strip()]
        assert all(one[0].isupper() and one.endswith(".") for one in sentences), cell
