"""A provider on this machine, and a mailer that talks to it."""

from collections.abc import Iterator

import pytest

from portal.demo.mail_taker import DEMO_KEY, MailTaker
from portal.mailer import SendGridMailer


@pytest.fixture
def taker() -> Iterator[MailTaker]:
    with MailTaker() as running:
        yield running


@pytest.fixture
def mailer(taker: MailTaker) -> SendGridMailer:
    return SendGridMailer(DEMO_KEY, "portal@bro.example", host=taker.host, timeout=0.4)
