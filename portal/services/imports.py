"""Cases from a spreadsheet: handed in, columns named, checked without writing a case, started, dropped."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, start_of_local_day
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.imports import ImportField as F
from portal.core.imports import ImportState as S
from portal.core.imports import RowKind
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain import imports as rules
from portal.domain.import_rows import Known, Read, check_doubles, key_of, read_row
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.imports import CaseImport, ImportLayout
from portal.queries import case_parts
from portal.queries import imports as queries
from portal.queries.imports import KnownKey
from portal.services import audit
from portal.uploads.sheets import Sheet

Progress = Callable[[int], None]
KEPT = timedelta(days=7)
A_DAY = 3
OPEN = (S.MAPPING, S.CHECKED, S.FAILED)


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that have been read, what becomes of each, and what differs."""

    rows: Sequence[Read]
    kinds: Mapping[int, RowKind]
    differs: Mapping[int, list[str]]


def take_in(sheet: Sheet, *, actor: Actor, now: datetime) -> CaseImport:
    """Keep the rows of a file, sealed, for seven days at the most (R-710). No case is written.

    A column that says it holds CPR numbers is emptied where the house may keep none.
    """
    require(actor, Permission.CASE_IMPORT)
    holds_cpr = case_parts.may_hold_cpr(actor)
    taken = CaseImport(
        organisation_id=actor.organisation_id,
        made_by_id=actor.user_id,
        membership_id=actor.membership_id,
        state=S.MAPPING,
        made_at=now,
        ends_at=now + KEPT,
        row_count=len(sheet.rows),
        content={"headings": sheet.headings, "rows": _without_cpr(sheet, holds_cpr)},
        fields=[field or "" for field in rules.guess(sheet.headings, queries.layout_of(actor), holds_cpr=holds_cpr)],
    )
    db.session.add(taken)
    db.session.flush()
    _mark(Audit.IMPORT_TAKEN, taken, actor=actor, now=now)
    return taken


def _without_cpr(sheet: Sheet, holds_cpr: bool) -> list[list[Any]]:
    hidden = {
        number for number, heading in enumerate(sheet.headings) if not holds_cpr and rules.is_cpr_heading(heading)
    }
    return [[number, ["" if at in hidden else cell for at, cell in enumerate(cells)]] for number, cells in sheet.rows]


def check(
    taken: CaseImport,
    fields: Sequence[F | None],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    allow_invented_cpr: bool = False,
) -> None:
    """Read every row with these columns, and write down what is wrong; no case is written (R-712).

    The house's next file is read the same way. Raises Invalid, Stale, and NotNow once it has been started.
    """
    require(actor, Permission.CASE_IMPORT)
    check_version(version, taken.version)
    _must_be(taken, OPEN)
    assert taken.content is not None
    headings = taken.content["headings"]
    if len(fields) != len(headings):
        raise Invalid(_("Choose for each column what it is."))
    rules.check_mapping(fields, holds_cpr=case_parts.may_hold_cpr(actor))
    _remember(headings, fields, actor=actor)
    taken.fields = [field or "" for field in fields]
    found = read(taken, actor=actor, now=now, allow_invented_cpr=allow_invented_cpr)
    _write(taken, found)
    taken.state = S.CHECKED
    db.session.flush()
    _mark(Audit.IMPORT_CHECKED, taken, actor=actor, now=now)


def read(taken: CaseImport, *, actor: Actor, now: datetime, allow_invented_cpr: bool = False) -> Checked:
    """The rows as they stand against what the house knows now."""
    content: dict[str, Any] = taken.content or {"rows": []}
    fields = [F(field) if field else None for field in taken.fields]
    known = Known(
        local_date(now),
        queries.people_by_mail(actor),
        queries.municipalities_by_word(),
        case_parts.may_hold_cpr(actor),
        allow_invented_cpr,
    )
    rows = [read_row(number, cells, fields, known) for number, cells in content["rows"]]
    check_doubles(rows)
    numbers = [row.values[F.OWN_NUMBER] for row in rows if F.OWN_NUMBER in row.values]
    here = queries.keys_of(taken.organisation_id, numbers)
    kinds: dict[int, RowKind] = {}
    differs: dict[int, list[str]] = {}
    for row in rows:
        key = here.get(key_of(row.values.get(F.OWN_NUMBER, "")))
        if not row.is_wrong and key is not None and (changed := _changed(row, key)):
            differs[row.number] = changed
        kinds[row.number] = _kind(row, key, is_changed=row.number in differs)
    alike = queries.alike(actor, [row for row in rows if kinds[row.number] is RowKind.NEW])
    return Checked(rows, kinds | dict.fromkeys(alike, RowKind.ALIKE), differs)


