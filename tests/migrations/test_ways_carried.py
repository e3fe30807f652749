"""A card of one way becomes a card of ways, and back, and never says more than she has said."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from flask import Flask

from portal.db import db
from tests.migrations.test_migrations import configuration
from tests.migrations.test_migrations import empty as empty

BEFORE, AFTER = "0040_work_list", "0041_notes_and_cards"
CARDS = {"plain": ("sms", "weekdays", 9, 14, False), "told": ("phone", "any", None, None, True)}
CARDS |= {"silent": ("email", "none", None, None, False), "through": ("only_contact_person", "any", None, None, False)}


def run(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """One statement of the system's, committed."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('bro.scope', 'system', true)")
        found = connection.execute(sa.text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []


def read() -> dict[str, tuple[Any, ...]]:
    """What each card says, before the ways."""
    columns = "channel, days, from_hour, to_hour, may_say_who_calls"
    return {row[0].strip(): row[1:] for row in run(f"SELECT public_id, {columns} FROM safe_contact_card")}


def test_what_she_has_said_is_carried_over_and_back(empty: Flask) -> None:
    with empty.app_context():
        command.upgrade(configuration(empty), BEFORE)
        for column in ("client_id_client", "verified_by_id_user_account"):
            run(f"ALTER TABLE safe_contact_card DROP CONSTRAINT fk_safe_contact_card_{column}")
        for name, (channel, days, start, end, says) in CARDS.items():
            run(
                "INSERT INTO safe_contact_card (public_id, client_id, channel, days, from_hour, to_hour,"
                " may_leave_voicemail, may_say_who_calls, is_device_shared, verified_at, verified_by_id)"
                " VALUES (:name, 1, :channel, :days, :start, :end, false, :says, false, now(), 1)",
                name=name,
                channel=channel,
                days=days,
                start=start,
                end=end,
                says=says,
            )
        command.upgrade(configuration(empty), AFTER)
        ways = run(
            "SELECT c.public_id, w.channel, w.days, w.from_hour, w.to_hour, w.may_answer"
            " FROM safe_contact_way w JOIN safe_contact_card c ON c.id = w.card_id ORDER BY w.card_id"
        )
        run(
            "INSERT INTO safe_contact_way SELECT id, 'letter', 'any', NULL, NULL, 'herself', false, false, now()"
            " FROM safe_contact_card WHERE public_id = 'plain'"
        )
        command.downgrade(configuration(empty), BEFORE)
        back = read()
        db.engine.dispose()
    assert ways == [
        ("plain", "sms", "weekdays", 9, 14, "herself"),
        ("told", "phone", "any", None, None, "anybody"),
        ("through", "only_contact_person", "any", None, None, "herself"),
    ]
    assert back == CARDS | {"silent": ("only_contact_person", "none", None, None, False)}
