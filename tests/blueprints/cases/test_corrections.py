"""A correction begins with the note that it corrects, and each of the two says which the other is (R-825)."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import at_local, local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.notes import NoteReaders, TalkKind, TookPart
from portal.db import db
from portal.domain.notes import NoteFacts
from portal.models.cases import Note
from portal.models.children import NoteChild
from portal.services import children, notes, team
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
DAY = local_date(NOW) - timedelta(days=3)
AT = at_local(DAY, time(14, 5)) + timedelta(seconds=33)
FACTS = NoteFacts(talk=TalkKind.PRACTICAL, took_part=[TookPart.HER, TookPart.INTERPRETER])


class Story:
    """A note about one of two children, three days ago."""

    def __init__(self) -> None:
        self.member = make_member()
        self.by: dict[str, Any] = {"actor": actor_of(self.member), "now": NOW}
        self.case = make_case(self.member, now=NOW - timedelta(days=9))
        self.children = [children.add(self.case, ChildRecord(birth_year=2015), **self.by) for _number in range(2)]
        said: dict[str, Any] = {"about": self.children[:1], "themes": [NeedArea.HOUSING], "facts": FACTS}
        self.note = notes.write_note(self.case, text="Skolen ringer torsdag.", happened_at=AT, **said, **self.by)
        self.page = f"/cases/{self.case.public_id}/notes"
        self.form = f"{self.page}?corrects={self.note.public_id}"

    def last(self) -> Note:
        return db.session.scalars(sa.select(Note).order_by(Note.id.desc()).limit(1)).one()

    def about(self, note: Note) -> list[int]:
        return list(db.session.scalars(sa.select(NoteChild.child_id).where(NoteChild.note_id == note.id)))


@pytest.fixture
def story() -> Story:
    return Story()


def field(page: str, name: str) -> str:
    return str(re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)[1])  # type: ignore[index]


def ticked(page: str, name: str) -> list[str]:
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [re.search(r'value="([^"]*)"', one)[1] for one in found if " checked" in one]  # type: ignore[index]


def test_the_page_shows_what_is_corrected_and_begins_with_it(as_user: AsUser, story: Story) -> None:
    page = as_user(story.member).get(story.form).text
    form = page.partition('id="write-note"')[2].partition("</form>")[0]
    assert re.search(r"<textarea[^>]*>\s*Skolen ringer torsdag.</textarea>", form)
    assert "Det, du retter" in form
    assert f"{DAY:%d.%m.%Y} 14.05" in form
    assert (field(form, "happened_on"), field(form, "happened_at")) == (f"{DAY:%d.%m.%Y}", "14.05")
    assert ticked(form, "about") == [story.children[0].public_id]
    assert (ticked(form, "took_part"), ticked(form, "themes")) == (["her", "interpreter"], ["housing"])
    assert 'id="log-contact"' not in page


def test_saved_as_it_stands_it_says_what_the_first_one_said(as_user: AsUser, story: Story) -> None:
    browser = as_user(story.member)
    one = story.children[0].public_id
    sent = {"text": "Skolen ringer fredag.", "happened_on": f"{DAY:%d.%m.%Y}", "happened_at": "14.05"}
    more = {"talk": "practical", "took_part": ["her", "interpreter"], "themes": ["housing"], "about": [one]}
    hidden = browser.hidden(story.form, story.page)
    assert browser.post(story.page, data=hidden | sent | more).status_code == 303
    note = story.last()
    assert (note.corrects_id, note.happened_at, note.is_day_only) == (story.note.id, AT, False)
    assert (story.about(note), note.took_part, note.themes) == (
        [story.children[0].id],
        ["her", "interpreter"],
        ["housing"],
    )


def test_text_alone_keeps_the_child_and_all_else(as_user: AsUser, story: Story) -> None:
    sent = {"text": "Skolen ringer fredag.", "corrects": story.note.public_id}
    assert as_user(story.member).post(story.page, data=sent).status_code == 303
    note = story.last()
    assert (story.about(note), note.talk, note.took_part) == (
        [story.children[0].id],
        TalkKind.PRACTICAL,
        ["her", "interpreter"],
    )
    assert (note.happened_at, note.themes) == (AT, ["housing"])
    browser = as_user(story.member)
    pages = [browser.get(f"/children/{story.case.public_id}/of/{one.public_id}") for one in story.children]
    assert [(page.status_code, page.text.count("fredag")) for page in pages] == [(200, 1), (200, 0)]


def test_what_is_unticked_on_the_page_is_taken_away(as_user: AsUser, story: Story) -> None:
    browser = as_user(story.member)
    hidden = browser.hidden(story.form, story.page)
    two = story.children[1].public_id
    assert browser.post(story.page, data=hidden | {"text": "Rettet.", "about": [two]}).status_code == 303
    note = story.last()
    assert (story.about(note), note.themes, note.took_part) == ([story.children[1].id], [], [])
    # Neither day nor hour was said: as it was.
    assert note.happened_at == AT


@pytest.mark.parametrize(
    ("sent", "at", "is_day_only"),
    [
        ({"happened_on": "DAY", "happened_at": "9.30"}, at_local(DAY, time(9, 30)), False),
        ({"happened_on": "DAY"}, at_local(DAY, time(12)), True),
        ({"happened_at": "9.30"}, at_local(DAY, time(9, 30)), False),
    ],
)
def test_another_hour_is_said(
    as_user: AsUser, story: Story, sent: dict[str, str], at: datetime, is_day_only: bool
) -> None:
    browser = as_user(story.member)
    said = {name: value.replace("DAY", f"{DAY:%d.%m.%Y}") for name, value in sent.items()}
    browser.post(story.page, data=browser.hidden(story.form, story.page) | {"text": "Rettet."} | said)
    assert (story.last().happened_at, story.last().is_day_only) == (at, is_day_only)


def test_the_two_say_which_the_other_is(as_user: AsUser, story: Story) -> None:
    later = notes.write_note(story.case, text="Skolen ringer fredag.", corrects=story.note, **story.by)
    for page in (story.page, f"/cases/{story.case.public_id}"):
        text = as_user(story.member).get(page).text
        first, second = (text.partition(f'id="note-{one.public_id}"')[2] for one in (story.note, later))
        assert f'<a href="#note-{later.public_id}">rettet' in first.partition("</li>")[0], page
        words = second.partition("</li>")[0]
        assert f'<a href="#note-{story.note.public_id}">Retter notatet fra {DAY:%d.%m.%Y} 14.05 af ' in words, page
        assert ">rettet" not in words, page


def test_a_correction_for_fewer_is_not_told_of_to_the_others(as_user: AsUser, story: Story) -> None:
    colleague = make_member(organisation=story.member.organisation)
    team.join_team(story.case.id, colleague.user_id, actor=actor_of(colleague), now=NOW)
    facts = NoteFacts(readers=NoteReaders.WORKER)
    notes.write_note(story.case, text="Kun for os.", corrects=story.note, facts=facts, **story.by)
    assert ">rettet" in as_user(story.member).get(story.page).text
    text = as_user(colleague).get(story.page).text
    assert ("Skolen ringer torsdag." in text, ">rettet" in text, "Kun for os." in text) == (True, False, False)


def test_whoever_does_not_read_the_journal_is_not_shown_a_note_by_correcting_it(as_user: AsUser, story: Story) -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    team.join_team(story.case.id, adviser.user_id, actor=actor_of(story.member), now=NOW)
    browser = as_user(adviser)
    assert browser.get(story.page).status_code == 200
    assert browser.get(story.form).status_code == 404
    assert browser.post(story.page, data={"text": "x", "corrects": story.note.public_id}).status_code == 404


def a_note(browser: Any, story: Story, **sent: str) -> str:
    assert browser.post(story.page, data={"text": "Set i dag.", **sent}).status_code == 303
    text: str = browser.get(story.page).text
    return text.partition(f'id="note-{story.last().public_id}"')[2].partition("</li>")[0]


def test_no_hour_is_shown_where_none_was_said(as_user: AsUser, story: Story) -> None:
    browser, before = as_user(story.member), DAY - timedelta(days=1)
    words = a_note(browser, story, happened_on=f"{before:%d.%m.%Y}")
    assert ("12.00" in words, "skrevet" in words, "kl." in words) == (False, True, False)
    assert f'value="{before:%d.%m.%Y}"' in (page := browser.get(f"{story.page}?corrects={story.last().public_id}").text)
    assert 'value="12.00"' not in page
    # A day alone is today, too, before noon; and an hour alone is today's.
    a_note(browser, story, happened_on=f"{local_date(utc_now()):%d.%m.%Y}")
    assert story.last().is_day_only
    assert "kl. 00.00" in a_note(browser, story, happened_at="0.00")
    assert local_date(story.last().happened_at) == local_date(utc_now())


def test_an_undone_contact_is_undone_and_not_corrected(as_user: AsUser, story: Story) -> None:
    talk = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED}
    by = story.by | {"now": NOW + timedelta(seconds=1)}
    contact = notes.log_contact(story.case, **talk, **by)
    notes.undo_contact(story.case, contact, **by)
    text = as_user(story.member).get(story.page).text
    assert ("fortrudt, tæller ikke med" in text, ">rettet" in text, "Retter notatet" in text) == (True, False, False)
