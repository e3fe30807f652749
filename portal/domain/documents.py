"""Documents of a case: which of them somebody reads, how many there may be, and what must be said of each."""

from datetime import date

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.papers import PaperKind, PaperState

# How many files of others a case holds; what was made here and sent on is not counted.
MOST = 50
# What is chosen among when a file is put here: a handover is made here, and never put.
PUT_HERE = tuple(kind for kind in PaperKind if kind is not PaperKind.HANDOVER)


def check_said(theme: str, dated_on: date, *, today: date) -> None:
    """Raise Invalid unless the document has a theme and a day that has come (R-687)."""
    if not theme.strip():
        raise Invalid(_("Write in a few words what it is about."), field="theme")
    if dated_on > today:
        raise Invalid(_("The day has not come yet."), field="dated_on")


def is_opened(state: PaperState) -> bool:
    """Whether a document may be opened by anybody (R-685)."""
    return state is PaperState.CLEAN


def is_counted(state: PaperState, kind: PaperKind) -> bool:
    """Whether a document takes one of the places that a case has."""
    return kind is not PaperKind.HANDOVER and state in (PaperState.CLEAN, PaperState.WAITING)
