"""A worker that is asked to stop says that it has, however early it is asked."""

import signal
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.jobs import scheduler
from portal.jobs.runner import stopping


@pytest.fixture
def signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    stopping.clear()


@pytest.mark.usefixtures("signals")
def test_a_worker_can_be_stopped_before_its_first_tick(app: Flask) -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text == "Working.":
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as end:
        scheduler.serve(app, say=say)
    assert (end.value.code, said, stopping.is_set()) == (0, ["Working.", "Stopped."], True)
