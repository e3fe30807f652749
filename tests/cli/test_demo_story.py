"""The demo's story: told once, to its own empty database, always the same, about people who do not exist."""

import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.identity import cpr_birth_date
from portal.db import db
from portal.demo import story
from portal.demo.logins import LOGINS
from portal.models.clients import Client
from portal.models.users import Membership, User
from portal.services import accounts, sign_in
from portal.wall import as_system
from tests.support.counting import Counter as Statements
from tests.support.pages import check_page
from tests.support.sizes import size
from tests.support.told import NOW, build

MOST_PAGES, A_FEW = 80, 2
MOST_STATEMENTS = 12
ELSEWHERE = ("/static", "/sign-out", "/leave", "/language")
# What the story leaves empty: sessions, jobs and looks come with use.
EMPTY = {"rate_counter", "submission", "user_session", "job_run", "departure", "kept_form"}
# What only signing in makes: second factors, codes asked for, devices that are known.
EMPTY |= {"factor", "recovery_code", "passkey_challenge", "half_sign_in", "code_wish", "known_device"}
# Nobody has been erased, and no file lies about.
EMPTY |= {"erasure", "erasure_proof", "subject_export", "dossier_text"}
# Nobody leaves in the story, and no municipality has a sign-in of its own.
EMPTY |= {"hand_over", "hand_over_item", "organisation_exit", "organisation_return"}
EMPTY |= {"identity_provider", "linked_identity", "link_code", "used_state"}
# There while somebody makes a handover; nobody in the story had to put right how a stay began.
EMPTY |= {"passing_draft", "stay_correction"}
STATES = {
    "track_request": {
        "draft",
        "submitted",
        "needs_info",
        "in_visitation",
        "offered",
        "accepted",
        "waitlisted",
        "declined",
        "withdrawn",
        "lapsed",
    },
    "enrolment": {"proposed", "active", "paused", "completed", "ended_early", "never_started"},
    "grant_application": {
        "draft",
        "submitted",
        "needs_info",
        "screening",
        "assessed",
        "approved",
        "declined",
        "payment_ordered",
        "paid",
        "receipted",
        "withdrawn",
    },
    "task": {"published", "full", "confirmed", "reported", "verified"},
    "claim": {"pending", "confirmed", "done"},
    "follow_up": {"planned", "due", "completed", "declined", "unreachable"},
    "tenancy": {"active", "extension_requested", "extended", "moved_out"},
    "group_round": {"enrolling", "running"},
    "client_case": {"open", "closed"},
}


@contextmanager
def inside(application: Flask) -> Iterator[None]:
    """The test itself looks at all rows; the pages that it opens are the portal's own."""
    with application.app_context(), as_system():
        yield


def counts() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture(scope="module")
def demo(told: str, server_url: str, worker_id: str) -> Iterator[Flask]:
    """The demo with its story told."""
    application = build(server_url, f"bro_demo_{worker_id}_{os.getpid()}", copy_of=told)
    yield application
    with application.app_context():
        db.engine.dispose()


def test_every_list_has_something_to_show(demo):
    with inside(demo):
        found = counts()
    assert {name for name, number in found.items() if number == 0} - EMPTY == set()
    assert 55 <= found["client"] <= 75
    assert found["housing_unit"] == 10


def test_things_are_in_all_their_states(demo):
    with inside(demo):
        for table, wanted in STATES.items():
            states = set(db.session.scalars(sa.text(f"SELECT DISTINCT state FROM {table}")))
            assert wanted <= states, table


def test_every_kind_of_course_runs(demo):
    with inside(demo):
        kinds = set(db.session.scalars(sa.text("SELECT DISTINCT kind FROM enrolment WHERE state = 'active'")))
        offered = set(db.session.scalars(sa.text("SELECT kind FROM programme")))
    # A grant is applied for on its own pages, not taken part in.
    assert kinds == offered - {"grant"}


def test_nothing_happens_later_than_now(demo):
    with inside(demo):
        assert db.session.scalar(sa.text("SELECT max(at) FROM audit_event")) <= NOW
        backwards = "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY id) AS b FROM audit_event) x WHERE at < b"
        assert db.session.scalar(sa.text(backwards)) == 0


