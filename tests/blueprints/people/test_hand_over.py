"""The page of a hand-over: references and numbers, one choice, one receipt."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.enums import Role
from portal.db import db
from portal.models.users import Membership
from tests.factories.leavers import make_leaver, team_of
from tests.factories.people import make_member
from tests.factories.sign_in import grow_old
from tests.services.test_house_blocks import close_to_house
from tests.support.counting import Counter

AsUser = Callable[..., Any]
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.usefixtures("session")


def page_of(membership: Membership) -> str:
    return f"/people/{membership.public_id}/hand-over"


def test_fourteen_cases_are_handed_over_and_the_role_ends_in_one_sending(as_user: AsUser) -> None:
    made = make_leaver(14)
    page, browser, ids = page_of(made.worker), as_user(made.administrator), [case.id for case in made.cases]
    theirs, ane_id = as_user(made.worker), made.ane.user_id
    choice = {"everyone": made.ane.user.public_id, "do": "end"}
    shown = browser.get(page)
    assert len(re.findall(r'name="to_', shown.text)) == 14
    sent = dict(re.findall(r'name="(to_[^"]+)".*?value="([^"]+)" selected', shown.text, re.S))
    sent |= dict.fromkeys(re.findall(r'name="(to_[^"]+)"', shown.text), "nobody") | choice
    answer = browser.submit(page, data=sent)
    assert answer.status_code == 303
    receipt = browser.get(answer.location)
    assert receipt.text.count('<td data-label="Går til">Ane</td>') == 14
    assert [team_of(case_id) for case_id in ids] == [[(ane_id, True)]] * 14
    assert theirs.get("/day").status_code == 303


def test_the_page_shows_references_and_numbers_and_nobodys_name(as_user: AsUser) -> None:
    made = make_leaver(1)
    case = made.cases[0]
    for viewer in (made.administrator, made.safety_officer, made.lead):
        text = as_user(viewer).get(page_of(made.worker)).text
        assert case.lead_reference in text
        assert case.reference not in text
    own = as_user(made.worker).get(page_of(made.worker)).text
    assert case.reference in own
    assert case.lead_reference not in own


def test_the_number_of_statements_does_not_grow_with_the_cases(as_user: AsUser, count_queries: Counter) -> None:
    seen = []
    for count in (1, 14):
        made = make_leaver(count)
        page = page_of(made.worker)
        for viewer in (made.administrator, made.lead):
            browser = as_user(viewer)
            browser.get(page)
            count_queries.start()
            browser.get(page)
            seen.append(count_queries.stop())
    assert seen[:2] == seen[2:], count_queries.statements
    assert max(seen) <= 12, seen


def test_numbers_are_counted_once_more_without_saving(as_user: AsUser) -> None:
    made = make_leaver(2)
    browser, page, ids = as_user(made.administrator), page_of(made.worker), [case.id for case in made.cases]
    bea, worker_id = made.bea.user.public_id, made.worker.user_id
    answer = browser.submit(page, data={"everyone": bea, "do": "preview"})
    assert answer.status_code == 200
    assert re.search(r"<td>Bea</td>.*?<strong>2</strong>", answer.text, re.S)
    assert [team_of(case_id)[0][0] for case_id in ids] == [worker_id] * 2


def test_a_row_without_a_choice_stands_beside_its_message(as_user: AsUser) -> None:
    made = make_leaver(1)
    browser, page, key = as_user(made.administrator), page_of(made.worker), made.cases[0].public_id
    for wrong in ("", "somebody-else"):
        answer = browser.submit(page, data={f"to_{key}": wrong, "do": "end"})
        assert answer.status_code == 422
        assert f'id="to_{key}-error"' in answer.text


def test_a_second_click_leads_to_the_receipt(as_user: AsUser) -> None:
    made = make_leaver(1)
    browser, page, key = as_user(made.administrator), page_of(made.worker), made.cases[0].public_id
    ane = made.ane.user.public_id
    form = browser.hidden(page, page) | {f"to_{key}": ane, "do": "end"}
    assert browser.post(page, data=form).status_code == 303
    again = browser.post(page, data=form)
    assert again.status_code == 303
    assert "Kvittering" in browser.get(again.location).text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROGRAMME_LEAD, Role.PROGRAMME_WORKER])
def test_at_another_organisation_there_is_nothing(as_user: AsUser, role: Role) -> None:
    made = make_leaver(1)
    browser = as_user(make_member(role))
    assert browser.get(page_of(made.worker)).status_code == 404
    assert browser.post(page_of(made.worker)).status_code == 404


def test_a_colleague_sees_nothing_and_a_lead_ends_nothing(as_user: AsUser) -> None:
    made = make_leaver(1)
    page, lead, bea = page_of(made.worker), as_user(made.lead), as_user(made.bea)
    ane = made.ane.user.public_id
    assert bea.get(page).status_code == 404
    assert 'value="end"' not in lead.get(page).text
    form = lead.hidden(page, page) | {"everyone": ane, f"to_{made.cases[0].public_id}": ane, "do": "end"}
    assert lead.post(page, data=form).status_code == 403


def test_only_the_end_asks_for_a_fresh_proof_and_what_was_chosen_is_sent_on(as_user: AsUser) -> None:
    made = make_leaver(1)
    case_id, worker, ane = made.cases[0].id, made.worker.id, made.ane.user
    page, browser, key = page_of(made.worker), as_user(made.administrator), made.cases[0].public_id
    chosen, ane_id = {"everyone": "", f"to_{key}": ane.public_id}, ane.id
    form = browser.hidden(page, page) | chosen
    grow_old()
    assert browser.post(page, data=form | {"do": "preview"}).status_code == 200
    asked = browser.post(page, data=form | {"do": "end"})
    assert asked.status_code == 409
    assert db.session.get_one(Membership, worker).ended_at is None
    kept = browser.hidden_in(asked, "/step-up")
    assert {"do": "end", f"to_{key}": ane.public_id}.items() <= kept.items()
    sent = browser.post("/step-up", data=kept | {"proof_code": PASSWORD})
    assert (sent.status_code, sent.location) == (307, page)
    assert browser.post(page, data=form | {"do": "end"}).status_code == 303
    assert db.session.get_one(Membership, worker).ended_at is not None
    assert team_of(case_id) == [(ane_id, True)]


def test_handing_over_without_an_end_asks_for_no_proof(as_user: AsUser) -> None:
    made = make_leaver(1)
    page, key, ane = page_of(made.worker), made.cases[0].public_id, made.ane.user.public_id
    browser = as_user(made.lead)
    form = browser.hidden(page, page) | {f"to_{key}": ane, "do": "move"}
    grow_old()
    assert browser.post(page, data=form).status_code == 303


def test_somebody_without_work_is_ended_from_the_same_page(as_user: AsUser) -> None:
    made = make_leaver(0)
    browser, page, worker_id = as_user(made.administrator), page_of(made.worker), made.worker.id
    assert browser.submit(page, data={"do": "end"}).status_code == 303
    assert db.session.get_one(Membership, worker_id).ended_at is not None


def test_the_last_one_in_a_role_is_refused_with_a_sentence(as_user: AsUser) -> None:
    made = make_leaver(0)
    browser, page = as_user(made.safety_officer), page_of(made.administrator)
    answer = browser.submit(page, data={"do": "end"})
    assert answer.status_code == 422
    assert "Hun er den sidste her i den rolle" in answer.text


def test_a_lead_tells_cases_apart_by_their_courses_and_nobody_else_sees_them(as_user: AsUser) -> None:
    made = make_leaver(2)
    viewers = {
        "lead": made.lead,
        "own": made.worker,
        "administrator": made.administrator,
        "safety": made.safety_officer,
    }
    seen = {name: as_user(viewer).get(page_of(made.worker)).text for name, viewer in viewers.items()}
    assert [name for name, text in seen.items() if "CTI, " in text] == ["lead"]


@pytest.mark.parametrize("role", ["administrator", "lead"])
def test_a_case_that_the_reader_is_kept_out_of_is_not_there(as_user: AsUser, role: str) -> None:
    made = make_leaver(2)
    reader, hidden, shown = getattr(made, role), *made.cases
    browser, page, ane = as_user(reader), page_of(made.worker), made.ane.user.public_id
    words = "Her står kun det, du må kende til"
    before = browser.get(page).text
    assert hidden.lead_reference in before
    references = (hidden.lead_reference, shown.lead_reference)
    close_to_house(hidden, reader)
    after = browser.get(page).text
    assert [reference in after for reference in references] == [False, True]
    assert hidden.public_id not in after
    # What the page says of it is the same whether or not there is such a case.
    assert words in before
    assert words in after
    answer = browser.submit(page, data={"everyone": ane, "do": "move"})
    assert [reference in browser.get(answer.location).text for reference in references] == [False, True]
