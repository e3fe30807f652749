"""Words for furnishing help."""

from portal.core.i18n import _
from portal.core.states import FurnishingState, ItemState
from portal.domain.furnishing import FurnishingAction, Room, Source
from portal.domain.labels.words import Words

WORDS: Words = (
    (FurnishingState.REQUESTED, _("Asked for")),
    (FurnishingState.ACCEPTED, _("Accepted")),
    (FurnishingState.SCOPING, _("First home meeting held")),
    (FurnishingState.DESIGNED, _("Plan shown to her")),
    (FurnishingState.SOURCING, _("Things are being found")),
    (FurnishingState.SCHEDULED, _("Work day fixed")),
    (FurnishingState.DELIVERED, _("Furnished")),
    (FurnishingState.CLOSED, _("Ended")),
    (FurnishingState.CANCELLED, _("Called off")),
    (ItemState.WISHED, _("Wished for")),
    (ItemState.NEEDED, _("Needed")),
    (ItemState.RESERVED, _("Promised")),
    (ItemState.IN_STOCK, _("In stock")),
    (ItemState.DELIVERED, _("Delivered")),
    (ItemState.DROPPED, _("Not needed")),
    (FurnishingAction.ACCEPT, _("Accept the project")),
    (FurnishingAction.SCOPE, _("The first home meeting is held")),
    (FurnishingAction.DESIGN, _("The plan has been shown to her")),
    (FurnishingAction.SOURCE, _("Begin to find things")),
    (FurnishingAction.SCHEDULE, _("Fix the work day")),
    (FurnishingAction.DELIVER, _("The home is furnished")),
    (FurnishingAction.CLOSE, _("End the project")),
    (FurnishingAction.CANCEL, _("Call the project off")),
    (Room.LIVING_ROOM, _("Living room")),
    (Room.KITCHEN, _("Kitchen")),
    (Room.BEDROOM, _("Bedroom")),
    (Room.CHILDRENS_ROOM, _("Children's room")),
    (Room.BATHROOM, _("Bathroom")),
    (Room.HALL, _("Hall")),
    (Source.GRANT, _("Start-up grant")),
    (Source.DONATION, _("Donation")),
    (Source.STOCK, _("Our stock")),
    (Source.PURCHASE, _("Bought")),
)
