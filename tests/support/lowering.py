"""Tests set their scene as the superuser; what they test runs as the portal's own role, behind the second wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from portal import roles
from portal.db import db
from portal.wall import KEY, NOBODY, TELL
from tests.support import comparing

LOWER = f"SET LOCAL ROLE {roles.APPLICATION}"


@contextmanager
def lowered(connection: sa.Connection) -> Iterator[None]:
    """For the length of one request the test's own connection is the portal's, and knows nobody yet."""
    connection.exec_driver_sql(LOWER)
    if comparing.IS_ON:
        comparing.compare(connection)
    try:
        yield
    finally:
        if comparing.IS_ON:
            comparing.stop(connection)
        connection.exec_driver_sql(TELL, NOBODY)
        connection.exec_driver_sql("SET LOCAL ROLE NONE")


@event.listens_for(db.session, "after_begin")
def _lower(session: Any, _transaction: Any, connection: sa.Connection) -> None:
    """On connections of its own, whatever has been told who acts is the portal: jobs, pages, commands."""
    if session.info.get(KEY, NOBODY) != NOBODY and not connection.in_nested_transaction():
        connection.exec_driver_sql(LOWER)
