"""What is known about a volunteer."""

from wtforms.validators import Email

from portal.core.enums import Region
from portal.core.i18n import _
from portal.core.volunteers import Skill
from portal.web.fields import Day, Pick, PortalForm, Several, optional, required
from portal.web.texts import Line, MailAddress
from portal.web.versions import VersionedForm


class ProfileForm(VersionedForm):
    """Region, skills and the three dates without which there are no tasks."""

    region = Pick(_("Region"), [required()], kind=Region)
    skills = Several(_("Can"), [optional()], kind=Skill)
    pledged_on = Day(_("Declaration of confidentiality signed"), [optional()])
    trained_on = Day(_("Introduction held"), [optional()])
    certificate_until = Day(_("Child certificate valid until"), [optional()])


class NewVolunteerForm(ProfileForm):
    """A new volunteer: who, and where hints by mail go."""

    name = Line(_("Name"), [required()])
    email = MailAddress(_("E-mail"), [required(), Email(message=_("Write an e-mail address."))])


class MatchForm(PortalForm):
    """Who accompanies her from when."""

    volunteer = Pick(_("Volunteer"), [required()], choices=[])
    started_on = Day(_("From"), [required()])


class EndMatchForm(PortalForm):
    """When it ended."""

    ended_on = Day(_("Ended on"), [required()])
