"""Homes and volunteers: seen by the staff of their own house, and by a team elsewhere through its case alone."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.demo.logins import LOGINS
from portal.domain.relations import TEAM_ROLES
from portal.models.access import CaseBlock
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.housing import HousingUnit, Tenancy
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer, VolunteerMatch
from portal.queries.tenancies import sees_tenancy
from portal.queries.visibility import visible_enrolments, visible_tasks
from portal.wall import TELL, as_system
from tests.wall.conftest import As
from tests.wall.test_asked_once import CALLS, counted  # noqa: F401  a fixture

NAMES = [login["email"].partition("@")[0] for login in LOGINS]
TEAM = ["katrine", "henrik", "maja"]
BOTH = [HousingUnit, Volunteer]
# What leads from a case to a home or a volunteer: the column, and the way to the case.
COURSE = Enrolment.case_id
LEADS: dict[Any, list[tuple[Any, Any, Any]]] = {
    HousingUnit: [(Tenancy.unit_id, COURSE, Tenancy.enrolment_id == Enrolment.id)],
    Volunteer: [
        (Claim.volunteer_id, Task.case_id, Claim.task_id == Task.id),
        (VolunteerMatch.volunteer_id, COURSE, VolunteerMatch.enrolment_id == Enrolment.id),
        (FurnishingProject.architect_id, COURSE, FurnishingProject.enrolment_id == Enrolment.id),
    ],
}


def _seen(model: Any) -> set[int]:
    return set(db.session.scalars(sa.select(model.id)))


def _own(model: Any, actor: Actor) -> set[int]:
    with as_system():
        return set(db.session.scalars(sa.select(model.id).where(model.organisation_id == actor.organisation_id)))


def _of_cases(model: Any, cases: set[int]) -> set[int]:
    """Every home or volunteer that has to do with one of these cases, whoever may see it."""
    with as_system():
        found = (
            db.session.scalars(sa.select(column).where(link, case.in_(cases))) for column, case, link in LEADS[model]
        )
        return {key for keys in found for key in keys if key is not None}


def _team_cases(actor: Actor) -> set[int]:
    with as_system():
        hers = (TeamMember.user_id == actor.user_id, TeamMember.ended_at.is_(None))
        return set(db.session.scalars(sa.select(TeamMember.case_id).where(*hers)))


def _telling_case(model: Any, actor: Actor) -> tuple[int, set[int]]:
    """A case of hers through which alone she sees something, and what would be left without it."""
    cases = _team_cases(actor)
    everything = _of_cases(model, cases)
    left = {case_id: _of_cases(model, cases - {case_id}) for case_id in sorted(cases)}
    return next((case_id, some) for case_id, some in left.items() if some < everything)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", BOTH)
def test_staff_see_what_is_their_houses_and_a_team_what_is_of_its_cases(
    acting: As, actors: dict[str, Actor], model: Any, name: str
) -> None:
    actor = actors[name]
    expected = _own(model, actor) if actor.role is not Role.VOLUNTEER else set()
    if actor.role in TEAM_ROLES:
        expected |= _of_cases(model, _team_cases(actor))
    if actor.role is Role.VOLUNTEER and model is Volunteer:
        with as_system():
            expected = set(db.session.scalars(sa.select(Volunteer.id).where(Volunteer.user_id == actor.user_id)))
        assert len(expected) == 1
    with acting(actor):
        assert _seen(model) == expected


def test_the_story_tells_something_about_each_of_them(acting: As, actors: dict[str, Actor]) -> None:
    """Or the comparison above would be one of nothing with nothing."""
    elsewhere = {HousingUnit: ["katrine", "henrik"], Volunteer: TEAM}
    with as_system():
        every = {model: _seen(model) for model in BOTH}
    for model, names in elsewhere.items():
        for name in names:
            with acting(actors[name]):
                assert set() < _seen(model) < every[model], name
                assert not _own(model, actors[name])
    for name in ("rikke", "aksel", "peter", "eva"):
        with acting(actors[name]):
            assert not _seen(HousingUnit) | _seen(Volunteer), name


@pytest.mark.parametrize("target", ["user", "organisation"])
@pytest.mark.parametrize("model", BOTH)
def test_who_is_blocked_from_a_case_sees_nobody_and_no_home_through_it(
    acting: As, actors: dict[str, Actor], model: Any, target: str
) -> None:
    katrine = actors["katrine"]
    case_id, left = _telling_case(model, katrine)
    kept_out = {"user_id": katrine.user_id} if target == "user" else {"organisation_id": katrine.organisation_id}
    with acting(katrine):
        before = _seen(model)
        with as_system():
            db.session.add(CaseBlock(case_id=case_id, created_at=utc_now(), created_by_id=katrine.user_id, **kept_out))
            db.session.flush()
        assert _seen(model) == left < before


@pytest.mark.parametrize("model", BOTH)
def test_an_erased_case_leads_to_nothing(acting: As, actors: dict[str, Actor], model: Any) -> None:
    case_id, left = _telling_case(model, actors["katrine"])
    with acting(actors["katrine"]):
        with as_system():
            db.session.execute(sa.update(Case).where(Case.id == case_id).values(erased_at=utc_now()))
        assert _seen(model) == left


@pytest.mark.parametrize("model", BOTH)
def test_who_has_referred_a_case_and_left_its_team_sees_the_course_and_nothing_behind_it(
    acting: As, actors: dict[str, Actor], model: Any
) -> None:
    katrine = actors["katrine"]
    with acting(katrine):
        with as_system():
            left = sa.update(TeamMember).where(TeamMember.user_id == katrine.user_id).values(ended_at=utc_now())
            db.session.execute(left)
        assert db.session.scalar(sa.select(sa.func.count(Enrolment.id)))
        assert _seen(model) == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_names_is_there_to_be_named(acting: As, actors: dict[str, Actor], name: str) -> None:
    """Rows that the first wall lets through, and the home or the volunteer that each of them leads to."""
    actor = actors[name]
    shown = {
        HousingUnit: [sa.select(Tenancy.unit_id).where(sees_tenancy(actor))],
        Volunteer: [
            sa.select(Claim.volunteer_id).join(Claim.task).where(visible_tasks(actor)),
            sa.select(VolunteerMatch.volunteer_id).join(VolunteerMatch.enrolment).where(visible_enrolments(actor)),
            sa.select(FurnishingProject.architect_id)
            .join(FurnishingProject.enrolment)
            .where(visible_enrolments(actor), FurnishingProject.architect_id.is_not(None)),
        ],
    }
    for model, statements in shown.items():
        with as_system():
            wanted = {key for statement in statements for key in db.session.scalars(statement)}
        with acting(actor):
            assert wanted <= _seen(model)


def test_nobody_changes_what_she_sees_of_another_house(acting: As, actors: dict[str, Actor]) -> None:
    with acting(actors["katrine"]):
        for model, name in ((HousingUnit, "housing_unit"), (Volunteer, "volunteer")):
            assert _seen(model)
            changed = db.session.execute(sa.text(f"UPDATE {name} SET version = version + 1"))
            assert changed.rowcount == 0
            # Nor holds it against those who do.
            assert db.session.scalars(sa.select(model.id).with_for_update()).all() == []


@pytest.mark.parametrize(("model", "name"), [(HousingUnit, "anne"), (Volunteer, "jonas")])
def test_staff_change_their_own_and_give_nothing_away(
    acting: As, actors: dict[str, Actor], model: Any, name: str
) -> None:
    actor, elsewhere = actors[name], actors["katrine"].organisation_id
    with acting(actor):
        changed = db.session.execute(sa.update(model).values(version=model.version + 1))
        assert changed.rowcount == len(_own(model, actor)) > 0
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            db.session.execute(sa.update(model).values(organisation_id=elsewhere))


@pytest.mark.parametrize("table", ["housing_unit", "volunteer"])
def test_nobody_adds_to_another_house(acting: As, actors: dict[str, Actor], table: str) -> None:
    """A copy of a row of the own house, for another: refused before anything else about it is asked."""
    actor = actors["anne" if table == "housing_unit" else "jonas"]
    copied = [column.name for column in db.metadata.tables[table].c if column.name not in ("id", "organisation_id")]
    names = ", ".join(copied)
    statement = f"INSERT INTO {table} ({names}, organisation_id) SELECT {names}, :elsewhere FROM {table} LIMIT 1"
    with acting(actor), pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        db.session.execute(sa.text(statement), {"elsewhere": actors["katrine"].organisation_id})


def test_a_volunteer_writes_nothing_of_herself(acting: As, actors: dict[str, Actor]) -> None:
    """Whether she may have tasks is for her coordinator to say."""
    with acting(actors["ida"]):
        assert db.session.execute(sa.update(Volunteer).values(is_suspended=False)).rowcount == 0


@pytest.mark.parametrize(("name", "asked"), [("katrine", 1), ("jonas", 0)])
def test_who_helps_in_her_cases_is_asked_once_and_by_the_own_house_never(
    counted: sa.Connection,  # noqa: F811
    actors: dict[str, Actor],
    name: str,
    asked: int,
) -> None:
    actor = actors[name]
    told = {
        "scope": "actor",
        "user": str(actor.user_id),
        "organisation": str(actor.organisation_id),
        "role": actor.role.value,
    }
    counted.exec_driver_sql(TELL, told)
    counted.exec_driver_sql("SET LOCAL ROLE bro_app")
    assert counted.exec_driver_sql("SELECT count(*) FROM volunteer").scalar()
    counted.exec_driver_sql("RESET ROLE")
    found = counted.exec_driver_sql(CALLS.replace("bro_cases_now", "bro_helpers")).scalar()
    assert (found or 0) == asked
