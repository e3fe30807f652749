"""Encrypted columns are bound to their own place, and what tells who somebody is is encrypted."""

import pytest
import sqlalchemy as sa

from portal.db import Base
from portal.vault import Encrypted, EncryptedJson

COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns]
PERSONAL = {
    "name",
    "email",
    "phone",
    "address",
    "cpr_number",
    "text",
    "note",
    "reason",
    "code_word",
    "alias",
    "account",
    "place",
    "wishes",
}
# Names of things, not of people, and codes from closed lists.
PUBLIC = {
    "organisation.name",
    "municipality.name",
    "group_round.name",
    "fund.name",
    "request_event.reason",
    "decline_rule.reason",
    "waiting_mark.reason",
    "safety_review.reason",
    "note_misplacement.reason",
    "take_over.reason",
    "municipality_period.reason",
}


@pytest.mark.parametrize("column", [c for c in COLUMNS if isinstance(c.type, Encrypted | EncryptedJson)], ids=str)
def test_an_encrypted_column_is_sealed_for_its_own_place(column: sa.Column[object]) -> None:
    assert column.type.place == str(column)  # type: ignore[attr-defined]


def test_what_tells_who_somebody_is_is_never_plain_text() -> None:
    plain = [str(c) for c in COLUMNS if c.name in PERSONAL and not isinstance(c.type, Encrypted | EncryptedJson)]
    assert sorted(set(plain) - PUBLIC) == []
