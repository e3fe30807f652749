"""Settings from the environment. Every setting has its safe value here; README names those an installation sets."""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
KINDS = ("demo", "development", "test", "production")
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
TRUE = {"1", "true", "yes", "on"}


class ConfigError(RuntimeError):
    """A setting is missing or cannot be read. The portal refuses to start; nothing is guessed in production."""


class Base:
    """What holds everywhere."""

    TESTING = False
    DEBUG = False
    PORTAL_DEMO = False
    MAX_CONTENT_LENGTH = 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 500_000
    MAX_FORM_PARTS = 200
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {
        "pool_size": 4,
        "max_overflow": 4,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        # The connection that was used last knows most plans.
        "pool_use_lifo": True,
        # A failing statement's values never reach a log.
        "hide_parameters": True,
        # A request that cannot get its rows in time says so; it never holds the others up.
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=5s -c lock_timeout=2s"
            " -c idle_in_transaction_session_timeout=10s -c timezone=UTC"
            # Disks do not turn any more: a row by its index costs about what the next row of a table does. With the
            # server's own figure lists of fifty read whole tables of staff and offers beside them.
            " -c random_page_cost=1.1",
        },
    }
    BABEL_DEFAULT_LOCALE = "da"
    BABEL_DEFAULT_TIMEZONE = "Europe/Copenhagen"
    BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "portal" / "translations")
    LANGUAGES = ("da", "en")
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    WTF_CSRF_TIME_LIMIT = None
    # The browser is told to send no referrer; whose form it is, it says itself (portal.web.security).
    WTF_CSRF_SSL_STRICT = False
    PROVIDE_AUTOMATIC_OPTIONS = False
    RATELIMIT_ENABLED = True
    RATELIMIT_HEADERS_ENABLED = False
    MAIL_BACKEND = "console"
    SECURE_COOKIES = True
    DATABASE_NAME = "bro"
    # Documents, and nothing else, may be as large as this (portal.web.uploads).
    MAX_FILE_LENGTH = 10 * 1024 * 1024
    # So much is read of a request with a file that is too large, and thrown away, so that its form can say so.
    MAX_READ_LENGTH = 64 * 1024 * 1024
    # Whether everybody must have a second factor ("required"), or may have one ("offered").
    SECOND_FACTOR = "required"


class Development(Base):
    """At a developer's desk: local http by its name, the embedded engine, mail on the console."""

    SECURE_COOKIES = False
    TEMPLATES_AUTO_RELOAD = True
    # Invented people with one password that everybody knows: whoever wants to see a second factor sets one up.
    SECOND_FACTOR = "offered"


class Demo(Development):
    """The story that `make demo` tells. Every page says that it is one."""

    TEMPLATES_AUTO_RELOAD = False
    PORTAL_DEMO = True
    MAIL_BACKEND = "sendgrid"
    DATABASE_NAME = "bro_demo"


class Test(Base):
    """In the tests: quick password hashes and mail kept in memory."""

    TESTING = True
    RATELIMIT_ENABLED = False
    MAIL_BACKEND = "memory"
    SECURE_COOKIES = False
    DATABASE_NAME = "bro_test"
    SECOND_FACTOR = "offered"


class Production(Base):
    """For real: every secret is given, mail goes by the provider, cookies need https."""

    MAIL_BACKEND = "sendgrid"


