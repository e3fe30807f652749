"""Erasure destroys keys: nothing of hers opens afterwards, everything of others does, and a proof stays (R-406)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.protection import KeyKind
from portal.db import db
from portal.models.access import WatchedPerson
from portal.models.cases import Case, Note
from portal.models.clients import Client
from portal.models.keys import ErasureProof, StoredDataKey
from portal.models.owners import owner_table, sealed_columns
from portal.models.raw import carried, sealed_tables
from portal.models.users import User
from portal.services import clients, shredding
from portal.vault.envelope import seal_first
from tests.factories.people import actor_of, make_case, make_member
from tests.vault.marks import NOW, make_marked_case
from tests.vault.test_sealing import CLIENT, make_note, put

HERS = {KeyKind.SUBJECT, KeyKind.LOCATION, KeyKind.CASE}


def hers(places: set[str]) -> set[str]:
    """Those of the places that are sealed for a woman, a child, a case or where they live; not for an account."""
    return {
        kind.place
        for table in sealed_tables()
        for _column, kind in sealed_columns(table)
        if kind.place in places and kind.key in HERS and owner_table(table, kind.via).name != "user_account"
    }


def still_open() -> set[str]:
    """The sealed columns of which some value still opens."""
    return {
        kind.place
        for table in sealed_tables()
        for column, kind in sealed_columns(table)
        if any(db.session.connection().execute(sa.select(carried(column, kind))).scalars())
    }


def test_nothing_of_hers_opens_after_erasure(session: Session) -> None:
    case = make_marked_case()
    scope, public_id = shredding.scope_of_client(case.client), case.client.public_id
    put(CLIENT.c.phone, case.client_id, seal_first("+4520304050", place="client.phone"))
    places = still_open()
    assert len(shredding.verify_erased(scope)) > 30
    proof = shredding.shred(scope, subject=public_id, basis="GDPR 17(1)(b)")
    assert shredding.verify_erased(scope) == []
    left = still_open()
    gone = hers(places)
    assert "client.name" in gone
    assert gone <= places - left
    # Whoever works here keeps what is hers.
    assert {"user_account.name", "user_account.email"} <= left
    assert proof.keys_destroyed == 5
    assert proof.values_unreadable >= len(gone)
    client = session.get_one(Client, case.client_id)
    assert (client.name, client.phone, client.address, client.cpr_number) == (None, None, None, None)
    assert (client.name_index, client.phone_index, client.cpr_index) == (None, None, None)
    watched = session.scalars(sa.select(WatchedPerson)).one()
    assert watched.name_index is watched.phone_index is watched.email_index is None


def test_everything_of_others_stays(session: Session) -> None:
    member = make_member(now=NOW)
    hers, other = (make_case(member, now=NOW, name=name, phone="20304050") for name in ("Amira Karim", "Sara Holm"))
    make_note(hers, "væk")
    make_note(other, "bliver")
    shredding.shred(shredding.scope_of_client(hers.client), subject=hers.client.public_id, basis="test")
    assert session.scalars(sa.select(Client.name).order_by(Client.id)).all() == [None, "Sara Holm"]
    assert session.scalars(sa.select(Note.text).order_by(Note.id)).all() == [None, "bliver"]
    assert session.get_one(Client, other.client_id).name_index is not None


def test_places_can_go_before_the_rest(session: Session) -> None:
    case = make_marked_case()
    proof = shredding.shred(shredding.scope_of_places(case.client), subject=case.client.public_id, basis="R3")
    assert proof.keys_destroyed == 2
    client = session.get_one(Client, case.client_id)
    assert client.name is not None
    assert client.address is None
    assert {"task.address", "task.meeting_point", "meeting.place", "client.address"} & still_open() == set()
    assert "note.text" in still_open()


def test_somebody_who_has_left_can_be_forgotten(session: Session) -> None:
    member = make_member(now=NOW)
    user = session.get_one(User, member.user_id)
    scope = shredding.scope_of_account(user)
    shredding.shred(scope, subject=user.public_id, basis="R8")
    assert shredding.verify_erased(scope) == []
    assert session.scalars(sa.select(User.name).where(User.id == member.user_id)).one() is None


def test_the_proof_is_found_by_whoever_knows_whom_it_is_about(session: Session) -> None:
    case = make_case(make_member(now=NOW), now=NOW, name="Amira Karim")
    public_id = case.client.public_id
    proof = shredding.shred(shredding.scope_of_client(case.client), subject=public_id, basis="GDPR 17")
    assert shredding.find_proofs(public_id) == [proof]
    assert shredding.find_proofs("somebody else") == []
    stored = session.connection().execute(sa.select(ErasureProof.__table__)).one()
    assert public_id.encode() not in str(stored).encode()


def test_a_new_value_after_erasure_has_a_new_key(session: Session) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW, name="Amira Karim")
    shredding.shred(shredding.scope_of_client(case.client), subject=case.client.public_id, basis="test")
    case = session.get_one(Case, case.id)
    client = session.get_one(Client, case.client_id)
    assert client.name is None
    session.refresh(case, ["client"])
    clients.set_identity(case, identity=clients.Identity(name="Ny"), actor=actor_of(member), now=NOW)
    session.expire_all()
    assert session.get_one(Client, client.id).name == "Ny"
    assert session.scalar(sa.select(sa.func.count()).where(StoredDataKey.owner == client.public_id)) == 1
