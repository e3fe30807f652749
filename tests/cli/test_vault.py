"""`portal vault`: keys are changed on the terminal, and everything is still there afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli.vault import vault
from portal.db import db
from portal.models.clients import Client
from portal.models.keys import StoredDataKey, StoredOrganisationKey
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.services import accounts
from tests.factories.people import make_case, make_member
from tests.vault.marks import NOW


@pytest.fixture
def said(app: Flask, committed: Session) -> Callable[..., Any]:
    make_case(make_member(now=NOW), now=NOW, name="Amira Karim")
    committed.commit()
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(vault, list(words))


def test_every_command_leaves_everything_readable(said: Callable[..., Any]) -> None:
    name = db.session.scalars(sa.select(Organisation.name)).first()
    public_id = db.session.scalars(sa.select(Client.public_id)).one()
    keys = set(db.session.scalars(sa.select(StoredOrganisationKey.id)))
    emails = db.session.scalars(sa.select(User.email)).all()
    db.session.commit()
    for words in (
        ["status"],
        ["rotate-root"],
        ["rotate-organisation", name],
        ["rotate-organisation", "--all"],
        ["replace-key", "subject", public_id],
        ["reseal"],
        ["reindex"],
        ["status"],
    ):
        answer = said(*words)
        assert answer.exit_code == 0, (words, answer.output)
    assert "Nothing is left" in answer.output
    assert db.session.scalars(sa.select(Client.name)).all() == ["Amira Karim"]
    assert set(db.session.scalars(sa.select(StoredOrganisationKey.id))) & keys == set()
    assert db.session.scalar(sa.select(sa.func.count()).where(StoredDataKey.retired_at.is_not(None))) == 0
    found = [db.session.scalar(sa.select(User.id).where(User.email_index == accounts.email_index(e))) for e in emails]
    assert all(found)


@pytest.mark.parametrize(
    "words",
    [["rotate-organisation"], ["rotate-organisation", "Ingen"], ["replace-key", "case", "ingen"], ["replace-key", "x"]],
)
def test_what_cannot_be_done_is_said(said: Callable[..., Any], words: list[str]) -> None:
    answer = said(*words)
    assert answer.exit_code != 0
    assert "Error" in answer.output
