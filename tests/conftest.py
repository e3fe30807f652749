"""What all tests share: the real database, a session that is rolled back, a client that checks every page."""

import contextlib
import contextvars
import os
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config as settings
from portal import create_app, embedded_postgres, roles
from portal.core.clock import utc_now
from portal.db import db
from portal.services import accounts
from tests.support import handed_out
from tests.support.counting import Counter
from tests.support.lowering import lowered
from tests.support.pages import check_page
from tests.support.preparing import keep_prepared
from tests.support.told import TEST_KEY, tell


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of a PostgreSQL: the embedded engine, or the server that TEST_SERVER_URL names."""
    given = os.environ.get("TEST_SERVER_URL")
    if given:
        return settings.database_url(given)
    folder = Path(os.environ.get("TEST_DB_DIR") or tmp_path_factory.getbasetemp().parent / f"db-{worker_id}")
    return embedded_postgres.ensure(folder, durable=False)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which of several test processes this is."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def app(server_url: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty, migrated database of its own."""
    environment = {
        "PORTAL_ENV": "test",
        "BRO_KEYS": TEST_KEY,
        "SECRET_KEY": "test" * 10,
        "PORTAL_VAR": str(tmp_path_factory.mktemp("var")),
    }
    name = f"bro_test_{worker_id}_{os.getpid()}"
    owner = roles.prepare(server_url, name).owner
    # A test sets its scene as the superuser; requests and jobs lower themselves to the portal's role (lowered).
    url = embedded_postgres.create_database(server_url, name)
    values = settings.load(environment | {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner})
    application = create_app(values)
    handed_out.guard()
    with application.app_context():
        keep_prepared(db.engine)
    with application.app_context():
        command.upgrade(application.extensions["migrate"].migrate.get_config(), "head")
    # Hashing as slowly as in production would be most of the test run.
    accounts.hasher = PasswordHasher.from_parameters(CHEAPEST)
    accounts.NOBODY = accounts.hasher.hash("nobody")
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def told(app: Flask, server_url: str, worker_id: str) -> str:
    """A database in which the story of the demo has been told: to be copied, never to be opened."""
    return tell(server_url, f"bro_told_{worker_id}_{os.getpid()}")


@contextlib.contextmanager
def rolled_back(app: Flask) -> Iterator[Session]:
    """A session whose work is undone at the end. Commits inside become savepoints."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        # The portal's transactions are short; this one lasts as long as the test, also on a slow machine.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        # Inside a savepoint, sessions commit and roll back savepoints of their own, never the outer transaction.
        connection.begin_nested()
        engines = db._app_engines[app]
        engines[None] = connection  # type: ignore[assignment]
        try:
            yield db.session()
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with rolled_back(app) as opened:
        yield opened


@pytest.fixture
def committed(app: Flask) -> Iterator[Session]:
    """A session that really commits, for tests with several connections. All tables are emptied afterwards."""
    with app.app_context():
        yield db.session()
        db.session.remove()
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            connection.exec_driver_sql("SET session_replication_role = origin")


@pytest.fixture
def count_queries(session: Session) -> Iterator[Counter]:
    """Counts the statements between `start` and `stop`."""
    counter = Counter()
    sa.event.listen(sa.Engine, "before_cursor_execute", counter.note)
    yield counter
    sa.event.remove(sa.Engine, "before_cursor_execute", counter.note)


class PageClient(FlaskClient):
    """Asks as a browser would, outside the test's own context, and checks every page that comes back."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        in_test = has_app_context()
        if in_test:
            db.session.commit()
        with lowered(db.engine) if in_test and isinstance(db.engine, sa.Connection) else nullcontext():
            response = contextvars.Context().run(super().open, *args, **kwargs)
        if in_test:
            db.session.expire_all()
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            check_page(response)
        return response

    def submit(self, page: str, action: str | None = None, data: dict[str, Any] | None = None) -> TestResponse:
        """Open a page, fill in its form that leads to `action` and send it, with what the form hides."""
        action = action or page
        return self.post(action, data=self.hidden(page, action) | (data or {}))

    def hidden(self, page: str, action: str) -> dict[str, str]:
        """What a form of a page sends along unseen."""
        return self.hidden_in(self.get(page), action)

    def hidden_in(self, response: TestResponse, action: str) -> dict[str, str]:
        """The same, from an answer that is here already."""
        form = response.text.partition(f'action="{action}"')[2].partition("</form>")[0]
        found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        assert found, f"no form for {action}"
        return found


@pytest.fixture
def client(app: Flask, session: Session) -> PageClient:
    """A browser that nobody has signed in with."""
    app.test_client_class = PageClient
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def as_user(app: Flask, session: Session) -> Callable[..., PageClient]:
    """A browser in which the person of a membership has signed in: `as_user(membership)`."""
    from portal.models.users import User
    from portal.services import accounts

    app.test_client_class = PageClient
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(membership: Any) -> PageClient:
        # Loaded by key: after an earlier page everything in the test's session has been let go.
        user = session.get_one(User, membership.user_id)
        token = accounts.open_session(user, membership, now=utc_now())
        browser = app.test_client()
        browser.set_cookie("bro_session", token)
        return browser  # type: ignore[return-value]

    return sign_in
