"""Enquiries and events of the house, made through the services."""

from datetime import timedelta
from typing import Any

from portal.core.activities import ActivityKind, Guests
from portal.core.clock import utc_now
from portal.core.enquiries import Conclusion, EnquiryAsker, EnquiryChannel
from portal.models.activities import Activity
from portal.models.enquiries import Enquiry
from portal.models.users import Membership
from portal.services import activities
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


def make_activity(member: Membership) -> Activity:
    """An event of the member's house, tomorrow."""
    begins = utc_now() + timedelta(days=1)
    planned = activities.Planned(
        kind=ActivityKind.SOCIAL,
        guests=[Guests.RESIDENTS],
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        responsible=member.user.public_id,
    )
    return activities.plan(planned, actor=actor_of(member), now=utc_now())


def make_enquiry(member: Membership, **values: Any) -> Enquiry:
    """An enquiry at the member's house."""
    return record(told(**values), actor=actor_of(member), now=utc_now())
