"""Whose cases somebody sees is asked once per statement, and anew by the next one (R-510)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.db import db
from portal.models.cases import TeamMember
from portal.wall import TELL, act_as, as_system
from tests.wall.conftest import As

SEEN = sa.text("SELECT count(*) FROM bro_cases()")
TWICE = "SELECT (SELECT count(*) FROM bro_cases()), (SELECT count(*) FROM bro_cases())"
CALLS = "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'bro_cases_now'"


@pytest.fixture
def counted(populated: Flask, server_url: str) -> Iterator[sa.Connection]:
    """The story's database, by the one who may have the calls of functions counted."""
    with populated.app_context():
        name = db.engine.url.database
    engine = sa.create_engine(sa.make_url(server_url).set(database=name), poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL track_functions = 'all'")
        yield connection
    engine.dispose()


def test_a_statement_that_reads_many_tables_asks_once(counted: sa.Connection, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    told = {
        "scope": "actor",
        "user": str(katrine.user_id),
        "organisation": str(katrine.organisation_id),
        "role": katrine.role.value,
    }
    counted.exec_driver_sql(TELL, told)
    for asked in (1, 2):
        first, second = counted.exec_driver_sql(TWICE).one()
        assert first == second > 0
        assert counted.exec_driver_sql(CALLS).scalar() == asked


def test_what_changed_a_statement_ago_counts(acting: As, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    with acting(katrine):
        seen = db.session.scalar(SEEN)
        with as_system():
            hers = sa.select(TeamMember).where(TeamMember.user_id == katrine.user_id, TeamMember.ended_at.is_(None))
            place = db.session.scalars(hers.limit(1)).one()
            place.ended_at = utc_now() + timedelta(seconds=1)
            db.session.flush()
        assert db.session.scalar(SEEN) == seen - 1


def test_who_acts_next_in_the_same_transaction_gets_an_answer_of_her_own(acting: As, actors: dict[str, Actor]) -> None:
    with acting(actors["katrine"]):
        hers = db.session.scalar(SEEN)
        act_as(actors["rikke"])
        officers = db.session.scalar(SEEN)
        act_as(None)
        assert db.session.scalar(SEEN) == 0
        act_as(actors["katrine"])
        assert db.session.scalar(SEEN) == hers != officers


def test_what_was_undone_to_a_savepoint_is_asked_anew(acting: As, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    with acting(katrine):
        seen = db.session.scalar(SEEN)
        undone = db.session.begin_nested()
        db.session.execute(
            sa.text("UPDATE team_member SET ended_at = now() WHERE user_id = :me"), {"me": katrine.user_id}
        )
        assert db.session.scalar(SEEN) < seen
        undone.rollback()
        assert db.session.scalar(SEEN) == seen
