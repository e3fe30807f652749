"""What the demo has sent can be read in the demo, and nowhere else."""

from typing import Any

import pytest
from flask import Flask

from portal.demo.mail_taker import MailTaker
from portal.mailer import OutgoingLetter, SendGridMailer

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def demo(app: Flask) -> Any:
    kept = {name: app.config[name] for name in ("PORTAL_DEMO", "SENDGRID_HOST")}
    app.config["PORTAL_DEMO"] = True
    yield app
    app.config.update(kept)


def test_outside_the_demo_the_page_does_not_exist(client: Any) -> None:
    assert client.get("/demo/mail").status_code == 404


def test_a_mail_taker_that_is_down_is_told_kindly(client: Any, demo: Flask) -> None:
    demo.config["SENDGRID_HOST"] = "http://127.0.0.1:9"
    assert "svarer ikke" in client.get("/demo/mail").get_data(as_text=True)


def test_what_was_sent_is_shown_as_it_was_received(client: Any, demo: Flask) -> None:
    with MailTaker(api_key="key") as taker:
        demo.config["SENDGRID_HOST"] = taker.host
        letter = OutgoingLetter(
            "a@example.org", "Nyt til dig", "Der er noget nyt.", "<p>Der er noget nyt.</p>", "1", ()
        )
        SendGridMailer(api_key="key", host=taker.host, sender="portal@bro.example").send(letter)
        page = client.get("/demo/mail").get_data(as_text=True)
    assert "Nyt til dig" in page
    assert "Der er noget nyt." in page
    assert "i dag " in page
