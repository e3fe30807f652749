"""When it happened and when it was entered, in the journal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.kinds import ContactMode, ContactResult
from portal.services import notes
from portal.web.filters import clock
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")


def test_both_times_stand_there_and_a_late_entry_is_marked(as_user: Callable[..., Any]) -> None:
    member, now = make_member(), utc_now()
    case = make_case(member, now=now - timedelta(days=9))
    page, actor = f"/cases/{case.public_id}/notes", actor_of(member)
    happened = now - timedelta(days=4)
    notes.write_note(case, text="Hun ringede fra toget.", happened_at=happened, actor=actor, now=happened)
    browser = as_user(member)
    times = f"kl. {clock(happened)}, skrevet {clock(happened)}"
    assert times in browser.get(page).text and "skrevet senere" not in browser.get(page).text
    notes.write_note(
        case, text="Skrevet dagen efter.", happened_at=happened, actor=actor, now=happened + timedelta(days=1)
    )
    late = browser.get(page).text
    assert f"kl. {clock(happened)}, skrevet {local_date(happened + timedelta(days=1)):%d.%m.%Y}" in late
    assert late.count("skrevet senere") == 1


def test_a_contact_that_is_logged_afterwards_is_marked_too(as_user: Callable[..., Any]) -> None:
    member, now = make_member(), utc_now()
    case = make_case(member, now=now - timedelta(days=9))
    notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        happened_at=now - timedelta(days=2),
        actor=actor_of(member),
        now=now,
    )
    assert "skrevet senere" in as_user(member).get(f"/cases/{case.public_id}/notes").text
