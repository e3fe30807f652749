"""The page of a note in the wrong case: who comes to it, what she presses, and what is read there and nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TeamScope
from portal.core.notes import NoteAside, NoteReaders
from portal.db import db
from portal.domain.cases import Unfinished
from portal.domain.notes import NoteFacts
from portal.models.cases import Case, Note, TeamMember
from portal.models.misplaced import NoteMisplacement
from portal.services import cases, closing, notes
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
SECRET = "Hun bor hos sin søster i Vejle."
FORM = {"where": "nowhere", "reason": "wrong_case"}


class World:
    """The wrong case with its writer and a colleague, and the note; the right case is the writer's alone."""

    def __init__(self, *, readers: NoteReaders = NoteReaders.TEAM) -> None:
        self.member = make_member()
        self.colleague = make_member(Role.CONTACT_PERSON, self.member.organisation)
        case, other = make_case(self.member, now=NOW), make_case(self.member, now=NOW)
        cases.join_team(case.id, self.colleague.user_id, actor=actor_of(self.member), now=NOW)
        facts = NoteFacts(readers=readers)
        note = notes.write_note(case, text=SECRET, facts=facts, actor=actor_of(self.member), now=NOW)
        self.case_id, self.other_id, self.note_id = case.id, other.id, note.id
        self.house = self.member.organisation
        self.number, self.other_key = other.reference, other.public_id
        self.journal = f"/cases/{case.public_id}/notes"
        self.detail = f"/cases/{case.public_id}"
        self.page = f"{self.journal}/{note.public_id}/misplaced"

    @property
    def to_other(self) -> dict[str, str]:
        return FORM | {"where": "another_case", "number": self.number}


def aside(world: World) -> NoteAside | None:
    return db.session.scalar(sa.select(Note.aside).where(Note.id == world.note_id))


def test_the_whole_way_with_plain_forms(as_user: AsUser) -> None:
    world = World()
    browser = as_user(world.member)
    assert f'href="{world.page}"' in browser.get(world.journal).text
    shown = browser.get(world.page).text
    assert SECRET in shown and "Det hører til en anden sag" in shown and "<title>Portal</title>" in shown
    form = browser.hidden(world.page, world.page) | world.to_other | {"remark": "Samme fornavn."}
    sent = browser.post(world.page, data=form)
    assert (sent.status_code, sent.location) == (303, world.page)
    # The same form again leads where it led; it is asked once.
    assert browser.post(world.page, data=form).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NoteMisplacement)) == 1
    for page in (world.journal, world.detail):
        text = browser.get(page).text
        assert SECRET not in text
        assert "Et notat er lagt til side, det venter på en anden person" in text and world.page in text, page
    second = as_user(world.colleague)
    day = second.get("/day").text
    assert "Et notat er lagt til side og venter på en anden person" in day and f'href="{world.journal}"' in day
    shown = second.get(world.page).text
    assert SECRET in shown and "Samme fornavn." in shown and world.number not in shown
    yes = f"{world.page}/take-out"
    sent = second.post(yes, data=second.hidden_in(second.get(world.page), yes))
    assert (sent.status_code, sent.location) == (303, world.journal)
    shell = second.get(world.journal).text
    assert SECRET not in shell and "fordi: skrevet i den forkerte sag" in shell
    assert "Et notat blev taget ud af sagen" in shell and world.number not in shell
    there = as_user(world.member).get(f"/cases/{world.other_key}/notes").text
    assert SECRET in there and "flyttet hertil fra en anden sag" in there
    assert "Et notat blev flyttet hertil fra en anden sag" in there
    assert SECRET not in browser.get(world.page).text


def test_with_htmx_the_page_is_opened_anew(as_user: AsUser) -> None:
    world = World()
    sent = as_user(world.member).post(world.page, data=FORM, headers={"HX-Request": "true"})
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (200, world.page)


