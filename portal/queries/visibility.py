"""What an actor can see at all, as where-clauses. Everything that is read about a case passes through here (R-004)."""

from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState, GrantState, RequestState
from portal.domain.disclosure import Relation
from portal.domain.relations import EMERGENCY_ROLES, GRANT_ROLES, TEAM_ROLES, TRACK_ROLES
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.grants import Fund, GrantApplication
from portal.models.groups import RoundLeader
from portal.models.meetings import Meeting
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.models.tasks import Task
from portal.queries.barriers import emergencies, has_follow_up, is_open_to, is_shared, open_cases, still_told
from portal.queries.clauses import built_once
from portal.queries.unsaid import is_unsaid

LIVE = (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def relation_of(actor: Actor) -> Relation:
    """The relation by which this role sees the cases that `visible_cases` lets through."""
    if actor.role in TEAM_ROLES:
        return Relation.CT
    return Relation.TT if actor.role in TRACK_ROLES else Relation.XO


@built_once
def known_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Cases that the actor may know of: on the team, or a live enrolment on her own track, and nothing in the way.

    A closed one stays known to its team; what it still says is a question for the lens (modifier M6).
    """
    if actor.role in TEAM_ROLES:
        return sa.and_(Case.id.in_(team_cases(actor)), is_open_to(actor, Case.id))
    if actor.role in TRACK_ROLES:
        return Case.id.in_(sa.select(Enrolment.case_id).where(_own_track(actor)))
    return sa.false()


@built_once
def team_cases(actor: Actor) -> sa.Select[int]:
    """The cases on whose team the actor is, in the organisation she acts for."""
    return sa.select(TeamMember.case_id).where(
        TeamMember.user_id == actor.user_id,
        TeamMember.organisation_id == actor.organisation_id,
        TeamMember.ended_at.is_(None),
    )


@built_once
def visible_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Cases that stand in the actor's lists: those that still tell, and those where she is to ask once more (M6)."""
    if actor.role not in TEAM_ROLES:
        return known_cases(actor)
    return sa.and_(known_cases(actor), sa.or_(still_told(), has_follow_up()))


@built_once
def told_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Cases of which the actor sees what happens in them. A follow-up after the end opens nothing but itself (M6)."""
    if actor.role not in TEAM_ROLES:
        return known_cases(actor)
    return sa.and_(known_cases(actor), still_told())


@built_once
def readable_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Cases whose page the actor may open: known ones, and the one that she opened in an emergency (R-376)."""
    if actor.role not in EMERGENCY_ROLES:
        return sa.false()
    return sa.or_(known_cases(actor), in_emergency(actor, Case.id))


def in_emergency(actor: Actor, case_id: Any) -> sa.ColumnElement[bool]:
    """Whether the actor has opened this case in an emergency, the hour is not over, and nothing keeps her out."""
    return sa.and_(case_id.in_(emergencies(actor)), is_open_to(actor, case_id))


@built_once
def readable_enrolments(actor: Actor) -> sa.ColumnElement[bool]:
    """The courses that the page of a case shows: the visible ones, and all of them in an emergency."""
    return sa.or_(visible_enrolments(actor), in_emergency(actor, Enrolment.case_id))


@built_once
def _own_track(actor: Actor) -> sa.ColumnElement[bool]:
    conditions = [
        Enrolment.organisation_id == actor.organisation_id,
        Enrolment.kind == TRACK_ROLES[actor.role],
        Enrolment.state.in_(LIVE),
        is_shared(actor.user_id, actor.organisation_id, Enrolment.case_id),
    ]
    if actor.role is Role.GROUP_LEADER:
        led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == actor.user_id)
        conditions.append(sa.or_(Enrolment.round_id.is_(None), Enrolment.round_id.in_(led)))
    return sa.and_(*conditions)


def _of_own_part(actor: Actor, organisation: Any, case_id: Any) -> sa.ColumnElement[bool]:
    """In somebody else's case the municipality has its own part only; others have the whole (R-113)."""
    if actor.role is not Role.MUNICIPAL_ADVISER:
        return sa.true()
    owned = sa.select(Case.id).where(Case.owner_organisation_id == actor.organisation_id).correlate(None)
    return sa.or_(organisation == actor.organisation_id, case_id.in_(owned))


@built_once
def visible_enrolments(actor: Actor) -> sa.ColumnElement[bool]:
    """Enrolments: of all visible cases for a team, of the own track for its lead, of the pool for a coordinator."""
    if actor.role in TEAM_ROLES:
        return sa.and_(
            Enrolment.case_id.in_(sa.select(Case.id).where(told_cases(actor))),
            ~is_unsaid(actor),
            sa.or_(
                _of_own_part(actor, Enrolment.organisation_id, Enrolment.case_id),
                Enrolment.kind == TrackKind.COORDINATING_COUNSELLING,
            ),
        )
    if actor.role in TRACK_ROLES:
        return _own_track(actor)
    if actor.role is Role.VOLUNTEER_COORDINATOR:
        return sa.and_(
            Enrolment.organisation_id == actor.organisation_id,
            Enrolment.kind.in_((TrackKind.VOLUNTEER_NETWORK, TrackKind.FURNISHING)),
            is_shared(actor.user_id, actor.organisation_id, Enrolment.case_id),
        )
    return sa.false()


