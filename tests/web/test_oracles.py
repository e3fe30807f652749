"""Nobody learns whether she is known: whatever is typed or opened, known and unknown get one answer, at one pace."""

import difflib
import os
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.safety import WatchedRelation
from portal.db import db
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership
from portal.services import comparing, watch
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.tasks import make_task
from tests.support.pages import without_fresh

pytestmark = pytest.mark.usefixtures("session")
AsUser = Callable[..., Any]
NOBODYS = "A" * 22
NAME, PHONE, CPR = "Sara Holm", "20304050", "0101804000"
HIS_NAME, HIS_EMAIL = "Anders Højgård", "anders@example.net"
ROUNDS, MOST_SECONDS = 120, 0.005
# What differs from one showing to the next: ids and tokens, the codes that are read out, moments, numbers of cases.
CHANGES = re.compile(r"[A-Za-z0-9_.-]{22,}|\b[A-Z0-9]{4}(-[A-Z0-9]{4}){2}\b|\b\d{4}-\d{4}\b|\d\d[.:]\d\d")


@dataclass
class World:
    """What another organisation has: a woman and a task of hers, and somebody whom she must be safe from."""

    case: str
    reference: str
    task: str
    meeting: str
    email: str
    turns: int = 0

    def new(self) -> int:
        """A number that has not been used, so that the same question can be asked again."""
        self.turns += 1
        return self.turns


Ask = Callable[[Any, World, bool], TestResponse]


def opened(path: str, known: Callable[[World], str]) -> Ask:
    return lambda browser, world, is_known: browser.get(path + (known(world) if is_known else NOBODYS))


def searched(known: str, unknown: str) -> Ask:
    return lambda browser, world, is_known: browser.post("/search", data={"sought": known if is_known else unknown})


def a_case_opened(browser: Any, world: World, is_known: bool) -> TestResponse:
    told = {"name": NAME, "phone": PHONE, "cpr": CPR} if is_known else {"name": "Sine Holm", "phone": "20304051"}
    return browser.post("/cases/new", data={"birth_year": "1980"} | told)


def a_volunteer_taken_on(browser: Any, world: World, is_known: bool) -> TestResponse:
    name = HIS_NAME if is_known else "Anders Højholt"
    data = {"name": name, "email": f"a{world.new():05}@example.net", "region": "Nordjylland", "skills": ["tools"]}
    return browser.post("/volunteers/new", data=data)


def a_colleague_invited(browser: Any, world: World, is_known: bool) -> TestResponse:
    email = world.email if is_known else f"n{world.new():05}@example.net"
    data = {"name": "Ny Kollega", "email": email, "role": "contact_person", "language": "da"}
    return browser.post("/admin/users", data=data)


def an_emergency_asked_for(browser: Any, world: World, is_known: bool) -> TestResponse:
    reference = world.reference if is_known else "2026-9999"
    data = {"reference": reference, "category": "acute_danger", "reason": "Hun ringer og er i fare nu"}
    return browser.post("/safety/emergency", data=data)


def a_password_forgotten(browser: Any, world: World, is_known: bool) -> TestResponse:
    return browser.post("/forgotten", data={"email": world.email if is_known else "n00000@example.net"})


def a_code_tried(browser: Any, world: World, is_known: bool) -> TestResponse:
    email = world.email if is_known else "n00000@example.net"
    return browser.post("/code", data={"email": email, "code": "ABCD-EFGH-JKLM"})


QUESTIONS: dict[str, tuple[Role | None, Ask]] = {
    "a case that is opened": (Role.CONTACT_PERSON, opened("/cases/", lambda world: world.case)),
    "who looked in a case": (Role.CONTACT_PERSON, lambda b, w, k: b.get(f"/cases/{w.case if k else NOBODYS}/looks")),
    "a task that is opened": (Role.VOLUNTEER_COORDINATOR, opened("/tasks/", lambda world: world.task)),
    "a meeting that is opened": (Role.CONTACT_PERSON, opened("/meetings/", lambda world: world.meeting)),
    "a search by name": (Role.CONTACT_PERSON, searched(NAME, "Sine Holm")),
    "a search by name and year": (Role.INTAKE, searched(f"{NAME} 1980", "Sine Holm 1980")),
    "a search by telephone": (Role.CONTACT_PERSON, searched(PHONE, "20304051")),
    "a search by CPR number": (Role.CONTACT_PERSON, searched(CPR, "0201804000")),
    "a new case": (Role.CONTACT_PERSON, a_case_opened),
    "a new volunteer": (Role.VOLUNTEER_COORDINATOR, a_volunteer_taken_on),
    "an invitation": (Role.ADMINISTRATOR, a_colleague_invited),
    "an emergency": (Role.CONTACT_PERSON, an_emergency_asked_for),
    "a forgotten password": (None, a_password_forgotten),
    "a code": (None, a_code_tried),
}


