"""A lead makes a programme of her own organisation, or changes one: drafts, which nobody else sees (R-660)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Conflict, Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType, TrackKind
from portal.core.programmes import VersionState
from portal.db import db
from portal.domain import programme_drafts as rules
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.organisations import Organisation
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import programme_versions as queries
from portal.services import audit


class Move(StrEnum):
    """What is done with a question of the form by one press."""

    UP = "up"
    DOWN = "down"
    REMOVE = "remove"


def begin(name_da: str, kind: TrackKind, *, actor: Actor, now: datetime) -> Programme:
    """Begin a programme of the actor's own organisation, as a draft. Raises Invalid without a name, Forbidden."""
    require(actor, Permission.PROGRAMME_MANAGE)
    name = name_da.strip()
    if not name:
        raise Invalid(_("Write what the programme is called."), field="name_da")
    content = rules.blank(kind, name_da=name)
    rules.check(content)
    public_id = new_public_id()
    programme = Programme(
        public_id=public_id,
        # Unlike any key of the reference file, which is never read over it.
        key=f"own-{public_id}",
        name_da=name,
        name_en="",
        provider=db.session.get_one(Organisation, actor.organisation_id).name,
        kind=kind,
        summary_da="",
        summary_en="",
        rules={},
        owner_id=actor.organisation_id,
    )
    db.session.add(programme)
    db.session.flush()
    _add(programme, 1, content, actor=actor, now=now)
    _record(Audit.PROGRAMME_BEGUN, programme, actor=actor, now=now)
    return programme


def begin_change(programme: Programme, *, actor: Actor, now: datetime) -> ProgrammeVersion:
    """Draft the next version from the newest one; what is published stays as it is (R-661).

    Raises NotNow while a draft or a version that waits for its day is there already.
    """
    require_own(programme, actor)
    last = queries.find_last(programme.id)
    if last is None or last.state in queries.UNPUBLISHED:
        raise NotNow(_("There is a draft already: go on with that one."))
    version = _add(programme, last.number + 1, dict(last.content), actor=actor, now=now)
    _record(Audit.PROGRAMME_BEGUN, programme, actor=actor, now=now)
    return version


def _add(
    programme: Programme, number: int, content: dict[str, Any], *, actor: Actor, now: datetime
) -> ProgrammeVersion:
    version = ProgrammeVersion(
        programme_id=programme.id,
        number=number,
        state=VersionState.DRAFT,
        content=content,
        created_at=now,
        created_by_id=actor.user_id,
        edited_at=now,
        edited_by_id=actor.user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError as double:
        raise Conflict(_("There is a draft already: go on with that one.")) from double
    return version


def save(
    draft: ProgrammeVersion,
    programme: Programme,
    part: Mapping[str, Any],
    *,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a section of a draft. Raises Stale when another lead was faster, Invalid, NotNow once it is published.

    A programme that has been published keeps its kind: courses are under way (R-661).
    """
    save_rows(draft, programme, {}, part, seen=seen, actor=actor, now=now)


def save_rows(
    draft: ProgrammeVersion,
    programme: Programme,
    parts: Mapping[str, Sequence[dict[str, Any]]],
    others: Mapping[str, Any] | None = None,
    *,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """The same for lists such as the criteria: rows without a key get one. Raises Stale, Invalid, NotNow."""
    check_draft(draft, programme, actor)
    check_version(seen, draft.version)
    content: dict[str, Any] = {**draft.content, **(others or {})}
    if draft.number > 1 and content["kind"] != programme.kind.value:
        raise Invalid(_("The kind stands since the first version. Make a new programme instead."), field="kind")
    for part, rows in parts.items():
        known = {row["key"] for row in draft.content.get(part, ())}
        if any(row.get("key") and row["key"] not in known for row in rows):
            raise Invalid(_("Two of them have the same key. Open the page again."), field=part)
        content = rules.with_keys(content, part, rows)
    rules.check(content)
    _keep(draft, programme, content, actor=actor, now=now)


def save_question(
    draft: ProgrammeVersion,
    programme: Programme,
    question: dict[str, Any],
    *,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a question in the form, or change the one with the same key. Raises NotFound, Stale, Invalid, NotNow.

    One that is answered by choosing has something to choose between (R-862).
    """
    rules.check_choices(question)
    rows = list(draft.content.get("question", ()))
    if question.get("key"):
        at = _place(rows, question["key"])
        rows[at] = question
    else:
        rows.append(question)
    save_rows(draft, programme, {"question": rows}, seen=seen, actor=actor, now=now)


def move_question(
    draft: ProgrammeVersion,
    programme: Programme,
    key: str,
    move: Move,
    *,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Move a question one place, or take it out. At the end of the row nothing happens. Raises NotFound, Stale."""
    rows = list(draft.content.get("question", ()))
    at = _place(rows, key)
    row = rows.pop(at)
    if move is not Move.REMOVE:
        rows.insert(max(at - 1, 0) if move is Move.UP else at + 1, row)
    save_rows(draft, programme, {"question": rows}, seen=seen, actor=actor, now=now)


def discard(draft: ProgrammeVersion, programme: Programme, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away; what is published stays. Raises NotNow once it is published."""
    check_draft(draft, programme, actor)
    db.session.delete(draft)
    _record(Audit.PROGRAMME_DISCARDED, programme, actor=actor, now=now)


def check_draft(draft: ProgrammeVersion, programme: Programme, actor: Actor) -> None:
    """Raise Forbidden, NotFound or NotNow unless this is a draft of the actor's own organisation (R-660, R-661)."""
    require_own(programme, actor)
    if draft.programme_id != programme.id:
        raise NotFound
    if draft.state is not VersionState.DRAFT:
        raise NotNow(_("This version is published: it stays as it is. Begin a change instead."))


def require_own(programme: Programme, actor: Actor) -> None:
    """Raise Forbidden for another role, NotFound for another organisation's programme and one of the file (R-660)."""
    require(actor, Permission.PROGRAMME_MANAGE)
    if programme.owner_id is None or programme.owner_id != actor.organisation_id:
        raise NotFound


def _keep(
    draft: ProgrammeVersion, programme: Programme, content: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    draft.content, draft.edited_at, draft.edited_by_id = content, now, actor.user_id
    if draft.number == 1:
        # Nobody but her own leads sees it yet: the list shows what it is called.
        programme.name_da, programme.name_en = content["name_da"], content["name_en"]
        programme.kind = TrackKind(content["kind"])
    _record(Audit.PROGRAMME_SAVED, programme, actor=actor, now=now)


def _place(rows: Sequence[Mapping[str, Any]], key: str) -> int:
    for at, row in enumerate(rows):
        if row["key"] == key:
            return at
    raise NotFound


def _record(tag: Audit, programme: Programme, *, actor: Actor, now: datetime) -> None:
    audit.record(tag, SubjectType.PROGRAMME, programme.public_id, actor=actor, now=now)
    db.session.flush()
