"""The embedded engine, with real processes and real kills."""

import os
import signal
import subprocess
import sys
import time

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from portal import embedded_postgres
from tests.support.sizes import size

pytestmark = pytest.mark.server

HOLD = """
import sys, time
from pathlib import Path
from portal import embedded_postgres
print(embedded_postgres.ensure(Path(sys.argv[1])), flush=True)
time.sleep(120)
"""


def connect(url):
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(), autocommit=True)


def engine_of(data_dir):
    return psutil.Process(int((data_dir / "postmaster.pid").read_text().splitlines()[0]))


def hold(data_dir):
    """Start another portal process that uses the engine; return it once it has it."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(data_dir)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("postgresql+psycopg://")
    process.stdout.close()
    return process


@pytest.fixture
def data_dir(tmp_path):
    # The engine's own account must be able to walk to it, and the folder must be short enough for a socket or not.
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o001)
    folder = tmp_path / "db"
    yield folder
    embedded_postgres.stop(folder)


def test_starts_answers_and_stops(data_dir):
    url = embedded_postgres.ensure(data_dir)
    with connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    engine = engine_of(data_dir)
    assert embedded_postgres.stop(data_dir) is True
    assert not engine.is_running()


def test_a_database_is_created_once(data_dir):
    url = embedded_postgres.ensure(data_dir, durable=False)
    first = embedded_postgres.create_database(url, "bro_demo")
    assert embedded_postgres.create_database(url, "bro_demo") == first
    with connect(first) as connection:
        assert connection.execute("SELECT current_database(), lower('ÆØÅ')").fetchone() == ("bro_demo", "æøå")


def test_the_last_process_to_leave_stops_it(data_dir):
    other = hold(data_dir)
    try:
        embedded_postgres.ensure(data_dir)
        engine = engine_of(data_dir)
        assert embedded_postgres.stop(data_dir) is False
        assert engine.is_running()
    finally:
        other.kill()
        other.wait()
    embedded_postgres.ensure(data_dir)
    assert embedded_postgres.stop(data_dir) is True
    assert not engine.is_running()


WRITE = """
import sys, psycopg
connection = psycopg.connect(sys.argv[1], autocommit=True)
for number in range(int(sys.argv[2]), 10**9):
    connection.execute("INSERT INTO promise VALUES (%s)", [number])
    print(number, flush=True)
"""


@pytest.mark.soak
def test_acknowledged_rows_survive_the_death_of_portal_and_engine(data_dir):
    url = embedded_postgres.ensure(data_dir)
    with connect(url) as connection:
        connection.execute("CREATE TABLE promise (id int PRIMARY KEY)")
    acknowledged = 0
    for turn in range(size(2, 200)):
        began = turn * 1_000_000
        address = make_url(url).set(drivername="postgresql").render_as_string()
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, address, str(began)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(150):
            writer.stdout.readline()
        # The engine dies first or last, while the writer is in the middle of the next row.
        for victim in (writer, engine_of(data_dir)) if turn % 2 else (engine_of(data_dir), writer):
            victim.send_signal(signal.SIGKILL)
        told = 150 + len(writer.stdout.read().split())
        writer.wait()
        writer.stdout.close()
        acknowledged += told

        started = time.monotonic()
        assert embedded_postgres.ensure(data_dir) == url
        assert time.monotonic() - started < embedded_postgres.START_SECONDS
        with connect(url) as connection:
            kept = connection.execute("SELECT count(*) FROM promise WHERE id >= %s", [began]).fetchone()[0]
        # The last row may have been written without its answer coming through.
        assert told <= kept <= told + 1
    assert acknowledged >= 150 * size(2, 200)


def test_waits_for_a_backend_that_outlives_the_engine(data_dir):
    url = embedded_postgres.ensure(data_dir)
    busy = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, psycopg\n"
            "c = psycopg.connect(sys.argv[1]); print(1, flush=True)\n"
            "c.execute('SELECT count(*) FROM generate_series(1, 20000000) a')\n",
            make_url(url).set(drivername="postgresql").render_as_string(),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    busy.stdout.readline()
    busy.stdout.close()
    time.sleep(0.2)
    engine_of(data_dir).send_signal(signal.SIGKILL)
    try:
        with connect(embedded_postgres.ensure(data_dir)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        busy.kill()
        busy.wait()


def test_a_lock_whose_number_belongs_to_a_stranger_is_cleared(data_dir):
    embedded_postgres.ensure(data_dir)
    lock = data_dir / "postmaster.pid"
    lines = lock.read_text().splitlines()
    embedded_postgres.stop(data_dir)
    lock.write_text("\n".join(["1", *lines[1:]]) + "\n")
    lock.chmod(0o644)
    with connect(embedded_postgres.ensure(data_dir)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("name", ["d" * 120, "æ mappe, med 'tegn'"])
def test_long_and_odd_folders_get_a_short_socket(data_dir, name):
    deep = data_dir.parent / name / "db"
    try:
        url = embedded_postgres.ensure(deep, durable=False)
        with connect(embedded_postgres.create_database(url, "bro")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        assert embedded_postgres.stop(deep) is True
