"""Opening a case in an emergency, the page it opens, and all the pages that it does not."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.rights import ErasureBasis
from portal.core.states import CaseState
from portal.db import db
from portal.domain.relations import EMERGENCY_ROLES
from portal.models.access import BreakGlass
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import blocks, cases, erasure, notes
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
PAGE = "/safety/emergency"
WHY = "Hun ringer og er i fare nu"
EDITED = ("identity", "municipality", "safe-contact", "address", "children", "stay", "move", "safety", "consents",
          "keep-out", "close", "notes", "team")  # fmt: skip


def make_pair(role: Role = Role.CONTACT_PERSON) -> tuple[Case, Membership, Membership]:
    owner = make_member()
    case = make_case(owner, name="Amira Karim", phone="12345678")
    notes.write_note(case, text="Hun sover hos sin søster", actor=actor_of(owner), now=utc_now())
    cases.set_address(case, protection_level=1, address="Hemmeligvej 1", actor=actor_of(owner), now=utc_now())
    return case, owner, make_member(role, owner.organisation)


def ask(browser: Any, case: Case, **changed: str) -> Any:
    given = {"reference": case.reference, "category": "acute_danger", "reason": WHY} | changed
    return browser.submit(PAGE, PAGE, given)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_whoever_works_with_cases_may_ask(as_user: AsUser, role: Role) -> None:
    expected = 200 if role in EMERGENCY_ROLES else 403
    assert as_user(make_member(role)).get(PAGE).status_code == expected


def test_it_leads_to_the_case_and_says_until_when(as_user: AsUser) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    assert browser.get(f"/cases/{case.public_id}").status_code == 404
    answer = ask(browser, case)
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.public_id}")
    text = browser.get(answer.location).text
    assert "Amira Karim" in text and "Hun sover hos sin søster" in text
    assert f"/safety/emergency/{case.public_id}/end" in text
    assert "Hemmeligvej" not in text
    seen = db.session.scalars(sa.select(AccessEntry.relation).where(AccessEntry.actor_id == colleague.user_id)).all()
    assert seen == ["BG"]


@pytest.mark.parametrize("role", sorted(EMERGENCY_ROLES))
def test_every_role_that_may_gets_the_page(as_user: AsUser, role: Role) -> None:
    case, _owner, colleague = make_pair(role)
    browser = as_user(colleague)
    assert browser.get(ask(browser, case).location).status_code == 200


def test_the_team_reads_at_once_who_opened_it_as_what_and_why(as_user: AsUser) -> None:
    case, owner, colleague = make_pair(Role.HOUSING_COORDINATOR)
    colleague.user.name, page = "Ditte Dal", f"/cases/{case.public_id}"
    browser, team = as_user(colleague), as_user(owner)
    assert "Nødadgang åbnet" not in team.get(page).text
    ask(browser, case)
    past = team.get(page).text.partition('id="past"')[2].partition("</section>")[0]
    line = re.search(r"<li>\s*<strong>[^<]*Nødadgang åbnet</strong>(.*?)</li>", past, re.S)
    assert line is not None
    for word in ("Boligkoordinator", "Hun eller et barn er i fare nu", "Ditte Dal"):
        assert word in unescape(line[1])
    looks = team.get(f"{page}/looks").text
    row = next(row for row in looks.split("<tr")[1:] if "Nødadgang åbnet" in row)
    for word in ("Ditte Dal", "Boligkoordinator", WHY, "nødadgang", "uden for teamet"):
        assert word in unescape(row)


def test_her_own_report_tells_of_the_opening_without_a_name(as_user: AsUser) -> None:
    case, owner, colleague = make_pair()
    colleague.user.name = "Ditte Dal"
    ask(as_user(colleague), case)
    report = as_user(owner).get(f"/cases/{case.public_id}/looks/report").text
    assert "Nødadgang åbnet" in report
    assert "Ditte Dal" not in report


def test_no_page_on_which_something_is_changed_opens(as_user: AsUser) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    ask(browser, case)
    for path in EDITED:
        url = f"/cases/{case.public_id}/{path}"
        assert browser.get(url).status_code in (403, 404, 405), url
        assert browser.post(url, data={}).status_code in (403, 404, 405), url


def test_the_page_offers_no_way_to_change_anything(as_user: AsUser) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    main = browser.get(ask(browser, case).location).text.partition("<main")[2].partition("</main>")[0]
    forms = set(re.findall(r'action="([^"]+)"', main))
    assert forms == {f"/safety/emergency/{case.public_id}/end"}
    for link in re.findall(r'href="(/[^"#]*)"', main):
        assert browser.get(unescape(link)).status_code == 200, link


def test_ending_it_closes_the_page_at_once(as_user: AsUser) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    ask(browser, case)
    assert browser.submit(f"/cases/{case.public_id}", f"/safety/emergency/{case.public_id}/end").status_code == 303
    assert browser.get(f"/cases/{case.public_id}").status_code == 404
    assert browser.post(f"/safety/emergency/{case.public_id}/end", data={}).status_code == 404


def test_after_the_hour_the_case_is_not_there(as_user: AsUser, session: Any) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    ask(browser, case)
    back = sa.literal(timedelta(minutes=61), sa.Interval)
    session.execute(
        sa.update(BreakGlass).values(started_at=BreakGlass.started_at - back, ends_at=BreakGlass.ends_at - back)
    )
    assert browser.get(f"/cases/{case.public_id}").status_code == 404


def test_what_may_not_be_opened_is_one_answer(as_user: AsUser) -> None:
    _case, owner, colleague = make_pair()
    blocked = make_case(owner)
    blocks.keep_out(blocked, user_id=colleague.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    browser, bodies = as_user(colleague), set()
    for reference in (blocked.reference, make_case().reference, "2026-9999"):
        answer = ask(browser, blocked, reference=reference)
        assert answer.status_code == 422
        bodies.add(without_fresh(answer.text).replace(reference, "…"))
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "changed",
    [{"reason": "kort"}, {"reason": "a" * 40}, {"reason": "ord " * 100}, {"category": "curious"}, {"category": ""},
     {"reference": ""}, {"reference": "2026-0001" * 9}, {"reason": ""}],
)  # fmt: skip
def test_what_was_typed_is_kept_when_it_is_refused(as_user: AsUser, changed: dict[str, str]) -> None:
    case, _owner, colleague = make_pair()
    answer = ask(as_user(colleague), case, **changed)
    assert answer.status_code == 422
    typed = {"reference": case.reference, "reason": WHY} | changed
    for name in ("reference", "reason"):
        assert typed[name].strip() in unescape(answer.text)
    assert db.session.scalars(sa.select(BreakGlass.id)).all() == []


def test_a_used_quota_says_so_beside_what_was_typed(as_user: AsUser) -> None:
    _case, owner, colleague = make_pair()
    browser = as_user(colleague)
    for _number in range(3):
        assert ask(browser, make_case(owner)).status_code == 303
    answer = ask(browser, make_case(owner))
    assert answer.status_code in (403, 422)
    assert "sikkerhedsansvarlig" in answer.text.lower()


@pytest.mark.parametrize("why_not", ["quota", "unreviewed"])
def test_whoever_may_not_use_it_learns_of_no_case(as_user: AsUser, session: Any, why_not: str) -> None:
    case, owner, colleague = make_pair()
    blocked, closed, erased, elsewhere = make_case(owner), make_case(owner), make_case(owner), make_case()
    blocks.keep_out(blocked, user_id=colleague.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    session.execute(sa.update(Case).where(Case.id == closed.id).values(state=CaseState.CLOSED, closed_at=utc_now()))
    session.execute(sa.update(Case).where(Case.id == erased.id).values(erased_at=utc_now()))
    browser = as_user(colleague)
    for _number in range(3 if why_not == "quota" else 1):
        ask(browser, make_case(owner))
    if why_not == "unreviewed":
        back = sa.literal(timedelta(hours=49), sa.Interval)
        session.execute(
            sa.update(BreakGlass).values(started_at=BreakGlass.started_at - back, ends_at=BreakGlass.ends_at - back)
        )
    references = [one.reference for one in (case, blocked, closed, erased, elsewhere)]
    answers = [ask(browser, case, reference=reference) for reference in (*references, "2026-9999")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({without_fresh(answer.text) for answer in answers}) == 1
    tried = sa.select(AuditEntry.case_id).where(
        AuditEntry.action == Audit.ACCESS_DENIED, AuditEntry.actor_id == colleague.user_id
    )
    assert blocked.id in session.scalars(tried).all()


@pytest.mark.parametrize("what", ["block", "erasure"])
@pytest.mark.parametrize("why_not", ["quota", "unreviewed"])
def test_what_was_used_counts_whatever_becomes_of_the_case(
    as_user: AsUser, session: Any, what: str, why_not: str
) -> None:
    _case, owner, colleague = make_pair()
    browser, used = as_user(colleague), [make_case(owner) for _number in range(3 if why_not == "quota" else 1)]
    for one in used:
        assert ask(browser, one).status_code == 303
    if why_not == "unreviewed":
        back = sa.literal(timedelta(hours=49), sa.Interval)
        session.execute(
            sa.update(BreakGlass).values(started_at=BreakGlass.started_at - back, ends_at=BreakGlass.ends_at - back)
        )
    first = session.get_one(Case, used[0].id)
    if what == "block":
        blocks.keep_out(first, user_id=colleague.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    else:
        first.state, first.closed_at = CaseState.CLOSED, utc_now()
        session.flush()
        erasure.erase(first, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=utc_now())
    assert ask(browser, make_case(owner)).status_code == 403


def test_one_of_an_erased_case_is_looked_at_all_the_same(as_user: AsUser, session: Any) -> None:
    case, owner, colleague = make_pair()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    ask(as_user(colleague), case)
    case = session.get_one(Case, case.id)
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    session.flush()
    erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=utc_now())
    opened = session.scalars(sa.select(BreakGlass.public_id)).one()
    browser, page = as_user(officer), "/safety/emergencies"
    sent = {"verdict": "justified", "remark": "Ringede selv"}
    assert browser.submit(page, f"{page}/{opened}", sent).status_code == 303
    row = session.scalars(sa.select(BreakGlass).execution_options(populate_existing=True)).one()
    assert (row.verdict, row.remark, row.reason) == ("justified", None, None)


def test_a_double_click_opens_it_once(as_user: AsUser) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    sent = browser.hidden(PAGE, PAGE) | {"reference": case.reference, "category": "acute_danger", "reason": WHY}
    assert [browser.post(PAGE, data=sent).status_code for _click in range(2)] == [303, 303]
    lines = sa.select(AuditEntry.id).where(AuditEntry.action == Audit.BREAK_GLASS_OPENED)
    assert len(db.session.scalars(lines).all()) == 1


def test_the_page_in_an_emergency_costs_few_statements(as_user: AsUser, count_queries: Counter) -> None:
    case, _owner, colleague = make_pair()
    browser = as_user(colleague)
    ask(browser, case)
    count_queries.start()
    browser.get(f"/cases/{case.public_id}")
    assert count_queries.stop() <= 12