def _kind(row: Read, key: KnownKey | None, *, is_changed: bool) -> RowKind:
    if row.is_wrong:
        return RowKind.WRONG
    if key is None:
        return RowKind.NEW
    return RowKind.DIFFERS if is_changed else RowKind.HERE


def _changed(row: Read, key: KnownKey) -> list[str]:
    """Which cells are others than when the case came in (R-714)."""
    now = fingerprints(row, key.case_public_id)
    return sorted(name for name in now.keys() | key.fingerprints.keys() if now.get(name) != key.fingerprints.get(name))


def fingerprints(row: Read, case_public_id: str) -> dict[str, str]:
    """A mark of each cell, of this case alone: equal for equal values, and telling nothing of them."""
    return {
        name.value: hashlib.sha256(f"{case_public_id}\0{name}\0{value}".encode()).hexdigest()[:24]
        for name, value in row.values.items()
        if name is not F.OWN_NUMBER
    }


def _write(taken: CaseImport, found: Checked) -> None:
    kinds = list(found.kinds.values())
    for kind in RowKind:
        setattr(taken, f"{kind.value}_count", kinds.count(kind))
    taken.findings = {
        "issues": [
            [issue.row, issue.field.value if issue.field else "", issue.code, issue.text, issue.is_warning]
            for row in found.rows
            for issue in row.issues
        ],
        "differs": [[row, names] for row, names in found.differs.items()],
        "alike": [row for row, kind in found.kinds.items() if kind is RowKind.ALIKE],
    }


def _remember(headings: Sequence[str], fields: Sequence[F | None], *, actor: Actor) -> None:
    said = {
        rules.folded(heading): field.value if field else "" for heading, field in zip(headings, fields, strict=True)
    }
    layout = queries.find_layout(actor)
    if layout is None:
        db.session.add(ImportLayout(organisation_id=actor.organisation_id, fields=said))
    elif layout.fields | said != layout.fields:
        layout.fields = layout.fields | said
    db.session.flush()


def start(taken: CaseImport, *, with_alike: bool, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Let the portal open the cases as soon as it can (R-715).

    Raises NotNow while a row is wrong or nothing would be opened, or when the house has brought in enough today
    (R-718); Stale.
    """
    require(actor, Permission.CASE_IMPORT)
    check_version(version, taken.version)
    _must_be(taken, (S.CHECKED,))
    if taken.wrong_count:
        raise NotNow(_("Put the rows right first: either all of them come in, or none."))
    if not taken.new_count + (taken.alike_count if with_alike else 0):
        raise NotNow(_("There is nothing to open: every row is here already."))
    # The second of two windows waits here, and counts the first.
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(718, taken.organisation_id)))
    if queries.count_done_since(taken.organisation_id, start_of_local_day(local_date(now))) >= A_DAY:
        raise NotNow(_("Your house has brought in %(num)d files today. Go on tomorrow.", num=A_DAY))
    taken.state, taken.with_alike, taken.done_count = S.QUEUED, with_alike, 0
    db.session.flush()
    _mark(Audit.IMPORT_STARTED, taken, actor=actor, now=now)


def drop(taken: CaseImport, *, actor: Actor, now: datetime) -> None:
    """Forget a file that has not come in. Raises NotNow."""
    require(actor, Permission.CASE_IMPORT)
    _must_be(taken, OPEN)
    _forget(taken, now)
    _mark(Audit.IMPORT_DROPPED, taken, actor=actor, now=now)


def purge(now: datetime) -> int:
    """Forget the rows and findings of files whose seven days are over. Returns how many."""
    over = db.session.scalars(
        sa.select(CaseImport).where(
            CaseImport.ends_at < now, CaseImport.content.is_not(None), CaseImport.state.in_(OPEN)
        )
    ).all()
    for taken in over:
        _forget(taken, now)
        _mark(Audit.IMPORT_DROPPED, taken, actor=SYSTEM, now=now)
    gone = sa.update(CaseImport).where(CaseImport.ends_at < now, CaseImport.findings.is_not(None))
    db.session.execute(gone.values(findings=None).execution_options(synchronize_session=False))
    return len(over)


def _forget(taken: CaseImport, now: datetime) -> None:
    taken.state, taken.content, taken.findings, taken.finished_at = S.DROPPED, None, None, now
    db.session.flush()


def _must_be(taken: CaseImport, states: Sequence[S]) -> None:
    if taken.state not in states:
        raise NotNow


def _mark(action: Audit, taken: CaseImport, *, actor: Actor, now: datetime) -> None:
    audit.record(action, SubjectType.CASE_IMPORT, taken.public_id, actor=actor, now=now)
    db.session.flush()
