"""The supervisor, with real processes."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from portal.cli.supervise import Supervisor

pytestmark = pytest.mark.server

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]
PARENT = """
import sys, time
from pathlib import Path
from portal.cli.supervise import Supervisor
supervisor = Supervisor(Path(sys.argv[1]), print)
supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
print(supervisor.children["sleeper"].pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    made = Supervisor(tmp_path, said.append)
    yield made
    made.stop()
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGTERM, before[1])


def test_a_signal_ends_the_wait_and_everything_with_it(supervisor):
    supervisor.start("one", SLEEPER)
    supervisor.start("two", SLEEPER)
    os.kill(os.getpid(), signal.SIGTERM)
    assert supervisor.wait(lambda: None) == 0
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 3
    assert all(child.poll() is not None for child in supervisor.children.values())


def test_a_process_that_dies_is_named_with_its_last_words(supervisor, said):
    supervisor.start("well", SLEEPER)
    supervisor.start("ill", [sys.executable, "-c", "import sys; print('no such table'); sys.exit(3)"])
    assert supervisor.wait(lambda: None) == 1
    assert said == ["ill ended with code 3:\nno such table"]


def test_a_process_that_does_not_listen_is_ended(supervisor, monkeypatch):
    monkeypatch.setattr("portal.cli.supervise.STOP_SECONDS", 0.5)
    supervisor.start("stubborn", STUBBORN)
    time.sleep(0.3)
    supervisor.stop()
    assert supervisor.children["stubborn"].returncode == -signal.SIGKILL


def test_what_a_killed_supervisor_left_is_cleared_by_the_next(tmp_path, said):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    orphan = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()
    parent.kill()
    parent.wait()
    assert orphan.is_running()
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    Supervisor(tmp_path, said.append)
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGTERM, before[1])
    assert not orphan.is_running()
    assert list(tmp_path.glob("*.processes")) == []
