"""Two walls, one answer: what the where-clauses let through, the database shows; what they forget, it hides."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.db import db
from portal.demo.logins import LOGINS
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.grants import GrantApplication
from portal.models.housing import HousingUnit, Tenancy
from portal.models.meetings import Meeting
from portal.models.referrals import Referral, TrackRequest
from portal.models.tasks import Task
from portal.queries import housing, tenancies, visibility
from portal.wall import as_system
from tests.wall.conftest import As

CLAUSES: dict[Any, Callable[[Actor], sa.ColumnElement[bool]]] = {
    Case: visibility.visible_cases,
    Enrolment: visibility.visible_enrolments,
    Referral: visibility.visible_referrals,
    TrackRequest: visibility.visible_requests,
    Task: visibility.visible_tasks,
    GrantApplication: visibility.visible_grants,
    Meeting: visibility.visible_meetings,
    HousingUnit: housing.visible_units,
    Tenancy: tenancies.sees_tenancy,
}
NAMES = [login["email"].partition("@")[0] for login in LOGINS]


def _ids(model: Any, *conditions: sa.ColumnElement[bool]) -> set[int]:
    return set(db.session.scalars(sa.select(model.id).where(*conditions)))


@pytest.mark.parametrize("name", NAMES)
def test_the_second_wall_hides_nothing_that_the_first_one_shows(
    acting: As, actors: dict[str, Actor], name: str
) -> None:
    actor = actors[name]
    for model, clause in CLAUSES.items():
        with as_system():
            by_the_first = _ids(model, clause(actor))
        with acting(actor):
            by_both = _ids(model, clause(actor))
        assert by_both == by_the_first, model.__name__


@pytest.mark.parametrize("name", NAMES)
def test_where_the_first_wall_is_forgotten_the_second_still_stands(
    acting: As, actors: dict[str, Actor], name: str
) -> None:
    """Every case of every organisation by its id, without a where-clause that asks who: seen only with a relation."""
    actor = actors[name]
    with as_system():
        everything = _ids(Case)
        visible = _ids(Case, visibility.visible_cases(actor))
        related = _related(actor)
    with acting(actor):
        seen = _ids(Case, Case.id.in_(everything))
    assert visible <= seen <= related
    assert len(seen) < len(everything)


def _related(actor: Actor) -> set[int]:
    """Cases with any tie to the actor's organisation, told in other words than the policies."""
    found: set[int] = _ids(Case, Case.owner_organisation_id == actor.organisation_id)
    ties = (
        *(Referral.organisation_id, TrackRequest.organisation_id, Enrolment.organisation_id),
        *(Task.organisation_id, GrantApplication.applicant_organisation_id),
    )
    for column in ties:
        found |= set(db.session.scalars(sa.select(column.class_.case_id).where(column == actor.organisation_id)))
    funds = sa.text(
        "SELECT a.case_id FROM grant_application a JOIN fund f ON f.id = a.fund_id WHERE f.organisation_id = :mine"
        " UNION SELECT case_id FROM team_member WHERE user_id = :me AND ended_at IS NULL"
    )
    values = {"mine": actor.organisation_id, "me": actor.user_id}
    return found | set(db.session.scalars(funds, values))
