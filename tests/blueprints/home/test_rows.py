"""Min dag, more of it: what others did, who is silent, children as one row, and rows that are passed on or dropped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import NotFound, NotNow
from portal.core.kinds import ContactMode, ContactResult
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.cases import MAY_BE_DROPPED
from portal.domain.clocks import STATUTORY
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries import cases as case_queries
from portal.queries import day_news
from portal.queries import deadlines as queries
from portal.services import blocks, closing, deadlines, notes, silence, team, worklist
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.work_list import put_up

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def pair() -> tuple[Membership, Membership, Case]:
    """Two colleagues of one house on the team of one case, the first the one to ask."""
    first = make_member()
    second = make_member(first.role, db.session.get_one(Organisation, first.organisation_id), name="Sofie Kollega")
    case = make_case(first, name="Amira Karim")
    team.add_colleague(case, second.user_id, actor=actor_of(first), now=utc_now())
    return first, second, case


def test_a_row_is_given_to_a_colleague_who_sees_from_whom_it_is(as_user: AsUser) -> None:
    first, second, case = pair()
    row = put_up(first, case, DeadlineKind.GOAL)
    public_id, sofie, name, case_id = row.public_id, second.user.public_id, first.user.name, case.id
    browser = as_user(first)
    assert f"/day/{public_id}" in browser.get("/day").text
    assert "Sofie Kollega" in browser.get(f"/day/{public_id}").text
    assert browser.post(f"/day/{public_id}/give", data={"user": sofie}).status_code == 303
    assert public_id not in browser.get("/day").text
    assert f"fra {name}" in as_user(second).get("/day").text
    said = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.DEADLINE_GIVEN)).one()
    assert (said.case_id, said.fields) == (case_id, ["goal"])


def test_a_row_that_stays_when_the_case_is_closed_offers_nothing_that_a_closed_case_refuses(as_user: AsUser) -> None:
    first, _second, case = pair()
    row = put_up(first, case, DeadlineKind.COUNSELLING_OFFER)
    public_id, journal = row.public_id, f"/cases/{case.public_id}/notes"
    browser = as_user(first)
    open_page = browser.get("/day").text
    assert public_id in open_page and journal in open_page and "Giv videre" in open_page
    closing.close_case(case, case_queries.count_unfinished(case.id), actor=actor_of(first), now=utc_now())
    db.session.commit()
    closed_page = browser.get("/day").text
    assert case.reference in closed_page and journal not in closed_page and "Giv videre" not in closed_page


def test_what_a_law_asks_for_stands_on_both_lists_until_it_is_done(as_user: AsUser) -> None:
    first, second, case = pair()
    row = put_up(first, case, DeadlineKind.ADMISSION_NOTICE)
    assert DeadlineKind.ADMISSION_NOTICE in STATUTORY
    worklist.give(row, second.user_id, actor=actor_of(first), now=utc_now())
    for member in (first, second):
        rows, _next = queries.list_mine(actor_of(member), today=TODAY)
        assert [one.public_id for one in rows] == [row.public_id]
    deadlines.finish(DeadlineKind.OTHER, case.public_id, actor=actor_of(second), now=utc_now())
    case_key = case.public_id
    assert "givet til Sofie Kollega" in as_user(first).get("/day").text
    deadlines.finish(DeadlineKind.ADMISSION_NOTICE, case_key, actor=actor_of(second), now=utc_now())
    assert queries.list_mine(actor_of(first), today=TODAY)[0] == []


@pytest.mark.parametrize("kind", [DeadlineKind.COURSE_OFFERED, DeadlineKind.COURSE_UNANSWERED])
def test_what_asks_one_person_by_name_is_hers_to_answer(as_user: AsUser, kind: DeadlineKind) -> None:
    first, second, case = pair()
    row = put_up(first, case, kind)
    shown = as_user(first).get("/day").text
    assert case.reference in shown and f"/day/{row.public_id}" not in shown
    with pytest.raises(NotNow):
        worklist.give(row, second.user_id, actor=actor_of(first), now=utc_now())
    assert (row.owner_id, row.given_by_id) == (first.user_id, None)


def test_whoever_gives_it_back_has_nothing_more_to_do_with_it() -> None:
    first, second, case = pair()
    row = put_up(first, case, DeadlineKind.ADMISSION_NOTICE)
    worklist.give(row, second.user_id, actor=actor_of(first), now=utc_now())
    worklist.give(row, first.user_id, actor=actor_of(second), now=utc_now())
    assert (row.owner_id, row.given_by_id) == (first.user_id, None)
    assert queries.list_mine(actor_of(second), today=TODAY)[0] == []


def test_only_a_colleague_of_the_team_in_the_same_role_may_have_it(as_user: AsUser) -> None:
    first, second, case = pair()
    house = db.session.get_one(Organisation, first.organisation_id)
    others = [make_member(first.role, house), make_member(first.role), make_member(Role.INTAKE, house)]
    row = put_up(first, case, DeadlineKind.GOAL)
    actor = actor_of(first)
    assert day_news.list_colleagues(actor, row.public_id) == [(second.user.public_id, "Sofie Kollega")]
    for one in others:
        with pytest.raises(NotFound):
            day_news.get_colleague_id(actor, row.public_id, one.user.public_id)
    page, stranger = f"/day/{row.public_id}", others[0].user.public_id
    blocks.keep_out(case, user_id=second.user_id, reason=None, actor=actor, now=utc_now())
    assert day_news.list_colleagues(actor, row.public_id) == []
    assert as_user(first).post(f"{page}/give", data={"user": stranger}).status_code == 422
    browser = as_user(others[0])
    assert browser.post(f"{page}/give", data={"user": stranger}).status_code == 404
    assert browser.get(page).status_code == 404


def test_what_is_done_or_anothers_is_not_given_away() -> None:
    first, second, case = pair()
    row = put_up(first, case, DeadlineKind.OTHER)
    with pytest.raises(NotNow):
        worklist.give(row, first.user_id, actor=actor_of(second), now=utc_now())
    worklist.mark_done(row, actor=actor_of(first), now=utc_now())
    with pytest.raises(NotNow):
        worklist.give(row, second.user_id, actor=actor_of(first), now=utc_now())


def test_a_row_that_does_not_matter_goes_with_a_reason(as_user: AsUser) -> None:
    first, _second, case = pair()
    row, law = put_up(first, case, DeadlineKind.GOAL), put_up(first, case, DeadlineKind.ADMISSION_NOTICE)
    ids = row.id, law.id
    address, statutory = f"/day/{row.public_id}/not-relevant", f"/day/{law.public_id}/not-relevant"
    browser = as_user(first)
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(statutory, data={"reason": "Det er ikke noget"}).status_code == 409
    assert browser.post(address, data={"reason": "Hun har skiftet mening"}).status_code == 303
    assert browser.post(address, data={"reason": "Hun har skiftet mening"}).status_code == 409
    db.session.expire_all()
    states = [db.session.get_one(Deadline, one).state for one in ids]
    assert states == [DeadlineState.CANCELLED, DeadlineState.OPEN]
    said = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.DEADLINE_DROPPED)).one()
    assert said.reason == "Hun har skiftet mening"


def test_nothing_that_a_law_or_her_safety_asks_for_can_be_dropped() -> None:
    kept = STATUTORY | {DeadlineKind.RISK_REVIEW, DeadlineKind.SAFETY_REVIEW, DeadlineKind.SAFE_CONTACT_CHECK}
    assert not MAY_BE_DROPPED & (kept | {DeadlineKind.CHILD_UNSEEN, DeadlineKind.SILENCE})


def test_the_children_of_a_case_are_one_row_and_keep_their_days(as_user: AsUser) -> None:
    member = make_member()
    case, other = make_case(member), make_case(member)
    for number in range(3):
        put_up(member, case, DeadlineKind.CHILD_UNSEEN, -number, suffix=f"child{number}:2026-01-01")
    put_up(member, other, DeadlineKind.CHILD_UNSEEN, -9, suffix="child9:2026-01-01")
    rows, _next = queries.list_mine(actor_of(member), today=TODAY)
    assert [(row.case_public_id, row.together) for row in rows] == [(other.public_id, 1), (case.public_id, 3)]
    browser, page = as_user(member), f"/cases/{case.public_id}"
    text = browser.get("/day").text
    assert "Ingen har talt med 3 børn i 60 dage" in text and "Ingen har talt med 1 barn i 60 dage" in text
    # Once as the row, once as what its button says to a screen reader.
    assert browser.get(page).text.count("Ingen har talt med 3 børn i 60 dage") == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Deadline)) == 4


def test_silent_people_stand_in_a_block_of_their_own(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member, name="Amira Karim")
    # At noon: shortly before midnight the same hour of a summer's day belongs to the day after.
    case.opened_at = utc_now().replace(hour=12) - timedelta(days=41)
    db.session.flush()
    assert silence.put_up(now=utc_now()) == 1
    put_up(member, case, DeadlineKind.OTHER)
    assert [row.kind for row in queries.list_mine(actor_of(member), today=TODAY)[0]] == [DeadlineKind.OTHER]
    reference = case.reference
    today, silent = as_user(member).get("/day").text.split('id="silent"')
    assert 'id="today"' in today
    assert reference in silent and "41 dage" in silent and "Amira" not in silent


def after_signing_in(member: Membership, hours: int = 5) -> None:
    before = utc_now() - timedelta(hours=hours)
    db.session.execute(sa.update(User).where(User.id == member.user_id).values(signed_in_before_at=before))


def test_since_last_time_tells_kinds_and_references_of_what_others_did(as_user: AsUser) -> None:
    first, second, case = pair()
    log: dict[str, Any] = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "minutes": 5}
    log |= {"text": "Hemmelig tekst", "now": utc_now()}
    for member in (second, second, first):
        notes.log_contact(case, **log, actor=actor_of(member))
    assert day_news.list_since(actor_of(first), now=utc_now()) == (None, [])
    after_signing_in(first)
    since, told = day_news.list_since(actor_of(first), now=utc_now())
    assert since is not None
    assert [(one.action, one.times, one.reference) for one in told] == [(Audit.CONTACT_LOGGED, 2, case.reference)]
    reference = case.reference
    browser = as_user(first)
    after_signing_in(first)
    block = browser.get("/day").text.partition('id="since"')[2].partition("</section>")[0]
    assert reference in block and "× 2" in block
    assert "Hemmelig" not in block and "Amira" not in block and "Sofie" not in block


def test_since_last_time_tells_nothing_of_others_cases_nor_of_before() -> None:
    first, second, case = pair()
    third = make_member(first.role, db.session.get_one(Organisation, first.organisation_id))
    said = {"mode": ContactMode.PHONE, "result": ContactResult.NOT_REACHED}
    notes.log_contact(case, **said, actor=actor_of(first), now=utc_now())
    for member in (second, third):
        after_signing_in(member)
    assert day_news.list_since(actor_of(third), now=utc_now())[1] == []
    assert day_news.list_since(actor_of(make_member(Role.PROGRAMME_LEAD)), now=utc_now()) == (None, [])
    assert day_news.list_since(actor_of(second), now=utc_now())[1]
    after_signing_in(second, hours=-1)
    assert day_news.list_since(actor_of(second), now=utc_now())[1] == []
    after_signing_in(second)
    blocks.keep_out(case, user_id=second.user_id, reason=None, actor=actor_of(first), now=utc_now())
    assert day_news.list_since(actor_of(second), now=utc_now())[1] == []


def test_signing_in_keeps_when_one_was_here_before(as_user: AsUser) -> None:
    member = make_member()
    as_user(member)
    first = db.session.scalars(sa.select(User.signed_in_at).where(User.id == member.user_id)).one()
    as_user(member)
    db.session.expire_all()
    user = db.session.get_one(User, member.user_id)
    assert user.signed_in_before_at == first
