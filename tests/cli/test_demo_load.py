"""`portal demo load`: a small country for an empty database, which checks itself, and in which one can sign in."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal import embedded_postgres
from portal.core.enums import Role
from portal.demo.logins import PASSWORD

pytestmark = pytest.mark.server

OPENING = {
    Role.CONTACT_PERSON: "/day",
    Role.PROGRAMME_LEAD: "/reports/",
    Role.INTAKE: "/referrals/inbox",
    Role.MUNICIPAL_ADVISER: "/counselling/",
    Role.VOLUNTEER_COORDINATOR: "/tasks/pool",
}
# In a process of its own, as the portal is opened after the load: one log-in after the other opens its page.
VISIT = """
import json, sys
from pathlib import Path
import config
from portal import create_app, embedded_postgres, roles
values = config.load() | {"WTF_CSRF_ENABLED": False}
found = roles.prepare(embedded_postgres.ensure(Path(values["EMBEDDED_DATABASE"])), values["DATABASE_NAME"])
app = create_app(values | {"SQLALCHEMY_DATABASE_URI": found.application, "DATABASE_OWNER_URL": found.owner})
for email, password, page in json.loads(sys.argv[1]):
    browser = app.test_client()
    browser.post("/sign-in", data={"email": email, "password": password})
    print(browser.get(page).status_code, page)
"""


def portal(env, *words):
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *words], env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    unwanted = ("DATABASE_URL", "SECRET_KEY", "BRO_KEYS", "PORTAL_ENV")
    var = tmp_path_factory.mktemp("load") / "var"
    yield {name: value for name, value in os.environ.items() if name not in unwanted} | {"PORTAL_VAR": str(var)}
    embedded_postgres.stop(var / "db")


@pytest.fixture(scope="module")
def said(env):
    found = portal(env, "demo", "load", "--size", "small")
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def logins(said):
    rows = (line.split() for line in said.splitlines() if PASSWORD in line)
    return {Role(row[0]): row[1] for row in rows}


def test_it_says_what_it_has_loaded_and_every_check_holds(said):
    assert re.search(r"^ +310  client_case$", said, re.MULTILINE)
    assert re.search(r"^ok   contacts: 15,000\.0", said, re.MULTILINE)
    assert "OFF " not in said
    assert re.search(r"^\d+ seconds, [\d,]+ MB at most\.$", said, re.MULTILINE)


def test_its_log_ins_open_their_pages(said, env):
    asked = [(email, PASSWORD, OPENING[role]) for role, email in logins(said).items()]
    assert set(logins(said)) == set(OPENING)
    seen = subprocess.run(
        [sys.executable, "-c", VISIT, json.dumps(asked)], env=env, capture_output=True, text=True, check=False
    )
    assert seen.stdout.splitlines() == [f"200 {page}" for _email, _password, page in asked], seen.stderr


def test_stays_with_impossible_days_stand_in_a_file_of_their_own(said, env):
    with (Path(env["PORTAL_VAR"]) / "national-quarantine.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(row["discharged_on"] < row["admitted_on"] for row in rows)


def test_a_second_load_is_refused(said, env):
    again = portal(env, "demo", "load")
    assert again.returncode == 1
    assert "There are people in this database." in again.stderr


def test_the_story_does_not_come_among_them(said, env):
    assert portal(env, "demo", "prepare").returncode == 0
    embedded_postgres.ensure(Path(env["PORTAL_VAR"]) / "db", durable=False)
    with psycopg.connect(portal(env, "db", "url").stdout.strip()) as connection:
        assert connection.execute("SELECT count(*) FROM client_case").fetchone() == (310,)
