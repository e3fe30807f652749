"""A time that the test moves, and the outbox to look into."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, joinedload

from portal.core.actor import SYSTEM
from portal.core.enums import Language, Role
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db, transaction
from portal.demo.mail_taker import DEMO_KEY, MailTaker
from portal.jobs import runner
from portal.mailer import SendGridMailer
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership
from portal.services import messages
from tests.factories.people import make_member

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Gives the time, and moves it on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def not_stopping() -> Iterator[None]:
    runner.stopping.clear()
    yield
    runner.stopping.clear()


@pytest.fixture
def taker() -> Iterator[MailTaker]:
    with MailTaker() as running:
        yield running


@pytest.fixture
def mailer(taker: MailTaker) -> SendGridMailer:
    return SendGridMailer(DEMO_KEY, "portal@bro.example", host=taker.host, timeout=0.4)


@pytest.fixture
def receiver(app: Flask, committed: Session) -> Membership:
    with transaction():
        made = make_member(Role.PROGRAMME_WORKER, language=Language.DANISH, now=NOW).id
    member = db.session.scalars(
        sa.select(Membership)
        .where(Membership.id == made)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
    ).one()
    # Kept as it is: later saves would make it forget.
    db.session.expunge_all()
    return member


def tell(user_id: int, key: str, *, now: datetime = NOW, mail: bool = True) -> None:
    """Put a message into somebody's inbox, as a service would."""
    with transaction():
        messages.notify(
            MessageKind.REFERRAL_ANSWERED,
            user_id,
            SubjectType.REFERRAL,
            "abc",
            dedupe_key=key,
            actor=SYSTEM,
            now=now,
            mail=mail,
        )


def mails() -> list[OutgoingMail]:
    """The outbox as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)))


def the_mail() -> OutgoingMail:
    [mail] = mails()
    return mail
