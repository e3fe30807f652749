"""What somebody has in one role, and who could take it over. A fixed number of statements, however much it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.people import HandOverKind, Thing
from portal.core.states import CaseState, DeadlineState, FollowUpState, MeetingState, RequestState, RoundState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.domain.hand_overs import Row, Successor, may_prepare, successor_roles
from portal.domain.referrals import OPEN
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.groups import GroupRound, RoundLeader
from portal.models.hand_overs import Absence
from portal.models.meetings import Meeting
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import Membership, User
from portal.queries.apart import pairs_apart
from portal.queries.barriers import kept_out
from portal.wall import as_system

AHEAD = (FollowUpState.PLANNED, FollowUpState.DUE)
OVER = (RoundState.COMPLETED, RoundState.CANCELLED)
BEING_READ = (RequestState.SUBMITTED, RequestState.NEEDS_INFO, RequestState.IN_VISITATION, RequestState.OFFERED)
MOST = 200
NOTHING = sa.cast(sa.null(), sa.BigInteger)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything for the page: the rows, who could take them, who is on the teams, who is kept out, who stands in.

    `unseen` are the rows about cases that the actor is kept out of: never shown, and given to nobody by that actor.
    """

    rows: Sequence[Row]
    unseen: Sequence[Row]
    successors: Sequence[Successor]
    beside: Mapping[int, Sequence[int]]
    blocked: frozenset[tuple[int, int]]
    deputy: int | None


def get_leaver(actor: Actor, public_id: str) -> tuple[Membership, str]:
    """A live role whose work the actor may hand over, with the name. Raises NotFound for any other (R-462)."""
    row = db.session.execute(
        sa.select(Membership, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.public_id == public_id, Membership.ended_at.is_(None))
    ).one_or_none()
    if row is None or not may_prepare(actor, user_id=row[0].user_id, organisation_id=row[0].organisation_id):
        raise NotFound
    return row[0], row[1]


@as_system()
def get_plan(actor: Actor, membership: Membership) -> Plan:
    """What is hers and who could take it. The leaver sees the references that she knows; others those for leads."""
    rows = _rows(membership, is_own=actor.user_id == membership.user_id)
    successors = _successors(actor, membership)
    cases = [row.about for row in rows if row.about is not None]
    people = [one.user_id for one in successors]
    if actor.user_id is not None:
        people.append(actor.user_id)
    barred = {(case_id, user_id) for case_id, user_id in db.session.execute(kept_out(cases, people))}
    blocked = frozenset(barred | pairs_apart(cases, people))
    beside: dict[int, list[int]] = defaultdict(list)
    for case_id, user_id in _team_mates(membership, cases):
        beside[case_id].append(user_id)
    deputy = db.session.scalar(
        sa.select(Membership.user_id)
        .join(Absence, Absence.deputy_id == Membership.id)
        .where(Absence.membership_id == membership.id, Absence.ended_at.is_(None), Membership.ended_at.is_(None))
        .order_by(Absence.from_on)
        .limit(1)
    )
    unseen = [row for row in rows if (row.about, actor.user_id) in barred]
    return Plan([row for row in rows if row not in unseen], unseen, successors, beside, blocked, deputy)


def _rows(membership: Membership, *, is_own: bool) -> list[Row]:
    things = _things(membership).subquery()
    found = db.session.execute(
        sa.select(
            things.c.what,
            things.c.id,
            Case.id,
            Case.public_id,
            Case.reference if is_own else Case.lead_reference,
            GroupRound.public_id,
            GroupRound.name,
            TrackRequest.public_id,
            TrackRequest.case_id,
            Referral.reference,
        )
        .outerjoin(Case, Case.id == things.c.case_id)
        .outerjoin(GroupRound, GroupRound.id == things.c.round_id)
        .outerjoin(TrackRequest, TrackRequest.id == things.c.request_id)
        .outerjoin(Referral, Referral.id == TrackRequest.referral_id)
        # Of an erased woman there is nothing to hand over.
        .where(Case.erased_at.is_(None))
        .order_by(Case.id, GroupRound.id, TrackRequest.id, things.c.what, things.c.id)
    )
    rows: dict[str, Row] = {}
    for what, thing_id, case_id, case, reference, group, group_name, request, read_of, referral in found:
        if case is not None:
            key, kind, said = case, HandOverKind.CASE, reference
        elif group is not None:
            key, kind, said = group, HandOverKind.GROUP, group_name
        elif request is not None:
            key, kind, said = request, HandOverKind.REQUEST, referral
        else:
            key, kind, said = HandOverKind.OTHER.value, HandOverKind.OTHER, ""
        row = rows.setdefault(key, Row(key, kind, said, case_id, defaultdict(list), read_of))
        row.things[Thing(what)].append(thing_id)  # type: ignore[attr-defined]
    return list(rows.values())


