"""What is written about the counselling and the hours."""

from wtforms import BooleanField

from portal.core.courses import CounsellingAnswer, CounsellingEnd, OfferWay
from portal.core.i18n import _
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.web.fields import Day, Hours, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm


class OfferForm(PortalForm):
    """That it was offered, how, and on what."""

    offered_on = Day(_("Offered on"), [required()])
    how = Radio(_("How was it offered?"), [required()], kind=OfferWay)
    has_interpreter = BooleanField(_("With an interpreter"))
    areas = Several(_("Which areas?"), [optional()], kind=NeedArea)


class AnswerForm(PortalForm):
    """What she answered."""

    given = Radio(_("What did she answer?"), [required()], kind=CounsellingAnswer)
    answered_on = Day(_("When?"), [required()])
    ask_again_on = Day(_("Ask her again on"), [optional()])


class BeginForm(PortalForm):
    """That it has begun."""

    started_on = Day(_("Begun on"), [required()])


class ExtendForm(VersionedForm):
    """More than six months: a reason and somebody who approves."""

    until = Day(_("Until when?"), [required()])
    reason = Text(_("Why is more time needed?"), [required()])
    approver = Pick(_("Who approves?"), [required()], choices=[])


class EndForm(PortalForm):
    """That it has ended."""

    reason = Radio(_("Why did it end?"), [required()], kind=CounsellingEnd)
    ended_on = Day(_("Ended on"), [required()])


class ContactForm(PortalForm):
    """A contact in two taps: the area, and the button that says whether she was reached."""

    areas = Several(_("What was it about?"), [optional()], kind=NeedArea)
    result = Radio(_("Was she reached?"), [required(_("Press the button that fits."))], kind=ContactResult)
    mode = Pick(_("How"), [required()], kind=ContactMode)
    held_on = Day(_("Date of the contact"), [required()])
    minutes = Whole(_("Minutes"), [optional()], low=0, high=1440)
    text = Text(_("A few words"), [optional()])


class PromiseForm(PortalForm):
    """What another authority has promised."""

    authority = Line(_("Which authority or department?"), [required()], scan=Scan.WARN)
    area = Pick(_("Which area?"), [required()], kind=NeedArea, empty=_("Choose"))
    promised = Text(_("What was promised?"), [required()])
    due_on = Day(_("By when?"), [required()])


class SettleForm(PortalForm):
    """Whether an authority did it: one of two buttons."""

    kept = Radio(_("Was it done?"), [required()], choices=[("yes", _("It was done")), ("no", _("It was not done"))])


class HoursForm(PortalForm):
    """Hours that a psychologist has held."""

    held_on = Day(_("Held on"), [required()])
    minutes = Hours(_("Hours"), [required()])
    authorisation = Line(_("The psychologist's authorisation number"), [required()])


class ChildHoursForm(VersionedForm):
    """How many hours a child has."""

    minutes = Hours(_("Hours in all, from 4 to 10"), [required()])