CLASSES: dict[str, type[Base]] = {"demo": Demo, "development": Development, "test": Test, "production": Production}


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings. `PORTAL_ENV` names the kind; a bare clone is the demo. Raises ConfigError."""
    env = os.environ if environ is None else environ
    kind = env.get("PORTAL_ENV", "demo").strip().lower()
    if kind not in KINDS:
        raise ConfigError(f"PORTAL_ENV is {kind!r}; it must be one of {', '.join(KINDS)}.")
    source = CLASSES[kind]
    var = Path(env.get("PORTAL_VAR", ROOT / "var")).resolve()
    values: dict[str, Any] = {name: getattr(source, name) for name in dir(source) if name.isupper()}
    values |= {"PORTAL_ENV": kind, "PORTAL_VAR": str(var)}
    values |= _secrets(env, kind, var) | _mail(env, values) | _web(env, values)
    url = env.get("DATABASE_URL", "").strip()
    if not url and kind == "production":
        raise ConfigError("DATABASE_URL is missing: production uses a PostgreSQL server, version 15 or newer.")
    # Without an address the caller starts the embedded engine (portal.embedded_postgres) on EMBEDDED_DATABASE.
    values["SQLALCHEMY_DATABASE_URI"] = database_url(url) if url else None
    # The role that owns the tables: for migrations alone (portal.roles).
    owner = env.get("DATABASE_OWNER_URL", "").strip()
    if kind == "production":
        for one in filter(None, (url, owner)):
            _require_checked_line(one)
    values["DATABASE_OWNER_URL"] = database_url(owner) if owner else None
    values["EMBEDDED_DATABASE"] = str(var / "db")
    # Where the signed heads of the audit trail are written: another disk, which only takes on (docs/audit.md).
    values["AUDIT_ANCHORS"] = env.get("AUDIT_ANCHORS", "").strip() or str(var / "anchors")
    values["BRO_ANCHOR_KEY"] = _anchor_key(env)
    # Where clamd listens: unix:/path or tcp:host:port (portal.uploads). Empty: only the built-in look.
    values["MALWARE_SCANNER"] = env.get("MALWARE_SCANNER", "").strip()
    return values


def database_url(url: str) -> str:
    """Write the driver into a plain PostgreSQL address. Raises ConfigError for any other database."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ConfigError("DATABASE_URL must begin with postgresql://")
    return f"postgresql+psycopg://{rest}"


