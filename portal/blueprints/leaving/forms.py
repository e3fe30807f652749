"""Offering a case to another organisation, and taking one over."""

from flask_wtf.file import FileField, FileRequired

from portal.core.i18n import _
from portal.core.people import TransferBasis
from portal.vault.certificates import LONGEST
from portal.web.fields import Pick, PortalForm, Radio, required
from portal.web.texts import Scan, Text


class OfferForm(PortalForm):
    """Where a case is to go, and on what."""

    organisation = Pick(_("To which organisation"), [required(_("Choose an organisation."))], choices=list)
    basis = Radio(_("On what it may go"), [required(_("Choose one."))], kind=TransferBasis)
    note = Text(_("The paragraph, or how and when she said yes"), [required()], scan=Scan.REFUSE)


class ReturnForm(PortalForm):
    """For whom the file is sealed. The certificate is read, used and not kept; its file's name is not looked at."""

    certificate = FileField(
        _("The organisation's certificate"),
        [FileRequired(_("Choose the file with the certificate."))],
        render_kw={"accept": ".pem,.cer,.crt,.der"},
    )

    def content(self) -> bytes:
        """What was sent, and one byte more than may be read at the most."""
        return bytes(self.certificate.data.read(LONGEST + 1))
