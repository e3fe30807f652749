"""Signing in and out, and a new password."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.errors import Invalid
from portal.db import db
from portal.models.audit import AuditEntry
from portal.services import accounts, passwords, sign_in
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")
OLD, NEW = "correct horse battery", "tre blå fisk i en spand"
VISITOR = sign_in.Visitor(device="d" * 43)


def begin(email: str, password: str) -> sign_in.Opened | sign_in.HalfWay | None:
    return sign_in.begin(email, password, VISITOR, is_second_required=False, now=utc_now())


def test_a_wrong_address_a_wrong_password_and_a_closed_account_look_alike() -> None:
    member, closed, gone = make_member(), make_member(), make_member()
    closed.user.is_active, gone.ended_at = False, utc_now()
    db.session.flush()
    assert isinstance(begin(member.user.email.upper(), OLD), sign_in.Opened)
    for email, password in (
        ("nobody@example.org", OLD),
        (member.user.email, "wrong"),
        (closed.user.email, OLD),
        (gone.user.email, OLD),
    ):
        assert begin(email, password) is None


def test_signing_out_ends_the_session_once() -> None:
    member, now = make_member(), utc_now()
    token = accounts.open_session(member.user, member, now=now)
    assert accounts.find_session(token, now=now) is not None
    for _ in range(2):
        accounts.sign_out(token, actor=actor_of(member), now=now)
    assert accounts.find_session(token, now=now) is None
    trail = sa.select(AuditEntry.action).where(AuditEntry.actor_id == member.user_id).order_by(AuditEntry.id)
    assert db.session.scalars(trail).all() == [Audit.SIGNED_IN, Audit.SIGNED_OUT]


def test_a_session_ends_by_itself() -> None:
    member, now = make_member(), utc_now()
    token = accounts.open_session(member.user, member, now=now)
    assert accounts.find_session(token, now=now + timedelta(days=30)) is None


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [("x", NEW, NEW, "current"), (OLD, "kort", "kort", "new"), (OLD, NEW, NEW + "!", "again")],
)
def test_a_refused_password_names_its_field_and_changes_nothing(current: str, new: str, again: str, field: str) -> None:
    member = make_member()
    token = accounts.open_session(member.user, member, now=utc_now())
    session = accounts.find_session(token, now=utc_now())
    assert session is not None
    with pytest.raises(Invalid) as refusal:
        passwords.change(session, current, new, again, now=utc_now())
    assert refusal.value.field == field
    assert isinstance(begin(member.user.email, OLD), sign_in.Opened)
