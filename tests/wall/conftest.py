"""The story's database, looked at as the portal looks at it: through its own role, behind the second wall."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.db import db
from portal.demo.logins import LOGINS
from portal.models.users import Membership, User
from portal.services.accounts import email_index
from portal.wall import KEY, act_as, as_system
from tests.support.told import build

As = Callable[[Actor | None], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def populated(told: str, server_url: str, worker_id: str) -> Iterator[Flask]:
    """The demo with its story told."""
    application = build(server_url, f"bro_wall_{worker_id}_{os.getpid()}", copy_of=told)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def actors(populated: Flask) -> dict[str, Actor]:
    """Everybody who has a log-in, by the name before the @."""
    found = {}
    with populated.app_context(), as_system():
        for login in LOGINS:
            user = db.session.scalars(sa.select(User).where(User.email_index == email_index(login["email"]))).one()
            row = db.session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).one()
            name = login["email"].partition("@")[0]
            found[name] = Actor(user.id, row.id, row.organisation_id, row.role)
    return found


@pytest.fixture
def acting(populated: Flask) -> Iterator[As]:
    """`with acting(actor):` one transaction in which the database knows this person; undone afterwards."""

    @contextmanager
    def begin(actor: Actor | None) -> Iterator[None]:
        act_as(actor)
        yield
        # Without a word to the database: the transaction may have failed, and the next one knows nobody anyway.
        db.session().info.pop(KEY)

    with populated.app_context():
        yield begin
        db.session.rollback()