@pytest.fixture
def world() -> World:
    there = make_member(organisation=make_organisation(OrganisationKind.MUNICIPALITY, may_hold_cpr=True))
    case = make_case(there, name=NAME, birth_year=1980, phone=PHONE, cpr=CPR)
    known = {"name": HIS_NAME, "email": HIS_EMAIL, "phone": None}
    watch.add(case, relation=WatchedRelation.FORMER_PARTNER, actor=actor_of(there), now=utc_now(), **known)
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR, there.organisation)
    task, meeting = make_task(coordinator, case_id=case.id), make_meeting(there, case)
    db.session.flush()
    return World(case.public_id, case.reference, task.public_id, meeting.public_id, there.user.email)


@pytest.fixture
def browser(request: pytest.FixtureRequest, client: Any, as_user: AsUser) -> tuple[Any, Membership | None]:
    role = QUESTIONS[request.node.callspec.params["name"]][0]
    if role is None:
        return client, None
    house = make_organisation(OrganisationKind.MUNICIPALITY, may_hold_cpr=True)
    asker = make_member(role, house)
    return as_user(asker), asker


def told(asker: Membership | None) -> tuple[int, int]:
    """How much waits for the asker in the inbox and by mail."""
    if asker is None:
        return 0, 0
    counts = (
        sa.select(sa.func.count()).select_from(model).where(model.recipient_id == asker.user_id)
        for model in (Message, OutgoingMail)
    )
    inbox, mail = (db.session.scalar(statement) or 0 for statement in counts)
    return inbox, mail


def shape(answer: TestResponse) -> list[str]:
    """What somebody could see of an answer, a line each, without what differs each time and what she typed herself."""
    headers = [f"{name}: {value}" for name, value in answer.headers if name not in ("Content-Length", "X-Request-ID")]
    text = "\n".join([answer.status, *sorted(headers), without_fresh(answer.get_data(as_text=True))])
    for typed in (NAME, "Sine Holm", HIS_NAME, "Anders Højholt", PHONE, "20304051", CPR, "0201804000"):
        text = text.replace(typed, "…")
    return CHANGES.sub("…", re.sub(r"[\w.]+@example\.(net|org)", "…", text)).splitlines()


def differences(first: list[str], second: list[str]) -> list[str]:
    """The lines in which two answers differ."""
    return [line for line in difflib.ndiff(first, second) if not line.startswith((" ", "?"))]


@pytest.mark.parametrize("name", QUESTIONS)
def test_known_and_unknown_get_one_answer(name: str, browser: Any, world: World) -> None:
    asking, asker = browser
    who = None if asker is None else asker.id
    # The first page of a visit brings the form's cookie.
    asking.get("/sign-in" if asker is None else "/help")
    answers, waiting = [], []
    for is_known in (True, False):
        answers.append(shape(QUESTIONS[name][1](asking, world, is_known)))
        waiting.append(told(None if who is None else db.session.get_one(Membership, who)))
    assert differences(*answers) == []
    assert waiting[0] == waiting[1]
    assert answers[0][0][:3] in ("200", "303", "404", "422")


def test_a_difference_would_be_seen(as_user: AsUser) -> None:
    member = make_member()
    browser, case = as_user(member), make_case(member, name=NAME).public_id
    mine, nothing = browser.get(f"/cases/{case}"), browser.get(f"/cases/{NOBODYS}")
    assert differences(shape(mine), shape(nothing))
    found, none = (browser.post("/search", data={"sought": text}) for text in (NAME, "Sine Holm"))
    assert differences(shape(found), shape(none))


@pytest.mark.soak
@pytest.mark.stopwatch
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="a statistic of some thousand answers; `make soak`")
@pytest.mark.parametrize("name", QUESTIONS)
def test_known_and_unknown_take_the_same_time(
    name: str, browser: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, _asker = browser
    # More than one person asks in a day: what is measured is the answer, not the refusal.
    monkeypatch.setattr(comparing, "DAILY_COMPARISONS", 10 * ROUNDS)
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for is_known in (True, False) if turn % 2 else (False, True):
            start = time.perf_counter()
            QUESTIONS[name][1](asking, world, is_known)
            times[is_known].append(time.perf_counter() - start)
    known, unknown = (statistics.median(times[is_known]) for is_known in (True, False))
    print(f"{name}: {known * 1000:.2f} and {unknown * 1000:.2f} ms")
    assert abs(known - unknown) < MOST_SECONDS