@built_once
def visible_referrals(actor: Actor) -> sa.ColumnElement[bool]:
    """Referrals from the sending side: those that the actor or, once sent, a colleague has made.

    A draft shows what the case says just now, so it is there only while its writer works on the case.
    """
    if actor.role not in TEAM_ROLES | {Role.INTAKE}:
        return sa.false()
    own_draft = sa.and_(
        Referral.referrer_id == actor.user_id, Referral.case_id.in_(sa.select(Case.id).where(told_cases(actor)))
    )
    return sa.and_(
        Referral.organisation_id == actor.organisation_id,
        sa.or_(own_draft, Referral.sent_at.is_not(None)),
        is_open_to(actor, Referral.case_id),
    )


@built_once
def visible_requests(actor: Actor) -> sa.ColumnElement[bool]:
    """Requests from the receiving side: sent to the actor's organisation, for tracks that the role answers for."""
    received = sa.and_(
        TrackRequest.organisation_id == actor.organisation_id,
        TrackRequest.state != RequestState.DRAFT,
        is_open_to(actor, TrackRequest.case_id),
    )
    if actor.role in (Role.INTAKE, Role.MUNICIPAL_ADVISER):
        return received
    if actor.role in TRACK_ROLES:
        own = sa.select(Offer.id).join(Offer.programme).where(Programme.kind == TRACK_ROLES[actor.role])
        return sa.and_(received, TrackRequest.offer_id.in_(own))
    return sa.false()


@built_once
def visible_tasks(actor: Actor) -> sa.ColumnElement[bool]:
    """Tasks as staff see them: the coordinator's pool, and the tasks of one's own cases."""
    if actor.role is Role.VOLUNTEER_COORDINATOR:
        own = Task.organisation_id == actor.organisation_id
        shared = is_shared(actor.user_id, actor.organisation_id, Task.case_id)
        return sa.and_(own, sa.or_(Task.case_id.is_(None), shared))
    if actor.role in TEAM_ROLES:
        seen = Task.case_id.in_(sa.select(Case.id).where(told_cases(actor)))
        return sa.and_(seen, _of_own_part(actor, Task.organisation_id, Task.case_id))
    return sa.false()


@built_once
def visible_grants(actor: Actor) -> sa.ColumnElement[bool]:
    """Applications: of one's own cases, or in the queue of the own organisation's funds."""
    if actor.role in GRANT_ROLES:
        # Money that is not accounted for yet is looked after also when the case is closed.
        still_open = sa.select(Case.id).where(open_cases()).correlate(None)
        return sa.and_(
            GrantApplication.fund_id.in_(sa.select(Fund.id).where(Fund.organisation_id == actor.organisation_id)),
            GrantApplication.submitted_at.is_not(None),
            is_open_to(actor, GrantApplication.case_id),
            sa.or_(GrantApplication.state == GrantState.PAID, GrantApplication.case_id.in_(still_open)),
        )
    if actor.role in TEAM_ROLES:
        seen = GrantApplication.case_id.in_(sa.select(Case.id).where(told_cases(actor)))
        applied = GrantApplication.applicant_organisation_id
        return sa.and_(seen, _of_own_part(actor, applied, GrantApplication.case_id))
    return sa.false()


@built_once
def visible_meetings(actor: Actor) -> sa.ColumnElement[bool]:
    """Meetings that the actor holds or leads, of her cases, courses on her track, and requests that she answers.

    That she holds a meeting opens nothing about a case that she no longer sees (R-383).
    """
    led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == actor.user_id)
    own = sa.and_(Meeting.responsible_id == actor.user_id, Meeting.organisation_id == actor.organisation_id)
    about_nobody = sa.and_(Meeting.case_id.is_(None), Meeting.enrolment_id.is_(None), Meeting.request_id.is_(None))
    parts = [sa.and_(own, about_nobody), Meeting.round_id.in_(led)]
    if actor.role in TEAM_ROLES:
        seen = Meeting.case_id.in_(sa.select(Case.id).where(told_cases(actor)))
        parts.append(sa.and_(seen, _of_own_part(actor, Meeting.organisation_id, Meeting.case_id)))
    else:
        parts.append(sa.and_(own, is_shared(actor.user_id, actor.organisation_id, Meeting.case_id)))
        parts.append(Meeting.enrolment_id.in_(sa.select(Enrolment.id).where(visible_enrolments(actor))))
    parts.append(Meeting.request_id.in_(sa.select(TrackRequest.id).where(visible_requests(actor))))
    return sa.and_(sa.or_(*parts), is_open_to(actor, Meeting.case_id, may_be_none=True))
