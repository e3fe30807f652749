"""A note in the wrong case: who may do what until two have decided, and what is kept of it meanwhile (R-820)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.kinds import ContactResult
from portal.core.notes import AsideState, TookPart
from portal.domain.workflow import Step

# So many notes of a case wait at once at most: they stand above its journal.
MOST_ASIDE = 10


class Action(StrEnum):
    CALL_BACK = "call_back"
    NAME_ANOTHER = "name_another"
    LEAVE = "leave"
    TAKE_OUT = "take_out"


ASKED = frozenset({AsideState.ASKED})
EDIT = Permission.CASE_EDIT

WORKFLOW: Mapping[Action, Step[AsideState]] = {
    Action.CALL_BACK: Step(ASKED, AsideState.CALLED_BACK, EDIT, Audit.NOTE_CALLED_BACK),
    Action.NAME_ANOTHER: Step(ASKED, AsideState.ASKED, EDIT, Audit.NOTE_PUT_ASIDE),
    Action.LEAVE: Step(ASKED, AsideState.LEFT, EDIT, Audit.NOTE_LEFT),
    Action.TAKE_OUT: Step(ASKED, AsideState.TAKEN_OUT, EDIT, Audit.NOTE_TAKEN_OUT),
}
# The others are the second person's: never the same one.
OF_THE_ASKER = frozenset({Action.CALL_BACK, Action.NAME_ANOTHER})


def is_hers(action: Action, asked_by_id: int, user_id: int | None) -> bool:
    """Whether this one may do it: whoever asked takes it back, and anybody but her decides (R-821)."""
    return (asked_by_id == user_id) == (action in OF_THE_ASKER)


@dataclass(frozen=True, slots=True)
class Held:
    """All that a note said, while nothing of it stands in its case."""

    text: str | None = None
    mode: str | None = None
    result: str | None = None
    minutes: int | None = None
    talk: str | None = None
    took_part: Sequence[str] = ()
    themes: Sequence[str] = ()
    enrolment_id: int | None = None
    counselling_id: int | None = None
    meeting_id: int | None = None
    corrects_id: int | None = None
    # Of each child that it was about its key, and whether it was spoken with.
    children: Sequence[tuple[int, bool]] = ()
    # Who had pinned it.
    pinned_by_id: int | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept, as `kept` wrote it."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def kept(self) -> dict[str, Any]:
        """To be sealed as one document."""
        return asdict(self)

    @property
    def has_reached_her(self) -> bool:
        """Whether it was a contact or a talk that reached her: it ends a silence (R-724)."""
        with_her = self.talk is not None and TookPart.HER.value in self.took_part
        return with_her or self.result == ContactResult.REACHED.value
