"""Who looked, put together by day: nothing is left out, and what is not the same stays apart."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.pages import Page
from portal.domain.disclosure import Relation
from portal.queries.past_recipients import Look
from portal.web.looks_by_day import by_day

MORNING = datetime(2026, 11, 3, 8, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)


def look(at: datetime = MORNING, **given: Any) -> Look:
    values = {
        "role": Role.CONTACT_PERSON,
        "organisation": "Krisecenter X",
        "relation": Relation.CT,
        "page": Page.CASE,
        "action": None,
    }
    return Look(at=at, **(values | given))


def test_looks_of_one_day_are_one_line_with_what_was_opened_and_how_often() -> None:
    lines = by_day([look(NOON), look(), look(page=Page.IDENTITY), look(page=None, action=Audit.ADDRESS_REVEALED)])
    assert [(one.on, one.first, one.last, one.times) for one in lines] == [(date(2026, 11, 3), MORNING, NOON, 4)]
    assert dict(lines[0].what) == {Page.CASE: 2, Page.IDENTITY: 1, Audit.ADDRESS_REVEALED: 1}


@pytest.mark.parametrize(
    "other",
    [
        {"role": Role.PROGRAMME_LEAD},
        {"organisation": "Krisecenter Y"},
        {"relation": Relation.SO},
        {"relation": None},
        {"at": datetime(2026, 11, 4, 8, 12, tzinfo=UTC)},
    ],
)
def test_another_day_role_organisation_or_ground_is_another_line(other: dict[str, Any]) -> None:
    assert [one.times for one in by_day([look(), look(**other)])] == [1, 1]


def test_the_day_is_the_day_in_denmark() -> None:
    lines = by_day([look(datetime(2026, 11, 3, 23, 30, tzinfo=UTC))])
    assert [one.on for one in lines] == [date(2026, 11, 4)]


def test_the_newest_day_comes_first_and_organisations_by_name() -> None:
    later = datetime(2026, 11, 5, 9, tzinfo=UTC)
    lines = by_day([look(organisation="B"), look(later), look(organisation="A")])
    assert [(one.on.day, one.organisation) for one in lines] == [(5, "Krisecenter X"), (3, "A"), (3, "B")]


def test_every_look_is_counted() -> None:
    looks = [look(page=page, relation=relation) for page in Page for relation in (Relation.CT, None)] * 3
    assert sum(one.times for one in by_day(looks)) == len(looks)
