"""`portal demo run` as a person meets it: start, log-ins, a page, a killed engine, Ctrl-C."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

pytestmark = pytest.mark.server

START_SECONDS = 180
ROLES = 12


def portal(env, *words):
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *words], env=env, capture_output=True, text=True, check=False
    )


def status(port, path="/sign-in"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    unwanted = ("DATABASE_URL", "SECRET_KEY", "BRO_KEYS", "PORTAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | {
        "PORTAL_VAR": str(tmp_path_factory.mktemp("demo") / "var"),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def running(env, port):
    log = Path(env["PORTAL_VAR"]).parent / "out.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "demo", "run", "--port", str(port)],
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C" not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "Ctrl-C" in log.read_text(), log.read_text()
    yield process, log
    if process.poll() is None:
        process.terminate()
        process.wait(30)


def test_it_prints_its_address_and_every_log_in(running, env, port):
    said = running[1].read_text()
    assert f"http://127.0.0.1:{port}" in said
    logins = json.loads(portal(env, "demo", "logins", "--json").stdout)
    assert len({login["role"] for login in logins}) >= ROLES
    for login in logins:
        assert set(login) >= {"role", "email", "password", "name", "organisation"}
        assert login["email"] in said


def test_it_answers_and_says_that_it_is_a_demo(running, port):
    code, page = status(port)
    assert code == 200
    assert "Demo" in page


def test_its_database_can_be_asked_directly(running, env):
    with psycopg.connect(portal(env, "db", "url").stdout.strip()) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM alembic_version").fetchone() == (True,)


def test_a_second_one_on_the_port_is_told(running, env, port):
    second = portal(env, "demo", "run", "--port", str(port))
    assert second.returncode == 1
    assert f"Port {port} is in use" in second.stderr
    assert running[0].poll() is None


def test_a_killed_engine_comes_back_under_the_running_portal(running, env, port):
    lock = Path(env["PORTAL_VAR"]) / "db" / "postmaster.pid"
    os.kill(int(lock.read_text().splitlines()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 40
    while "started again" not in running[1].read_text() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert status(port, "/health")[0] == 200


def test_ctrl_c_ends_all_of_it(running, env, port):
    process, log = running
    family = [process, *psutil.Process(process.pid).children(recursive=True)]
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert log.read_text().rstrip().endswith("Stopped.")
    _, alive = psutil.wait_procs([each for each in family if isinstance(each, psutil.Process)], timeout=5)
    assert alive == []
    assert not (Path(env["PORTAL_VAR"]) / "db" / "postmaster.pid").exists()
