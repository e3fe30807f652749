"""Whether the way of contact is still safe is asked where a contact is logged, when it was asked too long ago."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.kinds import ContactChannel, MayAnswer
from portal.db import db
from portal.domain.safe_contact import Way
from portal.models.audit import AuditEntry
from portal.models.cases import Note
from portal.models.clients import SafeContactCard
from portal.queries import safe_contact as queries
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member

Browser = Callable[..., Any]
ASKS = "Er det stadig sikkert at kontakte hende sådan?"
WAYS = (Way(ContactChannel.SMS, "weekdays", 9, 14), Way(ContactChannel.PHONE, "any", 17, 20, MayAnswer.NAMED, True))
SENT = {"mode": "phone", "quick": "5", "still_safe": "y"}


def carded(member: Any, days_ago: int) -> Any:
    """A case whose card was written some days ago."""
    case = make_case(member)
    then, words = utc_now() - timedelta(days=days_ago), {"code_word": "Regnbue", "note": "Ring to gange"}
    cases.set_ways(case, WAYS, is_device_shared=True, actor=actor_of(member), now=then, **words)
    return case


def cards() -> list[SafeContactCard]:
    """All cards, the newest last."""
    return list(db.session.scalars(sa.select(SafeContactCard).order_by(SafeContactCard.id)))


def test_an_old_card_is_asked_about_in_the_form_and_one_tick_confirms_it_whole(as_user: Browser) -> None:
    member = make_member()
    case = carded(member, 31)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    page = browser.get(f"{url}/notes").get_data(as_text=True)
    assert ASKS in page and "Kun SMS hverdage 9–14" in page and f"{url}/safe-contact" in page
    assert browser.post(f"{url}/contacts", data=SENT | {"result": "reached"}).status_code == 303
    old, new = cards()
    assert (new.code_word, new.note, new.is_device_shared) == ("Regnbue", "Ring to gange", True)
    found = queries.find_card(case.id)
    assert found is not None and found.ways == WAYS, "each way as it was"
    assert new.verified_at > old.verified_at + timedelta(days=30), "and asked today"
    written = sa.select(sa.func.count()).where(AuditEntry.action == Audit.SAFE_CONTACT_SET)
    assert db.session.scalar(written) == 2
    assert ASKS not in browser.get(f"{url}/notes").get_data(as_text=True)


@pytest.mark.parametrize("result", ["not_reached", "message_left"])
def test_nobody_else_can_say_so_and_nothing_is_saved(as_user: Browser, result: str) -> None:
    member = make_member()
    case = carded(member, 31)
    answer = as_user(member).post(f"/cases/{case.public_id}/contacts", data=SENT | {"result": result, "text": "Igen"})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, len(cards())) == (422, 1)
    assert 'id="still_safe-error"' in text and "Igen" in text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Note)) == 0


def test_without_the_tick_the_contact_is_logged_and_the_card_stays_old(as_user: Browser) -> None:
    member = make_member()
    case = carded(member, 31)
    sent = {"result": "reached", "mode": "phone", "quick": "5"}
    assert as_user(member).post(f"/cases/{case.public_id}/contacts", data=sent).status_code == 303
    assert len(cards()) == 1


def test_a_card_that_somebody_has_confirmed_meanwhile_is_not_written_again(as_user: Browser) -> None:
    member = make_member()
    case = carded(member, 29)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    assert ASKS not in browser.get(f"{url}/notes").get_data(as_text=True)
    assert browser.post(f"{url}/contacts", data=SENT | {"result": "reached"}).status_code == 303
    assert len(cards()) == 1


def test_without_a_card_there_is_nothing_to_confirm(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    assert ASKS not in browser.get(f"{url}/notes").get_data(as_text=True)
    assert browser.post(f"{url}/contacts", data=SENT | {"result": "reached"}).status_code == 303
    assert cards() == []
