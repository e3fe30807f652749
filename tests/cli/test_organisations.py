"""A portal that is new gets its first organisation, its first administrator and what is given, on the terminal."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli.organisations import organisation
from portal.cli.reference import reference
from portal.core.people import Assurance, ExitState
from portal.db import db
from portal.models.grants import Fund
from portal.models.identity import IdentityProvider
from portal.models.leaving import OrganisationExit
from portal.models.organisations import Organisation
from portal.models.programmes import Offer

ADD = ["add", "Fonden Havren", "--kind", "ngo", "--region", "Nordjylland", "--administrator", "Inge", "--email"]


@pytest.fixture
def said(app: Flask, committed: Session) -> Any:
    runner = app.test_cli_runner()
    assert runner.invoke(reference, ["load"]).exit_code == 0
    return lambda *words: runner.invoke(organisation, list(words))


def test_the_first_administrator_can_sign_in_and_lets_others_in(said: Any, app: Flask) -> None:
    answer = said(*ADD, "inge@example.org")
    assert answer.exit_code == 0, answer.output
    code, chosen = answer.output.rpartition(" and ")[2].strip().rstrip("."), "tre blå fisk i en spand"
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    given = {"email": "inge@example.org", "code": code, "new": chosen, "again": chosen}
    signed_in = browser.post("/code", data=given)
    assert signed_in.status_code == 303
    assert browser.get("/admin/users").status_code == 200


def test_it_opens_a_programme_with_its_fund(said: Any) -> None:
    said(*ADD, "inge@example.org")
    answer = said("give", "Fonden Havren", "start-up-grant", "--kroner", "50.000")
    assert answer.exit_code == 0, answer.output
    assert db.session.scalars(sa.select(Fund.budget_ore)).all() == [5_000_000]


@pytest.mark.parametrize(
    "words",
    [
        [*ADD, "inge@example.org"],
        [*ADD[:1], "Aarhus Kommune", "--kind", "municipality", *ADD[4:], "ny@example.org"],
        ["give", "Ingen", "cti-women"],
        ["give", "Fonden Havren", "nothing"],
        ["give", "Fonden Havren", "cti-women", "--kroner", "10"],
        ["give", "Fonden Havren", "start-up-grant", "--kroner", "mange"],
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(said: Any, words: list[str]) -> None:
    said(*ADD, "inge@example.org")
    answer = said(*words)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 0


MUNICIPALITY = ["add", "Odense Kommune", "--kind", "municipality", "--region", "Syddanmark", "--municipality", "461"]
PROVIDER = ["--issuer", "https://login.odense.example", "--client-id", "bro", "--client-secret", "hemmelig"]


def test_a_municipality_gets_its_own_sign_in_and_the_secret_is_sealed(said: Any) -> None:
    assert said(*MUNICIPALITY, "--administrator", "Inge", "--email", "inge@example.org").exit_code == 0
    answer = said("identity", "Odense Kommune", *PROVIDER, "--email-domain", "odense.dk")
    assert answer.exit_code == 0, answer.output
    row = db.session.scalars(sa.select(IdentityProvider)).one()
    assert (row.client_secret, row.assurance, row.is_active) == ("hemmelig", Assurance.SUBSTANTIAL, True)
    stored = db.session.execute(sa.text("SELECT client_secret FROM identity_provider")).scalar_one()
    assert b"hemmelig" not in bytes(stored)
    assert said("identity", "Odense Kommune", *PROVIDER, "--off").exit_code == 0
    db.session.expire_all()
    assert not db.session.scalars(sa.select(IdentityProvider)).one().is_active


@pytest.mark.parametrize("issuer", ["http://login.odense.example", "ftp://x", "https://a@b", "https://x?y=z", "odense"])
def test_an_issuer_that_is_not_safe_is_refused(said: Any, issuer: str) -> None:
    said(*MUNICIPALITY, "--administrator", "Inge", "--email", "inge@example.org")
    words = ["--issuer", issuer, *PROVIDER[2:]]
    assert said("identity", "Odense Kommune", *words).exit_code != 0
    assert db.session.scalars(sa.select(IdentityProvider.id)).all() == []


def test_only_a_municipality_has_a_sign_in_of_its_own_and_at_a_level_that_is_enough(said: Any) -> None:
    said(*ADD, "inge@example.org")
    assert said("identity", "Fonden Havren", *PROVIDER).exit_code != 0
    assert said("identity", "Fonden Havren", *PROVIDER, "--assurance", "low").exit_code != 0


def test_the_operator_says_that_an_organisation_is_to_leave_once(said: Any) -> None:
    said(*ADD, "inge@example.org")
    answer = said("leave", "Fonden Havren")
    assert answer.exit_code == 0, answer.output
    assert said("leave", "Fonden Havren").exit_code != 0
    assert said("leave", "Nobody").exit_code != 0
    assert db.session.scalars(sa.select(OrganisationExit.state)).all() == [ExitState.ASKED]
