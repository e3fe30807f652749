"""Passkeys: our challenge, our address, its owner, and a count that never goes back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.errors import Forbidden, Invalid
from portal.core.messages import MessageKind
from portal.core.sign_in import Ceremony, Proof
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.messages import Message
from portal.models.users import Membership
from portal.services import accounts, passkeys, sign_in
from portal.services.passkeys import Site
from tests.factories.people import actor_of, make_member
from tests.factories.sign_in import give_app, session_of
from tests.support.passkeys import PRESENT, Passkey

pytestmark = pytest.mark.usefixtures("session")
SITE = Site(origin="http://127.0.0.1:8000", host="127.0.0.1")
VISITOR = sign_in.Visitor(device="d" * 43)


def registered(member: Membership, key: Passkey | None = None) -> Passkey:
    key, now = key or Passkey(), utc_now()
    session = session_of(member, proof=Proof.PASSKEY)
    options = json.loads(passkeys.ask(Ceremony.REGISTER, SITE, actor=session.actor, now=now))
    passkeys.register(session, key.create(options), SITE, name="Laptop", now=now)
    return key


def challenge() -> dict[str, object]:
    return json.loads(passkeys.ask(Ceremony.SIGN_IN, SITE, actor=None, now=utc_now()))


def tags() -> list[Audit]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_passkey_alone_opens_a_session_with_the_strongest_proof() -> None:
    member = make_member()
    key = registered(member)
    opened = sign_in.with_passkey(key.get(challenge()), SITE, VISITOR, now=utc_now())
    assert opened is not None
    found = accounts.find_session(opened.token, now=utc_now())
    assert found is not None
    assert (found.proof, found.actor.user_id) == (Proof.PASSKEY, member.user_id)


def test_a_challenge_names_nobody_and_is_answered_once() -> None:
    key, options = registered(make_member()), challenge()
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    answer = key.get(options)
    assert sign_in.with_passkey(answer, SITE, VISITOR, now=utc_now()) is not None
    assert sign_in.with_passkey(answer, SITE, VISITOR, now=utc_now()) is None
    assert sign_in.with_passkey(key.get(options), SITE, VISITOR, now=utc_now()) is None


def test_a_late_answer_is_none() -> None:
    key, options = registered(make_member()), challenge()
    late = utc_now() + timedelta(minutes=5, seconds=1)
    assert sign_in.with_passkey(key.get(options), SITE, VISITOR, now=late) is None


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"handle": b"somebody else"},
        {"id": b"x" * 16},
        {"key": Passkey().key},
    ],
    ids=["other origin", "other host", "owner not verified", "other owner", "unknown key", "other signature"],
)
def test_what_is_not_right_is_refused_and_written_down(change: dict[str, object]) -> None:
    key = replace(registered(make_member()), **change)
    assert sign_in.with_passkey(key.get(challenge()), SITE, VISITOR, now=utc_now()) is None
    assert tags()[-1] is Audit.PASSKEY_REFUSED


@pytest.mark.parametrize("answer", ["", "x", "{}", "[]", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}'])
def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    assert sign_in.with_passkey(answer, SITE, VISITOR, now=utc_now()) is None


def test_a_count_that_goes_back_is_an_alert_to_its_owner() -> None:
    member = make_member()
    key = registered(member)
    key.count = 10
    assert sign_in.with_passkey(key.get(challenge()), SITE, VISITOR, now=utc_now()) is not None
    key.count = 5
    assert sign_in.with_passkey(key.get(challenge()), SITE, VISITOR, now=utc_now()) is None
    assert tags()[-1] is Audit.PASSKEY_COPIED
    told = db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == member.user_id)).all()
    assert told.count(MessageKind.ACCOUNT_CHANGED) == 2


def test_a_step_up_takes_ones_own_passkey_alone() -> None:
    member, other = make_member(), make_member()
    mine, theirs, actor, now = registered(member), registered(other), actor_of(member), utc_now()
    for key, proof in ((theirs, None), (mine, Proof.PASSKEY)):
        options = json.loads(passkeys.ask(Ceremony.STEP_UP, SITE, actor=actor, now=now))
        assert sign_in.proof_by_passkey(actor, key.get(options), SITE, now=now) is proof


def test_an_answer_for_one_thing_is_none_for_another() -> None:
    member = make_member()
    key, actor, now = registered(member), actor_of(member), utc_now()
    assert sign_in.proof_by_passkey(actor, key.get(challenge()), SITE, now=now) is None
    options = json.loads(passkeys.ask(Ceremony.STEP_UP, SITE, actor=actor, now=now))
    assert sign_in.with_passkey(key.get(options), SITE, VISITOR, now=now) is None


def test_a_passkey_of_somebody_else_is_not_registered_again() -> None:
    key = registered(make_member())
    with pytest.raises(Invalid):
        registered(make_member(), key)


def test_a_code_does_not_bring_in_a_passkey_where_there_is_one() -> None:
    member = make_member()
    registered(member)
    give_app(member)
    session, now = session_of(member, proof=Proof.CODE), utc_now()
    options = json.loads(passkeys.ask(Ceremony.REGISTER, SITE, actor=session.actor, now=now))
    with pytest.raises(Forbidden):
        passkeys.register(session, Passkey().create(options), SITE, name="Another", now=now)


def test_a_closed_account_does_not_come_in_with_its_passkey() -> None:
    member = make_member()
    key = registered(member)
    member.user.is_active = False
    db.session.flush()
    assert sign_in.with_passkey(key.get(challenge()), SITE, VISITOR, now=utc_now()) is None
