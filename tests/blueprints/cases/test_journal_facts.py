"""The journal's page: kinds of talks, who was there, who reads, what is pinned, and a day to come back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.notes import NoteReaders
from portal.db import db
from portal.domain.cases import Unfinished
from portal.domain.notes import NoteFacts
from portal.models.cases import Note, NotePin
from portal.models.deadlines import Deadline
from portal.services import closing, notes, team
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)


@pytest.fixture
def world() -> dict[str, Any]:
    member = make_member()
    case = make_case(member, now=NOW)
    note = notes.write_note(case, text="Skolen ringer om torsdagen.", actor=actor_of(member), now=NOW)
    return {"member": member, "case": case, "note": note, "page": f"/cases/{case.public_id}/notes"}


def test_what_is_said_of_a_talk_stands_in_the_journal(as_user: Callable[..., Any], world: dict[str, Any]) -> None:
    browser, day = as_user(world["member"]), TODAY + timedelta(days=5)
    said = {"talk": "mother_child", "took_part": ["her", "interpreter"], "readers": "worker"}
    answer = browser.post(world["page"], data={"text": "Talt sammen.", "follow_up_on": f"{day:%d.%m.%Y}", **said})
    assert answer.status_code == 303
    text = browser.get(world["page"]).text
    for words in (
        "Samtale med mor og barn",
        "med hende selv, tolk",
        "Kun den, der skriver, og hendes kontaktperson her",
    ):
        assert words in text, words
    assert db.session.scalars(sa.select(Deadline.due_on).where(Deadline.due_on == day)).all() == [day]
    assert "Følg op på et notat" in browser.get(f"/cases/{world['case'].public_id}").text


def test_a_talk_written_as_a_note_says_that_it_was_with_her(as_user: Callable[..., Any], world: dict[str, Any]) -> None:
    browser = as_user(world["member"])
    form = browser.get(world["page"]).text.partition('id="write-note"')[2]
    # In view beside the kind of talk, not folded away.
    assert form.index('name="talk"') < form.index('name="took_part"') < form.index("<summary>Mere")
    assert "en samtale med hende" in form
    assert browser.post(world["page"], data={"text": "Om volden.", "talk": "violence"}).status_code == 303
    assert "med hende selv" in browser.get(world["page"]).text


def test_a_day_that_is_over_is_said_beside_the_field_and_what_was_typed_stays(
    as_user: Callable[..., Any], world: dict[str, Any]
) -> None:
    for path, data in (
        (world["page"], {"text": "Talt om kontrakten."}),
        (
            f"/cases/{world['case'].public_id}/contacts",
            {"result": "reached", "mode": "phone", "text": "Talt om huslejen."},
        ),
    ):
        answer = as_user(world["member"]).post(path, data={**data, "follow_up_on": f"{TODAY:%d.%m.%Y}"})
        assert answer.status_code == 422
        assert "Vælg en dag fra i morgen og højst et år frem." in answer.text
        assert data["text"] in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 1


@pytest.mark.parametrize("field", ["talk", "took_part", "readers"])
def test_a_word_that_is_no_choice_changes_nothing(
    as_user: Callable[..., Any], world: dict[str, Any], field: str
) -> None:
    answer = as_user(world["member"]).post(world["page"], data={"text": "x", field: "escort"})
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 1


def test_a_note_is_pinned_shown_first_and_taken_down(as_user: Callable[..., Any], world: dict[str, Any]) -> None:
    browser, of_note = as_user(world["member"]), f"{world['page']}/{world['note'].public_id}"
    assert browser.post(f"{of_note}/pin").headers["Location"].endswith("/notes")
    for page in (world["page"], f"/cases/{world['case'].public_id}"):
        text = browser.get(page).text
        assert text.index('id="pinned"') < text.index("Skolen ringer om torsdagen.") < text.index('id="past"'), page
    answer = browser.post(f"{of_note}/unpin", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].endswith("/notes")
    assert 'id="pinned"' not in browser.get(world["page"]).text


def test_a_fourth_pin_and_a_closed_case_are_refused(as_user: Callable[..., Any], world: dict[str, Any]) -> None:
    browser, actor = as_user(world["member"]), actor_of(world["member"])
    rows = [notes.write_note(world["case"], text="x", actor=actor, now=NOW) for _number in range(3)]
    answers = [browser.post(f"{world['page']}/{note.public_id}/pin").status_code for note in (world["note"], *rows)]
    assert answers == [303, 303, 303, 409]
    closing.close_case(world["case"], Unfinished(), actor=actor, now=NOW)
    assert browser.post(f"{world['page']}/{rows[0].public_id}/unpin").status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NotePin)) == 3


def test_strangers_and_those_for_whom_it_is_not_written_find_nothing(
    as_user: Callable[..., Any], world: dict[str, Any]
) -> None:
    case, home = world["case"], world["member"].organisation
    colleague, stranger = make_member(organisation=home), make_member()
    team.join_team(case.id, colleague.user_id, actor=actor_of(colleague), now=NOW)
    facts = NoteFacts(readers=NoteReaders.WORKER)
    actor = actor_of(world["member"])
    hidden = notes.write_note(case, text="Kun for to.", actor=actor, now=NOW, facts=facts)
    browser = as_user(colleague)
    assert "Kun for to." not in browser.get(world["page"]).text
    assert browser.get(f"{world['page']}?corrects={hidden.public_id}").status_code == 404
    assert browser.post(world["page"], data={"text": "x", "corrects": hidden.public_id}).status_code == 404
    for person in (colleague, stranger):
        for move in ("pin", "unpin"):
            path = f"{world['page']}/{hidden.public_id}/{move}"
            assert as_user(person).post(path).status_code == 404, (person, move)
    assert as_user(make_member(Role.VOLUNTEER)).post(f"{world['page']}/{hidden.public_id}/pin").status_code == 403


def test_the_journal_costs_the_same_with_three_pins(
    as_user: Callable[..., Any], world: dict[str, Any], count_queries: Any
) -> None:
    browser, actor, counted = as_user(world["member"]), actor_of(world["member"]), []
    for times in (1, 3):
        for _time in range(times):
            note = notes.write_note(world["case"], text="x", actor=actor, now=NOW)
            if times > 1 or not counted:
                browser.post(f"{world['page']}/{note.public_id}/pin")
        browser.get(world["page"])
        count_queries.start()
        assert browser.get(world["page"]).status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12, counted
