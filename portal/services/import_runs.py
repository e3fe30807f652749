"""Opening the cases of a file: claimed once, all of them in one transaction or none (R-715)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import undefer

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.imports import ImportField as F
from portal.core.imports import ImportState as S
from portal.core.imports import RowKind
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.import_rows import Read
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.imports import CaseImport, ImportKey
from portal.models.users import User
from portal.queries import imports as queries
from portal.services import addresses, audit, cases, children, messages, notes, stays
from portal.services.imports import Progress, fingerprints, read
from portal.services.team import join_team, step_aside

LEASE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that this run works on, and until when nobody else takes it up."""

    import_id: int
    attempt_id: str
    # In which she reads what came of it.
    language: str


class RowFailed(Exception):
    """A row that could not be written: which one, and why in a sentence."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(f"row {row}")
        self.row = row
        self.text = text


def claim(*, now: datetime) -> Claim | None:
    """Take the next file that waits, or whose run has died; another worker passes it by. None when none waits."""
    free = sa.or_(CaseImport.state == S.QUEUED, sa.and_(CaseImport.state == S.RUNNING, CaseImport.lease_until < now))
    taken = db.session.scalar(
        sa.select(CaseImport).where(free).order_by(CaseImport.id).limit(1).with_for_update(skip_locked=True)
    )
    if taken is None:
        return None
    taken.state, taken.attempt_id, taken.lease_until, taken.done_count = S.RUNNING, new_public_id(), now + LEASE, 0
    db.session.flush()
    user = db.session.get_one(User, taken.made_by_id)
    return Claim(taken.id, taken.attempt_id, user.language.value)


def note_progress(beside: orm.Session, claim: Claim, done: int, *, now: datetime) -> None:
    """How far the run is, for the page, and that it lives. To be saved beside the run's own transaction."""
    beside.execute(_ours(claim).values(done_count=done, lease_until=now + LEASE))


def references_for(claim: Claim, *, now: datetime) -> list[str]:
    """As many case references as the file may need. To be saved before the run: the counter is everybody's."""
    row = db.session.execute(
        sa.select(CaseImport.new_count, CaseImport.alike_count).where(CaseImport.id == claim.import_id)
    ).one()
    return cases.set_aside(row.new_count + row.alike_count, now=now)


def run(
    claim: Claim, references: list[str], *, now: datetime, progress: Progress, allow_invented_cpr: bool = False
) -> int:
    """Open every case of the file, and forget its rows. Returns how many.

    Raises RowFailed for the first that cannot be written, NotNow for who may not any more, Conflict for a run that
    another one has taken over: nothing of it may be saved then.
    """
    taken = db.session.scalars(
        sa.select(CaseImport).where(CaseImport.id == claim.import_id).options(undefer(CaseImport.content))
    ).one()
    actor = queries.find_actor(taken)
    if actor is None:
        raise NotNow(_("Whoever started it may not open cases any more."))
    require(actor, Permission.CASE_IMPORT)
    found = read(taken, actor=actor, now=now, allow_invented_cpr=allow_invented_cpr)
    wanted = {RowKind.NEW, RowKind.ALIKE} if taken.with_alike else {RowKind.NEW}
    done = 0
    for row in found.rows:
        if found.kinds[row.number] is RowKind.WRONG:
            raise RowFailed(row.number, next(issue.text for issue in row.issues if not issue.is_warning))
        if found.kinds[row.number] in wanted:
            _open(row, references[done], taken, actor=actor, now=now, allow_invented_cpr=allow_invented_cpr)
            done += 1
            progress(done)
    _finish(claim, taken, done, actor=actor, now=now)
    return done


def _open(
    row: Read, reference: str, taken: CaseImport, *, actor: Actor, now: datetime, allow_invented_cpr: bool
) -> None:
    """One row, or RowFailed for whatever is in its way: a rule, or the database itself."""
    try:
        case = _new_case(row, reference, actor=actor, now=now, allow_invented_cpr=allow_invented_cpr)
        _give(case, row.values.get(F.CONTACT_PERSON), actor=actor, now=now)
        _tell(case, row, actor=actor, now=now)
        key = ImportKey(organisation_id=taken.organisation_id, case_id=case.id)
        key.own_number = row.values[F.OWN_NUMBER]
        key.number_index = queries.number_index(key.own_number, taken.organisation_id)
        key.fingerprints = fingerprints(row, case.public_id)
        db.session.add(key)
        db.session.flush()
    except (Invalid, NotNow) as refusal:
        raise RowFailed(row.number, str(refusal)) from refusal
    except sa.exc.IntegrityError as refusal:
        raise RowFailed(row.number, str(_("Something that the row names is there no longer, or twice."))) from refusal


