"""`portal demo`: from an installed project to a running portal that tells its story."""

import http.client
import json
import os
import socket
import sys
import time
from pathlib import Path

import click
from flask.cli import with_appcontext

import config
from portal import embedded_postgres, roles
from portal.cli.frontend import SetupError, build
from portal.cli.supervise import Supervisor
from portal.core.clock import utc_now

WEB_SECONDS = 60


@click.group()
def demo() -> None:
    """A small believable portal with invented people."""


@demo.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option("--host", default="127.0.0.1", envvar="HOST", show_default=True, help="Where it can be reached from.")
def run(port: int, host: str) -> None:
    """Set up what is missing, start everything, print the log-ins, wait. Ctrl-C stops it."""
    os.environ["PORTAL_ENV"] = "demo"
    values = config.load()
    supervisor = Supervisor(Path(values["PORTAL_VAR"]) / "demo", click.echo)
    if not _is_free(host, port):
        raise click.ClickException(f"Port {port} is in use. Choose another: make demo PORT={port + 1}")
    code = 1
    try:
        build(click.echo)
        embedded = _database(values)
        _environment(port)
        _start(supervisor, host, port)
        if _answers(supervisor, port):
            _greet(host, port)
            code = supervisor.wait(lambda: _keep(embedded))
        elif supervisor.stopping:
            code = 0
    except (SetupError, embedded_postgres.EngineError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        supervisor.stop()
        if not values["SQLALCHEMY_DATABASE_URI"]:
            embedded_postgres.stop(Path(values["EMBEDDED_DATABASE"]))
    click.echo("Stopped.")
    sys.exit(code)


@demo.command()
@with_appcontext
def prepare() -> None:
    """Apply the migrations, and tell the story if the database is empty."""
    import flask_migrate

    from portal.demo import story
    from portal.jobs import vault

    flask_migrate.upgrade()
    vault.tend(utc_now())
    story.tell()


@demo.command()
@click.option("--size", type=click.Choice(["national", "small"]), default="small", show_default=True)
@click.option("--cases", type=click.IntRange(100, 1_000_000), help="So many cases instead.")
@click.option("--contacts", type=click.IntRange(0), help="So many contacts in all; else 48 a case.")
@click.option("--seed", type=int, help="The same seed and day give the same women and days.")
@with_appcontext
def load(size: str, cases: int | None, contacts: int | None, seed: int | None) -> None:
    """Fill an empty database with ten synthetic years of the whole country."""
    import flask_migrate

    from portal.demo.logins import PASSWORD
    from portal.demo.national import load as national
    from portal.demo.national.sizes import SIZES, of_cases
    from portal.demo.story import NotTheDemo
    from portal.jobs import vault

    flask_migrate.upgrade()
    vault.tend(utc_now())
    wanted = SIZES[size] if cases is None and contacts is None else of_cases(cases or SIZES[size].cases, contacts)
    try:
        found = national.load(wanted, utc_now(), seed=national.SEED if seed is None else seed, say=click.echo)
    except (NotTheDemo, national.NotEmpty) as refused:
        raise click.ClickException(str(refused)) from refused
    for line in (*(f"{count:>10,}  {table}" for table, count in found.rows.items()), *map(str, found.checks)):
        click.echo(line)
    for role, email, about in found.logins:
        click.echo(f"{role.value:22} {email:34} {PASSWORD}  {about}")
    click.echo(f"{found.seconds:,.0f} seconds, {found.megabytes:,} MB at most.")
    if not all(check.holds for check in found.checks):
        raise click.ClickException("The set is not what it should be: see the lines that begin with OFF.")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def logins(as_json: bool) -> None:
    """Print one log-in per role."""
    from portal.demo.logins import LOGINS

    if as_json:
        click.echo(json.dumps(list(LOGINS), ensure_ascii=False, indent=2))
        return
    columns = ("role", "email", "password", "name", "organisation")
    widths = {column: max(len(str(row[column])) for row in LOGINS) for column in columns}
    for row in LOGINS:
        click.echo("  ".join(str(row[column]).ljust(widths[column]) for column in columns).rstrip())


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _database(values: dict[str, object]) -> Path | None:
    """Name the database to the processes that follow; return the embedded engine's folder if it is ours."""
    if values["SQLALCHEMY_DATABASE_URI"]:
        return None
    folder = Path(str(values["EMBEDDED_DATABASE"]))
    url = embedded_postgres.ensure(folder)
    found = roles.prepare(url, str(values["DATABASE_NAME"]))
    os.environ |= {"DATABASE_URL": found.application, "DATABASE_OWNER_URL": found.owner}
    return folder


def _environment(port: int) -> None:
    """Point the portal's mail at the demo's mail taker, on a free port, whatever the machine is set to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        taker = probe.getsockname()[1]
    os.environ |= {
        "MAIL_BACKEND": "sendgrid",
        "MAIL_TAKER_PORT": str(taker),
        "SENDGRID_HOST": f"http://127.0.0.1:{taker}",
        "SENDGRID_API_KEY": "demo-key",
        # By its name: a passkey is bound to a name, never to a number.
        "PUBLIC_URL": f"http://localhost:{port}",
    }


def _start(supervisor: Supervisor, host: str, port: int) -> None:
    python = [sys.executable, "-m"]
    click.echo("Preparing the database …")
    supervisor.start("prepare", [*python, "portal.cli", "demo", "prepare"])
    prepared = supervisor.children.pop("prepare")
    while prepared.poll() is None and not supervisor.stopping:
        time.sleep(0.1)
    if prepared.poll():
        raise SetupError(f"The database was not prepared:\n{supervisor.tail('prepare')}")
    if supervisor.stopping:
        prepared.terminate()
        prepared.wait()
        return
    supervisor.start("mail", [*python, "portal.demo.mail_taker"])
    supervisor.start("worker", [*python, "portal.cli", "worker"])
    shape = "-k gthread -w 2 --threads 4 --max-requests 2000 --max-requests-jitter 200 --graceful-timeout 4"
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    supervisor.start(
        "web",
        [*python, "gunicorn", "portal:create_app()", "-b", bind, *shape.split(), "--no-control-socket"],
    )


def _answers(supervisor: Supervisor, port: int) -> bool:
    deadline = time.monotonic() + WEB_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        dead = supervisor.first_dead()
        if dead:
            click.echo(dead)
            return False
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _greet(host: str, port: int) -> None:
    click.echo(f"\nBro is running at http://{host}:{port}\n")
    click.get_current_context().invoke(logins, as_json=False)
    click.echo(f"\nPasskeys work at http://localhost:{port}. Ctrl-C stops it.")


def _keep(folder: Path | None) -> None:
    """Start the embedded engine again if it was killed; the address stays the same, the portal connects anew."""
    if folder is not None and not embedded_postgres.is_running(folder):
        embedded_postgres.ensure(folder)
        click.echo("The database had stopped and is started again.")
