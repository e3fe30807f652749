"""Handing over everything that somebody has in one role, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.people import Thing
from portal.db import db
from portal.domain.hand_overs import END, NOBODY, Row, Successor, propose
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.groups import RoundLeader
from portal.models.hand_overs import HandOver, HandOverItem
from portal.models.meetings import Meeting
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import Membership
from portal.queries import hand_overs as queries
from portal.services import audit, leavers, messages, teamless
from portal.services.team import scope_of
from portal.wall import as_system

# Where the owner of a thing stands. Why the other columns that name somebody stay: `tests/architecture/test_owners.py`.
OWNERS: Mapping[Thing, tuple[Any, str]] = {
    Thing.DEADLINE: (Deadline, "owner_id"),
    Thing.MEETING: (Meeting, "responsible_id"),
    Thing.COURSE: (Enrolment, "worker_id"),
    Thing.FOLLOW_UP: (FollowUp, "owner_id"),
    Thing.REQUEST: (TrackRequest, "holder_id"),
    Thing.REFERRAL: (Referral, "referrer_id"),
}
# These keep their name until somebody takes them.
NAMED = (Thing.MEETING, Thing.REFERRAL)
Given = list[tuple[Row, Successor | None]]


@as_system()
def hand_over(
    public_id: str,
    chosen: Mapping[str, str],
    *,
    everyone: str | None = None,
    is_end: bool = False,
    actor: Actor,
    now: datetime,
) -> str:
    """Give all that is hers to others, and end her role where that was asked for (R-462). Returns the receipt's id.

    `chosen` has a successor's public id (or "nobody") by the key of each row; `everyone` goes before it, except where
    that person is kept out of a case. What the actor herself is kept out of she gives to nobody: it stays while the
    role goes on, and waits for those who may know of it once the role ends (R-585). Raises NotFound, and Invalid beside
    a row that lacks a successor or has a wrong one: also for a row that came after the page was opened.
    """
    membership, _name = queries.get_leaver(actor, public_id)
    db.session.refresh(membership, with_for_update=True)
    plan = queries.get_plan(actor, membership)
    given = _decide(plan, chosen, everyone)
    if is_end:
        given += [(row, None) for row in plan.unseen]
    receipt = _open_receipt(membership, is_end=is_end, actor=actor, now=now)
    db.session.add_all(_item(receipt, row, to) for row, to in given)
    _move_things(given, membership)
    _move_groups(given, membership)
    _move_cases(given, membership, actor=actor, now=now)
    _tell(given, receipt, actor=actor, now=now)
    audit.record(Audit.HANDED_OVER, SubjectType.USER, membership.public_id, actor=actor, now=now)
    teamless.alarm([row.case_id for row, to in given if row.case_id and to is None], actor=actor, now=now)
    if is_end:
        leavers.end_membership(public_id, actor=actor, now=now)
    db.session.flush()
    return receipt.public_id


def _decide(plan: queries.Plan, chosen: Mapping[str, str], everyone: str | None) -> Given:
    people = {one.public_id: one for one in plan.successors}
    if everyone and everyone not in people:
        raise Invalid(_("Choose one of those that are shown."), field="everyone")
    proposed = propose(plan.rows, plan.successors, deputy=plan.deputy, beside=plan.beside, blocked=plan.blocked)
    by_id = {one.user_id: one for one in plan.successors}
    given: Given = []
    for row in plan.rows:
        wanted = people.get(everyone or "") or people.get(chosen.get(row.key, ""))
        if wanted is None and chosen.get(row.key) != NOBODY:
            raise Invalid(_("Choose who takes this over."), field=row.key)
        if wanted is not None and (row.about, wanted.user_id) in plan.blocked:
            if not everyone:
                raise Invalid(_("Choose somebody else for this one."), field=row.key)
            wanted = by_id.get(proposed[row.key] or 0)
        given.append((row, wanted))
    return given


def _open_receipt(membership: Membership, *, is_end: bool, actor: Actor, now: datetime) -> HandOver:
    receipt = HandOver(
        public_id=new_public_id(),
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        made_at=now,
        made_by_id=actor.user_id,
        is_end=is_end and actor.role in END,
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def _item(receipt: HandOver, row: Row, to: Successor | None) -> HandOverItem:
    return HandOverItem(
        hand_over_id=receipt.id,
        kind=row.kind,
        reference=row.reference,
        things=row.count,
        to_user_id=to.user_id if to else None,
    )


def _move_things(given: Given, membership: Membership) -> None:
    for what, (model, column) in OWNERS.items():
        pairs = [(thing, to.user_id if to else None) for row, to in given for thing in row.things.get(what, ())]
        if what in NAMED:
            pairs = [pair for pair in pairs if pair[1] is not None]
        if not pairs:
            continue
        values = sa.values(sa.column("id", sa.BigInteger), sa.column("to_id", sa.BigInteger), name="given").data(pairs)
        to_id = sa.cast(values.c.to_id, sa.BigInteger)
        change: dict[str, Any] = {column: to_id}
        if what is Thing.DEADLINE:
            # What nobody takes shows in the list of the role that it was hers in.
            change["queue_role"] = sa.case((to_id.is_(None), membership.role.value), else_=Deadline.queue_role)
        db.session.execute(
            sa.update(model).where(model.id == values.c.id).values(change).execution_options(synchronize_session=False)
        )


def _move_groups(given: Given, membership: Membership) -> None:
    rounds = {thing: to for row, to in given for thing in row.things.get(Thing.GROUP, ())}
    if not rounds:
        return
    db.session.execute(
        sa.delete(RoundLeader).where(RoundLeader.user_id == membership.user_id, RoundLeader.round_id.in_(rounds))
    )
    leaders = [{"round_id": round_id, "user_id": to.user_id} for round_id, to in rounds.items() if to]
    if leaders:
        db.session.execute(insert(RoundLeader).values(leaders).on_conflict_do_nothing())


def _move_cases(given: Given, membership: Membership, *, actor: Actor, now: datetime) -> None:
    """Put each successor where she was: on the team, and as the one whom the others ask where she was that."""
    places = {thing: (row, to) for row, to in given for thing in row.things.get(Thing.TEAM, ())}
    if not places:
        return
    left = db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.id.in_(places), TeamMember.ended_at.is_(None))
        .values(ended_at=now)
        .returning(TeamMember.id, TeamMember.case_id, TeamMember.is_primary, TeamMember.scope)
        .execution_options(synchronize_session=False)
    ).all()
    joining, primaries = [], []
    for place_id, case_id, is_primary, scope in left:
        to = places[place_id][1]
        audit.record(Audit.TEAM_LEFT, SubjectType.USER, membership.public_id, actor=actor, now=now, case_id=case_id)
        if to is not None:
            joining.append(
                _place(case_id, to, membership, now)
                | {"scope": scope if to.role is membership.role else scope_of(to.role)}
            )
            primaries += [(case_id, to.user_id)] if is_primary else []
            for tag in (Audit.TEAM_JOINED, *([Audit.CASE_OWNER_CHANGED] if is_primary else [])):
                audit.record(tag, SubjectType.USER, to.public_id, actor=actor, now=now, case_id=case_id)
    if joining:
        db.session.execute(
            insert(TeamMember)
            .values(joining)
            .on_conflict_do_nothing(index_elements=["case_id", "user_id"], index_where=TeamMember.ended_at.is_(None))
        )
    if primaries:
        db.session.execute(
            sa.update(TeamMember)
            .where(sa.tuple_(TeamMember.case_id, TeamMember.user_id).in_(primaries), TeamMember.ended_at.is_(None))
            # Whoever stood in for somebody stays now.
            .values(is_primary=True, absence_id=None)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()


def _place(case_id: int, to: Successor, membership: Membership, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "case_id": case_id,
        "user_id": to.user_id,
        "membership_id": to.membership_id,
        "organisation_id": membership.organisation_id,
        "is_primary": False,
        "joined_at": now,
    }


def _tell(given: Given, receipt: HandOver, *, actor: Actor, now: datetime) -> None:
    for user_id in dict.fromkeys(to.user_id for _row, to in given if to):
        messages.notify(
            MessageKind.CASE_HANDED_OVER,
            user_id,
            SubjectType.SYSTEM,
            None,
            actor=actor,
            now=now,
            dedupe_key=f"handed_over:{receipt.public_id}:{user_id}",
        )
