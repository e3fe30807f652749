"""Reference data from the project's own files."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.db import db
from portal.models.programmes import Programme
from portal.services import reference

pytestmark = pytest.mark.usefixtures("session")


def row(**changes: Any) -> dict[str, Any]:
    return next(one for one in reference.list_programmes() if one["key"] == "cti-women") | changes


def test_a_programme_that_asks_for_a_rule_nobody_knows_is_not_taken_in() -> None:
    with pytest.raises(ValueError, match="cti-women: no such rule \\['weather'\\]"):
        reference._take_in(row(eligibility=["stay_now", "weather"]))
    assert db.session.scalar(sa.select(Programme.id).where(Programme.key == "cti-women")) is None


def test_a_changed_file_changes_the_programme_and_not_its_address() -> None:
    reference.load(actor=SYSTEM, now=utc_now())
    known = sa.select(Programme).where(Programme.key == "cti-women").execution_options(populate_existing=True)
    before = db.session.scalars(known).one().public_id
    reference._take_in(row(name_en="CTI", offer_weekdays=3))
    after = db.session.scalars(known).one()
    assert (after.public_id, after.name_en, after.rules["offer_weekdays"]) == (before, "CTI", 3)
