"""What is said of a note beside its text, who reads it, and how many are pinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.clock import add_months
from portal.core.notes import NoteReaders, TalkKind, TookPart

MOST_PINNED = 3
LONGEST_WAIT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What somebody says of a note as she writes it."""

    talk: TalkKind | None = None
    took_part: Sequence[TookPart] = ()
    readers: NoteReaders = NoteReaders.TEAM
    # When she wants to come back to it.
    follow_up_on: date | None = None

    @property
    def is_talk_with_her(self) -> bool:
        """Whether somebody has spoken with her: it ends a silence as a contact does (R-724)."""
        return self.talk is not None and TookPart.HER in self.took_part


PLAIN = NoteFacts()


def narrower(one: NoteReaders, other: NoteReaders) -> NoteReaders:
    """The one that fewer read: a correction is never read by more than what it corrects (R-811)."""
    return max(one, other, key=list(NoteReaders).index)


def may_come_back(day: date, today: date) -> bool:
    """Whether a note may be followed up on that day: from tomorrow on, and within a year (R-814)."""
    return today < day <= add_months(today, LONGEST_WAIT_MONTHS)