def _new_case(row: Read, reference: str, *, actor: Actor, now: datetime, allow_invented_cpr: bool) -> Case:
    said = row.values
    return cases.open_case(
        name=said.get(F.NAME),
        birth_year=said.get(F.BIRTH_YEAR),
        cpr=said.get(F.CPR),
        phone=said.get(F.PHONE),
        language=said.get(F.LANGUAGE),
        needs_interpreter=said.get(F.INTERPRETER, False),
        responsible_municipality_code=said.get(F.MUNICIPALITY),
        allow_invented_cpr=allow_invented_cpr,
        brought=cases.Brought(reference),
        actor=actor,
        now=now,
    )


def _give(case: Case, user_id: int | None, *, actor: Actor, now: datetime) -> None:
    """To the contact person of the row, who has all its dates from the start; whoever imports keeps the others."""
    if user_id is not None and user_id != actor.user_id:
        join_team(case.id, user_id, actor=actor, now=now, is_primary=True)
        step_aside(case.id, actor=actor, now=now)


def _tell(case: Case, row: Read, *, actor: Actor, now: datetime) -> None:
    """Stay, move, protection, children and note, each by the service that a person would use."""
    said = row.values
    if said.get(F.PROTECTION):
        addresses.set_address(case, protection_level=said[F.PROTECTION], actor=actor, now=now)
    _house(case, said, actor=actor, now=now)
    listed = said.get(F.CHILDREN)
    for year in listed if isinstance(listed, list) else ():
        children.add(case, children.ChildRecord(birth_year=year), is_sure=True, actor=actor, now=now)
    text = _note(said)
    if text:
        notes.write_note(case, text=text, actor=actor, now=now)


def _house(case: Case, said: dict[F, Any], *, actor: Actor, now: datetime) -> None:
    """Her stay with its notices, the planned move and the move. Who has moved does not stay here any more."""
    admitted, planned, moved = (said.get(name) for name in (F.ADMITTED_ON, F.PLANNED_MOVE_ON, F.MOVED_ON))
    if admitted:
        stays.record_stay(case, admitted_on=admitted, planned_move_on=planned, actor=actor, now=now)
    elif planned:
        cases.plan_move(case, planned, actor=actor, now=now)
    if moved:
        cases.record_move(case, moved, actor=actor, now=now)
    if admitted and moved:
        stays.end_stay(case, discharged_on=moved, actor=actor, now=now)


def _note(said: dict[F, Any]) -> str:
    count = said.get(F.CHILDREN)
    lines = [said[F.NOTE]] if said.get(F.NOTE) else []
    if isinstance(count, int) and count:
        lines.append(str(_("Children, by the list that the case came from: %(num)d", num=count)))
    return "\n".join(lines)


def _finish(claim: Claim, taken: CaseImport, done: int, *, actor: Actor, now: datetime) -> None:
    """All is written: the rows go. Raises Conflict where another run has taken the file over."""
    values = {"state": S.DONE, "done_count": done, "finished_at": now, "content": None, "lease_until": None}
    if db.session.execute(_ours(claim).values(**values)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict
    db.session.expire(taken)
    _end(Audit.IMPORT_DONE, claim, actor=actor, now=now)


def fail(claim: Claim, row: int | None, text: str, *, now: datetime) -> None:
    """Write down why a run was undone, after it has been: the file can be put right and started again."""
    taken = db.session.scalars(sa.select(CaseImport).where(CaseImport.id == claim.import_id)).one()
    if (taken.state, taken.attempt_id) != (S.RUNNING, claim.attempt_id):
        return
    taken.state, taken.done_count, taken.lease_until = S.FAILED, 0, None
    taken.findings = {"issues": [[row or 0, "", "stopped", text, False]], "differs": [], "alike": []}
    db.session.flush()
    _end(Audit.IMPORT_FAILED, claim, actor=SYSTEM, now=now)


def _end(action: Audit, claim: Claim, *, actor: Actor, now: datetime) -> None:
    """One line in the trail and one message to whoever started it, however many cases there were (R-716)."""
    taken = db.session.execute(
        sa.select(CaseImport.public_id, CaseImport.made_by_id).where(CaseImport.id == claim.import_id)
    ).one()
    audit.record(action, SubjectType.CASE_IMPORT, taken.public_id, actor=actor, now=now)
    messages.notify(
        MessageKind.IMPORT_ENDED,
        taken.made_by_id,
        SubjectType.CASE_IMPORT,
        taken.public_id,
        actor=SYSTEM,
        now=now,
        dedupe_key=f"import:{taken.public_id}:{claim.attempt_id}",
    )
    db.session.flush()


def _ours(claim: Claim) -> sa.Update:
    ours = (CaseImport.id == claim.import_id, CaseImport.attempt_id == claim.attempt_id, CaseImport.state == S.RUNNING)
    return sa.update(CaseImport).where(*ours).execution_options(synchronize_session=False)
