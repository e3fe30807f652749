"""A second click, and the same form again after a lost answer, lead where the first led; nothing is done twice."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.states import RequestState
from portal.db import db
from portal.models.referrals import RequestEvent
from tests.factories.referrals import make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
KEY = "k" * 22


def events() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(RequestEvent)) or 0


def test_a_second_click_is_answered_although_the_state_has_moved_on(as_user: AsUser) -> None:
    made = make_request(RequestState.SUBMITTED)
    browser, public_id = as_user(made.sender), made.request.public_id
    page, sent = f"/referrals/answers/{public_id}/withdraw", {f"w{public_id}-reason": "her_wish"}
    first = browser.post(page, data=sent | {"form_key": KEY})
    counted = events()
    second = browser.post(page, data=sent | {"form_key": KEY})
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert events() == counted
    assert browser.post(page, data=sent).status_code == 409


def test_with_htmx_the_second_click_goes_there_too(as_user: AsUser) -> None:
    made = make_request(RequestState.SUBMITTED)
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    browser.post(f"{page}/take", data={"form_key": KEY})
    again = browser.post(f"{page}/take", data={"form_key": KEY}, headers={"HX-Request": "true"})
    assert again.headers.get("HX-Redirect", again.headers.get("HX-Location")) == page


def test_a_key_that_somebody_else_used_changes_nothing(as_user: AsUser) -> None:
    made, other = make_request(), make_request()
    as_user(made.intake).post(f"/referrals/requests/{made.request.public_id}/take", data={"form_key": KEY})
    answer = as_user(other.intake).post(f"/referrals/requests/{other.request.public_id}/take", data={"form_key": KEY})
    assert answer.status_code in (409, 422)
    db.session.refresh(other.request)
    assert other.request.holder_id is None
