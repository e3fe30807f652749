"""A database from before there was a key store: everything in it is read, found and signed in to after the upgrade."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask

from portal import create_app, embedded_postgres, roles
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.jobs import vault
from portal.models.clients import Client
from portal.models.users import User
from portal.queries import cases as queries
from portal.services import accounts, reseal, sign_in
from portal.services.sign_in import Opened, Visitor
from portal.vault import keyring
from portal.vault.envelope import seal_first
from portal.vault.index import digest
from tests.factories.people import make_case, make_member
from tests.migrations.test_migrations import configuration

NOW = utc_now()
PASSWORD = "korrekt hest batteri"


@pytest.fixture
def before(app: Flask, server_url: str) -> Flask:
    """An application on a database of the version before."""
    owner = roles.prepare(server_url, "bro_test_upgrade").owner
    url = embedded_postgres.create_database(server_url, "bro_test_upgrade")
    engine = sa.create_engine(owner)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    application = create_app({**app.config, "SQLALCHEMY_DATABASE_URI": url, "DATABASE_OWNER_URL": owner})
    with application.app_context():
        command.upgrade(configuration(application), "0004_need_to_know")
    return application


OLD_ROWS = """
INSERT INTO organisation (public_id, name, kind, region, may_hold_cpr, is_active)
    VALUES ('organisation', 'Krisecenter Havren', 'shelter', 'Midtjylland', true, true);
INSERT INTO user_account (public_id, name, email, email_index, password_hash, language, is_active, created_at)
    VALUES ('user', %(user_name)s, %(email)s, %(email_index)s, %(password)s, 'da', true, now());
INSERT INTO membership (public_id, user_id, organisation_id, role) VALUES ('membership', 1, 1, 'contact_person');
INSERT INTO client (public_id, name, name_index, birth_year, protection_level, needs_interpreter)
    VALUES ('client', %(name)s, '\\x0102', 1990, 0, false);
INSERT INTO client_case (public_id, client_id, reference, lead_reference, owner_organisation_id, state, opened_at,
    opened_by_id) VALUES ('case', 1, '2025-0001', 'AAA111', 1, 'open', now(), 1);
INSERT INTO team_member (public_id, case_id, user_id, membership_id, organisation_id, is_primary, scope, joined_at)
    VALUES ('member', 1, 1, 1, 1, true, 'full', now());
INSERT INTO note (public_id, case_id, author_id, organisation_id, happened_at, written_at, themes, text)
    VALUES ('note', 1, 1, 1, now(), now(), '{}', %(text)s);
INSERT INTO audit_entry (at, role, action, subject_type, fields, reason)
    VALUES (now(), 'system', 'user_created', 'system', '{}', %(reason)s);
"""


def fill() -> None:
    """Rows as the version before wrote them."""
    first = keyring().first_index_key()
    values = {
        "user_name": seal_first("Ida Holm", place="user_account.name"),
        "email": seal_first("ida@example.org", place="user_account.email"),
        "email_index": digest(first, "ida@example.org", purpose="user.email", bits=128),
        "password": accounts.hasher.hash(PASSWORD),
        "name": seal_first("Amira Karim", place="client.name"),
        "text": seal_first("Hun har det bedre", place="note.text"),
        "reason": seal_first("akut", place="audit_entry.reason"),
    }
    with db.engine.begin() as connection:
        for statement in OLD_ROWS.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in values.items() if f"%({name})s" in statement}
                connection.exec_driver_sql(statement, used)


def test_an_older_installation_goes_on_without_losing_anything(before: Flask) -> None:
    with before.app_context():
        fill()
        command.upgrade(configuration(before), "head")
        # At once: values are read, and people sign in.
        assert db.session.scalars(sa.select(User.name)).one() == "Ida Holm"
        opened = sign_in.begin("ida@example.org", PASSWORD, Visitor("device"), is_second_required=False, now=NOW)
        assert isinstance(opened, Opened)
        signed_in = accounts.find_session(opened.token, now=NOW + timedelta(seconds=1))
        assert signed_in is not None
        db.session.commit()
        # After the night's work nothing is left of the old envelopes but lines that cannot be changed.
        assert vault.tend(NOW) >= 4
        assert reseal.count_left() == {"audit_event": 1}
        assert db.session.scalars(sa.select(Client.name)).one() == "Amira Karim"
        assert [row.name for row in queries.search(signed_in.actor, "amira karim 1990")] == ["Amira Karim"]
        # What is new stands beside what is old.
        make_case(make_member(Role.CONTACT_PERSON, now=NOW), now=NOW, name="Sara Holm")
        db.session.commit()
        assert db.session.scalars(sa.select(Client.name).order_by(Client.id)).all() == ["Amira Karim", "Sara Holm"]
        # The migration's own connection waits for whoever still reads.
        db.session.commit()
        with pytest.raises(sa.exc.DBAPIError, match="never be read again"):
            command.downgrade(configuration(before), "0004_need_to_know")
        db.session.remove()
        db.engine.dispose()
