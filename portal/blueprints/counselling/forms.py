"""What is written about the counselling and the hours."""

from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.i18n import _
from portal.core.kinds import NeedArea
from portal.web.fields import Day, Hours, Pick, PortalForm, Radio, Several, optional, required
from portal.web.texts import Line, Text
from portal.web.versions import VersionedForm


class OfferForm(PortalForm):
    """That it was offered, and on what."""

    offered_on = Day(_("Offered on"), [required()])
    areas = Several(_("Which areas?"), [optional()], kind=NeedArea)


class AnswerForm(PortalForm):
    """What she answered."""

    given = Radio(_("What did she answer?"), [required()], kind=CounsellingAnswer)
    answered_on = Day(_("When?"), [required()])


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


class HoursForm(PortalForm):
    """Hours that a psychologist has held."""

    held_on = Day(_("Held on"), [required()])
    minutes = Hours(_("Hours"), [required()])
    authorisation = Line(_("The psychologist's authorisation number"), [required()])


class ChildHoursForm(VersionedForm):
    """How many hours a child has."""

    minutes = Hours(_("Hours in all, from 4 to 10"), [required()])
