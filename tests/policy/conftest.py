"""One world with everything in it for all tests of a file: they look at it, and undo what they do."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import Base, db
from portal.models.enrolments import Enrolment
from portal.web.fields import PortalForm
from tests.conftest import rolled_back
from tests.policy import world as worlds
from tests.policy.asking import session_of
from tests.policy.crawler import Ids
from tests.policy.everything import Filled, fill, key_of
from tests.policy.marked import mark_everything
from tests.policy.marks import Marks


@pytest.fixture(scope="module")
def filled(app: Flask) -> Iterator[Filled]:
    """The small world, filled until every table holds a row, with a mark in every sealed value."""
    with rolled_back(app):
        made = fill(worlds.build())
        # A session of somebody else, so that its id can be asked for.
        session_of(made.people["CT"])
        mark_everything(made)
        yield made


@pytest.fixture(scope="module")
def marks(filled: Filled) -> Marks:
    """Where which mark stands."""
    return filled.marks


@pytest.fixture(scope="module")
def ids(filled: Filled) -> Ids:
    """Every public id that there is, by table and kind of course, with the case that the row is about."""
    found: Ids = {}
    for table in Base.metadata.sorted_tables:
        if "public_id" in table.c:
            keys = table.primary_key.columns
            rows = db.session.execute(sa.select(table.c.public_id, *keys).order_by(*keys))
            found[table.name] = [(row.public_id, filled.case_of.get((table.name, key_of(table, row)))) for row in rows]
    kinds = db.session.execute(sa.select(Enrolment.kind, Enrolment.public_id, Enrolment.case_id).order_by(Enrolment.id))
    for kind, public_id, case_id in kinds:
        found.setdefault(f"enrolment/{kind.value}", []).append((public_id, case_id))
    return found


@pytest.fixture
def taken_in(monkeypatch: pytest.MonkeyPatch) -> list[PortalForm]:
    """The forms that a request makes, the one that was sent first."""
    made: list[PortalForm] = []
    begin = PortalForm.__init__

    def noted(form: PortalForm, *args: Any, **given: Any) -> None:
        made.append(form)
        begin(form, *args, **given)

    monkeypatch.setattr(PortalForm, "__init__", noted)
    return made
