"""The table of security rule 2.6, cell by cell, through the volunteer's own pages, whatever the server's clock says."""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.core.clock import local_date, utc_now
from portal.core.states import ClaimState
from portal.core.volunteers import SafetyAdvice, Skill, TaskKind, TaskOutcome
from portal.db import db
from portal.domain.labels import label
from portal.models.cases import Case
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries.clock import database_now
from portal.services import blocks, claims, tasks, volunteers
from portal.web.filters import clock, month_name, short_day
from tests.factories.people import actor_of, agree, make_case, make_member, make_municipality
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")
AsUser = Callable[..., Any]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LASTS = timedelta(hours=2, minutes=30)
GOING = {"where-why": "going_now"}
EARLIER, OTHER = TaskKind.WALK_AND_TALK, TaskKind.PAINT_ROOM

# A second copy of the table, on purpose: what the rule says, in its own order. A column is a state of one task and
# holds an x where the field is shown.
#   offered · asked for, waiting · confirmed, before the window · in the window, approved · in it, not approved
#   over and not logged · done · given back · taken back · called off · expired · paused · blocked
TABLE = """
field             offered claimed confirmed window unapproved over done released taken cancelled expired paused blocked
kind                 x       x        x        x        x      x     x     .       .       .        .      .      .
month                .       .        .        .        .      x     x     .       .       .        .      .      .
reference            x       x        x        x        x      .     .     .       .       .        .      .      .
region               x       x        x        x        x      .     .     .       .       .        .      .      .
week                 x       x        x        x        x      .     .     .       .       .        .      .      .
part_of_day          x       x        x        x        x      .     .     .       .       .        .      .      .
estimated_hours      x       x        x        x        x      .     .     .       .       .        .      .      .
skills               x       x        x        x        x      .     .     .       .       .        .      .      .
children_present     x       x        x        x        x      .     .     .       .       .        .      .      .
staff_accompany      x       x        x        x        x      .     .     .       .       .        .      .      .
awaiting             .       x        .        .        .      .     .     .       .       .        .      .      .
exact_time           .       .        x        x        x      .     .     .       .       .        .      .      .
meeting_point        .       .        x        x        x      .     .     .       .       .        .      .      .
alias                .       .        .        x        x      .     .     .       .       .        .      .      .
safety_advice        .       .        .        x        x      .     .     .       .       .        .      .      .
address_on_demand    .       .        .        x        .      .     .     .       .       .        .      .      .
her_own_hours        x       x        x        x        x      x     x     x       x       x        x      x      x
link_answers         .       x        x        x        x      x     .     .       .       .        .      .      .
case_and_her         .       .        .        .        .      .     .     .       .       .        .      .      .
other_task           .       .        .        .        .      .     .     .       .       .        .      .      .
"""
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
STATES = HEAD[1:]


def expected(state: str) -> set[str]:
    return {row[0] for row in ROWS if row[1 + STATES.index(state)] == "x"}


@dataclass
class Scene:
    """A volunteer with an earlier task behind her, a woman, her task, and another of hers that is somebody else's."""

    as_user: AsUser
    coordinator: Membership
    contact: Membership
    member: Membership
    volunteer: Volunteer
    case: Case
    task: Task
    claim: Claim | None = None

    def start_in(self, ahead: timedelta) -> None:
        """The database's clock decides, so the task is moved and not the clock."""
        self.task.starts_at = database_now() + ahead
        self.task.ends_at = self.task.starts_at + LASTS
        db.session.commit()

    def ask(self) -> None:
        answer = self.as_user(self.member).post(f"/tasks/{self.task.public_id}/claim")
        assert (answer.status_code, answer.location) == (303, "/tasks/mine")
        self.claim = db.session.scalars(sa.select(Claim).where(Claim.task_id == self.task.id)).one()

    def confirm(self, *, approve: bool = True) -> None:
        self.ask()
        checked = {"identity": "y", "relation": "y"}
        assert self.as_user(self.coordinator).post(self.of_claim("confirm"), data=checked).status_code == 303
        if approve:
            assert self.as_user(self.contact).post(self.of_claim("approve-address")).status_code == 303

    def of_claim(self, action: str = "") -> str:
        assert self.claim is not None
        return f"/tasks/claims/{self.claim.public_id}/{action}".rstrip("/")

    def post(self, action: str, **data: str) -> None:
        assert self.as_user(self.member).post(self.of_claim(action), data=data).status_code == 303


def offered(_scene: Scene) -> None: ...


def claimed(scene: Scene) -> None:
    scene.ask()


def confirmed(scene: Scene) -> None:
    scene.confirm()
    scene.start_in(24 * HOUR + MINUTE)


def window(scene: Scene) -> None:
    # From the confirmation, which came after the day before; and until two hours after the end.
    scene.confirm()


def unapproved(scene: Scene) -> None:
    scene.confirm(approve=False)
    scene.start_in(-LASTS - 2 * HOUR + MINUTE)


def over(scene: Scene) -> None:
    scene.confirm()
    scene.start_in(-LASTS - 2 * HOUR - MINUTE)


def done(scene: Scene) -> None:
    scene.confirm()
    scene.start_in(-MINUTE)
    scene.post("report", minutes="2,5", outcome="went_well")


def released(scene: Scene) -> None:
    scene.confirm()
    scene.post("release", reason="syg")


def taken(scene: Scene) -> None:
    scene.confirm()
    assert scene.as_user(scene.coordinator).post(scene.of_claim("take-back")).status_code == 303


