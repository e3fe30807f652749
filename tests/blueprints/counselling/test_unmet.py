"""The list of those whom a notice has told of: by a number, without a name and without a door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.db import db
from portal.jobs import nightly
from portal.models.stays import StatutoryNotice
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def test_the_alert_and_the_figures_lead_to_the_number_to_ask_by(as_user: AsUser, count_queries: Any) -> None:
    make_municipality()
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    adviser, contact = make_member(Role.MUNICIPAL_ADVISER, town), make_member()
    house = contact.organisation.name
    actor, case = actor_of(contact), make_case(contact, name="Mona Vestergaard")
    case.responsible_municipality_code = "751"
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=60), actor=actor, now=utc_now())
    cases.end_stay(case, discharged_on=TODAY, actor=actor, now=utc_now())
    for notice in db.session.scalars(sa.select(StatutoryNotice)):
        notice.sent_on = TODAY
    db.session.commit()
    nightly.miss_offers(utc_now())
    browser = as_user(adviser)
    for address in ("/day", "/counselling/", "/counselling/figures/list?figure=not_offered"):
        assert "/counselling/without-an-offer" in browser.get(address).text, address
    count_queries.start()
    page = browser.get("/counselling/without-an-offer").text
    assert count_queries.stop() <= 12
    assert case.reference in page
    assert house in page
    assert "Mona" not in page
    assert case.public_id not in page
    assert browser.get(f"/counselling/{case.public_id}").status_code == 404
    # Whoever works in no municipality has an empty list.
    assert case.reference not in as_user(make_member()).get("/counselling/without-an-offer").text
