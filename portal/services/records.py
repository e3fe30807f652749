"""A municipality takes its part of a case over into its own records (R-689)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.queries import records as queries
from portal.services import case_marks, documents

# All of it is put together in memory.
MOST_BYTES = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Records:
    """What goes: of which case, from when to when."""

    reference: str
    first: date
    last: date
    notes: Sequence[queries.NoteRecord]
    # Notes of the period that are written for fewer readers, and are not in it.
    kept_back: int
    counselling: queries.CounsellingRecord | None
    notices: Sequence[queries.NoticeRecord]
    papers: Sequence[queries.DocumentRecord]


def collect(case: Case, seen: Lens, first: date, last: date, *, actor: Actor, now: datetime) -> Records:
    """Put together what goes, and write down that it goes. Raises Invalid for the period, or for too much in it."""
    require(actor, Permission.RECORDS_EXPORT)
    if last < first:
        raise Invalid(_("The end cannot come before the beginning."), field="to_on")
    if last > local_date(now):
        raise Invalid(_("The day has not come yet."), field="to_on")
    papers = queries.list_papers(actor, case, seen, first, last)
    if sum(one.size for one in papers) > MOST_BYTES:
        raise Invalid(_("There is more than one file can hold. Choose a shorter period."), field="from_on")
    found = Records(
        reference=case.reference,
        first=first,
        last=last,
        notes=queries.list_notes(actor, case, seen, first, last),
        kept_back=queries.count_kept_back(actor, case, seen, first, last),
        counselling=queries.find_counselling(case, first, last),
        notices=queries.list_notices(case, first, last),
        papers=papers,
    )
    case_marks.record(Audit.RECORDS_EXPORTED, case, actor=actor, now=now)
    db.session.flush()
    return found


def files(found: Records) -> Iterator[tuple[queries.DocumentRecord, bytes, str]]:
    """The documents one by one, with content and ending."""
    for one in found.papers:
        paper = queries.get_paper(one.key)
        content, ending = documents.content_of(paper)
        db.session.expunge(paper)
        yield one, content, ending
