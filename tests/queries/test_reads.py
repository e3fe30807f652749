"""What the five pages of every day read, behind the wall, on a set that is large enough for a bad plan to show.

A page may read ten times what it shows, over all its statements (R-740). Shown is each row of a table, item of a list
and fact in its main part; and, once, each case that is the reader's own: whose they are is asked before anything is
shown, which grows with her work and not with the country. What is read is told in tests/support/reads.py. What the
wall's functions read inside is in no plan: the cases of the reader or, for whoever answers, those of the house.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.demo.national.load import Size, load
from portal.jobs import vault
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.users import Membership, User
from portal.queries.visibility import team_cases
from portal.services import accounts
from portal.wall import as_system
from tests.support import told
from tests.support.reads import Reads, read

CASES, CONTACTS = 2_000, 8_000
MOST_STATEMENTS = 12
TIMES = 10
FULL = 50
# The inbox of whoever is asked most: so many new requests that its first page is full.
NEW_REQUESTS = """
UPDATE track_request SET state = 'submitted', decided_at = NULL, decided_by_id = NULL, decline_reason = NULL,
       withdraw_reason = NULL, waiting_since = NULL
WHERE id IN (SELECT id FROM track_request WHERE organisation_id = :house ORDER BY id DESC LIMIT 60)
"""
# What one person has to do in years to come, a day apart.
AHEAD = 1_000
MANY_THINGS = """
INSERT INTO deadline (public_id, source_key, kind, state, organisation_id, owner_id, case_id, subject_type,
                      subject_public_id, due_on, created_at, remind_attempts)
SELECT 'reads-ahead-' || lpad(n::text, 10, '0'), 'reads:' || n, 'risk_review', 'open', c.owner_organisation_id, :reader,
       c.id, 'case', c.public_id, current_date + 400 + n, now(), 0
FROM generate_series(1, :rows) n, client_case c WHERE c.public_id = :case
"""
# A case that has gone on for many years: what is written there stands before all that its page shows.
WRITTEN = 1_000
MANY_NOTES = """
INSERT INTO note (public_id, case_id, organisation_id, author_id, readers, text, themes, took_part,
                  happened_at, written_at)
SELECT 'reads-long-' || lpad(n::text, 11, '0'), a.case_id, a.organisation_id, a.author_id, 'team', NULL, a.themes,
       a.took_part, a.happened_at - n * interval '1 day', a.written_at - n * interval '1 day'
FROM generate_series(1, :rows) n, (SELECT note.* FROM note JOIN client_case c ON c.id = note.case_id
                                   WHERE c.public_id = :case ORDER BY happened_at LIMIT 1) a
"""


@dataclass(slots=True)
class Country:
    """The loaded set, and its browsers by role."""

    app: Flask
    logins: dict[Role, str]

    def look(self, role: Role, path: str, data: dict[str, Any] | None = None) -> tuple[Reads, int]:
        """What a page reads, and how many cases are its reader's own."""
        with self.app.app_context(), as_system():
            member = self.member(role)
            browser = self.app.test_client()
            token = accounts.open_session(db.session.get_one(User, member.user_id), member, now=utc_now())
            browser.set_cookie("bro_session", token)
            actor = Actor(member.user_id, member.id, member.organisation_id, member.role)
            own = db.session.scalar(sa.select(sa.func.count()).select_from(team_cases(actor).subquery())) or 0
            db.session.commit()
        return read(self.app, browser, actor, path, data), own

    def member(self, role: Role) -> Membership:
        """Whom the loader says to begin with."""
        found = accounts.first_membership(accounts.find_user(self.logins[role]))
        assert found is not None
        return found

    def own_case(self) -> SimpleNamespace:
        """An open case of the contact person, with what one can look for her by."""
        with self.app.app_context(), as_system():
            member = self.member(Role.CONTACT_PERSON)
            case, client = db.session.execute(
                sa.select(Case, Client)
                .join(Client, Client.id == Case.client_id)
                .join(TeamMember, TeamMember.case_id == Case.id)
                .where(TeamMember.user_id == member.user_id, TeamMember.ended_at.is_(None))
                .where(Case.closed_at.is_(None), Client.phone.is_not(None), Client.birth_year.is_not(None))
                .order_by(Case.id)
                .limit(1)
            ).one()
            return SimpleNamespace(
                public_id=case.public_id,
                reference=case.reference,
                name=client.name,
                year=client.birth_year,
                phone=client.phone,
            )


