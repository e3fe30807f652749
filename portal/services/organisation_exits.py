"""An organisation leaves: frozen on day 0, signed out on day 30, its key destroyed on day 90."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.people import ExitState
from portal.db import db
from portal.domain.organisation_exits import (
    DESTROY_AFTER,
    LAST_ROLES,
    LEAVE,
    REVOKE_AFTER,
    STEPS,
    ExitAction,
    is_second_person,
)
from portal.domain.permissions import require
from portal.domain.workflow import check_step
from portal.models.cases import TeamMember
from portal.models.identity import IdentityProvider
from portal.models.leaving import OrganisationExit
from portal.models.organisations import Organisation
from portal.models.users import Membership, UserSession
from portal.queries import organisation_exits as queries
from portal.services import audit, messages, organisation_keys


def ask(organisation: Organisation, *, actor: Actor, now: datetime) -> OrganisationExit:
    """Say that an organisation is to leave; a second person, in another role, confirms (R-471).

    Raises Forbidden, and Conflict when it is leaving already.
    """
    if actor.role is not Role.SYSTEM:
        require(actor, LEAVE)
    leaving = OrganisationExit(
        organisation_id=organisation.id,
        state=ExitState.ASKED,
        asked_at=now,
        asked_by_id=actor.user_id,
        asked_role=actor.role,
    )
    try:
        with db.session.begin_nested():
            db.session.add(leaving)
    except IntegrityError as double:
        raise Conflict(_("The organisation is leaving already.")) from double
    audit.record(Audit.EXIT_ASKED, SubjectType.ORGANISATION, organisation.public_id, actor=actor, now=now)
    _tell(organisation, leaving, actor=actor, now=now)
    return leaving


def ask_own(*, actor: Actor, now: datetime) -> OrganisationExit:
    """Say that the own organisation is to leave. Raises Forbidden, Conflict."""
    return ask(db.session.get_one(Organisation, actor.organisation_id), actor=actor, now=now)


def freeze(*, actor: Actor, now: datetime) -> None:
    """Day 0, by the second person: from the next request on the organisation changes nothing any more (R-470).

    Raises Forbidden for the one who asked, NotFound, NotNow.
    """
    leaving, organisation = _take(ExitAction.FREEZE, actor, now)
    if not is_second_person(actor, first_id=leaving.asked_by_id, first_role=leaving.asked_role):
        raise Forbidden
    leaving.state, leaving.frozen_at, leaving.frozen_by_id = ExitState.FROZEN, now, actor.user_id
    organisation.is_frozen = True
    db.session.flush()


def call_off(*, actor: Actor, now: datetime) -> None:
    """Stay after all, as long as nobody has been signed out. Raises Forbidden, NotFound, NotNow."""
    leaving, organisation = _take(ExitAction.CALL_OFF, actor, now)
    leaving.state, organisation.is_frozen = ExitState.CALLED_OFF, False
    db.session.flush()


def revoke_due(now: datetime) -> int:
    """Day 30, by the night's work: sign everybody out, and end every role but the two that finish. Returns how many."""
    due = queries.list_to_revoke(frozen_before=now - REVOKE_AFTER)
    for leaving in due:
        _revoke(leaving, now)
    return len(due)


def _revoke(leaving: OrganisationExit, now: datetime) -> None:
    check_step(STEPS, ExitAction.REVOKE, leaving.state, SYSTEM)
    organisation = db.session.get_one(Organisation, leaving.organisation_id)
    here = sa.select(Membership.id).where(Membership.organisation_id == organisation.id)
    db.session.execute(
        sa.update(UserSession)
        .where(UserSession.membership_id.in_(here), UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.membership_id.in_(here), TeamMember.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        sa.update(Membership)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.ended_at.is_(None),
            Membership.role.not_in(LAST_ROLES),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        sa.update(IdentityProvider).where(IdentityProvider.organisation_id == organisation.id).values(is_active=False)
    )
    leaving.state, leaving.revoked_at = ExitState.REVOKED, now
    audit.record(Audit.ORGANISATION_REVOKED, SubjectType.ORGANISATION, organisation.public_id, actor=SYSTEM, now=now)
    db.session.flush()


def ask_destruction(*, actor: Actor, now: datetime) -> None:
    """From day 90, the first person: the organisation's key is to be destroyed. Raises Forbidden, NotFound, NotNow."""
    leaving, organisation = _take(ExitAction.ASK_DESTRUCTION, actor, now)
    _must_be_time(leaving, now)
    leaving.state, leaving.destruction_asked_at = ExitState.DESTRUCTION_ASKED, now
    leaving.destruction_asked_by_id, leaving.destruction_asked_role = actor.user_id, actor.role
    _tell(organisation, leaving, actor=actor, now=now)
    db.session.flush()


def destroy(*, actor: Actor, now: datetime) -> None:
    """The second person: the key is destroyed, and with it what only it opens (R-471). Nobody signs in there again.

    Blocks that name the organisation stay. Raises Forbidden for the first person, NotFound, NotNow.
    """
    leaving, organisation = _take(ExitAction.DESTROY, actor, now)
    if not is_second_person(actor, first_id=leaving.destruction_asked_by_id, first_role=leaving.destruction_asked_role):
        raise Forbidden
    _must_be_time(leaving, now)
    organisation_keys.destroy(organisation, now=now)
    leaving.state, leaving.destroyed_at, leaving.destroyed_by_id = ExitState.DESTROYED, now, actor.user_id
    organisation.is_active = False
    db.session.flush()


def _must_be_time(leaving: OrganisationExit, now: datetime) -> None:
    if leaving.frozen_at is None or now < leaving.frozen_at + DESTROY_AFTER:
        raise NotNow(_("The key can be destroyed from day 90 after the freeze."))
    if queries.count_open_cases(leaving.organisation_id):
        raise NotNow(_("There are open cases still. Hand them to another organisation or close them first."))


def _take(action: ExitAction, actor: Actor, now: datetime) -> tuple[OrganisationExit, Organisation]:
    require(actor, LEAVE)
    leaving = queries.get_live(actor.organisation_id or 0)
    step = check_step(STEPS, action, leaving.state, actor)
    organisation = db.session.get_one(Organisation, leaving.organisation_id)
    audit.record(step.audit, SubjectType.ORGANISATION, organisation.public_id, actor=actor, now=now)
    return leaving, organisation


def _tell(organisation: Organisation, leaving: OrganisationExit, *, actor: Actor, now: datetime) -> None:
    """Tell the others who could be the second person."""
    others = db.session.scalars(
        sa.select(Membership.user_id).where(
            Membership.organisation_id == organisation.id,
            Membership.role.in_(LAST_ROLES),
            Membership.is_live,
        )
    ).all()
    for user_id in dict.fromkeys(others):
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            user_id,
            SubjectType.ORGANISATION,
            organisation.public_id,
            actor=actor,
            now=now,
            dedupe_key=f"leaving:{leaving.public_id}:{leaving.state.value}:{local_date(now)}:{user_id}",
        )
