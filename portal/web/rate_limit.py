"""Counting attempts in the database, so that several web processes count together."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits.storage import Storage

from portal.core.clock import utc_now
from portal.db import db

COUNT = sa.text(
    "INSERT INTO rate_counter (key, hits, expires_at) VALUES (:key, :amount, :expires) "
    "ON CONFLICT (key) DO UPDATE SET "
    "hits = CASE WHEN rate_counter.expires_at <= :now THEN :amount ELSE rate_counter.hits + :amount END, "
    "expires_at = CASE WHEN rate_counter.expires_at <= :now THEN :expires ELSE rate_counter.expires_at END "
    "RETURNING hits"
)


class DatabaseStorage(Storage):
    """Fixed windows, one statement a count, outside the request's own transaction."""

    STORAGE_SCHEME = ["portalsql"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def _run(self, statement: sa.TextClause, **values: Any) -> Any:
        with db.engine.begin() as connection:
            result = connection.execute(statement, values)
            return result.scalar() if result.returns_rows else None

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = utc_now()
        return int(self._run(COUNT, key=key, amount=amount, now=now, expires=now + timedelta(seconds=expiry)))

    def get(self, key: str) -> int:
        query = "SELECT hits FROM rate_counter WHERE key = :key AND expires_at > :now"
        return int(self._run(sa.text(query), key=key, now=utc_now()) or 0)

    def get_expiry(self, key: str) -> float:
        found = self._run(sa.text("SELECT expires_at FROM rate_counter WHERE key = :key"), key=key)
        return float((found or utc_now()).timestamp())

    def check(self) -> bool:
        return self._run(sa.text("SELECT 1")) == 1

    def reset(self) -> int | None:
        self._run(sa.text("DELETE FROM rate_counter"))
        return None

    def clear(self, key: str) -> None:
        self._run(sa.text("DELETE FROM rate_counter WHERE key = :key"), key=key)


def sign_in_address() -> str:
    """Attempts from one network address."""
    return f"address:{request.remote_addr}"


limiter = Limiter(key_func=sign_in_address, storage_uri="portalsql://", strategy="fixed-window", headers_enabled=False)


@limiter.request_filter
def _is_not_counted() -> bool:
    return not current_app.config["COUNT_ATTEMPTS"]


def init_app(app: Flask) -> None:
    """Count attempts, unless the settings say otherwise."""
    # Kept under a name of our own: the library would not even look at a request under its own.
    app.config["COUNT_ATTEMPTS"] = app.config.pop("RATELIMIT_ENABLED", True)
    limiter.init_app(app)
