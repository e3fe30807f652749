"""A child's dossier: the child's own fields, texts struck by machine and by hand, released by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, NotNow
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.rights import RightsKind, RightsState
from portal.db import db
from portal.domain import redaction
from portal.domain.permissions import require
from portal.domain.rights import WORKFLOW, RightsAction, check_second
from portal.domain.subject_headings import Heading
from portal.domain.workflow import check_step, check_version
from portal.models.rights import DossierText, RightsRequest
from portal.queries import rights as queries
from portal.services import access_export, audit


@dataclass(frozen=True, slots=True)
class Line:
    """One value of the dossier as it leaves the house."""

    heading: Heading
    table: str
    column: str
    value: Any


def prepare(request: RightsRequest, *, actor: Actor, now: datetime) -> None:
    """Take the child's texts down as they stand, with what the scan strikes (R-524). Done anew it begins anew."""
    step = check_step(WORKFLOW, RightsAction.PREPARE, request.state, actor)
    if request.kind is not RightsKind.CHILD_DOSSIER:
        raise NotNow
    db.session.execute(sa.delete(DossierText).where(DossierText.request_id == request.id))
    for number, (source, text) in enumerate(_texts(access_export.of_child(request))):
        spans = [span.to_json() for span in redaction.begin(text)]
        db.session.add(
            DossierText(
                public_id=new_public_id(), request_id=request.id, number=number, source=source, text=text, spans=spans
            )
        )
    _mark(request, step.audit, actor, now)


def lacks_texts(request: RightsRequest) -> bool:
    """Whether the child has texts that have not been taken down yet."""
    return not queries.list_texts(request) and bool(_texts(access_export.of_child(request)))


def _texts(sections: Sequence[access_export.Section]) -> list[tuple[str, str]]:
    return [
        (f"{entry.table}.{column}", value)
        for section in sections
        for entry in section.entries
        for column, value in entry.values.items()
        if type(value) is str and value
    ]


def strike(
    request: RightsRequest, text: DossierText, words: str, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Strike more of a text by hand: every place where the words stand. Raises Invalid, Stale, NotNow."""
    _check_work(request, actor)
    check_version(version, text.version)
    _save(request, text, redaction.strike(text.text, redaction.read(text.spans), words), actor, now)


def take_back(
    request: RightsRequest, text: DossierText, number: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Take back a strike made by hand. Raises Forbidden for what the scan found, Stale, NotNow."""
    _check_work(request, actor)
    check_version(version, text.version)
    _save(request, text, redaction.take_back(redaction.read(text.spans), number), actor, now)


def want_shown(
    request: RightsRequest, text: DossierText, number: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Ask the second person to let something be shown that was found by itself. It stays struck meanwhile."""
    _check_work(request, actor)
    check_version(version, text.version)
    _save(request, text, redaction.want_shown(redaction.read(text.spans), number, by=_who(actor)), actor, now)


def agree_to_show(
    request: RightsRequest, text: DossierText, number: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Let it be shown, as the second person, before release (R-524). Raises Forbidden for the first, Stale, NotNow."""
    require(actor, WORKFLOW[RightsAction.CONFIRM].permission)
    if request.state is not RightsState.WAITING:
        raise NotNow
    check_second(request.taken_by_id, actor.user_id)
    check_version(version, text.version)
    _save(request, text, redaction.agree_to_show(redaction.read(text.spans), number, by=_who(actor)), actor, now)


def lines(request: RightsRequest) -> list[Line]:
    """The dossier as it leaves the house: texts as they were taken down and struck, all else as it is (R-524).

    A text that was written after the work began is not in it.
    """
    struck: dict[str, list[str]] = {}
    for text in queries.list_texts(request):
        struck.setdefault(text.source, []).append(redaction.redacted(text.text, redaction.read(text.spans)))
    found: list[Line] = []
    for section in access_export.of_child(request):
        for entry in section.entries:
            for column, value in entry.values.items():
                place = f"{entry.table}.{column}"
                shown = _next(struck, place) if type(value) is str and value else value
                if shown is not None:
                    found.append(Line(section.heading, entry.table, column, shown))
    return found


def _next(struck: dict[str, list[str]], place: str) -> str | None:
    waiting = struck.get(place)
    return waiting.pop(0) if waiting else None


def check_released(request: RightsRequest) -> None:
    """Raise NotNow until a second person has released the dossier (R-526)."""
    if request.kind is not RightsKind.CHILD_DOSSIER or request.seconded_by_id is None:
        raise NotNow
    if request.state is not RightsState.GRANTED:
        raise NotNow


def _check_work(request: RightsRequest, actor: Actor) -> None:
    check_step(WORKFLOW, RightsAction.PREPARE, request.state, actor)


def _who(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden
    return actor.user_id


def _save(
    request: RightsRequest, text: DossierText, spans: Sequence[redaction.Span], actor: Actor, now: datetime
) -> None:
    text.spans = [span.to_json() for span in spans]
    _mark(request, Audit.DOSSIER_STRUCK, actor, now)


def _mark(request: RightsRequest, tag: Audit, actor: Actor, now: datetime) -> None:
    about = request.public_id
    audit.record(tag, SubjectType.RIGHTS_REQUEST, about, actor=actor, now=now, case_id=request.case_id)
    db.session.flush()
