"""How a session ends: what was only read with a commit, everything else that nobody saved with a rollback."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.enums import Region
from portal.db import db, transaction
from portal.models.organisations import Municipality

pytestmark = pytest.mark.usefixtures("fresh")
READ = sa.select(Municipality.name).where(Municipality.code == "999")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT municipality.name%'"
TIMES = 8


@pytest.fixture
def fresh(committed: Session) -> None:
    """A connection on which nothing has been prepared."""
    db.engine.dispose()


def _municipality() -> Municipality:
    return Municipality(code="999", name="Ingensteds", region=Region.NORTH)


def _read_often() -> None:
    for _ in range(TIMES):
        db.session.execute(READ).all()
        db.session.remove()


def _flushed(session: Session) -> None:
    session.add(_municipality())
    session.flush()


def _added(session: Session) -> None:
    session.scalar(sa.text("SELECT 1"))
    session.add(_municipality())


def _written_past_the_models(session: Session) -> None:
    session.connection().execute(sa.insert(Municipality).values(code="999", name="Ingensteds", region=Region.NORTH))


def _written_as_text(session: Session) -> None:
    session.execute(
        sa.text("INSERT INTO municipality (code, name, region) VALUES ('999', 'Ingensteds', 'Nordjylland')")
    )


def test_what_is_read_again_and_again_is_planned_once() -> None:
    _read_often()
    assert db.session.scalar(sa.text(PREPARED)) == 1


def test_a_rollback_makes_the_driver_forget() -> None:
    """Why it is done: once the driver no longer forgets, `Session.close` may go."""
    # A connection of its own: those of the tests keep what they have prepared (`tests.support.preparing`).
    engine = sa.create_engine(db.engine.url)
    with engine.connect() as connection:
        for _ in range(TIMES):
            connection.execute(READ).all()
            connection.commit()
        assert connection.scalar(sa.text(PREPARED)) == 1
        connection.rollback()
        assert connection.scalar(sa.text(PREPARED)) == 0
    engine.dispose()


@pytest.mark.parametrize("write", [_flushed, _added, _written_past_the_models, _written_as_text])
def test_what_nobody_saved_is_not_saved(write: Callable[[Session], None]) -> None:
    write(db.session())
    db.session.remove()
    assert db.session.scalar(READ) is None


def test_what_was_changed_in_a_row_and_not_saved_is_not_saved() -> None:
    with transaction():
        db.session.add(_municipality())
    db.session.get_one(Municipality, "999").name = "Andetsteds"
    db.session.remove()
    assert db.session.scalar(READ) == "Ingensteds"


def test_a_statement_that_failed_is_no_reason_to_fail_again() -> None:
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.text("SELECT 1 / 0"))
    db.session.remove()
    assert db.session.scalar(sa.text("SELECT 1")) == 1
