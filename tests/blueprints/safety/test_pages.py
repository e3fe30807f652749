"""The safety officer's pages: blocks, matches, emergencies; for her own house, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.safety import BreakGlassReason, HitState, Verdict, WatchedRelation
from portal.db import db
from portal.models.access import BreakGlass, CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import blocks, break_glass, cases, watch
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
PAGES = ("/safety/", "/safety/matches", "/safety/watched", "/safety/emergencies")
MOST_STATEMENTS = 12
WHY = "Hun ringer og er i fare nu"


def make_desk(times: int = 1) -> tuple[Membership, Membership, Case]:
    """An officer with so many blocks, matches and emergencies to look at; the owner, and her case."""
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner, name="Amira Karim")
    for number in range(times):
        other = make_member()
        blocks.keep_out(case, user_id=other.user_id, reason="Hendes bror", actor=actor_of(owner), now=utc_now())
        given = {"relation": WatchedRelation.FORMER_PARTNER, "email": None, "phone": None}
        watch.add(case, name=f"Anders Nummer{number}", actor=actor_of(owner), now=utc_now(), **given)
        make_member(Role.VOLUNTEER, name=f"Anders Nummer{number}")
        colleague = make_member(organisation=owner.organisation)
        break_glass.open_case(case.reference, category=BreakGlassReason.ACUTE_DANGER, reason=WHY,
                              actor=actor_of(colleague), now=utc_now())  # fmt: skip
    return officer, owner, case


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_the_desk_is_the_officers_alone(as_user: AsUser, role: Role, path: str) -> None:
    assert as_user(make_member(role)).get(path).status_code == (200 if role is Role.SAFETY_OFFICER else 403)


@pytest.mark.parametrize("path", PAGES)
def test_an_officer_sees_her_house_and_another_officer_nothing_of_it(as_user: AsUser, path: str) -> None:
    officer, _owner, case = make_desk()
    stranger = make_member(Role.SAFETY_OFFICER)
    assert case.reference in as_user(officer).get(path).text
    text = as_user(stranger).get(path).text
    for secret in (case.reference, "Anders", "Hendes bror", WHY):
        assert secret not in text


@pytest.mark.parametrize("path", PAGES)
def test_her_name_stands_nowhere_on_the_desk(as_user: AsUser, path: str) -> None:
    officer, _owner, _case = make_desk()
    assert "Amira" not in as_user(officer).get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_as_many_statements_for_six_as_for_one(as_user: AsUser, count_queries: Counter, path: str) -> None:
    taken = []
    for times in (1, 6):
        officer, _owner, _case = make_desk(times)
        browser = as_user(officer)
        browser.get(path)
        count_queries.start()
        assert browser.get(path).status_code == 200
        taken.append(count_queries.stop())
    assert taken[0] == taken[1] <= MOST_STATEMENTS


@pytest.mark.parametrize("path", PAGES)
def test_a_bad_cursor_is_a_bad_question(as_user: AsUser, path: str) -> None:
    officer = make_member(Role.SAFETY_OFFICER)
    assert as_user(officer).get(f"{path}?after=nothing").status_code == 400


def test_a_block_set_at_the_desk_keeps_what_was_typed_when_it_is_refused(as_user: AsUser, session: Any) -> None:
    officer, _owner, _case = make_desk()
    typed = {"reference": "2026-9999", "email": "han@example.org", "reason": "Bor samme sted"}
    answer = as_user(officer).submit("/safety/", "/safety/blocks", typed)
    assert answer.status_code == 422
    for text in typed.values():
        assert text in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(CaseBlock)) == 2


@pytest.mark.parametrize(
    "typed",
    [{"email": "", "organisation": ""}, {"email": "intet"}, {"email": "a@b.dk" * 60}, {"organisation": "A" * 22}],
)
def test_nobody_in_particular_is_refused_beside_the_field(as_user: AsUser, typed: dict[str, str]) -> None:
    officer, _owner, case = make_desk()
    answer = as_user(officer).submit("/safety/", "/safety/blocks", {"reference": case.reference, **typed})
    assert answer.status_code == 422


def test_a_block_of_another_houses_case_is_the_same_as_of_none(as_user: AsUser) -> None:
    officer = make_member(Role.SAFETY_OFFICER)
    browser, answers = as_user(officer), []
    for reference in (make_case().reference, "2026-9999"):
        sent = {"reference": reference, "email": "x@example.org"}
        answers.append(browser.submit("/safety/", "/safety/blocks", sent))
    assert [answer.status_code for answer in answers] == [422, 422]
    assert ["Ingen sag her" in answer.text for answer in answers] == [True, True]


def test_a_double_click_sets_one_block(as_user: AsUser, session: Any) -> None:
    officer, _owner, case = make_desk()
    there = make_member()
    browser, typed = as_user(officer), {"reference": case.reference, "email": there.user.email}
    sent = browser.hidden("/safety/", "/safety/blocks") | typed
    assert [browser.post("/safety/blocks", data=sent).status_code for _click in range(2)] == [303, 303]
    user = sa.select(CaseBlock.id).where(CaseBlock.user_id == there.user_id)
    assert len(session.scalars(user).all()) == 1


def test_a_block_is_lifted_by_two(as_user: AsUser, session: Any) -> None:
    officer, owner, case = make_desk()
    desk, row = as_user(officer), session.scalars(sa.select(CaseBlock).order_by(CaseBlock.id)).first()
    lift, agree = f"/safety/blocks/{row.public_id}/lift", f"/cases/{case.public_id}/keep-out/{row.public_id}/agree"
    page, team = f"/cases/{case.public_id}/keep-out", as_user(owner)
    assert agree not in team.get(page).text
    assert team.post(agree, data={}).status_code == 409
    assert desk.submit("/safety/", lift).status_code == 303
    assert lift not in desk.get("/safety/").text
    assert desk.post(lift, data={}).status_code == 409
    assert team.submit(page, agree).status_code == 303
    assert session.get_one(CaseBlock, row.id).ended_at is not None
    assert as_user(make_member(Role.SAFETY_OFFICER)).post(lift, data={}).status_code == 404


def test_somebody_is_taken_off_the_list_by_two(as_user: AsUser, session: Any) -> None:
    officer, owner, case = make_desk()
    hit = session.scalars(sa.select(WatchHit)).one()
    desk, person = as_user(officer), session.get_one(WatchedPerson, hit.watched_person_id)
    ask, page = f"/safety/watched/{person.public_id}/take-off", f"/cases/{case.public_id}/keep-out"
    agree, team = f"/cases/{case.public_id}/watch/{person.public_id}/agree", as_user(owner)
    # First the officer says whether it is he.
    assert ask not in desk.get("/safety/watched").text
    assert desk.post(ask, data={}).status_code == 409
    answered = f"/safety/matches/{hit.public_id}"
    desk.submit("/safety/matches", answered, {"state": HitState.ANOTHER_PERSON.value})
    assert agree not in team.get(page).text
    assert team.post(agree, data={}).status_code == 409
    assert desk.submit("/safety/watched", ask).status_code == 303
    assert ask not in desk.get("/safety/watched").text
    assert team.submit(page, agree).status_code == 303
    assert session.get_one(WatchedPerson, person.id).ended_at is not None
    assert as_user(make_member(Role.SAFETY_OFFICER)).post(ask, data={}).status_code == 404


@pytest.mark.parametrize(("state", "left"), [(HitState.SAME_PERSON, 2), (HitState.ANOTHER_PERSON, 1)])
def test_a_match_is_answered_once(as_user: AsUser, session: Any, state: HitState, left: int) -> None:
    officer, _owner, _case = make_desk()
    hit = session.scalars(sa.select(WatchHit)).one()
    url, desk = f"/safety/matches/{hit.public_id}", as_user(officer)
    assert desk.submit("/safety/matches", url, {"state": state.value}).status_code == 303
    assert desk.post(url, data={"state": state.value}).status_code == 409
    assert session.get_one(WatchHit, hit.id).state is state
    live = sa.select(sa.func.count()).select_from(CaseBlock).where(CaseBlock.ended_at.is_(None))
    assert session.scalar(live) == left
    assert as_user(make_member(Role.SAFETY_OFFICER)).post(url, data={"state": state.value}).status_code == 404


@pytest.mark.parametrize("path", ["matches", "emergencies"])
def test_an_answer_that_is_none_changes_nothing(as_user: AsUser, session: Any, path: str) -> None:
    officer, _owner, _case = make_desk()
    model = WatchHit if path == "matches" else BreakGlass
    row = session.scalars(sa.select(model)).one()
    for data in ({}, {"state": "open", "verdict": "maybe"}, {"state": "x" * 500}):
        assert as_user(officer).post(f"/safety/{path}/{row.public_id}", data=data).status_code == 422
    assert session.get_one(WatchHit, session.scalar(sa.select(WatchHit.id))).state is HitState.OPEN
    assert session.scalar(sa.select(BreakGlass.verdict)) is None


def test_an_emergency_is_looked_at_once_and_not_by_oneself(as_user: AsUser, session: Any) -> None:
    officer, _owner, _case = make_desk()
    row = session.scalars(sa.select(BreakGlass)).one()
    url, desk = f"/safety/emergencies/{row.public_id}", as_user(officer)
    given = {"verdict": Verdict.JUSTIFIED.value, "remark": "Helt rigtigt"}
    assert desk.submit("/safety/emergencies", url, given).status_code == 303
    assert desk.post(url, data=given).status_code == 409
    found = session.get_one(BreakGlass, row.id)
    assert (found.verdict, found.remark) == (Verdict.JUSTIFIED, "Helt rigtigt")
    assert "Helt rigtigt" in desk.get("/safety/emergencies").text


def test_an_officer_who_is_kept_out_of_a_case_does_not_find_it(as_user: AsUser) -> None:
    officer, owner, case = make_desk()
    blocks.keep_out(case, user_id=officer.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    desk = as_user(officer)
    for path in PAGES:
        assert case.reference not in desk.get(path).text
    sent = {"reference": case.reference, "email": "x@example.org"}
    assert desk.submit("/safety/", "/safety/blocks", sent).status_code == 422


def test_whoever_sees_the_case_no_more_finds_no_page_of_blocks(as_user: AsUser) -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_member(organisation=owner.organisation)
    cases.join_team(case.id, second.user_id, actor=actor_of(owner), now=utc_now())
    page = f"/cases/{case.public_id}/keep-out"
    browser = as_user(second)
    assert browser.get(page).status_code == 200
    blocks.keep_out(case, user_id=second.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    assert browser.get(page).status_code == 404
    assert browser.post(page, data={}).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CaseBlock)) == 1


def test_a_wish_for_lower_protection_is_said_in_the_words_of_the_form(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    actor = actor_of(member)
    cases.set_address(case, protection_level=2, actor=actor, now=utc_now())
    cases.set_address(case, protection_level=0, lower_reason="Hun er flyttet.", actor=actor, now=utc_now())
    page = (
        as_user(make_member(Role.SAFETY_OFFICER, member.organisation)).get("/safety/protection").get_data(as_text=True)
    )
    assert "Nu: Særlig beskyttelse. Ønsket: Ingen beskyttelse." in page
    assert "niveau" not in page.partition("<main")[2].partition("</main>")[0]
