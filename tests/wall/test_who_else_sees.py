"""What a team is told of who else sees its case is what they do see."""

import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.db import db
from portal.domain.relations import TRACK_ROLES
from portal.models.access import CaseBlock
from portal.models.cases import Case, TeamMember
from portal.models.users import Membership, User
from portal.queries import case_team
from portal.queries.visibility import known_cases
from portal.wall import as_system


def _seen_through_a_course() -> set[tuple[int, str]]:
    """Asked from the other side: (case, name) of everybody with a role on a track who may know of the case."""
    found: set[tuple[int, str]] = set()
    rows = db.session.execute(
        sa.select(Membership, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role.in_(TRACK_ROLES), Membership.is_live)
    )
    for row, name in rows.all():
        actor = Actor(row.user_id, row.id, row.organisation_id, row.role)
        hers = sa.select(TeamMember.case_id).where(TeamMember.user_id == row.user_id, TeamMember.ended_at.is_(None))
        seen = db.session.scalars(sa.select(Case.id).where(known_cases(actor), Case.id.not_in(hers)))
        found |= {(case_id, name) for case_id in seen}
    return found


def _told() -> set[tuple[int, str]]:
    cases = db.session.scalars(sa.select(Case)).all()
    return {(case.id, one.name) for case in cases for one in case_team.list_on_track(case)}


def test_the_list_is_true_in_every_case_also_after_a_block(populated: Flask) -> None:
    with populated.app_context(), as_system():
        seen = _seen_through_a_course()
        assert len(seen) > 10
        assert _told() == seen
        case_id, name = min(seen)
        kept_out = next(one.id for one in db.session.scalars(sa.select(User)) if one.name == name)
        db.session.add(CaseBlock(case_id=case_id, user_id=kept_out, created_at=utc_now(), created_by_id=kept_out))
        db.session.flush()
        assert (case_id, name) not in _told()
        assert _told() == _seen_through_a_course()
        # A whole house that is kept out keeps out its own people, and nobody else.
        house = sa.select(Membership.organisation_id).where(Membership.user_id == kept_out).limit(1).scalar_subquery()
        other = max(seen)[0]
        db.session.add(CaseBlock(case_id=other, organisation_id=house, created_at=utc_now(), created_by_id=kept_out))
        db.session.flush()
        assert _told() == _seen_through_a_course() != set()
        db.session.rollback()