def test_a_second_telling_changes_nothing(demo):
    with inside(demo):
        before = counts()
        assert not story.tell(NOW)
        assert counts() == before


@pytest.mark.soak
@pytest.mark.skipif(not size(sample=False, full=True), reason="Telling it anew takes minutes: in `make soak`.")
def test_it_is_the_same_story_every_time(demo, server_url, worker_id):
    with inside(demo):
        first = counts()
    again = build(server_url, f"bro_demo_again_{worker_id}_{os.getpid()}")
    with inside(again):
        assert story.tell(NOW)
        second = counts()
        db.session.remove()
        db.engine.dispose()
    assert second == first


def test_no_civil_registration_number_can_be_anybodys(demo):
    with inside(demo):
        numbers = [number for number in db.session.scalars(sa.select(Client.cpr_number)) if number]
    assert numbers
    assert all(cpr_birth_date(number) > local_date(NOW) for number in numbers)


def test_every_log_in_works_and_every_role_has_one(demo):
    assert {login["role"] for login in LOGINS} == {role.value for role in Role} - {Role.SYSTEM.value}
    with inside(demo):
        for login in LOGINS:
            visitor = sign_in.Visitor(device="d" * 43)
            opened = sign_in.begin(login["email"], login["password"], visitor, is_second_required=False, now=NOW)
            assert isinstance(opened, sign_in.Opened), login["email"]
            found = accounts.find_session(opened.token, now=NOW)
            assert found is not None
            assert found.actor.role.value == login["role"]
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) > len(LOGINS)


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login["email"].partition("@")[0])
def test_no_link_leads_nowhere(demo, login):
    """Whoever signs in finds that every page she is shown a link to opens, whole, and costs few statements."""
    browser, todo, done, seen = _signed_in(demo, login["email"]), deque([("/", "")]), set(), Counter()
    wrong = []
    count = Statements()
    sa.event.listen(sa.Engine, "before_cursor_execute", count.note)
    while todo and len(done) < MOST_PAGES:
        path, found_at = todo.popleft()
        count.start()
        response = browser.get(path)
        if count.stop() > MOST_STATEMENTS:
            wrong.append(f"{len(count.statements)} statements for {_shape(path)}")
        done.add(path)
        if 300 <= response.status_code < 400:
            todo.appendleft((response.headers["Location"], found_at))
            continue
        if response.status_code != HTTPStatus.OK:
            wrong.append(f"{response.status_code} {_shape(path)} from {_shape(found_at)}")
            continue
        if response.mimetype != "text/html":
            continue
        check_page(response)
        for link in re.findall(r'href="(/[^"#]*)"', response.get_data(as_text=True)):
            href, shape = unescape(link), _shape(link)
            if href not in done and not href.startswith(ELSEWHERE) and seen[shape] < A_FEW:
                seen[shape] += 1
                todo.append((href, path))
    sa.event.remove(sa.Engine, "before_cursor_execute", count.note)
    assert wrong == []


def _signed_in(demo, email):
    with inside(demo):
        user = db.session.scalars(sa.select(User).where(User.email_index == accounts.email_index(email))).one()
        membership = db.session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).one()
        token = accounts.open_session(user, membership, now=utc_now())
        db.session.commit()
    browser = demo.test_client()
    browser.set_cookie("bro_session", token)
    return browser


def _shape(path):
    """A path without its ids, so that a page is opened a few times and not for every woman."""
    return re.sub(r"[\w-]{22}", "…", path.partition("?")[0])


def test_it_is_told_to_no_other_database(app, demo):
    with app.app_context(), pytest.raises(story.NotTheDemo):
        story.tell(NOW)
    with inside(demo):
        demo.config["DATABASE_NAME"], name = "bro", demo.config["DATABASE_NAME"]
        try:
            with pytest.raises(story.NotTheDemo):
                story.tell(NOW)
        finally:
            demo.config["DATABASE_NAME"] = name