def cancelled(scene: Scene) -> None:
    scene.confirm()
    assert scene.as_user(scene.coordinator).post(f"/tasks/{scene.task.public_id}/cancel").status_code == 303


def expired(scene: Scene) -> None:
    scene.ask()
    scene.start_in(-LASTS - 2 * HOUR - MINUTE)


def paused(scene: Scene) -> None:
    scene.confirm()
    make_task(scene.coordinator, now=database_now(), case_id=scene.case.id, **PLAIN)
    volunteers.set_paused(scene.volunteer, True, actor=actor_of(scene.coordinator), now=database_now())


def blocked(scene: Scene) -> None:
    scene.confirm()
    make_task(scene.coordinator, now=database_now(), case_id=scene.case.id, **PLAIN)
    actor = actor_of(scene.contact)
    blocks.keep_out(scene.case, user_id=scene.member.user_id, reason=None, actor=actor, now=database_now())


REACHED: dict[str, Callable[[Scene], None]] = {
    reach.__name__: reach
    for reach in (
        *(offered, claimed, confirmed, window, unapproved, over, done, released, taken, cancelled, expired),
        *(paused, blocked),
    )
}
# A task that shows the fields of the table by its presence alone.
PLAIN: dict[str, Any] = {
    "kind": TaskKind.HOMEWORK_HELP,
    "skills": ["tools"],
    "has_children": True,
    "is_accompanied": True,
    "alias": "Aliasnavn",
    "meeting_point": "Ved kiosken",
    "address": "Hemmeligvej 1",
}


@pytest.fixture(params=[-1, 0, 1], ids=["an hour slow", "right", "an hour fast"])
def scene(as_user: AsUser, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with time_machine.travel(utc_now() + request.param * HOUR):
        coordinator, member, volunteer = make_pool()
        contact = make_member()
        make_municipality("0461", "Odense")
        case = make_case(contact, name="Aida Efternavnsen", phone="22334455", responsible_municipality_code="0461")
        agree(case, coordinator.organisation_id)
        now = database_now()
        _earlier(coordinator, member, volunteer, now)
        task = make_task(coordinator, now=now, case_id=case.id, **PLAIN)
        # Another task of the same woman, for which she lacks the language.
        make_task(coordinator, now=now, case_id=case.id, kind=OTHER, skills=["arabic"], alias="Anden")
        found = Scene(as_user, coordinator, contact, member, volunteer, case, task)
        found.start_in(30 * MINUTE)
        yield found


def _earlier(coordinator: Membership, member: Membership, volunteer: Volunteer, now: datetime) -> None:
    """What she has done and logged before."""
    long_ago = now - timedelta(days=70)
    task = make_task(coordinator, now=long_ago, kind=EARLIER)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=long_ago)
    claims.confirm(claim, actor=actor_of(coordinator), now=long_ago)
    said = {"minutes": 45, "outcome": TaskOutcome.WENT_WELL, "text": None}
    claims.report(claim, **said, actor=actor_of(member), now=task.ends_at)
    tasks.verify(task, actor=actor_of(coordinator), now=task.ends_at)


def marks(scene: Scene) -> dict[str, tuple[str, ...]]:
    """What stands on a page that shows a field, in Danish."""
    task = scene.task
    return {
        "kind": (label(task.kind),),
        "month": (month_name(local_date(task.starts_at)),),
        "reference": (task.reference,),
        "region": (label(task.region),),
        "week": (f"Ugen fra {short_day(task.week_of)}",),
        "part_of_day": (label(task.part_of_day),),
        "estimated_hours": ("ca. 2,5 timer",),
        "skills": (label(Skill.TOOLS),),
        "children_present": ("børn til stede",),
        "staff_accompany": ("en medarbejder er med",),
        "awaiting": (label(ClaimState.PENDING),),
        "exact_time": (f"{clock(task.starts_at)}–{clock(task.ends_at)}",),
        "meeting_point": ("Ved kiosken",),
        "alias": ("Aliasnavn",),
        "safety_advice": (label(SafetyAdvice.TELL_NOBODY), label(SafetyAdvice.DANGER)),
        "her_own_hours": (label(EARLIER), "0,75"),
        "case_and_her": ("Aida", "Efternavnsen", "22334455", scene.case.reference, "Odense"),
        "other_task": (label(OTHER), "Anden"),
    }


def shown(scene: Scene) -> set[str]:
    """The fields that the volunteer's pages show, and what her links answer."""
    browser, texts = scene.as_user(scene.member), []
    for page in ("/tasks/", "/tasks/mine", "/tasks/hours", "/messages"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        texts.append(answer.text)
    found = set()
    if scene.claim is not None:
        answer = browser.get(scene.of_claim())
        assert answer.status_code in (200, 404)
        texts.append(answer.text)
        found |= {"link_answers"} if answer.status_code == 200 else set()
        if "Vis adressen" in answer.text:
            found.add("address_on_demand")
        else:
            assert browser.post(scene.of_claim("address"), data=GOING).status_code == 404
    text = html.unescape("\n".join(texts))
    assert "Hemmeligvej" not in text
    return found | {field for field, words in marks(scene).items() if any(word in text for word in words)}


@pytest.mark.parametrize("state", STATES)
def test_each_field_is_shown_exactly_where_the_table_has_it(scene: Scene, state: str) -> None:
    REACHED[state](scene)
    assert shown(scene) == expected(state)


def test_the_table_has_every_state_and_every_field() -> None:
    assert set(STATES) == set(REACHED)
    assert all(len(row) == len(HEAD) for row in ROWS)
