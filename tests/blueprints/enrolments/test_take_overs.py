"""Giving a course to a colleague, and the page on which she answers."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.enrolments import Enrolment
from tests.factories.enrolments import make_enrolment
from tests.factories.people import make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
LIST, TOLD = "/courses/asked", "Hun taler dari, og tirsdagen er vigtig for hende."


class World:
    """A course that has begun, and a colleague who is asked."""

    def __init__(self, as_user: AsUser) -> None:
        self.worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
        self.organisation = self.worker.organisation
        self.colleague = make_member(Role.PROGRAMME_WORKER, self.organisation)
        self.course_id, self.page = course.id, f"/courses/{course.public_id}"
        self.taker, self.worker_key = self.colleague.user.public_id, self.worker.user_id
        self.taker_key = self.colleague.user_id
        self.version = str(course.version)
        self.own, self.listed = course.case.reference, course.case.lead_reference
        self.hers, self.theirs = as_user(self.worker), as_user(self.colleague)

    def give(self, **more: Any) -> Any:
        data = {"worker": self.taker, "hand_over": TOLD, "version": self.version} | more
        return self.hers.post(f"{self.page}/assign", data=data)

    def answer(self, what: str, **data: Any) -> Any:
        text = self.theirs.get(LIST).text
        return self.theirs.post(text.partition(f'/{what}"')[0].rpartition('"')[2] + f"/{what}", **data)

    @property
    def worker_id(self) -> int | None:
        db.session.expire_all()
        return db.session.get_one(Enrolment, self.course_id).worker_id


def test_she_reads_what_she_must_know_and_nothing_of_the_case(as_user: AsUser) -> None:
    world = World(as_user)
    assert world.give().status_code == 303
    text = world.theirs.get(LIST).text
    assert TOLD in text and world.listed in text and world.own not in text
    assert world.theirs.get(world.page).status_code == 404
    assert "er blevet spurgt" in world.hers.get(world.page).text
    assert "Svar på, om du overtager et forløb" in world.theirs.get("/day").text
    done = world.answer("take")
    assert done.status_code == 303 and done.headers["Location"].endswith(world.page)
    assert world.worker_id == world.taker_key
    assert world.theirs.get(world.page).status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_a_no_needs_a_reason_and_changes_nothing(as_user: AsUser, htmx: bool) -> None:
    world, headers = World(as_user), {"HX-Request": "true"} if htmx else {}
    world.give()
    refused = world.answer("refuse", data={}, headers=headers)
    assert refused.status_code == 422 and "-error" in refused.text
    assert world.answer("refuse", data={"reason": "no_room"}, headers=headers).status_code == (200 if htmx else 303)
    assert world.worker_id == world.worker_key
    assert "Ingen beder dig om at overtage et forløb." in world.theirs.get(LIST).text


def test_it_is_called_back_once(as_user: AsUser) -> None:
    world = World(as_user)
    world.give()
    back = f"{world.page}/call-back"
    assert [world.hers.post(back).status_code for _time in range(2)] == [303, 409]
    assert TOLD not in world.theirs.get(LIST).text


def test_without_words_it_is_not_asked_and_a_second_time_neither(as_user: AsUser) -> None:
    world = World(as_user)
    empty = world.give(hand_over="")
    assert empty.status_code == 422 and "Skriv, hvad din kollega skal vide." in empty.text
    assert world.give().status_code == 303
    assert world.give().status_code == 409


def test_strangers_and_other_roles(as_user: AsUser) -> None:
    world = World(as_user)
    strangers = make_member(Role.PROGRAMME_WORKER, world.organisation), make_member(Role.PROGRAMME_WORKER)
    world.give()
    text = world.theirs.get(LIST).text
    action = text.partition('/take"')[0].rpartition('"')[2] + "/take"
    for stranger in strangers:
        browser = as_user(stranger)
        assert TOLD not in browser.get(LIST).text
        assert browser.post(action).status_code == 404
        assert browser.post(f"{world.page}/call-back").status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(LIST).status_code == 403


def test_the_page_of_a_course_costs_the_same_when_somebody_is_asked(as_user: AsUser, count_queries: Counter) -> None:
    world, counted = World(as_user), []
    for _time in range(2):
        for browser, page in ((world.hers, world.page), (world.theirs, LIST)):
            browser.get(page)
            count_queries.start()
            assert browser.get(page).status_code == 200
            counted.append(count_queries.stop())
        world.give()
    assert counted[:2] == counted[2:] and max(counted) <= 12, counted
