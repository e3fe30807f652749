"""Keyed indexes: exact look-up without telling who is meant (R-400, R-401, R-405)."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.protection import IndexField
from portal.db import db
from portal.models.clients import Client
from portal.models.indexes import blind_index, cross_index, sign_in_index
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries import cases as queries
from portal.queries.client_search import Wanted
from portal.services import accounts, reindex
from portal.services.cases import Identity, set_identity
from portal.vault.index import BITS, CROSS_BITS, digest
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.vault.marks import NOW


@pytest.mark.parametrize(("field", "bits"), [(field, bits) for field, bits in BITS.items() if bits < 128])
def test_an_index_holds_so_few_bits_that_people_share_it(field: IndexField, bits: int) -> None:
    values = {digest(b"k" * 32, str(number), purpose=field, bits=bits) for number in range(200)}
    assert {len(value) for value in values} == {(bits + 7) // 8}
    spare = -bits % 8
    assert all(value[-1] & ((1 << spare) - 1) == 0 for value in values)
    assert bits <= 24


def test_equal_people_have_equal_indexes_in_one_organisation_only(session: Session) -> None:
    one, other = make_organisation().id, make_organisation().id
    index = blind_index("0101804000", field=IndexField.CPR, organisation_id=one)
    assert blind_index("0101804000", field=IndexField.CPR, organisation_id=one) == index
    assert blind_index("0101804000", field=IndexField.CPR, organisation_id=other) != index
    assert blind_index("0101804000", field=IndexField.PHONE, organisation_id=one) != index[:2]
    assert len(cross_index("0101804000", field=IndexField.CPR)) * 8 == CROSS_BITS
    assert cross_index("0101804000", field=IndexField.CPR)[:3] != index
    assert len(sign_in_index("ida@example.org")) == 16


def test_an_index_is_a_few_people_and_opening_them_decides(session: Session) -> None:
    member = make_member(now=NOW)
    wanted = make_case(member, now=NOW, name="Amira Karim")
    other = make_case(member, now=NOW, name="Sara Holm")
    # As if the two shared their bits, as they will one day.
    other.client.name_index = wanted.client.name_index
    session.flush()
    found = queries.search(actor_of(member), "karim  AMIRA")
    assert [row.public_id for row in found] == [wanted.public_id]


@pytest.mark.parametrize("field", [IndexField.CPR, IndexField.PHONE])
def test_who_only_shares_an_index_is_not_her(field: IndexField) -> None:
    client = Client(cpr_number="0101804000", phone="+4520304050")
    assert not Wanted(field, "x").is_her(client)


def test_her_name_is_found_with_and_without_her_birth_year(session: Session) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW, name="Åse-Marie Østergård")
    set_identity(case, identity=Identity(name="Åse-Marie Østergård", birth_year=1990), actor=actor_of(member), now=NOW)
    for text, hits in (
        ("Åse-Marie Østergård", 1),
        ("oestergaard aasemarie", 1),
        ("Åse-Marie Østergård 1990", 1),
        ("Åse-Marie Østergård 1991", 0),
        ("Åse Østergård", 0),
    ):
        assert len(queries.search(actor_of(member), text)) == hits, text


def test_her_telephone_finds_her_for_her_own_team(session: Session) -> None:
    member = make_member(now=NOW)
    make_case(member, now=NOW, name="Amira Karim", phone="20 30 40 50")
    assert len(queries.search(actor_of(member), "+45 20304050")) == 1
    assert queries.search(actor_of(make_member(now=NOW)), "20304050") == []


def test_new_index_keys_change_every_value_and_find_the_same_people(session: Session) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW, name="Amira Karim", phone="20304050")
    user = session.get_one(User, member.user_id)
    email, before = user.email, (user.email_index, case.client.name_index, case.client.phone_index)
    assert reindex.reindex_sign_in() == session.scalar(sa.select(sa.func.count()).select_from(User))
    assert reindex.reindex_organisation(session.get_one(Organisation, member.organisation_id)) == 1
    session.expire_all()
    user = session.get_one(User, member.user_id)
    client = session.scalars(sa.select(Client)).one()
    after = (user.email_index, client.name_index, client.phone_index)
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert accounts.email_index(email) == user.email_index
    assert len(queries.search(actor_of(member), "Amira Karim")) == 1


def test_women_from_before_the_key_store_get_their_indexes(session: Session) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW, name="Amira Karim")
    case.client.index_organisation_id = None
    case.client.name_index = b"old"
    session.flush()
    assert queries.search(actor_of(member), "Amira Karim") == []
    assert reindex.index_unindexed() == 1
    assert reindex.index_unindexed() == 0
    assert len(queries.search(actor_of(member), "Amira Karim")) == 1


def test_there_is_no_index_on_places() -> None:
    assert not any("address" in field or "place" in field for field in IndexField)
    assert db.metadata.tables["client"].c.address.index is None
