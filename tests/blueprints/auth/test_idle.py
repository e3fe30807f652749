"""The idle lock, and what was typed when a session ended (R-555, R-556)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import time_machine

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.kept import KeptForm
from portal.models.users import UserSession
from portal.services import accounts, housekeeping
from tests.factories.people import make_case, make_member, make_organisation

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TYPED = "Hun ringede\r\nog græd <b>længe</b>"
IDLE = timedelta(minutes=15)


def kept() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(KeptForm)) or 0


def too_late(as_user: AsUser, member: Any, page: str, action: str, typed: dict[str, str], **how: Any) -> Any:
    """Send a form at 15:01, from a page that was opened at 0:00."""
    start, browser = utc_now(), as_user(member)
    sent = browser.hidden(page, action) | typed
    with time_machine.travel(start + IDLE + timedelta(seconds=1), tick=False):
        return browser.post(action, data=sent, **how)


@pytest.fixture
def at_work() -> tuple[Any, str]:
    member = make_member()
    return member, f"/cases/{make_case(member).public_id}/notes"


def form_of(page: str) -> tuple[str, str]:
    return page, page.replace("/notes", "/contacts")


def test_a_session_lives_at_14_59_and_not_at_15_01(as_user: AsUser) -> None:
    now, browser = utc_now(), as_user(make_member())
    with time_machine.travel(now + timedelta(minutes=14, seconds=59), tick=False):
        assert browser.get("/account").status_code == 200
    other = as_user(make_member())
    with time_machine.travel(utc_now() + timedelta(minutes=15, seconds=1), tick=False):
        assert other.get("/account").status_code == 303


def test_whoever_was_signed_out_for_idleness_is_told_so_and_nobody_else(as_user: AsUser) -> None:
    browser, why = as_user(make_member()), "Du blev logget ud, fordi"
    with time_machine.travel(utc_now() + IDLE + timedelta(seconds=1), tick=False):
        late = browser.get("/account")
        assert "idle=1" in late.location
        said = browser.get(late.location).text
        assert why in said and "er gemt" not in said
    over = as_user(make_member())
    db.session.execute(sa.update(UserSession).values(ends_at=utc_now()))
    assert "idle" not in over.get("/account").location
    assert why not in over.get("/sign-in?next=/account").text
    left = as_user(make_member())
    left.post("/sign-out")
    assert left.get("/account").location == "/sign-in?next=/account"


@pytest.mark.parametrize("is_htmx", [False, True])
def test_what_came_too_late_is_there_again_after_signing_in(
    as_user: AsUser, at_work: tuple[Any, str], is_htmx: bool
) -> None:
    member, page = at_work
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"} if is_htmx else {}
    late = too_late(as_user, member, *form_of(page), {"text": TYPED}, headers=headers)
    to = late.headers["HX-Redirect"] if is_htmx else late.location
    assert late.status_code == (401 if is_htmx else 303)
    assert to.startswith("/sign-in?") and f"next={page}" in unquote(to) and "kept=" in to
    browser = as_user(member)
    shown = browser.get(page).text
    assert "er her igen" in shown and f'data-kept-action="{form_of(page)[1]}"' in shown
    assert 'data-name="text" value="Hun ringede\r\nog græd &lt;b&gt;længe&lt;/b&gt;"' in shown
    elsewhere = browser.get("/account").text
    assert "blev ikke sendt" in elsewhere and f'href="{page}"' in elsewhere and "græd" not in elsewhere
    key = db.session.scalar(sa.select(KeptForm.public_id))
    sent = browser.hidden(*form_of(page)) | {"text": TYPED, "kept": key}
    assert browser.post(form_of(page)[1], data=sent | {"channel": "phone"}).status_code in (303, 422)
    again = browser.post(f"/kept/{key}/discard", data={"from_page": page})
    assert (again.status_code, kept()) in ((303, 0), (404, 0))
    assert "er her igen" not in browser.get(page).text


def test_what_was_typed_is_thrown_away_after_a_question_and_stands_below_what_a_page_is_for(
    as_user: AsUser, at_work: tuple[Any, str]
) -> None:
    member, page = at_work
    too_late(as_user, member, *form_of(page), {"text": TYPED})
    browser = as_user(member)
    for path in (page, "/account"):
        asked = browser.get(path).text.partition('<details class="confirm')[2]
        assert "Smid det væk</summary>" in asked
        assert "Ja, smid det væk" in asked.partition("</summary>")[2].partition("</details>")[0]
    account, first = browser.get("/account").text, browser.get("/day").text
    assert account.index('class="content"') < account.index("blev ikke sendt")
    assert first.index("blev ikke sendt") < first.index('class="content"')
    assert browser.get(page).text.index("er her igen") < browser.get(page).text.index('class="content"')


def test_protected_fields_are_not_kept_and_that_is_said(as_user: AsUser) -> None:
    member = make_member()
    page = "/cases/new"
    typed = {"name": "Amira Hemmelig", "cpr": "0101351234", "phone": "22334455"}
    late = too_late(as_user, member, page, page, typed)
    assert late.status_code == 303
    stored = db.session.execute(sa.text("SELECT content FROM kept_form")).scalar_one()
    assert b"Amira" not in bytes(stored)
    shown = as_user(member).get(page).text
    assert "Amira Hemmelig" in shown and "skriv dem igen" in shown.lower()
    assert "0101351234" not in shown and "22334455" not in shown


def test_nobody_else_and_no_other_role_sees_it(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    second = accounts.add_membership(member.user, make_organisation(OrganisationKind.NGO), Role.VOLUNTEER_COORDINATOR)
    too_late(as_user, member, *form_of(page), {"text": TYPED})
    key = db.session.scalar(sa.select(KeptForm.public_id))
    for somebody in (make_member(), second):
        browser = as_user(somebody)
        assert "blev ikke sendt" not in browser.get("/account").text
    assert as_user(make_member()).post(f"/kept/{key}/discard").status_code == 404
    assert kept() == 1


def test_who_has_no_session_keeps_nothing(client: Any, as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    sent = {"text": TYPED, "from_page": page}
    assert client.post(form_of(page)[1], data=sent).status_code == 303
    client.set_cookie("bro_session", "x" * 43)
    assert client.post(form_of(page)[1], data=sent).status_code == 303
    gone = as_user(member)
    token = gone.get_cookie("bro_session").value
    gone.post("/sign-out")
    gone.set_cookie("bro_session", token)
    assert gone.post(form_of(page)[1], data=sent).status_code == 303
    body = json.dumps({"page": page, "forms": [{"action": form_of(page)[1], "fields": [["text", TYPED]]}]})
    assert gone.post("/lock", data=body, content_type="application/json").status_code == 204
    assert kept() == 0


def test_a_page_that_refuses_shows_nothing_of_what_was_typed_there(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    too_late(as_user, member, *form_of(page), {"text": TYPED})
    db.session.execute(sa.text("DELETE FROM team_member"))
    refused = as_user(member).get(page)
    assert refused.status_code == 404
    assert "græd" not in refused.text


def test_the_lock_keeps_what_was_typed_and_ends_the_session(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    browser = as_user(member)
    form = {"action": form_of(page)[1], "fields": [["text", TYPED], ["csrf_token", "x"]]}
    strange = [{"action": "/nowhere", "fields": [["text", TYPED]]}, {"action": "/day", "fields": [["text", TYPED]]}]
    answer = browser.post("/lock", json={"page": page, "forms": [form, *strange]})
    assert (answer.status_code, kept()) == (204, 1)
    assert browser.get_cookie("bro_session") is None
    assert db.session.scalar(sa.select(UserSession.revoked_at)) is not None
    assert "er her igen" in as_user(member).get(page).text
    written = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert Audit.FORM_KEPT in written and Audit.SIGNED_OUT in written


def test_a_page_that_wakes_after_the_end_hands_in_what_was_typed(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    start, browser = utc_now(), as_user(member)
    body = {"page": page, "forms": [{"action": form_of(page)[1], "fields": [["text", TYPED]]}]}
    with time_machine.travel(start + timedelta(hours=12), tick=False):
        assert browser.post("/alive").status_code == 401
        assert (browser.post("/lock", json=body).status_code, kept()) == (204, 1)
    with time_machine.travel(start + timedelta(days=7, hours=13), tick=False):
        housekeeping.sweep(utc_now())
        assert kept() == 0


def test_a_sign_of_life_moves_the_end(as_user: AsUser) -> None:
    start, browser = utc_now(), as_user(make_member())
    for minutes in (10, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert browser.post("/alive").status_code == 204
    with time_machine.travel(start + timedelta(minutes=34), tick=False):
        assert browser.get("/account").status_code == 200


def test_no_more_than_five_are_kept_the_latest(as_user: AsUser) -> None:
    member = make_member()
    pages = [f"/cases/{make_case(member).public_id}/notes" for _ in range(7)]
    for page in pages:
        too_late(as_user, member, *form_of(page), {"text": TYPED})
    assert kept() == 5
    assert "er her igen" not in as_user(member).get(pages[0]).text
    assert "er her igen" in as_user(member).get(pages[-1]).text


@pytest.mark.parametrize(("role", "hours"), [(Role.CONTACT_PERSON, 8), (Role.VOLUNTEER, 2)])
def test_a_page_knows_when_its_session_ends(as_user: AsUser, role: Role, hours: int) -> None:
    page = as_user(make_member(role)).get("/account").text
    assert 'data-idle-seconds="900"' in page
    rest = int(page.partition('data-rest-seconds="')[2].partition('"')[0])
    assert hours * 3600 - 60 < rest <= hours * 3600
    assert "data-idle-seconds" not in as_user(make_member()).get("/weather").text


def test_the_absolute_end_keeps_what_was_typed_too(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    browser, start = as_user(member), utc_now()
    sent = browser.hidden(*form_of(page)) | {"text": TYPED}
    db.session.execute(sa.update(UserSession).values(seen_at=start + timedelta(hours=8)))
    with time_machine.travel(start + timedelta(hours=8, minutes=1), tick=False):
        assert browser.post(form_of(page)[1], data=sent).status_code == 303
    assert kept() == 1


def draft(browser: Any, page: str, text: str, *, of: str | None = None) -> Any:
    """Keep what somebody has written so far, as the page does."""
    action = of or form_of(page)[1]
    return browser.post("/kept", data={"draft_of": action, "from_page": page, "text": text, "form_key": ""})


def test_a_draft_is_there_on_the_page_and_gone_when_it_is_sent(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    browser = as_user(member)
    saved = draft(browser, page, "Hun ringede")
    assert (saved.status_code, saved.data, kept()) == (204, b"", 1)
    later = draft(browser, page, TYPED)
    assert (later.headers["X-Kept"], kept()) == (saved.headers["X-Kept"], 1)
    kinds = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert kinds.count(Audit.FORM_KEPT) == 1
    shown = as_user(member).get(page).text
    assert "er her igen" in shown and "længe" in shown
    sent = browser.hidden(page, page) | {"text": TYPED, "kept": saved.headers["X-Kept"]}
    assert (browser.post(page, data=sent).status_code, kept()) == (303, 0)


def test_a_draft_in_which_nothing_is_left_goes(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    browser = as_user(member)
    draft(browser, page, TYPED)
    emptied = draft(browser, page, "")
    assert (emptied.status_code, emptied.headers["X-Kept"], kept()) == (204, "", 0)


def test_a_draft_belongs_to_one_of_our_forms_and_to_somebody(
    as_user: AsUser, client: Any, at_work: tuple[Any, str]
) -> None:
    member, page = at_work
    browser = as_user(member)
    for strange in ("/nowhere", "https://example.net/cases", "/day", ""):
        assert browser.post("/kept", data={"draft_of": strange, "text": TYPED}).status_code == 400
    assert client.post("/kept", data={"draft_of": page, "text": TYPED}).status_code in (303, 401)
    assert kept() == 0


def test_a_draft_holds_neither_what_is_protected_nor_what_belongs_to_the_page(
    as_user: AsUser, at_work: tuple[Any, str]
) -> None:
    member, page = at_work
    typed = {"draft_of": page, "text": TYPED, "address": "Skovvej 1", "csrf_token": "x", "kept": "y"}
    assert as_user(member).post("/kept", data=typed).status_code == 204
    held = db.session.scalar(sa.select(KeptForm.content))
    assert held == {"page": "/", "fields": [["text", TYPED]], "is_incomplete": True}


def test_a_draft_of_a_page_in_another_role_is_refused(as_user: AsUser, at_work: tuple[Any, str]) -> None:
    member, page = at_work
    second = accounts.add_membership(member.user, make_organisation(OrganisationKind.NGO), Role.VOLUNTEER_COORDINATOR)
    key = as_user(member).hidden(page, page)["form_key"]
    other = as_user(second)
    late = other.post("/kept", data={"draft_of": page, "from_page": page, "text": TYPED, "form_key": key})
    assert (late.status_code, kept()) == (409, 0)


def test_a_draft_that_saves_itself_too_late_is_kept_and_nothing_is_said_of_signing_in(
    as_user: AsUser, at_work: tuple[Any, str]
) -> None:
    member, page = at_work
    browser, start = as_user(member), utc_now()
    with time_machine.travel(start + IDLE + timedelta(seconds=1), tick=False):
        assert (draft(browser, page, TYPED).status_code, kept()) == (204, 1)
    assert f'data-kept-action="{form_of(page)[1]}"' in as_user(member).get(page).text
    browser.set_cookie("bro_session", "x" * 43)
    assert (draft(browser, page, "Andet").status_code, kept()) == (401, 1)
