"""What is written when a course begins, rests, changes hands or ends."""

from portal.core.courses import NoTakeOver, PauseReason, ReopenReason
from portal.core.i18n import _
from portal.core.kinds import EndReason
from portal.web.fields import Day, Pick, PortalForm, Radio, optional, required
from portal.web.last_checks import by_field, why_field
from portal.web.texts import Scan, Text
from portal.web.versions import VersionedForm


class StartForm(PortalForm):
    """The first real contact."""

    started_on = Day(_("When was the first real contact?"), [required()])


class AssignForm(VersionedForm):
    """Whose course it is."""

    worker = Pick(_("Who takes the course?"), [required()], choices=[])
    # Asked for in the room: a course that nobody has, or that has not begun, needs no yes.
    hand_over = Text(_("What must your colleague know before she answers?"), [optional()], scan=Scan.REFUSE)


class RefuseForm(PortalForm):
    """Why somebody does not take a course over."""

    reason = Radio(_("Why not?"), [required(_("Choose why."))], kind=NoTakeOver)


class PauseForm(PortalForm):
    """Why it rests, and until when."""

    reason = Pick(_("Why does it rest?"), [required()], kind=PauseReason, empty=_("Choose"), id="pause-reason")
    review_on = Day(_("Look at it again on"), [required()])


class CompleteForm(PortalForm):
    """The end as planned."""

    ended_on = Day(_("Last day"), [required()], id="complete-on")
    unchecked = why_field(id="complete-unchecked")
    checked_by = by_field(id="complete-checked-by")


class EndForm(PortalForm):
    """An end before its time. The list of reasons is the kind's; that she is quiet is none of them."""

    reason = Radio(_("Why does it end?"), [required()], kind=EndReason)
    ended_on = Day(_("Last day"), [required()])
    note = Text(_("More about it"), [optional()])
    unchecked = why_field()
    checked_by = by_field()


class ReopenForm(PortalForm):
    """Why an ended course goes on."""

    reason = Pick(_("Why does it go on?"), [required()], kind=ReopenReason, empty=_("Choose"))


class NeverForm(PortalForm):
    """A place that never became a course."""

    reason = Radio(_("Why did it never begin?"), [required()], kind=EndReason, id="never-reason")
    note = Text(_("More about it"), [optional()], id="never-note")


class OwnApproachForm(PortalForm):
    """Which counselling she came to by herself."""

    offer = Radio(_("Which counselling?"), [required()], choices=[])
