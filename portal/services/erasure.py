"""Erasing a woman: everything of hers by the register of fields, in one transaction, with a proof that names nobody."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.rights import ErasureBasis
from portal.core.states import CaseState
from portal.db import Base, db
from portal.domain.subject_data import KEPT_AS_SHELL, NEVER_TOUCHED, heading, is_blanked, links, marks_of
from portal.domain.subject_headings import Heading
from portal.models import indexes
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.raw import NOTHING
from portal.models.rights import Erasure
from portal.models.users import Submission
from portal.queries import subject_rows
from portal.queries.subject_rows import Rows
from portal.services import audit, shredding
from portal.services.holds import is_held
from portal.services.shredding import Scope
from portal.vault import SealedColumn
from portal.wall import as_system

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go and what would stay, in rows by heading and table; why it cannot be done yet, if so."""

    gone: dict[Heading, int]
    stays: dict[str, int]
    obstacles: tuple[object, ...]


def subject_hash(case: Case) -> bytes:
    """By what a restored system finds whom it must erase again; says nothing without the key."""
    return indexes.subject_hash(case.public_id)


def _keys(case: Case) -> Scope:
    """All keys of hers when this is her last case, else those of the case."""
    table, _key = _root(case)
    if table == "client":
        return shredding.scope_of_client(db.session.get_one(Client, case.client_id))
    return shredding.scope_of_case(case)


@as_system()
def preview(case: Case) -> Preview:
    """What an erasure would take away, what stays and what stands in the way (R-526)."""
    gone: Counter[Heading] = Counter()
    stays: Counter[str] = Counter()
    for table, number in subject_rows.count(*_root(case)).items():
        if number and table in KEPT_AS_SHELL | NEVER_TOUCHED:
            stays[table] += number
        elif number:
            gone[heading(table)] += number
    return Preview(dict(gone), dict(stays), tuple(_obstacles(case)))


def _obstacles(case: Case) -> Iterable[object]:
    if case.erased_at is not None:
        yield _("The case has been erased.")
    if is_held(case.id):
        yield _("A legal hold keeps everything of the case.")
    if case.state is not CaseState.CLOSED:
        yield _("The case is still open. It is closed first, so that nobody works on with it.")


