"""How second factors are made and kept (ASVS 6.5.2, 6.5.3, 6.5.4, 6.5.5)."""

import base64
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from argon2.low_level import Type

from portal.core.clock import utc_now
from portal.core.ids import ALPHABET
from portal.db import db
from portal.models.sign_in import RecoveryCode
from portal.services import code_app, recovery
from tests.factories.people import make_member
from tests.factories.sign_in import code_at, give_app, give_recovery_codes, session_of

pytestmark = pytest.mark.usefixtures("session")


def test_recovery_codes_hold_ninety_bits_and_only_a_slow_hash_of_each_is_kept() -> None:
    codes = [recovery.plain(code) for code in give_recovery_codes(make_member())]
    assert all(len(code) == 20 and set(code) <= set(ALPHABET) for code in codes)
    assert len(ALPHABET) ** 20 > 2**90
    rows = db.session.scalars(sa.select(RecoveryCode)).all()
    assert {extract_parameters(row.code_hash).type for row in rows} == {Type.ID}
    assert len({row.code_hash.rsplit("$", 2)[1] for row in rows}) == 10, "each has a salt of its own"
    assert not any(code[4:] in row.code_hash for row in rows for code in codes)


def test_the_seed_of_an_app_holds_160_bits_and_is_sealed() -> None:
    member, now = make_member(), utc_now()
    seeds = []
    for _turn in range(5):
        code_app.begin(session_of(member), name="App", now=now)
        app = code_app.waiting(member.user_id)
        assert app is not None
        seeds.append(app.secret)
    assert len(set(seeds)) == 5
    assert all(len(base64.b32decode(seed)) >= 20 for seed in seeds if seed)
    stored = db.session.execute(sa.text("SELECT secret FROM factor WHERE secret IS NOT NULL")).scalars().all()
    assert stored and not any(seed.encode() in bytes(one) for seed in seeds if seed for one in stored)


def test_a_code_of_an_app_is_worth_nothing_a_minute_later() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    assert not code_app.use(member.user_id, code_at(now - timedelta(seconds=61)), now=now)
    assert not code_app.use(member.user_id, code_at(now + timedelta(seconds=61)), now=now)
    assert code_app.use(member.user_id, code_at(now), now=now)
