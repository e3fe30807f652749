"""What is asked when a note stands in the wrong case, and when a second person says no."""

from typing import Any

from wtforms.validators import Length

from portal.core.i18n import _
from portal.core.notes import Whereto, WrongCase
from portal.services.misplaced import Wish
from portal.web.fields import PortalForm, Radio, optional, required
from portal.web.texts import Line
from portal.web.versions import VersionedForm

# As long as the number of a case can be, and no longer.
LONGEST_NUMBER = 20


class WhereForm(PortalForm):
    """Where a note belongs."""

    where = Radio(_("Where does it belong?"), [required(_("Choose one."))], kind=Whereto)
    number: Any = Line(_("Number of the other case"), [optional(), Length(max=LONGEST_NUMBER)])

    @property
    def chosen(self) -> str | None:
        """The number that was written; None where it belongs nowhere."""
        return self.number.data or "" if self.where.data == Whereto.ANOTHER_CASE else None


class AsideForm(WhereForm):
    """Where a note belongs, and why it is put aside."""

    reason = Radio(_("Why?"), [required(_("Choose one."))], kind=WrongCase)
    remark = Line(_("A line for the second person"), [optional()])

    def wish(self) -> Wish:
        """What was asked for."""
        return Wish(WrongCase(self.reason.data), self.chosen, self.remark.data or None)


class StaysForm(PortalForm):
    """Why a note stays where it is."""

    answer = Line(_("Why does it stay?"), [required(_("Write in a few words why it stays."))])


class TakeOutForm(VersionedForm):
    """One press: the note is taken out, as the page described it."""
