"""A sealed value opens in its own column of its own row, under its own key, and nowhere else (R-407)."""

from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.core.protection import KeyKind
from portal.db import db
from portal.models import key_store
from portal.models.cases import Case, Note
from portal.models.clients import Client
from portal.models.keys import StoredDataKey
from portal.models.raw import carried, raw
from portal.vault import Unreadable, opened
from portal.vault.envelope import CARRIED, key_id_of, seal_first, unseal
from tests.factories.people import make_case, make_member
from tests.vault.marks import NOW

CLIENT: sa.Table = Client.__table__  # type: ignore[assignment]
NOTE: sa.Table = Note.__table__  # type: ignore[assignment]


def make_note(case: Case, text: str) -> Note:
    member = case.opened_by_id
    note = Note(
        case_id=case.id,
        author_id=member,
        organisation_id=case.owner_organisation_id,
        happened_at=NOW,
        written_at=NOW,
        text=text,
    )
    db.session.add(note)
    db.session.flush()
    return note


def put(column: sa.Column[str], row_id: int, envelope: bytes | None) -> None:
    """Write bytes into a sealed column, as somebody with the database in hand could."""
    table = column.table
    statement = sa.update(table).where(table.c.id == row_id)  # type: ignore[arg-type]
    db.session.connection().execute(statement.values({column.name: sa.literal(envelope, sa.LargeBinary)}))
    db.session.expire_all()


def take(column: sa.Column[str], row_id: int) -> bytes:
    """The bytes of a sealed column."""
    table = column.table
    value = db.session.connection().execute(sa.select(raw(column)).where(table.c.id == row_id)).scalar_one()
    assert isinstance(value, bytes)
    return value


@pytest.fixture
def cases(session: Session) -> list[Case]:
    """Two women of two organisations."""
    return [
        make_case(make_member(now=NOW), now=NOW, name=name, phone="20304050") for name in ("Amira Karim", "Sara Holm")
    ]


def test_a_value_comes_back_however_it_is_asked_for(cases: list[Case]) -> None:
    case = cases[0]
    note = make_note(case, "Hun har det bedre")
    db.session.expire_all()
    assert db.session.get_one(Note, note.id).text == "Hun har det bedre"
    assert db.session.scalars(sa.select(Note.text)).all() == ["Hun har det bedre"]
    other = aliased(Note)
    assert db.session.execute(sa.select(other.text.label("told")).where(other.id == note.id)).one().told
    inner = sa.select(Note.public_id, Note.text).subquery()
    assert db.session.scalars(sa.select(inner.c.text)).all() == ["Hun har det bedre"]
    union = sa.union_all(sa.select(opened(Note.text).label("text")), sa.select(opened(Note.text))).subquery()
    assert db.session.scalars(sa.select(union.c.text)).all() == ["Hun har det bedre"] * 2


def test_a_query_that_loses_the_row_is_refused(cases: list[Case]) -> None:
    inner = sa.select(Note.text).subquery()
    with pytest.raises(sa.exc.CompileError, match="must select"):
        db.session.scalars(sa.select(inner.c.text)).all()
    with pytest.raises(sa.exc.CompileError, match="its own row"):
        db.session.scalars(sa.select(sa.func.coalesce(Note.text, Note.text))).all()


def test_a_statement_can_neither_write_nor_compare_a_sealed_column(cases: list[Case]) -> None:
    for statement in (
        sa.update(Client).values(name="Lone"),
        sa.select(Client.id).where(Client.name == "Lone"),
        sa.insert(Note).values(text="Lone"),
    ):
        with pytest.raises(sa.exc.StatementError, match="sealed when its object is saved"):
            db.session.connection().execute(statement)


def test_an_object_holds_plain_values_after_it_was_saved(cases: list[Case]) -> None:
    note = make_note(cases[0], "ord")
    assert type(note.text) is str
    note.text = "andre ord"
    assert db.session.dirty
    db.session.flush()
    assert type(note.text) is str
    assert not db.session.dirty


def test_another_rows_value_does_not_open(cases: list[Case]) -> None:
    first, second = (make_note(cases[0], text) for text in ("en", "to"))
    put(NOTE.c.text, second.id, take(NOTE.c.text, first.id))
    with pytest.raises(Unreadable):
        db.session.scalars(sa.select(Note.text)).all()


def test_another_columns_value_does_not_open(cases: list[Case]) -> None:
    client = cases[0].client
    put(CLIENT.c.phone, client.id, take(CLIENT.c.name, client.id))
    with pytest.raises(Unreadable):
        db.session.scalars(sa.select(Client.phone)).all()


def test_another_womans_value_does_not_open_in_any_column(cases: list[Case]) -> None:
    mine, hers = (case.client_id for case in cases)
    values = {(column, row): take(column, row) for column in (CLIENT.c.name, CLIENT.c.phone) for row in (mine, hers)}
    swaps = accepted = 0
    for target in (CLIENT.c.name, CLIENT.c.phone, CLIENT.c.address, CLIENT.c.cpr_number):
        for source, envelope in values.items():
            if source == (target, mine):
                continue
            put(target, mine, envelope)
            swaps += 1
            with suppress(Unreadable):
                accepted += db.session.scalars(sa.select(target).where(CLIENT.c.id == mine)).one() is not None
    assert (swaps, accepted) == (14, 0)


