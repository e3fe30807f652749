"""Courses in the programmes that volunteers carry: furnishing and the network."""

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.models.users import Membership
from portal.services import enrolments
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation


def make_volunteer_course(kind: TrackKind) -> tuple[Membership, Enrolment]:
    """A coordinator, and a course of hers that has been given but not begun."""
    organisation = make_organisation(OrganisationKind.NGO)
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR, organisation)
    programme = Programme(
        key=f"{kind.value}-{organisation.id}",
        name_da=kind.value,
        name_en=kind.value,
        provider="Forening",
        kind=kind,
        summary_da="",
        summary_en="",
        rules={},
    )
    db.session.add(programme)
    db.session.flush()
    offer = Offer(programme=programme, organisation=organisation, is_accepting=True)
    db.session.add(offer)
    db.session.flush()
    contact = make_member()
    case = make_case(contact)
    agree(case, organisation.id)
    course = enrolments.propose(case_id=case.id, offer=offer, actor=actor_of(contact), now=utc_now())
    return coordinator, course
