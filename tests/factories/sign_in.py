"""People with second factors, and sessions that were opened with them."""

from datetime import datetime

import pyotp
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.sign_in import FactorKind, Proof
from portal.db import db
from portal.models.sign_in import Factor
from portal.models.users import Membership, User, UserSession
from portal.services import accounts, recovery
from portal.services.accounts import SignedIn

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def session_of(member: Membership, *, proof: Proof = Proof.PASSWORD, now: datetime | None = None) -> SignedIn:
    """A live session of this member."""
    now = now or utc_now()
    user = db.session.get_one(User, member.user_id)
    found = accounts.find_session(accounts.open_session(user, member, now=now, proof=proof), now=now)
    assert found is not None
    return found


def give_app(member: Membership, *, now: datetime | None = None) -> None:
    """A code app that is in use."""
    now = now or utc_now()
    app = Factor(
        user_id=member.user_id, kind=FactorKind.TOTP, name="App", secret=SECRET, created_at=now, confirmed_at=now
    )
    db.session.add(app)
    db.session.flush()


def give_recovery_codes(member: Membership) -> list[str]:
    """Ten recovery codes."""
    return recovery.make(session_of(member), now=utc_now(), is_first=True)


def code_at(moment: datetime) -> str:
    """What the app shows at a moment."""
    return pyotp.TOTP(SECRET).at(moment)


def grow_old(minutes: int = 6) -> None:
    """Let every proof be so many minutes old, by the database's clock."""
    past = sa.func.clock_timestamp() - sa.text(f"interval '{minutes} minutes'")
    db.session.execute(sa.update(UserSession).values(stepped_up_at=past))
    db.session.commit()
