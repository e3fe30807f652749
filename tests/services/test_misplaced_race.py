"""Two at once with one note in the wrong case: one of them does it, the other is told, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Conflict, NotNow
from portal.core.notes import NoteAside, WrongCase
from portal.db import db, transaction
from portal.models.cases import Case, Note, NotePin
from portal.models.misplaced import NoteMisplacement
from portal.services import cases, misplaced, notes, pins
from portal.services.misplaced import Wish
from tests.factories.people import actor_of, make_case, make_member

NOW = utc_now()


class World:
    """One note, its writer, two colleagues, and the case where it belongs."""

    def __init__(self, *, is_asked: bool) -> None:
        with transaction():
            member = make_member()
            others = [make_member(Role.CONTACT_PERSON, member.organisation) for _one in range(2)]
            case, other = make_case(member, now=NOW), make_case(member, now=NOW)
            self.asker, self.second, self.third = (actor_of(one) for one in (member, *others))
            for one in others:
                cases.join_team(case.id, one.user_id, actor=self.asker, now=NOW)
            note = notes.write_note(case, text="Hun bor i Vejle.", actor=self.asker, now=NOW)
            self.case_id, self.note_id, self.other_id, self.number = case.id, note.id, other.id, other.reference
            if is_asked:
                self.ask(self.asker)

    def ask(self, actor: Actor) -> None:
        case, note = db.session.get_one(Case, self.case_id), db.session.get_one(Note, self.note_id)
        number = self.number if actor == self.asker else None
        misplaced.put_aside(case, note, Wish(WrongCase.WRONG_CASE, number), actor=actor, now=NOW)

    def act(self, verb: Callable[..., Any], actor: Actor) -> None:
        case, note = db.session.get_one(Case, self.case_id), db.session.get_one(Note, self.note_id)
        verb(case, note, actor=actor, now=NOW)


def at_once(app: Flask, *acts: Callable[[], None]) -> list[bool]:
    """Whether each went through."""

    def one(act: Callable[[], None]) -> bool:
        with app.app_context():
            try:
                with transaction():
                    act()
            except (NotNow, Conflict):
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def moved(committed: Session, world: World) -> int:
    return committed.scalar(sa.select(sa.func.count()).where(Note.case_id == world.other_id)) or 0


@pytest.mark.parametrize("_time", range(3))
def test_of_two_who_say_yes_at_once_one_moves_it(app: Flask, committed: Session, _time: int) -> None:
    world = World(is_asked=True)
    both = [lambda who=who: world.act(misplaced.take_out, who) for who in (world.second, world.third)]
    assert sorted(at_once(app, *both)) == [False, True]
    assert moved(committed, world) == 1
    assert committed.scalar(sa.select(Note.aside).where(Note.id == world.note_id)) is NoteAside.OUT


@pytest.mark.parametrize("_time", range(3))
def test_a_yes_and_a_calling_back_at_once_are_one_of_the_two(app: Flask, committed: Session, _time: int) -> None:
    world = World(is_asked=True)
    done = at_once(
        app,
        lambda: world.act(misplaced.take_out, world.second),
        lambda: world.act(misplaced.call_back, world.asker),
    )
    assert sorted(done) == [False, True]
    text, aside = committed.execute(sa.select(Note.text, Note.aside).where(Note.id == world.note_id)).one()
    assert (text, aside) == ((None, NoteAside.OUT) if done[0] else ("Hun bor i Vejle.", None))
    assert moved(committed, world) == int(done[0])


def test_of_two_who_put_it_aside_at_once_one_does(app: Flask, committed: Session) -> None:
    world = World(is_asked=False)
    both = [lambda who=who: world.ask(who) for who in (world.asker, world.second)]
    assert sorted(at_once(app, *both)) == [False, True]
    assert committed.scalar(sa.select(sa.func.count()).select_from(NoteMisplacement)) == 1
    (held,) = committed.scalars(sa.select(NoteMisplacement.held)).all()
    assert held is not None and held["text"] == "Hun bor i Vejle."


@pytest.mark.parametrize("_time", range(3))
def test_what_is_put_aside_is_pinned_by_nobody_at_the_same_moment(app: Flask, committed: Session, _time: int) -> None:
    world = World(is_asked=False)
    at_once(app, lambda: world.ask(world.asker), lambda: world.act(pins.pin, world.second))
    assert committed.scalar(sa.select(Note.aside).where(Note.id == world.note_id)) is NoteAside.WAITS
    pinned = sa.select(sa.func.count()).where(NotePin.note_id == world.note_id)
    assert committed.scalar(pinned) == 0


@pytest.mark.usefixtures("committed")
def test_two_notes_that_go_to_each_others_case_never_wait_for_each_other(app: Flask) -> None:
    """Both cases are held in the same order, whichever is the wrong one."""
    with transaction():
        member = make_member()
        colleague = make_member(Role.CONTACT_PERSON, member.organisation)
        who, second = actor_of(member), actor_of(colleague)
        pair = [make_case(member, now=NOW) for _one in range(2)]
        ids = []
        for case, other in (pair, pair[::-1]):
            cases.join_team(case.id, colleague.user_id, actor=who, now=NOW)
            note = notes.write_note(case, text=case.reference, actor=who, now=NOW)
            misplaced.put_aside(case, note, Wish(WrongCase.WRONG_CASE, other.reference), actor=who, now=NOW)
            ids.append((case.id, note.id))

    def take_out(case_id: int, note_id: int) -> None:
        case, note = db.session.get_one(Case, case_id), db.session.get_one(Note, note_id)
        misplaced.take_out(case, note, actor=second, now=NOW)

    assert at_once(app, *[lambda one=one: take_out(*one) for one in ids]) == [True, True]
