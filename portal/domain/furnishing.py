"""Furnishing help: the steps of a project, and when it is ready for the work day (R-145 to R-147)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.enums import Permission as P
from portal.core.i18n import _
from portal.core.states import FurnishingState as S
from portal.core.states import ItemState
from portal.domain.workflow import Step

READY_SHARE = 80
IN_HAND = frozenset({ItemState.RESERVED, ItemState.IN_STOCK, ItemState.DELIVERED})


class FurnishingAction(StrEnum):
    ACCEPT = "accept"
    SCOPE = "scope"
    DESIGN = "design"
    SOURCE = "source"
    SCHEDULE = "schedule"
    DELIVER = "deliver"
    CLOSE = "close"
    CANCEL = "cancel"


def _step(target: S, *sources: S) -> Step[S]:
    return Step(frozenset(sources), target, P.FURNISHING_MANAGE, Audit.FURNISHING_CHANGED)


STEPS: dict[FurnishingAction, Step[S]] = {
    FurnishingAction.ACCEPT: _step(S.ACCEPTED, S.REQUESTED),
    FurnishingAction.SCOPE: _step(S.SCOPING, S.ACCEPTED),
    FurnishingAction.DESIGN: _step(S.DESIGNED, S.SCOPING),
    FurnishingAction.SOURCE: _step(S.SOURCING, S.DESIGNED),
    FurnishingAction.SCHEDULE: _step(S.SCHEDULED, S.SOURCING),
    FurnishingAction.DELIVER: _step(S.DELIVERED, S.SCHEDULED),
    FurnishingAction.CLOSE: _step(S.CLOSED, S.DELIVERED),
    FurnishingAction.CANCEL: _step(
        S.CANCELLED, S.REQUESTED, S.ACCEPTED, S.SCOPING, S.DESIGNED, S.SOURCING, S.SCHEDULED
    ),
}


class Room(StrEnum):
    """Rooms by name; where they lie is nobody's business."""

    LIVING_ROOM = "living_room"
    KITCHEN = "kitchen"
    BEDROOM = "bedroom"
    CHILDRENS_ROOM = "childrens_room"
    BATHROOM = "bathroom"
    HALL = "hall"


class Source(StrEnum):
    """Where a thing comes from."""

    GRANT = "grant"
    DONATION = "donation"
    STOCK = "stock"
    PURCHASE = "purchase"


TEMPLATE: tuple[tuple[Room, object, int], ...] = (
    (Room.BEDROOM, _("Bed with mattress"), 1),
    (Room.CHILDRENS_ROOM, _("Bunk bed"), 1),
    (Room.CHILDRENS_ROOM, _("Desk"), 1),
    (Room.LIVING_ROOM, _("Sofa"), 1),
    (Room.KITCHEN, _("Dining table"), 1),
    (Room.KITCHEN, _("Chairs"), 4),
    (Room.KITCHEN, _("Pots, plates and cutlery"), 1),
    (Room.HALL, _("Lamps"), 3),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the things have come: those that must be there, those in hand, and what they cost in øre."""

    must: int
    in_hand: int
    total: int
    found: int
    cost_ore: int

    @property
    def is_ready(self) -> bool:
        """At least four fifths of what must be there is in hand (R-146)."""
        return self.must > 0 and self.in_hand * 100 >= self.must * READY_SHARE


def progress(items: Iterable[tuple[bool, ItemState, int]]) -> Progress:
    """Count items given as (must be there, state, cost in øre). What was dropped does not count (R-146)."""
    kept = [(is_must, state, cost) for is_must, state, cost in items if state is not ItemState.DROPPED]
    return Progress(
        must=sum(is_must for is_must, *_rest in kept),
        in_hand=sum(is_must and state in IN_HAND for is_must, state, _cost in kept),
        total=len(kept),
        found=sum(state in IN_HAND for _must, state, _cost in kept),
        cost_ore=sum(cost for *_rest, cost in kept),
    )
