"""`portal worker` does scheduled work until it is stopped; `portal jobs` lists it or does one thing now."""

import logging
import sys

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from portal.jobs import runner, scheduler
from portal.jobs.registry import all_jobs
from portal.web.logs import JsonLine


def _write_logs_as_json() -> None:
    # What a library has to say is written like our own lines: an error by its kind and place, without its words.
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )


@click.command()
@with_appcontext
def worker() -> None:
    """Do scheduled work. Any number of workers may run side by side; SIGTERM ends one when its work is done."""
    _write_logs_as_json()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    scheduler.serve(app, say=click.echo)


@click.group()
def jobs() -> None:
    """Scheduled work."""


@jobs.command("list")
@with_appcontext
def list_jobs() -> None:
    """Print every job and how often it runs."""
    tick = runner.tick_of(current_app._get_current_object())  # type: ignore[attr-defined]
    for name, found in all_jobs(tick).items():
        click.echo(f"{name:20} every {found.schedule.interval}")


@jobs.command()
@click.argument("name")
@with_appcontext
def run(name: str) -> None:
    """Do one job now, whether it is due or not."""
    _write_logs_as_json()
    found = all_jobs().get(name)
    if found is None:
        raise click.ClickException(f"No job is called {name}. `portal jobs list` names them.")
    done = runner.run_now(current_app._get_current_object(), found)  # type: ignore[attr-defined]
    if done is None:
        raise click.ClickException("The job failed; the line above names the error.")
    click.echo(f"{name}: {done}")
