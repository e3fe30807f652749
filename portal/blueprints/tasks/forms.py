"""What volunteers and coordinators write about a task."""

from wtforms import BooleanField

from portal.core.enums import Region
from portal.core.i18n import _
from portal.core.safety import OnTheWay
from portal.core.volunteers import Skill, TaskKind, TaskOutcome
from portal.web.fields import Clock, Day, Hours, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.texts import Line, Scan, Text


class TaskForm(PortalForm):
    """A new task. The card is made of fixed words; only the last three fields hold anything about her."""

    kind = Pick(_("What is to be done?"), [required()], kind=TaskKind, empty=_("Choose"))
    region = Pick(_("Region"), [required()], kind=Region)
    on = Day(_("Which day?"), [required()])
    starts = Clock(_("From"), [required()])
    ends = Clock(_("To"), [required()])
    places = Whole(_("How many volunteers?"), [required()], low=1, high=8, default=1)
    skills = Several(_("What must they be able to do?"), [optional()], kind=Skill)
    has_children = BooleanField(_("There are children present"))
    is_accompanied = BooleanField(_("One of the staff comes along"))
    alias = Line(_("First name or agreed name"), [optional()], scan=Scan.REFUSE)
    meeting_point = Line(_("Where to meet"), [optional()], scan=Scan.REFUSE)
    address = Line(_("Address"), [optional()])


class ReleaseForm(PortalForm):
    """Giving a task back."""

    reason = Line(_("Why?"), [optional()], scan=Scan.REFUSE)


class ReportForm(PortalForm):
    """What was done."""

    minutes = Hours(_("How many hours did it take?"), [required()])
    outcome = Radio(_("How did it go?"), [required()], kind=TaskOutcome)
    text = Text(_("Anything the coordinator should know?"), [optional()], scan=Scan.REFUSE)


class ConfirmForm(PortalForm):
    """The checklist before a volunteer is confirmed."""

    identity = BooleanField(
        _("I know who the volunteer is, and the certificates are valid"), [required(_("Tick the box when it is so."))]
    )
    relation = BooleanField(
        _("The volunteer has not told of any relation to somebody in the case"),
        [required(_("Tick the box when it is so."))],
    )


class TaskAddressForm(PortalForm):
    """Why the address of a task is opened."""

    why = Radio(_("Why do you open it?"), [required()], kind=OnTheWay)


class WorryForm(PortalForm):
    """What a volunteer is worried about. No name is asked for: the coordinator knows whose task it is."""

    text = Text(_("What have you seen or heard, and when?"), [required()], scan=Scan.REFUSE)