def _things(membership: Membership) -> sa.CompoundSelect[Any]:
    user, here = membership.user_id, membership.organisation_id
    ours = _of_this_role(membership)
    parts = (
        _thing(Thing.TEAM, TeamMember, TeamMember.case_id)
        .join(Case, Case.id == TeamMember.case_id)
        .where(TeamMember.membership_id == membership.id, TeamMember.ended_at.is_(None), Case.state == CaseState.OPEN)
        .where(TeamMember.absence_id.is_(None)),
        _deadlines(membership).where(ours(Deadline.case_id)),
        _thing(Thing.MEETING, Meeting, Meeting.case_id, round_id=Meeting.round_id, request_id=Meeting.request_id)
        .where(Meeting.responsible_id == user, Meeting.organisation_id == here, Meeting.state == MeetingState.PLANNED)
        .where(ours(Meeting.case_id)),
        _thing(Thing.COURSE, Enrolment, Enrolment.case_id)
        .where(Enrolment.worker_id == user, Enrolment.organisation_id == here, Enrolment.state.in_(LIVE))
        .where(ours(Enrolment.case_id)),
        _thing(Thing.FOLLOW_UP, FollowUp, FollowUp.case_id)
        .where(FollowUp.owner_id == user, FollowUp.organisation_id == here, FollowUp.state.in_(AHEAD))
        .where(ours(FollowUp.case_id)),
        _thing(Thing.GROUP, GroupRound, round_id=GroupRound.id)
        .join(RoundLeader, RoundLeader.round_id == GroupRound.id)
        .where(RoundLeader.user_id == user, GroupRound.organisation_id == here, GroupRound.state.not_in(OVER))
        .where(sa.literal(membership.role is Role.GROUP_LEADER)),
        _thing(Thing.REQUEST, TrackRequest, request_id=TrackRequest.id)
        .where(TrackRequest.holder_id == user, TrackRequest.organisation_id == here)
        .where(TrackRequest.state.in_(BEING_READ), ours(TrackRequest.case_id)),
        _thing(Thing.REFERRAL, Referral, Referral.case_id).where(
            Referral.referrer_id == user, Referral.organisation_id == here, is_waiting(), ours(Referral.case_id)
        ),
    )
    return sa.union_all(*parts)


def is_waiting() -> sa.ColumnElement[bool]:
    """Whether a referral is a draft, or something that it asked for is not settled yet."""
    asked = sa.exists().where(TrackRequest.referral_id == Referral.id, TrackRequest.state.in_(OPEN))
    return sa.or_(Referral.sent_at.is_(None), asked)


def _deadlines(membership: Membership) -> sa.Select[Any]:
    """Her dates, each with what it is about: a case, else a group or a referral that she reads."""
    holds = TrackRequest.holder_id == membership.user_id
    return (
        _thing(
            Thing.DEADLINE,
            Deadline,
            Deadline.case_id,
            round_id=sa.func.coalesce(GroupRound.id, Meeting.round_id),
            request_id=TrackRequest.id,
        )
        .outerjoin(GroupRound, _about(SubjectType.ROUND, GroupRound))
        .outerjoin(Meeting, _about(SubjectType.MEETING, Meeting))
        .outerjoin(TrackRequest, sa.and_(_about(SubjectType.REQUEST, TrackRequest), holds))
        .where(
            Deadline.owner_id == membership.user_id,
            Deadline.organisation_id == membership.organisation_id,
            Deadline.state == DeadlineState.OPEN,
        )
    )


def _thing(
    what: Thing, model: Any, case_id: Any = NOTHING, *, round_id: Any = NOTHING, request_id: Any = NOTHING
) -> sa.Select[Any]:
    return sa.select(
        sa.literal(what.value).label("what"),
        model.id.label("id"),
        case_id.label("case_id"),
        round_id.label("round_id"),
        request_id.label("request_id"),
    )


def _about(subject: SubjectType, model: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Deadline.subject_type == subject, Deadline.subject_public_id == model.public_id)


def _of_this_role(membership: Membership) -> Any:
    """Where she has another role here too: only what belongs to this one's cases. Else everything of hers."""
    other = sa.exists().where(
        Membership.user_id == membership.user_id,
        Membership.organisation_id == membership.organisation_id,
        Membership.ended_at.is_(None),
        Membership.id != membership.id,
    )
    own = sa.select(TeamMember.case_id).where(TeamMember.membership_id == membership.id, TeamMember.ended_at.is_(None))
    return lambda case_id: sa.or_(~other, case_id.in_(own))


def _successors(actor: Actor, membership: Membership) -> list[Successor]:
    cases = (
        sa.select(sa.func.count())
        .select_from(TeamMember)
        .join(Case, Case.id == TeamMember.case_id)
        .where(TeamMember.user_id == User.id, TeamMember.ended_at.is_(None), Case.state == CaseState.OPEN)
        .where(TeamMember.organisation_id == membership.organisation_id)
    )
    dates = sa.select(sa.func.count()).where(
        Deadline.owner_id == User.id,
        Deadline.state == DeadlineState.OPEN,
        Deadline.organisation_id == membership.organisation_id,
    )
    roles = successor_roles(membership.role)
    load = cases if len(roles) > 1 else dates
    found = db.session.execute(
        sa.select(User.id, User.public_id, Membership.id, User.name, Membership.role, load.scalar_subquery())
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.role.in_(roles),
            Membership.is_live,
            User.is_active,
            # Nobody gives a case to herself, whichever of her roles she acts in.
            User.id.not_in((membership.user_id, actor.user_id)),
        )
        .order_by(Membership.role != membership.role, Membership.id)
        .limit(MOST)
    )
    one_each = {row[0]: Successor(*row) for row in reversed(found.all())}
    return sorted(one_each.values(), key=lambda one: one.name.casefold())


def _team_mates(membership: Membership, cases: Sequence[int]) -> Sequence[Any]:
    return db.session.execute(
        sa.select(TeamMember.case_id, TeamMember.user_id)
        .where(
            TeamMember.case_id.in_(cases),
            TeamMember.organisation_id == membership.organisation_id,
            TeamMember.user_id != membership.user_id,
            TeamMember.ended_at.is_(None),
        )
        .order_by(TeamMember.is_primary.desc(), TeamMember.id)
    ).all()