def test_a_key_that_was_moved_to_another_organisation_opens_nothing(cases: list[Case]) -> None:
    keys = db.session.scalars(sa.select(StoredDataKey).where(StoredDataKey.kind == KeyKind.SUBJECT)).all()
    around = {key.organisation_key_id for key in keys}
    assert len(around) >= 3, "the platform and two organisations"
    key = next(key for key in keys if key.owner == cases[0].client.public_id)
    other = next(key for key in keys if key.owner == cases[1].client.public_id)
    key.organisation_key_id = other.organisation_key_id
    db.session.flush()
    with pytest.raises(Unreadable):
        db.session.scalars(sa.select(Client.name).where(Client.id == cases[0].client_id)).all()


def test_no_altered_byte_is_accepted(cases: list[Case]) -> None:
    note = make_note(cases[0], "Hun er flyttet")
    value = db.session.connection().execute(sa.select(carried(NOTE.c.text, NOTE.c.text.type))).scalar_one()
    assert unseal(value, place="note.text") == "Hun er flyttet"
    accepted = []
    for position in range(len(value)):
        for bit in (0x01, 0x80):
            altered = value[:position] + bytes([value[position] ^ bit]) + value[position + 1 :]
            try:
                unseal(altered, place="note.text")
                accepted.append(position)
            except Unreadable:
                pass
    for length in range(len(value)):
        with pytest.raises(Unreadable):
            unseal(value[:length], place="note.text")
    assert len(value) * 2 > 400
    assert accepted == []
    assert note.public_id.encode() in value[: CARRIED.size]


def test_equal_values_of_two_rows_look_different_and_name_the_same_key(cases: list[Case]) -> None:
    first, second = (take(NOTE.c.text, make_note(cases[0], "ens").id) for _ in range(2))
    assert first != second
    assert key_id_of(first) == key_id_of(second) is not None


def test_every_kind_has_a_key_of_its_own(cases: list[Case]) -> None:
    client = cases[0].client
    client.address = "Kastanjevej 4"
    db.session.flush()
    note = make_note(cases[0], "x")
    ids = {
        key_id_of(take(column, row))
        for column, row in ((CLIENT.c.name, client.id), (CLIENT.c.address, client.id), (NOTE.c.text, note.id))
    }
    assert len(ids) == 3
    assert key_id_of(take(CLIENT.c.phone, client.id)) == key_id_of(take(CLIENT.c.name, client.id))


def test_a_value_without_its_key_reads_as_nothing(cases: list[Case]) -> None:
    owner = cases[0].client.public_id
    db.session.execute(sa.delete(StoredDataKey).where(StoredDataKey.owner == owner))
    db.session.expire_all()
    assert db.session.get_one(Client, cases[0].client_id).name is None
    assert db.session.get_one(Client, cases[1].client_id).name == "Sara Holm"


def test_what_was_sealed_before_there_were_data_keys_is_still_read(cases: list[Case]) -> None:
    client = cases[0].client
    put(CLIENT.c.name, client.id, seal_first("Åse Ærø", place="client.name"))
    assert db.session.scalars(sa.select(Client.name).where(Client.id == client.id)).one() == "Åse Ærø"
    put(CLIENT.c.phone, client.id, take(CLIENT.c.name, client.id))
    with pytest.raises(Unreadable):
        db.session.scalars(sa.select(Client.phone).where(Client.id == client.id)).one()


def test_a_key_that_was_made_in_a_savepoint_is_forgotten_with_it(cases: list[Case]) -> None:
    case = cases[0]
    savepoint = db.session.begin_nested()
    make_note(case, "tilbage")
    savepoint.rollback()
    make_note(case, "ny")
    db.session.expire_all()
    assert db.session.scalars(sa.select(Note.text)).all() == ["ny"]


def test_a_key_is_looked_up_once_in_a_transaction(count_queries, cases: list[Case]) -> None:  # type: ignore[no-untyped-def]
    make_note(cases[0], "første")
    count_queries.start()
    for number in range(10):
        make_note(cases[0], f"note {number}")
    assert count_queries.stop() == 10


def test_two_who_make_the_same_key_at_once_end_up_with_one(cases: list[Case]) -> None:
    make_note(cases[0], "Hun ringede")
    connection = db.session.connection()
    first = key_store.find(connection, KeyKind.CASE, cases[0].public_id)
    assert first is not None
    # Whoever comes second has not seen the first one's key, and tries to store one of her own.
    owner = key_store.Owner(KeyKind.CASE, cases[0].public_id, cases[0].owner_organisation_id)
    second = key_store.make(connection, owner)
    assert second.id == first.id
