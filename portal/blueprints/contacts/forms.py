"""One contact with another party, on one screen."""

from datetime import datetime, time

from portal.core.clock import at_local
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.services.contacts import Said
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.texts import Line, Text


class OutsideContactForm(PortalForm):
    """Eight fields in view; the day is folded away, since it is mostly today."""

    party = Pick(_("With whom?"), [required()], kind=Party, empty=_("Choose"))
    party_name = Line(_("Who there"), [optional()])
    direction = Radio(_("Which way?"), [required()], kind=ContactDirection)
    channel = Pick(_("How?"), [required()], kind=PartyChannel)
    themes = Several(_("What was it about?"), kind=ContactTheme)
    basis = Pick(_("Was something about her told?"), [required()], kind=ShareBasis, empty=_("Choose"))
    minutes = Whole(_("Minutes"), [optional()], low=0, high=1440)
    text = Text(_("What was said or agreed"), [optional()])
    happened_on = Day(_("Day"), [optional()])
    happened_at = Clock(_("Time"), [optional()])

    def said(self) -> Said:
        """What was typed; without a day, it was now."""
        return Said(
            direction=self.direction.data,
            channel=self.channel.data,
            party=self.party.data,
            themes=self.themes.data or (),
            basis=self.basis.data,
            party_name=self.party_name.data,
            minutes=self.minutes.data,
            text=self.text.data,
            happened_at=self._moment(),
        )

    def _moment(self) -> datetime | None:
        if self.happened_on.data is None:
            return None
        try:
            return at_local(self.happened_on.data, self.happened_at.data or time(12))
        except ValueError as problem:
            raise Invalid(str(problem), field="happened_at") from problem