@pytest.fixture(scope="module")
def country(server_url: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """Ten years of a small country, loaded as the command loads it."""
    var: Path = tmp_path_factory.mktemp("reads")
    app = told.build(server_url, f"bro_reads_{worker_id}_{os.getpid()}", PORTAL_VAR=str(var))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        vault.tend(utc_now())
        found = load(Size(CASES, CONTACTS), utc_now())
        loaded = Country(app, {role: email for role, email, _about in found.logins})
        with as_system():
            db.session.execute(sa.text(NEW_REQUESTS), {"house": loaded.member(Role.INTAKE).organisation_id})
            db.session.commit()
        yield loaded
        db.session.remove()
        db.engine.dispose()


def check(reads: Reads, own: int, *, at_least: int = 1) -> None:
    """Hold the two figures; what was read by which scan stands in the failure."""
    assert reads.answer.status_code in (200, 303)
    assert len(reads.statements) <= MOST_STATEMENTS, reads.statements
    assert reads.listed >= at_least
    assert is_frugal(reads, own), reads.why()


def is_frugal(reads: Reads, own: int) -> bool:
    return reads.total <= TIMES * (reads.listed + own)


def test_the_work_list(country: Country) -> None:
    check(*country.look(Role.CONTACT_PERSON, "/day?span=all"), at_least=FULL)


def test_a_long_work_list_is_gone_through_once(country: Country) -> None:
    """What belongs to a row is looked up for the rows of the page, and no row is held beside every other."""
    before, own = country.look(Role.CONTACT_PERSON, "/day?span=all")
    with for_a_while(country, MANY_THINGS, "deadline WHERE source_key LIKE 'reads:%'", rows=AHEAD):
        reads, _own = country.look(Role.CONTACT_PERSON, "/day?span=all")
    # Once for the list and once for whom nobody has reached.
    assert before.total + AHEAD < reads.total <= TIMES * (before.listed + own) + 2 * AHEAD, reads.why()


@contextmanager
def for_a_while(country: Country, put_in: str, rows_of: str, *, rows: int) -> Iterator[None]:
    """With so many rows more about the contact person's case, which are taken out again."""
    case = country.own_case().public_id
    with country.app.app_context(), as_system():
        reader = country.member(Role.CONTACT_PERSON).user_id
        db.session.execute(sa.text(put_in), {"reader": reader, "rows": rows, "case": case})
        db.session.commit()
    try:
        yield
    finally:
        with country.app.app_context(), as_system():
            db.session.execute(sa.text(f"DELETE FROM {rows_of}"))
            db.session.commit()


def test_the_page_of_a_case(country: Country) -> None:
    check(*country.look(Role.CONTACT_PERSON, f"/cases/{country.own_case().public_id}"), at_least=10)


def test_of_a_long_case_only_what_is_shown_is_opened(country: Country) -> None:
    path = f"/cases/{country.own_case().public_id}"
    before, _own = country.look(Role.CONTACT_PERSON, path)
    with for_a_while(country, MANY_NOTES, "note WHERE public_id LIKE 'reads-long-%'", rows=WRITTEN):
        reads, _own = country.look(Role.CONTACT_PERSON, path)
    assert reads.answer.status_code == 200 and reads.listed > before.listed
    # A note costs a page at most to be found; to open what is sealed in it costs several.
    assert reads.blocks < before.blocks + WRITTEN, (before.blocks, reads.blocks)


def test_the_inbox_of_an_association(country: Country) -> None:
    check(*country.look(Role.INTAKE, "/referrals/inbox"), at_least=FULL)


@pytest.mark.parametrize("sought", ["{name} {year}", "{phone}"])
def test_a_search_for_her(country: Country, sought: str) -> None:
    text = sought.format_map(vars(country.own_case()))
    check(*country.look(Role.CONTACT_PERSON, "/search", {"sought": text}))


def test_a_search_by_the_number_of_a_case_opens_it(country: Country) -> None:
    reads, own = country.look(Role.CONTACT_PERSON, "/search", {"sought": country.own_case().reference})
    assert reads.answer.status_code == 303
    check(reads, own, at_least=0)


def test_the_board_of_free_places(country: Country) -> None:
    check(*country.look(Role.CONTACT_PERSON, "/places/"), at_least=10)


@pytest.mark.parametrize(
    ("role", "page", "index"),
    [
        (Role.CONTACT_PERSON, "/cases/{public_id}", ("note", "ix_note_corrects_id")),
        (Role.INTAKE, "/referrals/inbox", ("track_request", "ix_track_request_organisation_id_decided_at_id")),
    ],
)
def test_without_its_index_a_page_reads_too_much(
    country: Country, role: Role, page: str, index: tuple[str, str]
) -> None:
    path = page.format_map(vars(country.own_case()))
    with without(country.app, *index):
        assert not is_frugal(*country.look(role, path))
    assert is_frugal(*country.look(role, path))


@contextmanager
def without(app: Flask, table: str, name: str) -> Iterator[None]:
    """As if an index had been forgotten."""
    index = next(one for one in db.metadata.tables[table].indexes if one.name == name)
    with app.app_context():
        owner = sa.create_engine(app.config["DATABASE_OWNER_URL"], poolclass=sa.NullPool)
        index.drop(owner)
        try:
            yield
        finally:
            index.create(owner)