def test_what_is_not_filled_in_or_not_hers_to_name_is_said_beside_the_field(as_user: AsUser) -> None:
    world = World()
    browser = as_user(world.member)
    none = make_case(make_member()).reference
    said = "Du arbejder ikke i en åben sag med det nummer."
    pairs: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "Vælg"),
        ({"where": "another_case", "reason": "wrong_case"}, "Skriv nummeret på den anden sag."),
        (world.to_other | {"number": none}, said),
        (world.to_other | {"number": "2030-9999", "remark": "En linje"}, said),
    )
    for data, words in pairs:
        answer = browser.post(world.page, data=data)
        assert answer.status_code == 422 and words in answer.text, data
    assert "En linje" in answer.text and SECRET in answer.text
    assert aside(world) is None


def test_the_second_person_says_no_and_why(as_user: AsUser) -> None:
    world = World()
    as_user(world.member).post(world.page, data=world.to_other)
    browser = as_user(world.colleague)
    empty = browser.post(f"{world.page}/leave", data={})
    assert empty.status_code == 422 and "Skriv kort, hvorfor det bliver stående." in empty.text
    sent = browser.post(f"{world.page}/leave", data={"answer": "Det er den rigtige Amira."})
    assert (sent.status_code, sent.location) == (303, world.journal)
    shown = as_user(world.member).get(world.page).text
    assert "Det er den rigtige Amira." in shown and SECRET in shown and aside(world) is None


def test_whoever_asked_calls_it_back_and_names_another_case(as_user: AsUser) -> None:
    world = World()
    browser = as_user(world.member)
    browser.post(world.page, data=world.to_other)
    place = sa.select(TeamMember).where(TeamMember.case_id == world.other_id)
    db.session.scalars(place).one().ended_at = NOW
    db.session.commit()
    assert "Nævn en anden nedenfor" in browser.get(world.page).text
    second = as_user(world.colleague)
    shown = second.get(world.page).text
    assert "før du kan sige ja" in shown and f"{world.page}/take-out" not in shown
    late = second.post(f"{world.page}/take-out", data={"version": "1"})
    assert late.status_code == 409 and "arbejder ikke længere i den" in late.text
    another = f"{world.page}/another"
    refused = browser.post(another, data={"where": "another_case", "number": world.number})
    assert refused.status_code == 422 and "Du arbejder ikke i en åben sag" in refused.text
    assert browser.post(another, data={"where": "nowhere"}).status_code == 303
    # What she said yes to is another thing now.
    assert second.post(f"{world.page}/take-out", data={"version": "1"}).status_code == 409
    assert browser.post(f"{world.page}/call-back").status_code == 303
    assert aside(world) is None and SECRET in browser.get(world.journal).text


def test_strangers_and_those_with_a_part_and_wrong_roles(as_user: AsUser) -> None:
    world = World()
    part = make_member(Role.MUNICIPAL_ADVISER)
    lead, volunteer = make_member(Role.PROGRAMME_LEAD, world.house), make_member(Role.VOLUNTEER, world.house)
    as_user(world.member).post(world.page, data=world.to_other)
    db.session.add(
        TeamMember(
            case_id=world.case_id,
            user_id=part.user_id,
            membership_id=part.id,
            organisation_id=part.organisation_id,
            scope=TeamScope.MUNICIPAL,
            joined_at=NOW,
        )
    )
    db.session.commit()
    posts = ("", "/another", "/call-back", "/leave", "/take-out")
    data = FORM | {"answer": "x", "version": "1"}
    for who, status in ((make_member(), 404), (part, 403), (lead, 403), (volunteer, 403)):
        browser = as_user(who)
        assert browser.get(world.page).status_code == status
        assert {browser.post(world.page + path, data=data).status_code for path in posts} == {status}
    # What is the asker's to do is not the second person's, and the other way round.
    asker, second = as_user(world.member), as_user(world.colleague)
    assert [asker.post(world.page + path, data=data).status_code for path in ("/leave", "/take-out")] == [403, 403]
    assert [second.post(world.page + path, data=data).status_code for path in ("/another", "/call-back")] == [403, 403]
    assert asker.get(f"{world.journal}/nothing/misplaced").status_code == 404
    assert aside(world) is NoteAside.WAITS


