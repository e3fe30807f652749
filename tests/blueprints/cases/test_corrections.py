"""A correction in the browser: it begins with the first note, keeps whom that was about, and both say so."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, local_time, utc_now
from portal.core.notes import TalkKind
from portal.domain.notes import NoteFacts
from portal.services import children, notes
from portal.services.children import ChildRecord
from portal.web.filters import short_day
from tests.factories.people import actor_of, make_case, make_member

NOW = utc_now()
BEFORE = NOW - timedelta(days=2)


@pytest.fixture
def made(session: Any) -> dict[str, Any]:
    member = make_member()
    case, who = make_case(member, now=BEFORE), {"actor": actor_of(member), "now": NOW}
    own, sibling = (
        children.add(case, ChildRecord(name=name, birth_year=2018), is_sure=True, **who) for name in ("Bo", "Alma")
    )
    facts = NoteFacts(talk=TalkKind.CHILD)
    note = notes.write_note(case, text="Han sover dårligt.", happened_at=BEFORE, about=[own], facts=facts, **who)
    return {"member": member, "case": case, "own": own, "sibling": sibling, "note": note}


def test_it_begins_with_the_first_note_and_shows_it(as_user: Callable[..., Any], made: dict[str, Any]) -> None:
    text = as_user(made["member"]).get(f"/cases/{made['case'].public_id}/notes?corrects={made['note'].public_id}").text
    form = text[text.index('id="write-note"') : text.index('id="past"')]
    assert form.count("Han sover dårligt.") == 2
    assert "<blockquote" in form
    assert f'value="{local_time(BEFORE):%H.%M}"' in form
    ticked = re.findall(r'<input checked id="about-\d+" name="about" type="checkbox" value="([^"]+)"', form)
    assert ticked == [made["own"].public_id]
    assert 'id="log-contact"' not in text


def test_both_say_that_one_corrects_the_other_and_the_child_is_kept(
    as_user: Callable[..., Any], made: dict[str, Any]
) -> None:
    browser, case = as_user(made["member"]), made["case"]
    data = {"text": "Han sover godt nu.", "corrects": made["note"].public_id}
    assert browser.submit(f"/cases/{case.public_id}/notes", data=data).status_code == 303
    journal = browser.get(f"/cases/{case.public_id}/notes").text
    said = f"Rettelse til notatet fra {short_day(local_date(BEFORE))} kl. {local_time(BEFORE):%H.%M}"
    assert said in journal
    assert f"rettet {local_date(NOW):%d.%m.%Y}" in journal
    own, sibling = (
        browser.get(f"/children/{case.public_id}/of/{made[who].public_id}").text for who in ("own", "sibling")
    )
    assert ["Han sover godt nu." in page for page in (own, sibling)] == [True, False]
