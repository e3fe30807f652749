"""`make bench`, first part: the jobs of every day at 10,000 and 100,000 cases, beside a floor measured in the same run.

Each job is asked over HTTP of a gunicorn like the demo's, by one client, in turn with the floor (bench/floor.py). The
data are loaded once for each size and kept; opening cases adds some each time.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from flask import Flask

from bench import data, jobs
from bench.jobs import Job
from bench.statements import counted
from portal.db import db

SIZES = (10_000, 100_000)
ROUNDS, WARM = 60, 10
START_SECONDS = 60
SHAPE = ("-k", "gthread", "-w", "2", "--threads", "4", "--no-control-socket", "--log-level", "error")
BOUNDS = "ms", "ratio", "SQL"
TITLES = f"{'median':>8} {'p95':>8} {'floor':>8} {'ratio':>6} {'SQL':>4} {'CPU':>7}"
HEAD = f"{'job':<4} {'':<19} {TITLES}   bounds: ms, ratio, SQL"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one job took, in milliseconds."""

    job: Job
    times: list[float]
    floors: list[float]
    statements: int
    cpu: float

    def __str__(self) -> str:
        median, floor = statistics.median(self.times), statistics.median(self.floors)
        late = statistics.quantiles(self.times, n=20)[-1]
        figures = median, median / floor, self.statements
        over = [
            name
            for name, figure, most in zip(("ms", "ratio", "SQL"), figures, self.job.bounds, strict=True)
            if figure > most
        ]
        most = "{:g}, {:g}, {}".format(*self.job.bounds)
        return (
            f"{self.job.key:<4} {self.job.name:<19} {median:6.1f}ms {late:6.1f}ms {floor:6.2f}ms {median / floor:6.1f}"
            f" {self.statements:4d} {self.cpu:5.1f}ms   {most}" + (f"   over: {', '.join(over)}" if over else "")
        )


def main() -> None:
    """Print one line per job and size."""
    wanted = argparse.ArgumentParser(prog="python -m bench", description="Measure the jobs of every day.")
    wanted.add_argument("--cases", type=int, nargs="*", default=[], help="sizes; else 10000 and 100000")
    wanted.add_argument("--jobs", nargs="*", default=[], help="only these, such as J1 J8n")
    wanted.add_argument("--rounds", type=int, default=ROUNDS)
    asked = wanted.parse_args()
    for cases in asked.cases or SIZES:
        _size(cases, {key.upper() for key in asked.jobs}, asked.rounds)


def _size(cases: int, only: set[str], rounds: int) -> None:
    app = data.prepare(cases)
    with app.app_context():
        found = [job for job in jobs.prepare() if not only or job.key.upper() in only]
        db.session.remove()
    busy = os.getloadavg()[0]
    print(
        f"\n{cases:,} cases, {rounds} rounds, {os.cpu_count()} cores with a load of {busy:.1f} before\n{HEAD}",
        flush=True,
    )
    with _server(cases) as port:
        for job in found:
            print(_measure(app, port, job, rounds), flush=True)


def _measure(app: Flask, port: int, job: Job, rounds: int) -> Measured:
    statements, cpu = _look(app, job)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    floors: list[float] = []
    for turn in range(rounds + WARM):
        spent, floor = _ask(connection, job), _ask_floor(connection, job)
        # The first rounds prepare statements and load templates, in both processes.
        if turn >= WARM:
            times.append(spent)
            floors.append(floor)
    connection.close()
    return Measured(job, times, floors, statements, cpu)


def _ask(connection: HTTPConnection, job: Job) -> float:
    headers = {"Cookie": f"bro_session={job.token}"}
    if not job.form:
        return _time(connection, "GET", job.path, None, headers)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _time(connection, "POST", job.path, urlencode(job.form), headers | form)


def _ask_floor(connection: HTTPConnection, job: Job) -> float:
    return _time(connection, "GET", job.floor_path, None, {})


def _time(connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    page = answer.read()
    spent = (time.perf_counter() - began) * 1000
    assert answer.status in (200, 303), f"{method} {path}: {answer.status} {page[:300]!r}"
    assert "sign-in" not in (answer.getheader("Location") or ""), f"{path}: nobody is signed in"
    return spent


def _look(app: Flask, job: Job) -> tuple[int, float]:
    """In this process: the statements of one answer, and what Python takes of a processor for it."""
    client = app.test_client()
    client.set_cookie("bro_session", job.token)

    def ask() -> None:
        answer = client.post(job.path, data=job.form) if job.form else client.get(job.path)
        assert answer.status_code in (200, 303), f"{job.path}: {answer.status_code}"

    # Once everything that is kept has been loaded.
    ask()
    with counted() as seen:
        ask()
    began = time.process_time()
    for _turn in range(WARM):
        ask()
    return len(seen), (time.process_time() - began) * 1000 / WARM


@contextmanager
def _server(cases: int) -> Iterator[int]:
    """A gunicorn of two workers with four threads each, as the demo has, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "bench.serve:create()", "-b", f"127.0.0.1:{port}", *SHAPE],
        env=os.environ | {"BENCH_CASES": str(cases), "BENCH_FLOOR": data.bare_address(cases)},
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server does not answer.")


if __name__ == "__main__":
    main()