@as_system()
def erase(
    case: Case,
    basis: ErasureBasis,
    *,
    actor: Actor,
    now: datetime,
    first_by_id: int | None = None,
    second_by_id: int | None = None,
) -> Erasure:
    """Take everything of hers away and write the proof (R-526). Assumes that two people decided, or time did.

    The whole woman when this was her last case, else this case alone. Rows go; those that a law keeps are emptied; the
    trail of who looked stays. Raises NotNow with what stands in the way.
    """
    db.session.flush()
    db.session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update())
    db.session.refresh(case, ["state", "erased_at"])
    for obstacle in _obstacles(case):
        raise NotNow(obstacle)
    rows = _rows(case)
    shredding.shred(_keys(case), subject=case.public_id, basis=basis.value)
    gone = _forget_what_was_told(rows) + _take_away(rows)
    erasure = Erasure(
        organisation_id=case.owner_organisation_id,
        subject_hash=subject_hash(case),
        basis=basis,
        at=now,
        first_by_id=first_by_id,
        second_by_id=second_by_id,
        rows_deleted=gone,
        rows_blanked=_empty(rows),
    )
    db.session.execute(sa.update(Case).where(Case.id == case.id).values(erased_at=now))
    db.session.add(erasure)
    audit.record(Audit.CASE_ERASED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
    db.session.expire_all()
    return erasure


@as_system()
def verify(erasure: Erasure, case: Case, *, actor: Actor, now: datetime) -> int:
    """Look whether anything of hers is left, and write down how much (R-526). Returns the number of values found."""
    left = sum(_left_over(table, found) for table, found in _rows(case).items())
    erasure.verified_at, erasure.left_over = now, left
    audit.record(Audit.ERASURE_VERIFIED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
    return left


def _left_over(name: str, found: list[Any]) -> int:
    if name in NEVER_TOUCHED:
        return 0
    if name not in KEPT_AS_SHELL:
        return len(found)
    columns = _emptied(Base.metadata.tables[name])
    return sum(_is_left(row, column) for row in found for column in columns)


def _is_left(row: Any, column: sa.Column[Any]) -> bool:
    value = getattr(row, column.name)
    # What was sealed opens no more: its key is gone.
    return value is not None if isinstance(column.type, SealedColumn) else bool(value != _nothing(column))


def _rows(case: Case) -> Rows:
    return subject_rows.collect(*_root(case))


def _root(case: Case) -> tuple[str, int]:
    """All of hers when this is her last case that is not erased, else what belongs to the case."""
    others = sa.select(Case.id).where(Case.client_id == case.client_id, Case.id != case.id, Case.erased_at.is_(None))
    if db.session.scalar(others.limit(1)) is not None:
        return "client_case", case.id
    return "client", case.client_id


def _take_away(rows: Rows) -> int:
    """Delete rows, children before parents; what stays is cut loose from what goes first."""
    gone = {name for name, found in rows.items() if found and name not in KEPT_AS_SHELL | NEVER_TOUCHED}
    for name, found in rows.items():
        if name in KEPT_AS_SHELL:
            loose = {column: None for column, _to in links(Base.metadata.tables[name], gone)}
            _change(name, found, loose)
    count = 0
    for name in reversed(list(rows)):
        if name in gone:
            count += len(rows[name])
            for condition in _these(name, rows[name]):
                _run(sa.delete(Base.metadata.tables[name]).where(condition))
    return count


def _empty(rows: Rows) -> int:
    """Overwrite what tells about her in the rows that stay."""
    count = 0
    for name, found in rows.items():
        if name in KEPT_AS_SHELL and found:
            columns = _emptied(Base.metadata.tables[name])
            _change(name, found, {column.name: _nothing(column) for column in columns})
            count += len(found) if columns else 0
    return count


def _emptied(table: sa.Table) -> list[sa.Column[Any]]:
    marked = {mark.column for mark in marks_of(table) if is_blanked(mark)}
    return [column for column in table.columns if column.name in marked or column.name.endswith("_index")]


def _nothing(column: sa.Column[Any]) -> Any:
    """What stands where something stood."""
    if column.nullable:
        return None
    if isinstance(column.type, SealedColumn):
        return sa.literal(NOTHING, sa.LargeBinary)
    if isinstance(column.type, sa.Boolean):
        return False
    return 0 if isinstance(column.type, sa.Integer) else ""


def _change(name: str, found: list[Any], values: dict[str, Any]) -> None:
    if values and found:
        table = Base.metadata.tables[name]
        for condition in _these(name, found):
            _run(sa.update(table).where(condition).values(values))


def _these(name: str, found: list[Any]) -> Iterable[sa.ColumnElement[bool]]:
    key = list(Base.metadata.tables[name].primary_key.columns)
    values = [tuple(getattr(row, column.name) for column in key) for row in found]
    for start in range(0, len(values), BATCH):
        yield sa.tuple_(*key).in_(values[start : start + BATCH])


def _forget_what_was_told(rows: Rows) -> int:
    """Messages, rows of the work list and used form keys that name a thing of hers without a link to the case."""
    names = {
        row.public_id for name, found in rows.items() if name not in NEVER_TOUCHED for row in found if _is_named(row)
    }
    count = 0
    for name, model in (("message", Message), ("deadline", Deadline)):
        linked = [row.id for row in rows[name]]
        ids = list(
            db.session.scalars(sa.select(model.id).where(model.subject_public_id.in_(names), model.id.not_in(linked)))
        )
        count += len(ids)
        _run(sa.delete(model).where(model.id.in_(ids)))
    used = db.session.execute(sa.select(Submission.key, Submission.location).where(Submission.location.is_not(None)))
    keys = [key for key, location in used if names.intersection(PUBLIC_ID.findall(location or ""))]
    _run(sa.delete(Submission).where(Submission.key.in_(keys)))
    return count + len(keys)


def _is_named(row: Any) -> bool:
    return getattr(row, "public_id", None) is not None


def _run(statement: sa.Delete | sa.Update) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