def _require_checked_line(url: str) -> None:
    """A database on another machine is reached by TLS, and shows its certificate. Raises ConfigError."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = asked.get("host", [parts.hostname or ""])[0]
    is_here = host.startswith("/") or host in LOOPBACK
    if not is_here and asked.get("sslmode") != ["verify-full"]:
        raise ConfigError("DATABASE_URL names another machine: add sslmode=verify-full, so that it proves who it is.")


def _secrets(env: Mapping[str, str], kind: str, var: Path) -> dict[str, Any]:
    secret = _secret(env, "SECRET_KEY", kind, var / "secret", lambda: secrets.token_urlsafe(48))
    if len(secret) < 32:
        raise ConfigError("SECRET_KEY is too short: give at least 32 characters.")
    fresh = _secret(
        env, "BRO_KEYS", kind, var / "keys", lambda: "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    )
    return {"SECRET_KEY": secret, "BRO_KEYS": _keys(fresh)}


def _secret(env: Mapping[str, str], name: str, kind: str, file: Path, make: Callable[[], str]) -> str:
    """Return a given secret; at a desk, one made once and kept in a file that only its owner reads."""
    given = env.get(name, "").strip()
    if given:
        return given
    if kind == "production":
        raise ConfigError(f"{name} is missing: production starts with a secret of its own.")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mkstemp gives 0600
        with os.fdopen(descriptor, "w") as handle:
            handle.write(make())
        # Two first starts at once: the link is made by one of them, and both read the same secret.
        with suppress(FileExistsError):
            os.link(fresh, file)
        os.unlink(fresh)
    return file.read_text().strip()


def _keys(text: str) -> dict[int, bytes]:
    """Read `1:base64,2:base64`: the highest number writes, all of them read."""
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        number, _, encoded = part.strip().partition(":")
        try:
            keys[int(number)] = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise ConfigError("BRO_KEYS must read number:base64, separated by commas.") from error
    if any(len(key) != 32 for key in keys.values()) or not all(0 < number < 256 for number in keys):
        raise ConfigError("Each key in BRO_KEYS has 32 bytes and a number from 1 to 255.")
    return keys


def _anchor_key(env: Mapping[str, str]) -> bytes | None:
    """Read the key that signs the heads of the audit trail; None derives it from the first of BRO_KEYS."""
    try:
        key = base64.b64decode(env.get("BRO_ANCHOR_KEY", "").strip(), validate=True)
    except ValueError as error:
        raise ConfigError("BRO_ANCHOR_KEY must be base64.") from error
    if key and len(key) != 32:
        raise ConfigError("BRO_ANCHOR_KEY has 32 bytes.")
    return key or None


def _mail(env: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    backend = env.get("MAIL_BACKEND", values["MAIL_BACKEND"]).strip().lower()
    if backend not in {"sendgrid", "smtp", "console", "memory"}:
        raise ConfigError("MAIL_BACKEND must be sendgrid, smtp, console or memory.")
    key = env.get("SENDGRID_API_KEY", "").strip()
    host = env.get("SENDGRID_HOST", "").strip()
    if backend == "sendgrid" and not key:
        if values["PORTAL_ENV"] == "production":
            raise ConfigError("SENDGRID_API_KEY is missing.")
        key = "demo-key"
        host = host or "http://127.0.0.1:9"  # the demo's mail taker is named by its address; never the real one
    return {
        "MAIL_BACKEND": backend,
        "MAIL_FROM": env.get("MAIL_FROM", "portal@bro.example"),
        "SENDGRID_API_KEY": key,
        "SENDGRID_HOST": host,
        "SMTP_HOST": env.get("SMTP_HOST", "localhost"),
        "SMTP_PORT": _number(env, "SMTP_PORT", 587),
        "SMTP_USER": env.get("SMTP_USER", ""),
        "SMTP_PASSWORD": env.get("SMTP_PASSWORD", ""),
        "SMTP_TLS": _flag(env, "SMTP_TLS", True),
    }


def _web(env: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    local_http = _flag(env, "PORTAL_LOCAL_HTTP", not values["SECURE_COOKIES"])
    if local_http and values["PORTAL_ENV"] == "production":
        raise ConfigError("PORTAL_LOCAL_HTTP is for a desk; production needs https.")
    second = env.get("SECOND_FACTOR", values["SECOND_FACTOR"]).strip().lower()
    if second not in {"required", "offered"}:
        raise ConfigError("SECOND_FACTOR must be required or offered.")
    return {
        **_address(env, values["PORTAL_ENV"] == "production"),
        "NEUTRAL_URL": _neutral(env),
        "SECOND_FACTOR": second,
        # A k-anonymous range service for known passwords; empty: only the list within the portal is asked.
        "BREACH_SERVICE": env.get("BREACH_SERVICE", "").strip(),
        "SESSION_IDLE_MINUTES": _number(env, "SESSION_IDLE_MINUTES", 15),
        "SESSION_ABSOLUTE_MINUTES": _number(env, "SESSION_ABSOLUTE_MINUTES", 480),
        "SESSION_ABSOLUTE_MINUTES_VOLUNTEER": _number(env, "SESSION_ABSOLUTE_MINUTES_VOLUNTEER", 120),
        "SECURE_COOKIES": not local_http,
        "SESSION_COOKIE_SECURE": not local_http,
        # Holds the forms' token and one message; Lax, so that a link from outside does not outdate open forms.
        "SESSION_COOKIE_NAME": "form" if local_http else "__Host-form",
        "TRUSTED_PROXIES": _number(env, "TRUSTED_PROXIES", 0),
        # How often the worker looks for mail to send: in the demo so often that one sees it arrive.
        "WORKER_TICK_SECONDS": _number(env, "WORKER_TICK_SECONDS", 5 if values["PORTAL_DEMO"] else 60),
        "LOG_LEVEL": env.get("LOG_LEVEL", "INFO").upper(),
    }


def _address(env: Mapping[str, str], is_production: bool) -> dict[str, Any]:
    """Where the portal is reached; in production no other host name is answered."""
    url = env.get("PUBLIC_URL", "" if is_production else "http://127.0.0.1:8000").strip().rstrip("/")
    if is_production and not url.startswith("https://"):
        raise ConfigError("PUBLIC_URL must begin with https://: production is reached by one name.")
    return {"PUBLIC_URL": url, "PUBLIC_HOST": url.partition("://")[2] if is_production else None}


def _neutral(env: Mapping[str, str]) -> str:
    """The page to which one leaves at once; empty is our own, so that no other site learns of it."""
    url = env.get("NEUTRAL_URL", "").strip()
    if url and not url.startswith("https://"):
        raise ConfigError("NEUTRAL_URL must begin with https://")
    return url


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if text and not text.isdecimal():
        raise ConfigError(f"{name} must be a whole number.")
    return int(text) if text else default


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    return text in TRUE if text else default
