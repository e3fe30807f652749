"""What is seen to before she leaves."""

from portal.core.i18n import _
from portal.core.stays import CivilOffer, GrantPrompt, PsychologistOffer
from portal.domain.bridge import Seen
from portal.web.fields import Day, Pick, Radio, optional
from portal.web.texts import Line, Text
from portal.web.versions import VersionedForm


class BridgeForm(VersionedForm):
    """One answer for each step; what is not known yet stays empty."""

    receiver = Line(_("Who has taken over outside the portal?"), [optional()])
    received_on = Day(_("Agreed on"), [optional()])
    first_contact_on = Day(_("Their first contact with her"), [optional()])
    address_checked_on = Day(_("Address protection checked with her on"), [optional()])
    grant_answer = Pick(_("Start-up grant"), [optional()], kind=GrantPrompt, empty=_("Not asked yet"))
    psychologist_offer = Pick(
        _("Her hours with a psychologist"), [optional()], kind=PsychologistOffer, empty=_("Not offered yet")
    )
    civil_offer = Radio(_("Has she been asked about help from associations?"), [optional()], kind=CivilOffer)
    civil_reason = Text(_("Why not, or why she said no"), [optional()])

    def seen_to(self) -> Seen:
        """What was typed."""
        return Seen(
            receiver=self.receiver.data,
            received_on=self.received_on.data,
            first_contact_on=self.first_contact_on.data,
            address_checked_on=self.address_checked_on.data,
            grant_answer=self.grant_answer.data,
            civil_offer=self.civil_offer.data,
            civil_reason=self.civil_reason.data,
            psychologist_offer=self.psychologist_offer.data,
        )
