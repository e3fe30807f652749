"""The second wall: the database is told who acts, at the begin of every transaction, and shows rows accordingly.

The policies themselves stand in `migrations/versions/0012_wall.py`. A session that has been told nothing sees no row
of any case. Web pages tell it at the gate; jobs, the command line and sign-in say `with as_system():` (R-510).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.exc import SQLAlchemyError

from portal.core.actor import Actor
from portal.db import db

Settings = dict[str, str]
KEY = "wall"
NOBODY: Settings = {"scope": "", "user": "", "organisation": "", "role": ""}
SYSTEM: Settings = NOBODY | {"scope": "system"}
# Local to the transaction: a connection that goes back to the pool knows nobody.
TELL = (
    "SELECT set_config('bro.scope', %(scope)s, true), set_config('bro.user_id', %(user)s, true),"
    " set_config('bro.organisation_id', %(organisation)s, true), set_config('bro.role', %(role)s, true)"
)


def act_as(actor: Actor | None) -> None:
    """From now on this session's transactions are the actor's; None is nobody, who sees nothing."""
    _set(NOBODY if actor is None else _settings_of(actor))


@contextmanager
def as_system() -> Iterator[None]:
    """For work on nobody's behalf: all rows are there. Every use is listed in `tests/wall/test_system_uses.py`.

    What is waiting to be written is written before and after, each by name of whom it is from.
    """
    before = db.session().info.get(KEY, NOBODY)
    if before == SYSTEM:
        yield
        return
    db.session.flush()
    _set(SYSTEM)
    try:
        yield
    except BaseException:
        # A transaction that the database has given up can only be rolled back, and takes its settings along.
        with suppress(SQLAlchemyError):
            _set(before)
        raise
    db.session.flush()
    _set(before)


@contextmanager
def beside_as_system() -> Iterator[orm.Session]:
    """A session and a transaction of its own beside the one that runs, saved at the end: for telling how far it is."""
    with orm.Session(db.engine) as session:
        connection = session.connection()
        connection.exec_driver_sql(TELL, SYSTEM)
        yield session
        session.commit()


def _settings_of(actor: Actor) -> Settings:
    return {
        "scope": "actor",
        "user": str(actor.user_id or ""),
        "organisation": str(actor.organisation_id or ""),
        "role": actor.role.value,
    }


def _set(settings: Settings) -> None:
    db.session().info[KEY] = settings
    # A transaction that runs already is told at once.
    if db.session().in_transaction():
        db.session.connection().exec_driver_sql(TELL, settings)


@event.listens_for(db.session, "after_begin")
def _tell(session: orm.Session, _transaction: orm.SessionTransaction, connection: sa.Connection) -> None:
    settings = session.info.get(KEY, NOBODY)
    # A new connection knows nobody: there is nothing to tell.
    if settings != NOBODY:
        connection.exec_driver_sql(TELL, settings)
