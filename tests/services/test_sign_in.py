"""The second step: codes that are taken once, tries that are counted, a password that is not told of."""

import unicodedata
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.messages import MessageKind
from portal.core.sign_in import FactorKind, Proof
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.messages import Message
from portal.models.sign_in import Factor, HalfSignIn
from portal.models.users import UserSession
from portal.services import accounts, code_app, factors, passwords, recovery, sessions, sign_in
from tests.factories.people import make_member, make_organisation
from tests.factories.sign_in import code_at, give_app, give_recovery_codes, session_of

pytestmark = pytest.mark.usefixtures("session")
PASSWORD = "correct horse battery"
VISITOR = sign_in.Visitor(device="d" * 43)


def half_of(email: str, password: str = PASSWORD) -> str:
    outcome = sign_in.begin(email, password, VISITOR, is_second_required=True, now=utc_now())
    assert isinstance(outcome, sign_in.HalfWay)
    return outcome.token


def test_with_an_app_the_password_alone_opens_nothing() -> None:
    member = make_member()
    give_app(member)
    token, now = half_of(member.user.email), utc_now()
    assert accounts.find_session(token, now=now) is None
    opened = sign_in.finish(token, code_at(now), VISITOR, now=now)
    assert opened is not None
    found = accounts.find_session(opened.token, now=now)
    assert found is not None
    assert (found.proof, found.is_stepped_up) == (Proof.CODE, True)
    assert sign_in.finish(token, code_at(now + timedelta(seconds=30)), VISITOR, now=now) is None


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_one_step_around_the_present(steps: int, is_taken: bool) -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    assert code_app.use(member.user_id, code_at(now + timedelta(seconds=30 * steps)), now=now) is is_taken


def test_a_code_is_taken_once_and_no_older_one_after_it() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    assert code_app.use(member.user_id, code_at(now), now=now)
    assert not code_app.use(member.user_id, code_at(now), now=now)
    assert not code_app.use(member.user_id, code_at(now - timedelta(seconds=30)), now=now)


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "1234567", "１２３４５６", "12 34 5", "\x00" * 6])
def test_what_is_no_code_is_refused_and_counted(code: str) -> None:
    member = make_member()
    give_app(member)
    token = half_of(member.user.email)
    assert sign_in.finish(token, code, VISITOR, now=utc_now()) is None
    assert db.session.scalars(sa.select(HalfSignIn.tries)).one() == 1


def test_five_wrong_codes_end_the_half_sign_in() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    token = half_of(member.user.email)
    for _ in range(5):
        assert sign_in.finish(token, "000000", VISITOR, now=now) is None
    assert sign_in.finish(token, code_at(now), VISITOR, now=now) is None
    assert sign_in.email_index_of(token, now=now) is None


def test_a_half_sign_in_is_over_after_ten_minutes() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    token, later = half_of(member.user.email), now + timedelta(minutes=10, seconds=1)
    assert sign_in.finish(token, code_at(later), VISITOR, now=later) is None


def test_a_wrong_password_leads_to_the_same_step_and_no_code_opens_it() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    for email, password in ((member.user.email, "wrong"), ("nobody@example.org", PASSWORD)):
        assert sign_in.finish(half_of(email, password), code_at(now), VISITOR, now=now) is None


def test_a_recovery_code_opens_once_and_its_owner_is_told() -> None:
    member, now = make_member(), utc_now()
    give_app(member)
    codes = give_recovery_codes(member)
    assert len(set(codes)) == 10
    assert {len(recovery.plain(code)) for code in codes} == {20}
    assert sign_in.finish(half_of(member.user.email), codes[0].lower(), VISITOR, now=now)
    assert sign_in.finish(half_of(member.user.email), codes[0], VISITOR, now=now) is None
    told = db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == member.user_id)).all()
    assert MessageKind.ACCOUNT_CHANGED in told
    assert Audit.RECOVERY_CODE_USED in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_somebody_elses_recovery_code_is_nothing() -> None:
    member, other = make_member(), make_member()
    code = give_recovery_codes(other)[0]
    assert not recovery.use(member.user_id, code, now=utc_now())
    assert recovery.use(other.user_id, code, now=utc_now())


