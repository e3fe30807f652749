"""Words for homes and tenancies."""

from portal.core.i18n import _
from portal.core.states import TenancyState, UnitState
from portal.domain.housing import Destination, TenancyAction, UnitAction
from portal.domain.labels.words import Words

WORDS: Words = (
    (UnitState.VACANT_NOT_READY, _("Being made ready")),
    (UnitState.VACANT_READY, _("Ready")),
    (UnitState.ACCEPTING, _("Free now")),
    (UnitState.HELD, _("Reserved")),
    (UnitState.OCCUPIED, _("Lived in")),
    (UnitState.NOTICE_GIVEN, _("Notice given")),
    (UnitState.OUT_OF_SERVICE, _("Out of service")),
    (TenancyState.RESERVED, _("Reserved")),
    (TenancyState.ACTIVE, _("Lives here")),
    (TenancyState.EXTENSION_REQUESTED, _("Extension asked for")),
    (TenancyState.EXTENDED, _("Extended")),
    (TenancyState.NOTICE, _("Notice given")),
    (TenancyState.MOVED_OUT, _("Moved out")),
    (TenancyState.NOT_TAKEN, _("Came to nothing")),
    (UnitAction.MAKE_READY, _("The home is ready")),
    (UnitAction.ACCEPT, _("Offer the home")),
    (UnitAction.STOP, _("Stop offering it")),
    (UnitAction.CLOSE_DOWN, _("Take out of service")),
    (UnitAction.REOPEN, _("Take into service again")),
    (UnitAction.HOLD, _("Reserve the home")),
    (UnitAction.RELEASE, _("Release the home")),
    (UnitAction.MOVE_IN, _("She moves in")),
    (UnitAction.NOTICE, _("Notice")),
    (UnitAction.MOVE_OUT, _("She moves out")),
    (TenancyAction.MOVE_IN, _("She has moved in")),
    (TenancyAction.NOT_TAKEN, _("Release the home")),
    (TenancyAction.ASK, _("Ask for an extension")),
    (TenancyAction.GRANT, _("Extend the tenancy")),
    (TenancyAction.REFUSE, _("No extension")),
    (TenancyAction.NOTICE, _("Register notice")),
    (TenancyAction.MOVE_OUT, _("She has moved out")),
    (Destination.OWN_HOME, _("A home of her own")),
    (Destination.FAMILY, _("With family")),
    (Destination.CENTRE, _("A crisis centre")),
    (Destination.OTHER_HOUSING, _("Another kind of home")),
    (Destination.BACK_TO_PARTNER, _("Back to the one she left")),
    (Destination.UNKNOWN, _("Not known")),
)
