"""Somebody who leaves with a full list: cases, courses, dates, meetings."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.organisations import Organisation
from portal.models.users import Membership
from tests.factories.followups import make_followed
from tests.factories.meetings import make_meeting
from tests.factories.people import make_member, make_organisation
from tests.factories.referrals import make_offer


@dataclass(frozen=True)
class Leaver:
    """The one who leaves, her cases, two colleagues who could take them, and those who run the house."""

    worker: Membership
    cases: list[Case]
    ane: Membership
    bea: Membership
    administrator: Membership
    lead: Membership
    safety_officer: Membership
    organisation: Organisation


def make_leaver(count: int = 3) -> Leaver:
    """A CTI worker with so many cases, each with a course, a follow-up and a meeting ahead."""
    organisation = make_organisation(OrganisationKind.NGO)
    worker = make_member(Role.PROGRAMME_WORKER, organisation, name="Vera")
    offer, cases = make_offer(TrackKind.CTI, organisation), []
    for _number in range(count):
        followed = make_followed(worker=worker, offer=offer)
        case = db.session.get_one(Case, followed.enrolment.case_id)
        make_meeting(worker, case, ahead=timedelta(days=3))
        cases.append(case)
    roles = (
        (Role.PROGRAMME_WORKER, "Ane"),
        (Role.PROGRAMME_WORKER, "Bea"),
        (Role.ADMINISTRATOR, "Mette"),
        (Role.PROGRAMME_LEAD, "Ditte"),
        (Role.SAFETY_OFFICER, "Rikke"),
    )
    return Leaver(worker, cases, *(make_member(role, organisation, name=name) for role, name in roles), organisation)


def team_of(case_id: int) -> list[tuple[int, bool]]:
    """Who is on the team now, and whether she is the one to ask."""
    rows = db.session.execute(
        sa.select(TeamMember.user_id, TeamMember.is_primary)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None))
        .order_by(TeamMember.id)
    )
    return [(user_id, is_primary) for user_id, is_primary in rows]
