"""What is said of a note beside its text, who reads it, and how many are pinned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from portal.core.clock import add_months
from portal.core.notes import NoteReaders, TalkKind, TookPart

MOST_PINNED = 3
LONGEST_WAIT_MONTHS = 12


# Somebody with whom one can talk instead of her; an interpreter is there for her.
INSTEAD = frozenset({TookPart.NETWORK, TookPart.COLLEAGUE, TookPart.VOLUNTEER, TookPart.AUTHORITY})


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

    def with_her(self, *, is_about_children: bool) -> Self:
        """The same, and that she took part, where a talk is said to be with nobody else and about no child (R-827)."""
        is_elses = bool(INSTEAD & set(self.took_part)) or self.talk is TalkKind.CHILD
        is_of_child = is_about_children and self.talk is not TalkKind.MOTHER_CHILD
        if self.talk is None or TookPart.HER in self.took_part or is_elses or is_of_child:
            return self
        return replace(self, took_part=[TookPart.HER, *self.took_part])


PLAIN = NoteFacts()


def narrower(one: NoteReaders, other: NoteReaders) -> NoteReaders:
    """The one that fewer read: a correction is never read by more than what it corrects (R-811)."""
    return max(one, other, key=list(NoteReaders).index)


def may_come_back(day: date, today: date) -> bool:
    """Whether a note may be followed up on that day: from tomorrow on, and within a year (R-814)."""
    return today < day <= add_months(today, LONGEST_WAIT_MONTHS)
