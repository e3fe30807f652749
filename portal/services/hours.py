"""Hours that somebody is entitled to: a ledger that is never overdrawn and never rewritten."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Conflict, Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain.counselling import ADULT_MINUTES, CHILD_MINUTES, check_child_minutes, check_use
from portal.domain.enrolments import LIVE, require_own
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.counselling import HourEntitlement, HourEntry
from portal.models.enrolments import Enrolment
from portal.services import audit, bridge


def open_entitlements(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Ten hours for her and four for each child, who may get up to ten (R-330). Twice is once."""
    children = db.session.scalars(
        sa.select(Child.id).join(Case, Case.client_id == Child.client_id).where(Case.id == enrolment.case_id)
    )
    for child_id, minutes in [(None, ADULT_MINUTES), *((child_id, CHILD_MINUTES[0]) for child_id in children)]:
        db.session.execute(
            insert(HourEntitlement)
            .values(
                public_id=new_public_id(),
                enrolment_id=enrolment.id,
                child_id=child_id,
                minutes_total=minutes,
                minutes_used=0,
                version=1,
            )
            .on_conflict_do_nothing()
        )
    db.session.flush()


def note_child(case_id: int, *, actor: Actor, now: datetime) -> None:
    """A child has been recorded: where hours are given already, it gets its own (R-330)."""
    given = sa.select(Enrolment).where(
        Enrolment.case_id == case_id,
        Enrolment.state.in_(LIVE),
        sa.exists().where(HourEntitlement.enrolment_id == Enrolment.id),
    )
    for enrolment in db.session.scalars(given):
        open_entitlements(enrolment, actor=actor, now=now)


def set_child_hours(
    enrolment: Enrolment, public_id: str, minutes: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Set how many minutes a child has, from four to ten hours by need, never less than used (R-330).

    Raises Invalid (minutes), NotFound, NotNow, Forbidden, Stale.
    """
    _check(enrolment, actor)
    entitlement = _lock(enrolment, public_id)
    check_version(version, entitlement.version)
    if entitlement.child_id is None:
        raise Invalid(_("Her own hours are ten."), field="minutes")
    check_child_minutes(minutes)
    if minutes < entitlement.minutes_used:
        raise Invalid(_("More hours than that have been used already."), field="minutes")
    entitlement.minutes_total = minutes
    audit.record_about(Audit.HOURS_REGISTERED, enrolment, actor=actor, now=now, fields=["minutes_total"])


def register(
    enrolment: Enrolment,
    public_id: str,
    *,
    held_on: date,
    minutes: int,
    authorisation: str,
    actor: Actor,
    now: datetime,
) -> HourEntry:
    """Register hours that an authorised psychologist has held; minutes are whole ones (R-331).

    The entitlement is locked, so that two at once never use more than there is. Raises Invalid (minutes, day,
    authorisation), NotFound, NotNow, Forbidden.
    """
    _check(enrolment, actor)
    if not authorisation.strip():
        raise Invalid(
            _("Only an authorised psychologist's hours count. Write the authorisation number."), field="authorisation"
        )
    entitlement = _lock(enrolment, public_id)
    check_use(minutes, entitlement.minutes_total - entitlement.minutes_used, held_on, local_date(now))
    entry = HourEntry(
        entitlement_id=entitlement.id,
        held_on=held_on,
        minutes=minutes,
        registered_by_id=actor.user_id,
        registered_at=now,
        authorisation=authorisation.strip(),
    )
    db.session.add(entry)
    entitlement.minutes_used += minutes
    audit.record_about(Audit.HOURS_REGISTERED, enrolment, actor=actor, now=now, fields=["minutes"])
    bridge.note_courses(enrolment.case_id, actor=actor, now=now)
    return entry


def correct(enrolment: Enrolment, entry_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a wrong entry back by a counter-entry; nothing is rewritten, and each entry once (R-332).

    Raises NotFound, Conflict (taken back already), Forbidden.
    """
    require(actor, Permission.ENROLMENT_MANAGE)
    require_own(actor, enrolment.organisation_id)
    row = db.session.execute(
        sa.select(HourEntry, HourEntitlement.public_id)
        .join(HourEntitlement, HourEntitlement.id == HourEntry.entitlement_id)
        .where(
            HourEntry.public_id == entry_public_id,
            HourEntitlement.enrolment_id == enrolment.id,
            HourEntry.corrects_id.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    entry, entitlement = row[0], _lock(enrolment, row[1])
    if db.session.scalar(sa.select(HourEntry.id).where(HourEntry.corrects_id == entry.id)):
        raise Conflict(_("The entry has been taken back already."))
    db.session.add(
        HourEntry(
            entitlement_id=entitlement.id,
            held_on=entry.held_on,
            minutes=-entry.minutes,
            corrects_id=entry.id,
            registered_by_id=actor.user_id,
            registered_at=now,
        )
    )
    entitlement.minutes_used -= entry.minutes
    audit.record_about(Audit.HOURS_CORRECTED, enrolment, actor=actor, now=now, fields=["minutes"])
    bridge.note_courses(enrolment.case_id, actor=actor, now=now)


def _check(enrolment: Enrolment, actor: Actor) -> None:
    require(actor, Permission.ENROLMENT_MANAGE)
    require_own(actor, enrolment.organisation_id)
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise NotNow(_("Hours are registered while the course runs. Start it first."))


def _lock(enrolment: Enrolment, public_id: str) -> HourEntitlement:
    found = db.session.scalar(
        sa.select(HourEntitlement)
        .where(HourEntitlement.public_id == public_id, HourEntitlement.enrolment_id == enrolment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
