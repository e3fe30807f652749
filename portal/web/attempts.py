"""Wrong tries are slowed down, never locked out: whoever guesses waits, and whose account it is comes in (R-447)."""

import sqlalchemy as sa
from flask import abort, current_app

from portal.db import db
from portal.services import devices
from portal.services.accounts import email_index, token_hash
from portal.web.visitors import token_in

# Five tries are free; after each further one the wait doubles, to half a minute. A quarter of an hour forgets them.
TAKE = sa.text(
    "INSERT INTO rate_counter AS known (key, hits, expires_at) "
    "VALUES (:key, 1, clock_timestamp() + interval '15 minutes') "
    "ON CONFLICT (key) DO UPDATE SET "
    "hits = CASE WHEN known.expires_at <= clock_timestamp() THEN 1 ELSE known.hits + 1 END, "
    "expires_at = clock_timestamp() + interval '15 minutes' "
    "WHERE known.hits < 5 OR known.expires_at <= clock_timestamp() + interval '15 minutes' "
    "- make_interval(secs => least(power(2, known.hits - 5), 30)) "
    "RETURNING hits"
)
FORGET = sa.text("DELETE FROM rate_counter WHERE key = :key")


def key_of(email: str) -> str:
    """Under what tries for an address are counted: a browser that its owner has used before has a count of its own."""
    return key_of_index(email_index(email))


def key_of_index(index: bytes) -> str:
    """The same, where only the keyed index of the address is known."""
    device = token_in("device")
    whose = token_hash(device).hex() if device and devices.is_known(device, index) else "stranger"
    return f"sign-in:{index.hex()}:{whose}"


def take(key: str) -> None:
    """Count a try before it is made, so that a hundred at once are a hundred. Answers 429 when it comes too soon."""
    if current_app.config["COUNT_ATTEMPTS"] and not _run(TAKE, key):
        abort(429)


def forget(key: str) -> None:
    """The try was right: the count begins anew."""
    if current_app.config["COUNT_ATTEMPTS"]:
        _run(FORGET, key)


def _run(statement: sa.TextClause, key: str) -> bool:
    # Outside the request's own transaction: a try counts whatever becomes of the request.
    with db.engine.begin() as connection:
        return connection.execute(statement, {"key": key}).rowcount > 0
