"""The administrator's pages: people, codes that are read out, mail that needs a human."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.outbox import MailState, OutgoingMail
from portal.models.users import Membership
from portal.services import accounts, mail
from tests.factories.people import make_member
from tests.support.counting import Counter
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
HTMX = {"HX-Request": "true"}
CHOSEN = "tre blå fisk i en spand"
pytestmark = pytest.mark.usefixtures("session")
PERSON = {"name": "Maja Holm", "email": "maja@example.org", "role": "programme_worker", "language": "da"}


def home_of(member: Membership) -> Organisation:
    return db.session.get_one(Organisation, member.organisation_id)


def code_in(page: str) -> str:
    found = re.search(r'<code class="spoken">([A-Z0-9-]{14})</code>', page)
    assert found is not None
    return found[1]


def test_a_new_person_gets_a_code_that_is_shown_once_and_works(as_user: AsUser, client: Any) -> None:
    browser = as_user(make_member(Role.ADMINISTRATOR))
    code = code_in(browser.post("/admin/users", data=PERSON).text)
    waiting = browser.get("/admin/codes").text
    assert "Maja Holm" in waiting
    assert code not in waiting
    given = {"email": "maja@example.org", "code": code, "new": CHOSEN, "again": CHOSEN}
    assert client.post("/code", data=given).status_code == 303
    assert client.get("/day").status_code == 200
    assert "Maja Holm" in browser.get("/admin/users").text
    assert client.post("/code", data=given).status_code == 422


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "nowhere"}, {"role": "system"}, {"role": "queen"}, {"name": "x" * 200}]
)
def test_what_is_wrong_is_refused_and_stays(as_user: AsUser, wrong: dict[str, str], headers: dict[str, str]) -> None:
    answer = as_user(make_member(Role.ADMINISTRATOR)).post("/admin/users", data=PERSON | wrong, headers=headers)
    assert answer.status_code == 422


def test_an_invitation_looks_the_same_for_a_known_and_an_unknown_address(as_user: AsUser) -> None:
    browser, known = as_user(make_member(Role.ADMINISTRATOR)), make_member().user.email
    pages = [browser.post("/admin/users", data=PERSON | {"email": email}) for email in (known, "new@example.org")]
    shapes = {re.sub(r"[A-Za-z0-9_-]{22}|[A-Z0-9-]{14}", "…", without_fresh(page.text)) for page in pages}
    assert {page.status_code for page in pages} == {200}
    assert len(shapes) == 1


def test_a_role_that_ends_signs_out_at_once(as_user: AsUser) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    worker = make_member(Role.PROGRAMME_WORKER, admin.organisation)
    public_id, theirs, browser = worker.public_id, as_user(worker), as_user(admin)
    assert theirs.get("/account").status_code == 200
    assert browser.post(f"/admin/users/{public_id}/end").status_code == 303
    assert theirs.get("/account").status_code == 303
    assert browser.post(f"/admin/users/{public_id}/end").status_code == 404


def test_a_password_chosen_with_a_code_ends_the_old_one_and_every_session(as_user: AsUser, client: Any) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    worker = make_member(Role.PROGRAMME_WORKER, admin.organisation)
    email, public_id, theirs = worker.user.email, worker.public_id, as_user(worker)
    code = code_in(as_user(admin).post(f"/admin/users/{public_id}/password").text)
    assert theirs.get("/account").status_code == 200
    given = {"email": email, "code": code, "new": CHOSEN, "again": CHOSEN}
    assert client.post("/code", data=given).status_code == 303
    assert theirs.get("/account").status_code == 303
    assert not accounts.is_password(accounts.find_user(email), "correct horse battery")
    assert accounts.is_password(accounts.find_user(email), CHOSEN)


def test_people_elsewhere_do_not_exist_and_ones_own_role_stays(as_user: AsUser) -> None:
    admin, elsewhere = make_member(Role.ADMINISTRATOR), make_member(Role.INTAKE)
    browser, own, other = as_user(admin), admin.public_id, elsewhere.public_id
    assert browser.post(f"/admin/users/{other}/end").status_code == 404
    assert browser.post(f"/admin/users/{other}/password").status_code == 404
    assert browser.post(f"/admin/users/{own}/end").status_code == 422


@pytest.mark.parametrize("path", ["/admin/users", "/admin/operations"])
def test_others_are_refused_at_the_door(as_user: AsUser, path: str) -> None:
    assert as_user(make_member(Role.PROGRAMME_WORKER)).get(path).status_code == 403


def test_a_mail_that_needs_a_human_is_tried_again_once(as_user: AsUser) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    worker = make_member(Role.PROGRAMME_WORKER, admin.organisation)
    mail.queue("news", recipient_id=worker.user_id, dedupe_key="news:test", now=utc_now())
    row = db.session.scalars(sa.select(OutgoingMail)).one()
    row.state, row.failure = MailState.NEEDS_HUMAN, "refused"
    public_id, browser = row.public_id, as_user(admin)
    assert "refused" in browser.get("/admin/operations").get_data(as_text=True)
    stranger = as_user(make_member(Role.ADMINISTRATOR))
    assert stranger.post(f"/admin/mail/{public_id}/again").status_code == 404
    assert browser.post(f"/admin/mail/{public_id}/again").status_code == 303
    assert browser.post(f"/admin/mail/{public_id}/again").status_code == 409
    assert db.session.scalars(sa.select(OutgoingMail.state)).one() is MailState.PENDING


def test_the_list_costs_the_same_for_fifty_people_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    browser, seen = as_user(admin), []
    for more in (0, 49):
        for _ in range(more):
            make_member(Role.INTAKE, home_of(admin))
        db.session.commit()
        count_queries.start()
        browser.get("/admin/users")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert browser.get("/admin/users?after=nonsense").status_code == 400
