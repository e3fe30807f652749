"""Loads the set into an empty database of the demo, in one transaction: all of it or nothing."""

import csv
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import current_app

from portal.core.clock import local_date
from portal.core.enums import Role
from portal.db import db, transaction
from portal.demo.national import cases, checks, contacts, house, kin, places, referrals, rooms, stays
from portal.demo.national.checks import Check
from portal.demo.national.days import Days
from portal.demo.national.episodes import Decade, Episode
from portal.demo.national.keys import KeyMaker
from portal.demo.national.names import DOMAIN
from portal.demo.national.sizes import CENTRES, Size
from portal.demo.national.staff import Term
from portal.demo.national.world import World
from portal.demo.story import check_own
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.wall import as_system

SEED = 2026
QUARANTINE = "national-quarantine.csv"
TABLES = (
    *("organisation", "user_account", "client", "client_case", "child", "stay", "referral", "track_request"),
    *("enrolment", "deadline", "note", "outside_contact", "data_key"),
)
PATIENT = (
    "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),"
    " set_config('lock_timeout', '0', true)"
)
# An ordinary caseload: the log-in that is printed has one.
FEW, MANY = 20, 40

Say = Callable[[str], object]


class NotEmpty(RuntimeError):
    """There are people in the database."""


@dataclass(slots=True)
class Loaded:
    """What was loaded, whether it is what it should be, and who can sign in."""

    rows: dict[str, int] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    logins: list[tuple[Role, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: int = 0


def load(size: Size, now: datetime, *, seed: int = SEED, say: Say = lambda _line: None) -> Loaded:
    """Fill an empty database (R-741).

    The same seed and day give the same women, days and numbers; keys and ids are new.
    Raises NotTheDemo for any other database than the demo's own, NotEmpty for one with people in it.
    """
    check_own()
    began, found = time.monotonic(), Loaded()
    with as_system():
        _must_be_empty()
        with transaction():
            _no_limits()
            world, dealt = _play(Random(seed), size, now, say)
            _write(world, dealt, size, say)
            found.logins = logins(world)
        say("Analysing …")
        _analyse()
        found.rows = {name: _count(name) for name in TABLES}
        found.checks = checks.run(world.today, size, sum(room.rooms for room in dealt))
        db.session.rollback()
    _quarantine(world)
    found.seconds = time.monotonic() - began
    found.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def _must_be_empty() -> None:
    tables = (Case.id, Organisation.id, User.id)
    if db.session.scalar(sa.select(sa.or_(*(sa.exists(sa.select(column)) for column in tables)))):
        db.session.rollback()
        raise NotEmpty("There are people in this database. The national set is loaded into an empty one only.")


def _no_limits() -> None:
    """A request must be quick; this one is a load."""
    db.session.connection().exec_driver_sql(PATIENT)


def _play(random: Random, size: Size, now: datetime, say: Say) -> tuple[World, list[rooms.Centre]]:
    today = local_date(now)
    say("Playing ten years …")
    episodes = Decade(random, today).play(size)
    dealt = rooms.build(random, episodes, size.part_of(CENTRES, least=2), today)
    rooms.settle(random, episodes, dealt, today)
    say("Founding houses, hiring people …")
    country = house.build(random, size, dealt, episodes, today=today, now=now)
    world = World(random, today, now, country, KeyMaker())
    say(f"Writing {len(episodes):,} cases …")
    cases.write(world, _in_order(episodes))
    return world, dealt


def _in_order(episodes: list[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda one: one.opened)


def _write(world: World, dealt: list[rooms.Centre], size: Size, say: Say) -> None:
    days = Days(world)
    stays.write(world, days)
    kin.write(world, days)
    places.write(world, dealt)
    say("Writing referrals …")
    referrals.write(world, days)
    days.flush()
    say(f"Writing {size.contacts:,} contacts …")
    contacts.write(world, size.contacts)
    world.makes.flush()


def _analyse() -> None:
    """Tell the planner what is there: as the owner of the tables, since nobody else may."""
    url = current_app.config["DATABASE_OWNER_URL"] or db.engine.url
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("VACUUM ANALYZE")


def _count(table: str) -> int:
    db.session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")
    return db.session.scalar(sa.select(sa.func.count()).select_from(db.metadata.tables[table])) or 0


def logins(world: World) -> list[tuple[Role, str, str]]:
    """One address for each role a browser begins with; the contact person has an ordinary caseload."""
    held = Counter(case.worker(world.today).email for case in world.cases if not case.is_closed)
    advised = Counter(case.adviser.now.email for case in world.cases if case.adviser is not None and not case.is_closed)
    centre = max(world.country.centres, key=lambda one: sum(held[desk.now.email] for desk in one.workers))
    ordinary = [email for email, count in held.most_common() if FEW <= count <= MANY] or [held.most_common(1)[0][0]]
    asked = world.country.associations[0]
    found = [(Role.CONTACT_PERSON, ordinary[0], f"{held[ordinary[0]]} open cases")]
    found.append((Role.PROGRAMME_LEAD, centre.lead.now.email, centre.organisation.name))
    assert asked.intake is not None
    found.append((Role.INTAKE, asked.intake.now.email, asked.organisation.name))
    if advised:
        email, count = advised.most_common(1)[0]
        found.append((Role.MUNICIPAL_ADVISER, email, f"{count} women in counselling"))
    volunteers = [
        (term, one) for one in world.country.associations for term in _now_of(one) if term.role is _COORDINATES
    ]
    return found + [(_COORDINATES, term.email, one.organisation.name) for term, one in volunteers[:1]]


_COORDINATES = Role.VOLUNTEER_COORDINATOR


def _now_of(one: house.House) -> Iterator[Term]:
    return (desk.now for desk in one.workers)


def _quarantine(world: World) -> None:
    """One stay in a hundred came with impossible days: it is no row of any table, and stands in a file of its own."""
    path = Path(current_app.config["PORTAL_VAR"]) / QUARANTINE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("SYNTHETIC", "case", "admitted_on", "discharged_on"))
        for case in world.cases[::100]:
            plan = case.episode.stays[-1]
            writer.writerow((DOMAIN, case.reference, plan.discharged, plan.admitted))
