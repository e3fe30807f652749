"""Starts the portal's processes together, watches them and stops them together."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

STOP_SECONDS = 8
LOOK_EVERY = 0.5


@dataclass
class Supervisor:
    """The processes of one portal. Their output goes to files in `folder`, as does the list of their numbers."""

    folder: Path
    say: Callable[[str], None]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        signal.signal(signal.SIGINT, self._asked_to_stop)
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        self._clear_left_over()

    def start(self, name: str, command: list[str]) -> None:
        """Start a process in a session of its own: Ctrl-C reaches us alone, and we end the others in order."""
        with self._log(name).open("wb") as output:
            self.children[name] = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        started = {str(child.pid): psutil.Process(child.pid).create_time() for child in self.children.values()}
        self._list().write_text(json.dumps(started))

    def first_dead(self) -> str | None:
        """Return a sentence on the first process that ended by itself, with the last lines it wrote."""
        for name, child in self.children.items():
            if child.poll() is not None:
                return f"{name} ended with code {child.returncode}:\n{self.tail(name)}"
        return None

    def tail(self, name: str) -> str:
        """Return the last lines a process wrote."""
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-15:])

    def wait(self, each_time: Callable[[], None]) -> int:
        """Wait until asked to stop (0) or until a process dies (1)."""
        while not self.stopping:
            dead = self.first_dead()
            if dead:
                self.say(dead)
                return 1
            each_time()
            time.sleep(LOOK_EVERY)
        return 0

    def stop(self) -> None:
        """End all processes: kindly, and after STOP_SECONDS for good."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._list().unlink(missing_ok=True)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _list(self) -> Path:
        return self.folder / f"{os.getpid()}.processes"

    def _clear_left_over(self) -> None:
        """End what a supervisor that was killed left running, or it would hold the port."""
        for entry in self.folder.glob("*.processes"):
            if psutil.pid_exists(int(entry.stem)) and int(entry.stem) != os.getpid():
                continue
            left = [
                process for number, born in json.loads(entry.read_text()).items() if (process := _same(number, born))
            ]
            for process in left:
                process.terminate()
            _, stubborn = psutil.wait_procs(left, timeout=STOP_SECONDS)
            for process in stubborn:
                process.kill()
            entry.unlink(missing_ok=True)


def _same(number: str, born: float) -> psutil.Process | None:
    """Return the process, unless its number belongs to another one by now."""
    try:
        process = psutil.Process(int(number))
        return process if process.create_time() == born else None
    except psutil.NoSuchProcess:
        return None
