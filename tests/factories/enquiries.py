"""Enquiries, taken down through the service."""

from typing import Any

from portal.core.clock import utc_now
from portal.core.enquiries import Conclusion, EnquiryAsker, EnquiryChannel
from portal.models.enquiries import Enquiry
from portal.models.users import Membership
from portal.services.enquiries import Told, record
from tests.factories.people import actor_of


def told(**values: Any) -> Told:
    """The smallest enquiry: she calls, and gets advice."""
    given = {
        "received_at": utc_now(),
        "channel": EnquiryChannel.PHONE,
        "asker": EnquiryAsker.HERSELF,
        "conclusions": [Conclusion.ADVICE],
    }
    return Told(**(given | values))


def make_enquiry(member: Membership, **values: Any) -> Enquiry:
    """An enquiry at the member's house."""
    return record(told(**values), actor=actor_of(member), now=utc_now())
