"""Words for taking part in a programme."""

from portal.core.audit_tags import Audit
from portal.core.courses import MissingCheck, NoTakeOver, PauseReason, ReopenReason, Strand, T0Reason, TakeOverState
from portal.core.i18n import _
from portal.core.kinds import EndReason
from portal.core.states import EnrolmentState
from portal.domain.labels.words import Words

WORDS: Words = (
    (TakeOverState.ASKED, _("asked")),
    (TakeOverState.TAKEN, _("taken over")),
    (TakeOverState.REFUSED, _("not taken over")),
    (TakeOverState.CALLED_BACK, _("taken back")),
    (NoTakeOver.NO_ROOM, _("I have no room for one more")),
    (NoTakeOver.TOO_CLOSE, _("I know the family, or somebody close to it")),
    (NoTakeOver.AWAY, _("I am away in the time to come")),
    (NoTakeOver.OTHER, _("Another reason: let us talk")),
    (EnrolmentState.PROPOSED, _("To be begun")),
    (EnrolmentState.ACTIVE, _("Under way")),
    (EnrolmentState.PAUSED, _("Paused")),
    (EnrolmentState.COMPLETED, _("Completed")),
    (EnrolmentState.ENDED_EARLY, _("Ended early")),
    (EnrolmentState.TRANSFERRED, _("Handed over")),
    (EnrolmentState.NEVER_STARTED, _("Never begun")),
    (EndReason.COMPLETED, _("As planned")),
    (EndReason.HER_WISH, _("She asked to stop")),
    (EndReason.MOVED_AWAY, _("She has moved away")),
    (EndReason.BACK_AT_CENTRE, _("Back at a centre")),
    (EndReason.OTHER_HELP, _("Other help fits better")),
    (EndReason.SAFETY, _("For her safety")),
    (EndReason.DIED, _("She has died")),
    (EndReason.OTHER, _("Another reason")),
    (EndReason.UNDONE, _("The acceptance was undone")),
    (Audit.ENROLMENT_REOPENED, _("Ended course goes on")),
    (ReopenReason.MISTAKE, _("It was ended by mistake")),
    (ReopenReason.NEEDED_AGAIN, _("The help is needed again")),
    (ReopenReason.HER_WISH, _("Her wish")),
    (MissingCheck.NOT_REACHED, _("She could not be reached safely")),
    (MissingCheck.NOT_WANTED, _("She did not want to")),
    (MissingCheck.ELSEWHERE, _("It was done elsewhere")),
    (PauseReason.BACK_AT_CENTRE, _("Back at a centre")),
    (PauseReason.HOSPITAL, _("In hospital")),
    (PauseReason.HER_WISH, _("Her wish")),
    (PauseReason.TRAVEL, _("Travelling")),
    (PauseReason.OTHER, _("Another reason")),
    (T0Reason.WRONG_DATE, _("The date was wrong")),
    (T0Reason.MOVED_LATER, _("She moved in later")),
    (T0Reason.RESTART, _("The course begins anew")),
    (Strand.SOCIAL, _("Social")),
    (Strand.LEGAL, _("Legal")),
    (Strand.CHILDREN, _("Children")),
)
