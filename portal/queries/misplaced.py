"""Notes that were put aside as standing in the wrong case: who decides, where they belong, and what a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.kinds import ContactResult, TeamScope
from portal.core.notes import AsideState, NoteAside, TookPart, WrongCase
from portal.core.states import CaseState
from portal.db import db
from portal.domain.misplaced import Held
from portal.models.cases import Case, Note, TeamMember
from portal.models.misplaced import NoteMisplacement
from portal.models.users import User
from portal.queries.barriers import blocked_cases, is_open_to
from portal.queries.notes import readable
from portal.queries.slips import is_withdrawn
from portal.wall import as_system

STANDING = (AsideState.ASKED, AsideState.TAKEN_OUT)


def _works_whole(case_id: object, user_id: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(
        TeamMember.case_id == case_id,
        TeamMember.user_id == user_id,
        TeamMember.ended_at.is_(None),
        TeamMember.scope == TeamScope.FULL,
    )


def works_whole(actor: Actor, case_id: int) -> bool:
    """Whether the actor is on the team of a case and works with the whole of it."""
    own = sa.and_(_works_whole(case_id, actor.user_id), TeamMember.organisation_id == actor.organisation_id)
    return bool(db.session.scalar(sa.select(sa.exists().where(own))))


def get_note(actor: Actor, case: Case, public_id: str) -> Note:
    """A note of the case that the actor reads, or of which nothing stands there any more. Raises NotFound."""
    is_hers = sa.or_(readable(actor), Note.aside.is_not(None))
    found = db.session.scalar(sa.select(Note).where(Note.public_id == public_id, Note.case_id == case.id, is_hers))
    if found is None:
        raise NotFound
    return found


def count_waiting(case_id: int) -> int:
    """How many notes of a case wait for a second person."""
    waiting = sa.select(sa.func.count()).where(Note.case_id == case_id, Note.aside == NoteAside.WAITS)
    return db.session.scalar(waiting) or 0


def is_undone(note: Note) -> bool:
    """Whether the note is a contact that was undone as a slip (R-783)."""
    return bool(db.session.scalar(sa.select(is_withdrawn()).where(Note.id == note.id)))


def find_standing(note: Note) -> NoteMisplacement | None:
    """What was asked of a note and waits, or was agreed, held until the transaction ends; None where it just stands."""
    return db.session.scalar(
        sa.select(NoteMisplacement)
        .where(NoteMisplacement.note_id == note.id, NoteMisplacement.state.in_(STANDING))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def target_of(note: Note) -> int | None:
    """To which case a note is to go that waits for a second person."""
    waits = sa.and_(NoteMisplacement.note_id == note.id, NoteMisplacement.state == AsideState.ASKED)
    return db.session.scalar(sa.select(NoteMisplacement.target_case_id).where(waits))


def find_target(actor: Actor, case: Case, number: str) -> int | None:
    """Another open case that the actor works in as a whole, by its number; None for any other, there or not."""
    own = sa.and_(_works_whole(Case.id, actor.user_id), TeamMember.organisation_id == actor.organisation_id)
    return db.session.scalar(
        sa.select(Case.id).where(
            Case.reference == number.strip(),
            Case.id != case.id,
            Case.state == CaseState.OPEN,
            is_open_to(actor, Case.id),
            sa.exists().where(own),
        )
    )


@as_system()
def may_go_to(case_id: int, user_id: int) -> bool:
    """Whether a case is still open, and whoever named it still works in the whole of it: yes or no (R-821)."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Case.id == case_id,
                    Case.state == CaseState.OPEN,
                    Case.erased_at.is_(None),
                    Case.id.not_in(blocked_cases(user_id)),
                    sa.exists().where(_works_whole(Case.id, user_id)),
                )
            )
        )
    )


def list_second(case: Case, asked_by_id: int | None) -> Sequence[int]:
    """Who can be the second person: all with the whole of the case but the one who asked, the primary first."""
    return db.session.scalars(
        sa.select(TeamMember.user_id)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.ended_at.is_(None),
            TeamMember.scope == TeamScope.FULL,
            TeamMember.user_id != asked_by_id,
        )
        .order_by(TeamMember.is_primary.desc(), TeamMember.id)
    ).all()


def has_reached_since(case: Case, note: Note) -> bool:
    """Whether a later contact or talk of the case has reached her."""
    with_her = sa.and_(Note.talk.is_not(None), Note.took_part.contains([TookPart.HER.value]))
    later = sa.select(Note.id).where(
        Note.case_id == case.id,
        Note.id > note.id,
        sa.or_(Note.result == ContactResult.REACHED, with_her),
        ~is_withdrawn(),
    )
    return bool(db.session.scalar(sa.select(later.exists())))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a note last, and what came of it."""

    state: AsideState
    version: int
    reason: WrongCase
    remark: str | None
    goes_elsewhere: bool
    # That the case that it is to go to is still open and the asker's; True where it goes nowhere.
    may_go: bool
    asked_by: str
    is_mine: bool
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state is AsideState.ASKED


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as the page shows it on which two decide about it."""

    public_id: str
    author: str
    happened_at: datetime
    is_day_only: bool
    written_at: datetime
    is_correction: bool
    is_out: bool
    # Who does not read a note decides without its text.
    reads: bool
    text: str | None
    length: int
    asked: Asked | None


def show(actor: Actor, note: Note) -> Shown:
    """The note, what was asked of it last, and what it says where the actor reads it."""
    asker, decider = aliased(User), aliased(User)
    newest = sa.select(sa.func.max(NoteMisplacement.id)).where(NoteMisplacement.note_id == note.id).scalar_subquery()
    row = db.session.execute(
        sa.select(
            NoteMisplacement,
            User.name.label("author"),
            readable(actor).label("reads"),
            asker.name.label("asker"),
            decider.name.label("decider"),
        )
        .select_from(Note)
        .join(User, User.id == Note.author_id)
        .outerjoin(NoteMisplacement, NoteMisplacement.id == newest)
        .outerjoin(asker, asker.id == NoteMisplacement.asked_by_id)
        .outerjoin(decider, decider.id == NoteMisplacement.decided_by_id)
        .where(Note.id == note.id)
    ).one()
    one: NoteMisplacement | None = row.NoteMisplacement
    text = note.text if one is None or one.held is None else Held.read(one.held).text
    return Shown(
        public_id=note.public_id,
        author=row.author,
        happened_at=note.happened_at,
        is_day_only=note.is_day_only,
        written_at=note.written_at,
        is_correction=note.corrects_id is not None,
        is_out=note.aside is NoteAside.OUT,
        reads=bool(row.reads),
        text=text if row.reads else None,
        length=len(text or ""),
        asked=_asked(actor, one, row) if one is not None else None,
    )


def _asked(actor: Actor, one: NoteMisplacement, row: Any) -> Asked:
    target = one.target_case_id
    return Asked(
        state=one.state,
        version=one.version,
        reason=one.reason,
        remark=one.remark,
        goes_elsewhere=target is not None,
        may_go=target is None or may_go_to(target, one.asked_by_id),
        asked_by=row.asker,
        is_mine=one.asked_by_id == actor.user_id,
        asked_at=one.asked_at,
        decided_by=row.decider,
        decided_at=one.decided_at,
        answer=one.answer,
    )
