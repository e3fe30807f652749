"""New root keys, new organisation keys, new data keys and old envelopes: everything stays readable (R-404)."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.protection import KeyKind
from portal.db import db
from portal.jobs import vault
from portal.models.cases import Note
from portal.models.clients import Client
from portal.models.keys import StoredDataKey, StoredOrganisationKey
from portal.models.owners import sealed_columns
from portal.models.raw import APPEND_ONLY, key_id, sealed_tables
from portal.services import key_rotation, reseal
from portal.vault import Keyring, Unreadable, configure, keyring
from portal.vault.envelope import key_id_of, seal_first
from tests.factories.people import make_case, make_member
from tests.vault.marks import NOW, make_marked_case, mark
from tests.vault.test_sealing import CLIENT, NOTE, make_note, put, take


@pytest.fixture
def roots() -> Iterator[dict[int, bytes]]:
    """The root keys of the test, put back afterwards."""
    ring = keyring()
    yield dict(ring.roots)
    configure(ring)


def test_a_new_root_key_takes_over_and_the_old_one_can_leave(session: Session, roots: dict[int, bytes]) -> None:
    case = make_case(make_member(now=NOW), now=NOW, name="Amira Karim")
    configure(Keyring.from_roots(roots | {2: b"n" * 32}))
    assert vault.rewrap() >= 2
    assert set(session.scalars(sa.select(StoredOrganisationKey.root))) == {2}
    assert vault.rewrap() == 0
    configure(Keyring.from_roots({2: b"n" * 32}))
    session.expire_all()
    assert session.scalars(sa.select(Client.name)).all() == ["Amira Karim"]
    configure(Keyring.from_roots({3: b"x" * 32}))
    with pytest.raises(Unreadable):
        session.scalars(sa.select(Client.name).where(Client.id == case.client_id)).all()


def test_an_organisation_gets_a_new_key_and_nothing_is_sealed_anew(session: Session) -> None:
    case = make_case(make_member(now=NOW), now=NOW, name="Amira Karim")
    session.commit()
    old = set(session.scalars(sa.select(StoredOrganisationKey.id)))
    envelope = take(CLIENT.c.name, case.client_id)
    for organisation_id in key_rotation.organisations_with_keys():
        key_rotation.retire_organisation_key(organisation_id)
    make_note(case, "mellem to nøgler")
    vault.rewrap()
    assert set(session.scalars(sa.select(StoredOrganisationKey.id))) & old == set()
    assert take(CLIENT.c.name, case.client_id) == envelope
    session.expire_all()
    assert session.scalars(sa.select(Client.name)).all() == ["Amira Karim"]
    assert session.scalars(sa.select(Note.text)).all() == ["mellem to nøgler"]


def test_a_suspected_key_is_replaced_and_disappears(session: Session) -> None:
    case = make_case(make_member(now=NOW), now=NOW)
    note = make_note(case, "under den gamle nøgle")
    old = key_id_of(take(NOTE.c.text, note.id))
    version = case.version
    key_rotation.replace_data_key(KeyKind.CASE, case.public_id)
    other = make_note(case, "under den nye")
    assert key_id_of(take(NOTE.c.text, other.id)) != old
    assert vault.reseal_all() == 1
    assert session.get(StoredDataKey, old) is None
    session.expire_all()
    assert session.scalars(sa.select(Note.text).order_by(Note.id)).all() == ["under den gamle nøgle", "under den nye"]
    assert case.version == version
    with pytest.raises(NotFound):
        key_rotation.replace_data_key(KeyKind.CASE, "nobody")


def test_every_sealed_column_of_every_table_is_sealed_anew(session: Session) -> None:
    make_marked_case()
    for table in sealed_tables():
        for column, kind in sealed_columns(table):
            text = f'{{"mark": "{mark(kind.place)}"}}' if "Json" in type(kind).__name__ else mark(kind.place)
            ids = session.connection().execute(sa.select(table.c.id).where(column.is_not(None))).scalars().all()
            for row_id in ids if table.name not in APPEND_ONLY else ():
                put(column, row_id, seal_first(text, place=kind.place))
    places = sum(reseal.count_left().values())
    assert places >= sum(len(sealed_columns(table)) for table in sealed_tables()) - len(APPEND_ONLY)
    assert vault.reseal_all() == places
    assert reseal.count_left() == {}
    session.expire_all()
    for table in sealed_tables():
        for column, kind in sealed_columns(table):
            values = session.execute(sa.select(column).where(column.is_not(None))).scalars().all()
            assert mark(kind.place) in str(values), kind.place
            assert session.scalar(sa.select(sa.func.count(key_id(column))))


def test_a_value_that_cannot_be_opened_does_not_stop_the_others(session: Session) -> None:
    case = make_case(make_member(now=NOW), now=NOW)
    broken, whole = make_note(case, "x"), make_note(case, "y")
    put(NOTE.c.text, broken.id, b"\x01\x00\x01" + bytes(40))
    put(NOTE.c.text, whole.id, seal_first("hel", place="note.text"))
    assert vault.reseal_all() == 1
    assert reseal.count_left() == {"note": 1}
    assert session.scalars(sa.select(Note.text).where(Note.id == whole.id)).one() == "hel"


def test_small_batches_go_through_a_whole_table(session: Session) -> None:
    case = make_case(make_member(now=NOW), now=NOW)
    notes = [make_note(case, "x") for _ in range(7)]
    for note in notes:
        put(NOTE.c.text, note.id, seal_first("gammel", place="note.text"))
    last: int | None = 0
    batches = []
    while last is not None:
        batch = reseal.reseal_batch("note", last, limit=3)
        batches.append(batch.resealed)
        last = batch.last_id
    assert batches == [3, 3, 1]
    assert db.session.scalars(sa.select(Note.text)).all() == ["gammel"] * 7
