"""Offering a case to another organisation, and taking one over."""

from portal.core.i18n import _
from portal.core.people import TransferBasis
from portal.web.fields import Pick, PortalForm, Radio, required
from portal.web.texts import Scan, Text


class OfferForm(PortalForm):
    """Where a case is to go, and on what."""

    organisation = Pick(_("To which organisation"), [required(_("Choose an organisation."))], choices=list)
    basis = Radio(_("On what it may go"), [required(_("Choose one."))], kind=TransferBasis)
    note = Text(_("The paragraph, or how and when she said yes"), [required()], scan=Scan.REFUSE)


class TakeForm(PortalForm):
    """Who takes a case over."""

    user = Pick(_("Who takes it"), [required(_("Choose somebody."))], choices=list)
