"""A volunteer says that she knows the woman: the task goes on, none of hers comes back, few are told why."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import NotNow
from portal.core.messages import MessageKind
from portal.core.states import ClaimState, TaskState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries import claims as claim_queries
from portal.queries import kept_out, safety
from portal.services import acquaintance, blocks, claims
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")
AsUser = Callable[..., Any]
BUTTON = "know-her"


class Scene:
    """A woman, her caseworker and officer; a pool with a volunteer who is confirmed for a task of hers."""

    def __init__(self) -> None:
        self.owner = make_member()
        self.officer = make_member(Role.SAFETY_OFFICER, self.owner.organisation)
        self.case: Case = make_case(self.owner)
        self.coordinator, self.member, self.volunteer = make_pool()
        agree(self.case, self.coordinator.organisation_id)
        self.task = self.new_task()
        self.claim = self.take(self.task)

    def new_task(self, **changes: Any) -> Task:
        return make_task(self.coordinator, **{"case_id": self.case.id} | changes)

    def take(self, task: Task, *, is_confirmed: bool = True) -> Claim:
        taken = claims.claim(task, self.volunteer, actor=actor_of(self.member), now=utc_now())
        if is_confirmed:
            claims.confirm(taken, actor=actor_of(self.coordinator), now=utc_now())
        db.session.flush()
        return taken

    @property
    def page(self) -> str:
        return f"/tasks/claims/{self.claim.public_id}"

    def say(self, browser: Any) -> Any:
        return browser.submit(self.page, f"{self.page}/{BUTTON}")


@pytest.fixture
def scene() -> Scene:
    return Scene()


def second(coordinator: Membership) -> tuple[Membership, Volunteer]:
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    return member, make_volunteer(member, actor_of(coordinator))


def test_the_task_ends_for_her_and_its_place_is_free(as_user: AsUser, scene: Scene) -> None:
    other, _volunteer = second(scene.coordinator)
    answer = scene.say(as_user(scene.member))
    assert (answer.status_code, answer.location) == (303, "/tasks/")
    state = sa.select(Claim.state, Task.state, Task.taken).join(Task, Task.id == Claim.task_id)
    assert db.session.execute(state).one() == (ClaimState.RELEASED, TaskState.PUBLISHED, 0)
    told = sa.select(Message.kind).where(Message.recipient_id == scene.coordinator.user_id)
    assert db.session.scalars(told.order_by(Message.id)).all()[-1] is MessageKind.TASK_RELEASED
    others_board = as_user(other).get("/tasks/").text
    assert scene.task.public_id in others_board


def test_no_task_of_that_woman_is_shown_to_her_again_and_others_are(as_user: AsUser, scene: Scene) -> None:
    other_case = make_case(scene.owner)
    agree(other_case, scene.coordinator.organisation_id)
    hers, others = scene.new_task(), scene.new_task(case_id=other_case.id)
    had, page = scene.take(scene.new_task()), scene.page
    browser = as_user(scene.member)
    board = browser.get("/tasks/").text
    assert hers.public_id in board and others.public_id in board
    scene.say(browser)
    later = make_task(db.session.merge(scene.coordinator), case_id=scene.case.id)
    board = browser.get("/tasks/").text
    assert others.public_id in board
    assert not {hers.public_id, scene.task.public_id, later.public_id} & set(board.replace('"', "/").split("/"))
    assert browser.get(page).status_code == browser.get(f"/tasks/claims/{had.public_id}").status_code == 404
    for task in (hers, scene.task, later):
        assert browser.post(f"/tasks/{task.public_id}/claim").status_code == 404


def test_without_a_case_the_task_itself_does_not_come_back(as_user: AsUser, scene: Scene) -> None:
    scene.claim = scene.take(scene.new_task(case_id=None))
    browser, public_id = as_user(scene.member), scene.claim.task.public_id
    assert scene.say(browser).status_code == 303
    assert public_id not in browser.get("/tasks/").text
    assert browser.post(f"/tasks/{public_id}/claim").status_code == 409


def test_a_double_click_is_the_same_answer(as_user: AsUser, scene: Scene) -> None:
    browser, action = as_user(scene.member), f"{scene.page}/{BUTTON}"
    sent = browser.hidden(scene.page, action)
    assert [browser.post(action, data=sent).status_code for _click in range(2)] == [303, 303]
    assert len(db.session.scalars(sa.select(CaseBlock.id)).all()) == 1


def test_it_is_offered_from_the_moment_she_is_confirmed(as_user: AsUser, scene: Scene) -> None:
    waiting = scene.take(scene.new_task(), is_confirmed=False)
    browser = as_user(scene.member)
    assert BUTTON in browser.get(scene.page).text
    page = f"/tasks/claims/{waiting.public_id}"
    assert BUTTON not in browser.get(page).text
    assert browser.post(f"{page}/{BUTTON}").status_code == 409


def test_nobody_but_herself_says_it(as_user: AsUser, scene: Scene) -> None:
    stranger, _volunteer = second(scene.coordinator)
    for somebody, status in ((stranger, 404), (scene.coordinator, 403), (scene.owner, 403)):
        assert as_user(somebody).post(f"{scene.page}/{BUTTON}").status_code == status


def test_a_task_that_is_given_back_is_over(scene: Scene) -> None:
    claims.release(scene.claim, reason="Syg", actor=actor_of(scene.member), now=utc_now())
    with pytest.raises(NotNow):
        acquaintance.say_she_knows_her(scene.claim, actor=actor_of(scene.member), now=utc_now())


def test_the_coordinator_and_the_officer_see_why_and_the_team_does_not(as_user: AsUser, scene: Scene) -> None:
    scene.say(as_user(scene.member))
    why, page = "kender hende", f"/tasks/{scene.task.public_id}"
    assert why in as_user(scene.coordinator).get(page).text
    assert why in as_user(scene.officer).get("/safety/").text
    followed = as_user(scene.owner).get(page)
    assert followed.status_code == 200 and why not in followed.text
    assert kept_out.list_kept_out(actor_of(scene.owner), scene.case.id) == []
    task = db.session.get_one(Task, scene.task.id)
    assert [row.knows_her for row in claim_queries.list_of(actor_of(scene.owner), task)] == [False]
    assert [row.knows_her for row in claim_queries.list_of(actor_of(scene.coordinator), task)] == [True]
    told = sa.select(Message.id).where(Message.recipient_id == scene.owner.user_id)
    assert db.session.scalars(told).all() == []


def test_it_is_for_good_and_no_team_is_asked_to_lift_it(scene: Scene) -> None:
    acquaintance.say_she_knows_her(scene.claim, actor=actor_of(scene.member), now=utc_now())
    (row,) = safety.list_blocks(actor_of(scene.officer))[0]
    assert (row.is_by_herself, row.is_by_list) == (True, False)
    block = safety.get_block(row.public_id, safety.own_cases(actor_of(scene.officer)))
    with pytest.raises(NotNow):
        blocks.ask_to_lift(block, actor=actor_of(scene.officer), now=utc_now())


def test_a_team_that_keeps_her_out_afterwards_sees_its_own_block(scene: Scene) -> None:
    acquaintance.say_she_knows_her(scene.claim, actor=actor_of(scene.member), now=utc_now())
    email = scene.member.user.email
    given = {"email": email, "organisation": None, "reason": "Hendes veninde", "ends_part": False}
    blocks.keep_out_by_words(scene.case, actor=actor_of(scene.owner), now=utc_now(), **given)
    (row,) = kept_out.list_kept_out(actor_of(scene.owner), scene.case.id)
    assert (row.email, row.reason, row.set_by) == (email, "Hendes veninde", scene.owner.user.name)
