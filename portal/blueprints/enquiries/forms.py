"""What is typed while somebody is on the telephone: little, and in the order in which it is said."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from functools import partial

from portal.core.clock import at_local, utc_now
from portal.core.enquiries import ChildBand, Conclusion, EnquiryAsker, EnquiryChannel, RejectReason
from portal.core.enums import Region
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.measures import ViolenceForm
from portal.domain.enquiries import check_number, check_received, conclusion_problems
from portal.services.enquiries import MOST_CHILDREN, Told
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm


class EnquiryForm(VersionedForm):
    """An enquiry. Two presses are enough: who asks, and what came of it."""

    asker = Radio(_("Who asks?"), [required()], kind=EnquiryAsker)
    channel = Pick(_("How?"), [required()], kind=EnquiryChannel, default=EnquiryChannel.PHONE)
    wish = Text(_("What is asked for?"), [optional()])
    conclusions = Several(_("What came of it?"), kind=Conclusion)
    reject_reasons = Several(_("Why could she not come here?"), kind=RejectReason)
    offered_instead = Text(_("What was she offered instead?"), [optional()])
    call_back_on = Day(_("Call back promised for"), [optional()])
    name = Line(_("First name"), [optional()])
    phone = Line(_("Telephone"), [optional()])
    child_count = Whole(_("Number of children"), [optional()], low=0, high=MOST_CHILDREN)
    child_bands = Several(_("How old are they?"), kind=ChildBand)
    violence_forms = Several(_("Forms of violence"), kind=ViolenceForm)
    region = Pick(_("Region"), [optional()], kind=Region, empty=_("Not said"))
    received_on = Day(_("Day"), [optional()])
    received_at = Clock(_("Time"), [optional()])

    def checks(self) -> Iterable[Callable[[], object]]:
        """What came of it holds together, the telephone can be rung and the moment has come."""
        told = (self.conclusions.data or (), self.reject_reasons.data or (), self.offered_instead.data)
        problems = conclusion_problems(*told, self.call_back_on.data)
        return (*(partial(_refuse, one) for one in problems), self._check_phone, self._check_moment)

    def _check_phone(self) -> None:
        if self.phone.data:
            check_number(self.phone.data)

    def _check_moment(self) -> None:
        now = utc_now()
        check_received(self._moment() or now, now)

    def told(self, now: datetime) -> Told:
        """What was typed; without a day, it was now."""
        return Told(
            received_at=self._moment() or now,
            channel=self.channel.data,
            asker=self.asker.data,
            conclusions=self.conclusions.data or (),
            name=self.name.data,
            phone=self.phone.data,
            child_count=self.child_count.data or 0,
            child_bands=self.child_bands.data or (),
            violence_forms=self.violence_forms.data or (),
            region=self.region.data,
            wish=self.wish.data,
            reject_reasons=self.reject_reasons.data or (),
            offered_instead=self.offered_instead.data,
            call_back_on=self.call_back_on.data,
        )

    def _moment(self) -> datetime | None:
        if self.received_on.data is None:
            return None
        try:
            return at_local(self.received_on.data, self.received_at.data or time(12))
        except ValueError as problem:
            raise Invalid(str(problem), field="received_at") from problem


def _refuse(problem: Invalid) -> None:
    raise problem


class CaseForm(PortalForm):
    """A new case from the enquiry. Whoever never works in cases chooses a colleague."""

    taker = Pick(_("Who works on the case?"), [optional()])


class LinkForm(PortalForm):
    """A case of the house that is there already."""

    reference = Line(_("Reference of the case"), [required()], scan=Scan.REFUSE)


class PressForm(PortalForm):
    """Needs nothing but the press."""
