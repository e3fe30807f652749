"""One line of migrations: from nothing up, down again, and no drift from the models."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from portal import create_app, roles
from portal.db import db

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(app: Flask, server_url: str) -> Flask:
    """An application on a database with nothing in it."""
    owner = roles.prepare(server_url, "bro_test_migrations").owner
    engine = sa.create_engine(owner)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    return create_app({**app.config, "SQLALCHEMY_DATABASE_URI": owner, "DATABASE_OWNER_URL": owner})


def configuration(app: Flask) -> Config:
    return app.extensions["migrate"].migrate.get_config()


def test_there_is_one_head_and_it_is_written_down(app: Flask) -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert script.get_heads() == [(ROOT / "migrations" / "HEAD").read_text().strip()]


def test_up_down_and_up_again_leaves_what_the_models_say(empty: Flask) -> None:
    with empty.app_context():
        command.upgrade(configuration(empty), "head")
        command.downgrade(configuration(empty), "base")
        left = set(sa.inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        command.upgrade(configuration(empty), "head")
        with db.engine.connect() as connection:
            drift = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)
        db.engine.dispose()
    assert drift == []


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "UPDATE audit_event SET seq = 1",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
    ],
)
def test_the_audit_trail_can_only_grow(statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="cannot be changed"), db.session.begin_nested():
        db.session.execute(sa.text(statement))


def test_migrations_import_nothing_of_ours() -> None:
    files = (ROOT / "migrations" / "versions").glob("*.py")
    assert [file.name for file in files if re.search(r"^(from|import) portal", file.read_text(), re.M)] == []
