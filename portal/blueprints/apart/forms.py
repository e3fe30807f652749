"""Keeping a case apart. No form asks why, and none asks for anybody's name."""

from portal.core.i18n import _
from portal.core.safety import ApartAnswer
from portal.services.apart import Kept
from portal.web.fields import Day, PortalForm, Radio, optional, required
from portal.web.texts import Line, Scan, Text


class KeptForm(PortalForm):
    """What may be written beside each."""

    note = Text(_("Note for your own team"), [optional()], scan=Scan.REFUSE)
    review_on = Day(_("Look at it again"), [optional()])

    def kept(self) -> Kept:
        """What was written beside."""
        return Kept(self.note.data or None, self.review_on.data)


class CaseForm(KeptForm):
    """Apart from another case."""

    reference = Line(_("Number of the other case"), [required()])


class PersonForm(KeptForm):
    """Apart from somebody with an account."""

    email = Line(_("The e-mail that she or he signs in with"), [required()])


class AreaForm(KeptForm):
    """Postal areas in which she must not live."""

    areas = Line(_("Postal codes"), [required()])


class AnswerForm(PortalForm):
    """What the team answers to whoever wants to place somebody."""

    answer = Radio(_("Your answer"), [required(_("Choose one."))], kind=ApartAnswer)
