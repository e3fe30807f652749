"""Offering a case to another organisation, and saying no to one."""

from portal.core.i18n import _
from portal.core.people import TransferBasis
from portal.services.transfers import Wish
from portal.web.fields import Pick, PortalForm, Radio, optional, required
from portal.web.texts import Scan, Text


class TransferForm(PortalForm):
    """Where a case is to go, on what, and what whoever takes it over must know."""

    organisation = Pick(_("To which organisation"), [required(_("Choose an organisation."))], choices=list)
    basis = Radio(_("On what it may go"), [required(_("Choose one."))], kind=TransferBasis)
    law = Pick(_("Which paragraph"), [optional()], choices=list)
    note = Text(_("How and when she said yes, or more about the ground"), [optional()], scan=Scan.REFUSE)
    hand_over = Text(_("What must the others know before they answer?"), [required()], scan=Scan.REFUSE)
    stays = Pick(_("Who stays on the team"), [optional()], choices=list)

    def wish(self) -> Wish:
        """What was written."""
        return Wish(
            self.organisation.data,
            self.basis.data,
            self.hand_over.data,
            law=self.law.data or None,
            note=self.note.data or None,
            stays=self.stays.data or None,
        )


class NoForm(PortalForm):
    """Why an organisation does not take a case."""

    reason = Text(_("Why not?"), [required(_("Write why."))], scan=Scan.REFUSE)
