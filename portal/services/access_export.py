"""What is kept about a woman or a child, put together for handing out: from the register of fields, nothing by hand."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import NotFound, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import Base, db
from portal.domain.permissions import require
from portal.domain.programmes import Rules
from portal.domain.subject_data import NOT_IN_DOSSIER, heading, links, marks_of, own
from portal.domain.subject_headings import Heading
from portal.models.cases import Case, Note
from portal.models.rights import RightsRequest, SubjectExport
from portal.queries import past_recipients, subject_rows
from portal.services import audit
from portal.wall import as_system

KEPT_DAYS = timedelta(days=7)
Columns = Callable[[sa.Table], Sequence[str]]
Names = Mapping[str, Mapping[Any, str]]
# Rows that are about one programme, and those that hang on them: what tells which programme a row is about.
OF_PROGRAMMES = ("track_request", "enrolment", "follow_up")
Given = tuple[int | None, int | None]
NO_OFFER: Given = None, None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its table, its columns that are handed out with their values, and the offer that it speaks of.

    `edition` is the version of its programme that it began with (R-661); `programme` is the offer's name, for a row
    that does not say it by itself.
    """

    table: str
    values: Mapping[str, Any]
    offer_id: int | None = None
    edition: int | None = None
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    heading: Heading
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Assembled:
    """An access export before it is put into words."""

    reference: str
    sections: Sequence[Section]
    received: Sequence[past_recipients.Received] = ()
    looks: Sequence[past_recipients.Look] = ()
    # By offer and edition.
    programmes: Mapping[tuple[int, int | None], Rules] = field(default_factory=dict)


@as_system()
def of_woman(request: RightsRequest) -> Assembled:
    """Everything of hers that this organisation keeps, who received it and who looked (R-523).

    Complete, for it goes by the register; pure, for a row that leads to somebody else is left out, and so is every
    column about third persons, staff and children: a child's own data is asked for by itself. `request` has the case.
    """
    rows = _hers(request.case, request.organisation_id)
    cases = [case.id for case in rows["client_case"]]
    return Assembled(
        reference=request.case.reference,
        sections=_own_sections(rows, of_child=False),
        received=past_recipients.list_received(cases),
        looks=past_recipients.list_looks(cases),
        programmes=subject_rows.rules_of_offers(
            {(row.offer_id, row.programme_version_id) for row in rows["track_request"]}
        ),
    )


@as_system()
def of_child(request: RightsRequest) -> Sequence[Section]:
    """The child's own fields alone: nothing that tells where it is, nothing about anybody else (R-524)."""
    if request.child_id is None:
        raise NotFound
    rows = subject_rows.collect("child", request.child_id)
    return [one for one in _own_sections(rows, of_child=True) if one.heading not in NOT_IN_DOSSIER]


def _hers(case: Case, organisation_id: int) -> subject_rows.Rows:
    def keeps(table: str, row: object) -> bool:
        if isinstance(row, Note):
            # What was put aside or taken out is about somebody else; what hangs on it is left out with it.
            return row.aside is None
        return not isinstance(row, Case) or row.owner_organisation_id == organisation_id

    return subject_rows.collect("client", case.client_id, leave_out=frozenset({"child"}), keeps=keeps)


def _own_sections(rows: subject_rows.Rows, *, of_child: bool) -> list[Section]:
    def columns(table: sa.Table) -> list[str]:
        return [mark.column for mark in own(marks_of(table), of_child=of_child)]

    return arrange(rows, columns, subject_rows.names_of_links())


def arrange(rows: subject_rows.Rows, columns: Columns, names: Names) -> list[Section]:
    """Rows under their headings, with the columns that somebody is given, and names in the place of keys."""
    by_heading: dict[Heading, list[Entry]] = {}
    offers = _offers(rows)
    for name, found in rows.items():
        table = Base.metadata.tables[name]
        targets = {column: _target(table.c[column]) for column in columns(table)}
        for row in found if targets else ():
            values = {column: _value(getattr(row, column), names.get(to)) for column, to in targets.items()}
            offer, edition = _offer(table, row, offers)
            programme = "" if "offer_id" in values else names["offer"].get(offer, "")
            by_heading.setdefault(heading(name), []).append(Entry(name, values, offer, edition, programme))
    return [Section(one, by_heading[one]) for one in Heading if one in by_heading]


def _offers(rows: subject_rows.Rows) -> dict[tuple[str, int], Given]:
    """The offer and the edition that each row of a programme is about, by table and key."""
    found: dict[tuple[str, int], Given] = {}
    for name in OF_PROGRAMMES:
        table = Base.metadata.tables[name]
        found |= {(name, row.id): _offer(table, row, found) for row in rows.get(name, ())}
    return found


def _offer(table: sa.Table, row: Any, known: Mapping[tuple[str, int], Given]) -> Given:
    """The offer and the edition a row names itself, or those of the row it hangs on; nothing for one about neither."""
    if getattr(row, "offer_id", None):
        return row.offer_id, getattr(row, "programme_version_id", None)
    parents = (known.get((to, getattr(row, column)), NO_OFFER) for column, to in links(table, OF_PROGRAMMES))
    return next((given for given in parents if given[0]), NO_OFFER)


def _target(column: sa.Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


def _value(value: Any, names: Mapping[Any, str] | None) -> Any:
    return value if names is None or value is None else names.get(value, "")


def store(request: RightsRequest, content: bytes, *, actor: Actor, now: datetime) -> SubjectExport:
    """Keep a finished file, sealed, until it is fetched: seven days at most (R-525). An earlier one goes."""
    for earlier in _open_files(request.id):
        earlier.content, earlier.deleted_at = None, now
    export = SubjectExport(
        request_id=request.id,
        content=base64.b64encode(content).decode(),
        built_at=now,
        built_by_id=actor.user_id,
    )
    db.session.add(export)
    audit.record(
        Audit.EXPORT_BUILT, SubjectType.RIGHTS_REQUEST, request.public_id, actor=actor, now=now, case_id=request.case_id
    )
    db.session.flush()
    return export


def fetch(request: RightsRequest, *, actor: Actor, now: datetime) -> bytes:
    """Hand the file out, once: afterwards it is gone (R-525). Raises NotNow when there is none any more, Forbidden."""
    require(actor, Permission.RIGHTS_RUN)
    export = db.session.scalar(
        sa.select(SubjectExport)
        .where(SubjectExport.request_id == request.id, SubjectExport.deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if export is None or export.content is None or export.built_at <= now - KEPT_DAYS:
        raise NotNow(_("The file is no longer here. It can be put together anew."))
    content = base64.b64decode(export.content)
    export.content, export.fetched_at, export.fetched_by_id, export.deleted_at = None, now, actor.user_id, now
    audit.record(
        Audit.EXPORT_FETCHED,
        SubjectType.RIGHTS_REQUEST,
        request.public_id,
        actor=actor,
        now=now,
        case_id=request.case_id,
    )
    db.session.flush()
    return content


def purge(now: datetime) -> int:
    """Take away the files that nobody has fetched within seven days (R-525). Returns how many."""
    condition = sa.and_(SubjectExport.deleted_at.is_(None), SubjectExport.built_at <= now - KEPT_DAYS)
    statement = sa.update(SubjectExport).where(condition).values(content=None, deleted_at=now)
    options = statement.execution_options(synchronize_session=False)
    return db.session.connection().execute(options).rowcount


def _open_files(request_id: int) -> list[SubjectExport]:
    statement = sa.select(SubjectExport).where(
        SubjectExport.request_id == request_id, SubjectExport.deleted_at.is_(None)
    )
    return list(db.session.scalars(statement))