def test_the_wrong_moment(as_user: AsUser) -> None:
    world = World()
    second = as_user(world.colleague)
    data = {"answer": "x", "version": "1"} | FORM
    for path in ("/another", "/call-back", "/leave", "/take-out"):
        assert second.post(world.page + path, data=data).status_code == 409, path
    as_user(world.member).post(world.page, data=FORM)
    assert second.post(world.page, data=FORM).status_code == 409
    assert second.post(f"{world.page}/take-out", data={"version": "1"}).status_code == 303
    late = second.post(f"{world.page}/leave", data=data)
    assert late.status_code == 409 and "Der er taget stilling til det" in late.text


def test_a_note_that_waits_is_neither_pinned_nor_corrected_nor_undone(as_user: AsUser) -> None:
    world = World()
    browser = as_user(world.member)
    browser.post(world.page, data=FORM)
    key = world.page.split("/")[-2]
    assert browser.post(f"{world.journal}/{key}/pin").status_code == 404
    assert browser.post(world.journal, data={"text": "Rettet.", "corrects": key}).status_code == 404
    assert browser.get(f"{world.journal}?corrects={key}").status_code == 404
    shown = browser.get(world.journal).text
    assert f"corrects={key}" not in shown and f"{key}/pin" not in shown


def test_whoever_does_not_read_the_note_decides_by_who_when_why_and_how_long(as_user: AsUser) -> None:
    world = World(readers=NoteReaders.WORKER)
    as_user(world.member).post(world.page, data=FORM)
    browser = as_user(world.colleague)
    shown = browser.get(world.page).text
    assert SECRET not in shown and f"Antal tegn: {len(SECRET)}" in shown and "Skrevet i den forkerte sag" in shown
    assert browser.post(f"{world.page}/take-out", data={"version": "1"}).status_code == 303


def test_alone_on_a_case_one_is_shown_how_to_get_a_second_person(as_user: AsUser) -> None:
    world = World()
    place = sa.select(TeamMember).where(
        TeamMember.case_id == world.case_id, TeamMember.user_id == world.colleague.user_id
    )
    db.session.scalars(place).one().ended_at = NOW
    db.session.commit()
    browser = as_user(world.member)
    for _time in range(2):
        shown = browser.get(world.page).text
        assert "Ingen andre arbejder med hele denne sag" in shown and f'href="{world.detail}/team"' in shown
        browser.post(world.page, data=FORM)


def test_a_wrong_note_comes_out_of_a_closed_case_too(as_user: AsUser) -> None:
    world = World()
    case = db.session.get_one(Case, world.case_id)
    closing.close_case(case, Unfinished(), actor=actor_of(world.member), now=NOW)
    db.session.commit()
    browser = as_user(world.member)
    assert f'href="{world.page}"' in browser.get(world.journal).text
    assert browser.post(world.page, data=world.to_other).status_code == 303
    second = as_user(world.colleague)
    yes = f"{world.page}/take-out"
    assert second.post(yes, data=second.hidden(world.page, yes)).status_code == 303
    assert aside(world) is NoteAside.OUT
    assert SECRET in browser.get(f"/cases/{world.other_key}/notes").text


def test_the_pages_cost_a_fixed_number_of_statements(as_user: AsUser, count_queries: Any) -> None:
    world = World()
    browser, counted = as_user(world.member), []
    for _time in range(3):
        found = []
        for page in (world.journal, world.detail, world.page):
            browser.get(page)
            count_queries.start()
            browser.get(page)
            found.append(count_queries.stop())
        counted.append(found)
        case = db.session.get_one(Case, world.case_id)
        given: Any = {"actor": actor_of(world.member), "now": NOW}
        for number in range(2):
            one = notes.write_note(case, text=f"{number}", **given)
            page = f"{world.journal}/{one.public_id}/misplaced"
            assert browser.post(page, data=world.to_other).status_code == 303
            case = db.session.get_one(Case, world.case_id)
        browser.post(world.page, data=world.to_other)
    # Whether the case that was named is still hers is asked where there is one.
    assert counted[0][:2] == counted[1][:2] == counted[2][:2]
    assert counted[1] == counted[2] and max(counted[1]) <= 12, counted