def test_an_app_counts_only_after_its_first_code() -> None:
    member, now = make_member(), utc_now()
    session = session_of(member)
    code_app.begin(session, name="App", now=now)
    assert factors.kinds_of(member.user_id) == frozenset()
    with pytest.raises(Invalid):
        code_app.confirm(session, "000000", now=now)
    app = code_app.waiting(member.user_id)
    assert app is not None
    app.secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    db.session.flush()
    code_app.confirm(session, code_at(now), now=now)
    assert factors.kinds_of(member.user_id) == {FactorKind.TOTP}
    assert not code_app.use(member.user_id, code_at(now), now=now)


def test_a_new_factor_ends_all_other_sessions() -> None:
    member, now = make_member(), utc_now()
    elsewhere, here = session_of(member), session_of(member)
    give_app(member)
    factors.note_added(db.session.scalars(sa.select(Factor)).one(), here, now=now)
    ended = dict(db.session.execute(sa.select(UserSession.public_id, UserSession.revoked_at)).all())
    assert ended == {elsewhere.public_id: now, here.public_id: None}


def test_only_ones_own_factor_is_removed_and_only_with_a_proof() -> None:
    member = make_member()
    give_app(member)
    app = db.session.scalars(sa.select(Factor)).one()
    with pytest.raises(NotFound):
        factors.remove(app.public_id, session_of(make_member()), now=utc_now())
    with pytest.raises(Forbidden):
        factors.remove(app.public_id, session_of(member), now=utc_now())
    factors.remove(app.public_id, session_of(member, proof=Proof.CODE), now=utc_now())
    assert factors.kinds_of(member.user_id) == frozenset()


def test_the_token_is_new_after_a_step_up_and_a_change_of_role() -> None:
    member, now = make_member(), utc_now()
    second = accounts.add_membership(member.user, make_organisation(), Role.INTAKE)
    token = accounts.open_session(member.user, member, now=now)
    found = accounts.find_session(token, now=now)
    assert found is not None
    fresh = sessions.step_up(found, Proof.PASSWORD, now=now)
    assert accounts.find_session(token, now=now) is None
    found = accounts.find_session(fresh, now=now)
    assert found is not None
    last = sessions.switch_role(found, second.public_id, now=now)
    assert accounts.find_session(fresh, now=now) is None
    assert accounts.find_session(last, now=now) is not None


def test_a_new_browser_is_told_of_and_the_first_one_is_not() -> None:
    member, now = make_member(), utc_now()
    for device, messages in (("a" * 43, 0), ("a" * 43, 0), ("b" * 43, 1)):
        who = sign_in.Visitor(device=device)
        assert sign_in.begin(member.user.email, PASSWORD, who, is_second_required=False, now=now)
        found = sa.select(sa.func.count()).select_from(Message).where(Message.recipient_id == member.user_id)
        assert db.session.scalar(found) == messages


def test_whoever_has_shown_her_passkey_needs_no_old_password() -> None:
    member, now, chosen = make_member(), utc_now(), "tre blå fisk i en spand"
    with pytest.raises(Invalid):
        passwords.change(session_of(member, proof=Proof.CODE), "", chosen, chosen, now=now)
    passwords.change(session_of(member, proof=Proof.PASSKEY), "", chosen, chosen, now=now)
    assert accounts.is_password(member.user, chosen)


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    member, now, chosen = make_member(), utc_now(), "blåbærgrød på Østerbro, tak"
    session = session_of(member)
    apart = unicodedata.normalize("NFD", chosen)
    assert apart != chosen
    passwords.change(session, PASSWORD, chosen, apart, now=now)
    assert accounts.is_password(member.user, apart)
    assert accounts.is_password(member.user, chosen)
    assert not accounts.is_password(member.user, chosen.lower())
