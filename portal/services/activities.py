"""Events of the house: planned, changed, called off, and who came."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.activities import ActivityKind, Guests
from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enquiries import ChildBand
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain import activities as rules
from portal.domain.code_lists import ACTIVITIES, check_codes, edition_on
from portal.domain.meetings import check_times
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.activities import Activity, ActivityAttendance
from portal.queries import activities as queries
from portal.services import audit


@dataclass(frozen=True, slots=True)
class Planned:
    """An event, as typed."""

    kind: ActivityKind
    guests: Sequence[Guests | str]
    starts_at: datetime
    ends_at: datetime
    responsible: str
    title: str | None = None
    child_bands: Sequence[ChildBand | str] = ()


def plan(planned: Planned, *, actor: Actor, now: datetime) -> Activity:
    """Plan an event of the own house (R-658). Raises Invalid, Forbidden."""
    require(actor, Permission.ACTIVITY_MANAGE)
    activity = Activity(organisation_id=actor.organisation_id, named=0, others=0)
    _write(activity, planned, actor=actor, now=now)
    db.session.add(activity)
    db.session.flush()
    _mark(Audit.ACTIVITY_PLANNED, activity, actor=actor, now=now)
    return activity


def change(activity: Activity, planned: Planned, *, version: int, actor: Actor, now: datetime) -> None:
    """Change an event that has not been held or called off. Raises Invalid, NotNow, Stale."""
    require(actor, Permission.ACTIVITY_MANAGE)
    if activity.cancelled_at is not None or activity.registered_at is not None:
        raise NotNow(_("The event has been held or called off."))
    check_version(version, activity.version)
    _write(activity, planned, actor=actor, now=now)
    _mark(Audit.ACTIVITY_CHANGED, activity, actor=actor, now=now)


def _write(activity: Activity, planned: Planned, *, actor: Actor, now: datetime) -> None:
    check_times(planned.starts_at, planned.ends_at)
    rules.check_begin(planned.starts_at, now)
    check_codes(edition_on(ACTIVITIES, local_date(planned.starts_at)), "kind", [planned.kind])
    chosen = {str(guest) for guest in planned.guests}
    guests = [guest for guest in Guests if guest.value in chosen]
    rules.check_guests(planned.kind, guests)
    people = {public_id: key for key, public_id, _name in queries.list_responsible(actor)}
    if planned.responsible not in people:
        raise Invalid(_("Choose somebody who works here."), field="responsible")
    bands = {str(band) for band in planned.child_bands}
    activity.kind, activity.title = planned.kind, planned.title or None
    activity.guests = [guest.value for guest in guests]
    activity.child_bands = [band.value for band in ChildBand if band.value in bands]
    activity.starts_at, activity.ends_at = planned.starts_at, planned.ends_at
    activity.responsible_id = people[planned.responsible]


def cancel(activity: Activity, *, actor: Actor, now: datetime) -> None:
    """Call an event off. Raises NotNow when somebody has said who came, or it was called off before."""
    require(actor, Permission.ACTIVITY_MANAGE)
    if activity.cancelled_at is not None or activity.registered_at is not None:
        raise NotNow(_("The event has been held or called off."))
    activity.cancelled_at = now
    _mark(Audit.ACTIVITY_CANCELLED, activity, actor=actor, now=now)


def register(
    activity: Activity, came: Collection[str], *, others: int, version: int, actor: Actor, now: datetime
) -> None:
    """Say who came: the women whom the actor may tick, and how many others (R-658).

    Whoever was ticked by a colleague whose cases the actor does not see stays ticked. Raises Invalid, NotNow, Stale.
    """
    require(actor, Permission.ACTIVITY_MANAGE)
    rules.check_registered(activity.starts_at, others, now, is_cancelled=activity.cancelled_at is not None)
    check_version(version, activity.version)
    offered = [seat.public_id for seat in queries.list_seats(actor, activity)]
    if set(came) - set(offered):
        raise Invalid(_("Choose among those that are shown."), field="came")
    keys = queries.case_ids(actor, offered)
    _tick(activity, {key: public_id in came for public_id, key in keys.items()}, actor=actor, now=now)
    activity.named, activity.others = queries.count_named(activity.id), others
    activity.registered_at = activity.registered_at or now
    _mark(Audit.ACTIVITY_REGISTERED, activity, actor=actor, now=now)


def _tick(activity: Activity, seats: dict[int, bool], *, actor: Actor, now: datetime) -> None:
    gone = [key for key, is_here in seats.items() if not is_here]
    of_event = ActivityAttendance.activity_id == activity.id
    left = db.session.scalars(
        sa.delete(ActivityAttendance)
        .where(of_event, ActivityAttendance.case_id.in_(gone))
        .returning(ActivityAttendance.case_id)
    ).all()
    rows = [
        {"activity_id": activity.id, "case_id": key, "set_by_id": actor.user_id, "set_at": now}
        for key, is_here in seats.items()
        if is_here
    ]
    new: Sequence[int] = ()
    if rows:
        added = insert(ActivityAttendance).values(rows).on_conflict_do_nothing()
        new = db.session.scalars(added.returning(ActivityAttendance.case_id)).all()
    for key in (*left, *new):
        audit.record(
            Audit.ACTIVITY_REGISTERED, SubjectType.ACTIVITY, activity.public_id, actor=actor, now=now, case_id=key
        )


def _mark(action: Audit, activity: Activity, *, actor: Actor, now: datetime) -> None:
    audit.record(action, SubjectType.ACTIVITY, activity.public_id, actor=actor, now=now)
    db.session.flush()
