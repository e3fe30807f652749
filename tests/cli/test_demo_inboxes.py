"""Everything that the story has told somebody, and everything on her work list, leads to a page that is there."""

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.demo.logins import LOGINS, PASSWORD
from portal.models.messages import Message
from portal.models.users import User
from portal.services.accounts import email_index
from portal.wall import as_system
from tests.support.told import build


@pytest.fixture(scope="module")
def portal(told: str, server_url: str, worker_id: str) -> Iterator[Flask]:
    """The demo with its story told, without the tokens of forms."""
    application = build(server_url, f"bro_inboxes_{worker_id}_{os.getpid()}", copy_of=told)
    application.config.update(WTF_CSRF_ENABLED=False, COUNT_ATTEMPTS=False)
    yield application
    with application.app_context():
        db.engine.dispose()


def _sign_in(portal: Flask, email: str) -> FlaskClient:
    browser = portal.test_client()
    assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    return browser


@pytest.mark.parametrize("email", [login["email"] for login in LOGINS])
def test_each_message_opens_what_it_is_about(portal: Flask, email: str) -> None:
    browser = _sign_in(portal, email)
    with portal.app_context(), as_system():
        reader = sa.select(User.id).where(User.email_index == email_index(email)).scalar_subquery()
        told = {
            (row.kind, row.subject_type): row.public_id
            for row in db.session.execute(
                sa.select(Message.public_id, Message.kind, Message.subject_type).where(Message.recipient_id == reader)
            )
        }
    for kind, public_id in told.items():
        answer = browser.post(f"/messages/{public_id}/open", data={})
        # What she sees no more is not there for her; it is never an error.
        assert answer.status_code in (303, 404), kind
        if answer.status_code == 303:
            page = browser.get(answer.location, follow_redirects=True)
            assert page.status_code in (200, 404), (kind, answer.location, page.status_code)
