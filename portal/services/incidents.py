"""The register of incidents: opened at once, described as it becomes clear, notified, told, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_reference
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.rights import AuthorityState, IncidentKind, IncidentState, PeopleBand, TellingState
from portal.db import db
from portal.domain import incidents as rules
from portal.domain.deadlines import ClockKey, due_at
from portal.domain.disclosure import FieldGroup
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.incidents import Incident
from portal.queries import requests as people
from portal.services import audit, deadlines, messages

WATCHERS = (Role.DATA_PROTECTION_OFFICER, Role.SAFETY_OFFICER)


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of an incident so far."""

    kind: IncidentKind
    people: PeopleBand
    groups: Sequence[str] = ()
    is_location: bool = False
    happened_at: datetime | None = None
    what_happened: str | None = None
    consequences: str | None = None
    measures: str | None = None


def open_incident(account: Account, known_at: datetime, *, actor: Actor, now: datetime) -> Incident:
    """Register an incident: the 72 hours run from when it was known, not from now (R-533). Raises Invalid."""
    require(actor, Permission.INCIDENT_MANAGE)
    rules.check_moments(known_at, account.happened_at, now=now)
    incident = Incident(
        organisation_id=actor.organisation_id,
        reference=new_reference(),
        state=IncidentState.OPEN,
        authority=AuthorityState.UNDECIDED,
        telling=TellingState.SAFETY_FIRST if account.is_location else TellingState.UNDECIDED,
        known_at=known_at,
        recorded_at=now,
        recorded_by_id=actor.user_id,
    )
    _describe(incident, account)
    db.session.add(incident)
    db.session.flush()
    _mark(incident, Audit.INCIDENT_OPENED, actor, now)
    deadlines.put_up(
        DeadlineKind.BREACH_NOTICE,
        SubjectType.INCIDENT,
        incident.public_id,
        due_on=local_date(due_at(ClockKey.BREACH_NOTICE, known_at)),
        organisation_id=incident.organisation_id,
        queue_role=Role.DATA_PROTECTION_OFFICER,
        now=now,
    )
    for receiver in people.list_receivers(incident.organisation_id, WATCHERS):
        messages.notify(
            MessageKind.INCIDENT_OPENED,
            receiver,
            SubjectType.INCIDENT,
            incident.public_id,
            dedupe_key=f"incident:{incident.public_id}:{receiver}",
            actor=actor,
            now=now,
        )
    return incident


def describe(incident: Incident, account: Account, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Write down what has become clear. The moment it was known stays. Raises Invalid, Stale, NotNow."""
    _check_open(incident, actor)
    check_version(version, incident.version)
    rules.check_moments(incident.known_at, account.happened_at, now=now)
    _describe(incident, account)
    if account.is_location and incident.telling in (TellingState.UNDECIDED, TellingState.NOT_NEEDED):
        incident.telling = TellingState.SAFETY_FIRST
    _mark(incident, Audit.INCIDENT_CHANGED, actor, now)


def _describe(incident: Incident, account: Account) -> None:
    known = {group.value for group in FieldGroup}
    if not set(account.groups) <= known:
        raise Invalid(_("Choose among those that are shown."), field="groups")
    incident.kind, incident.people, incident.groups = account.kind, account.people, sorted(account.groups)
    incident.is_location, incident.happened_at = account.is_location, account.happened_at
    incident.what_happened = account.what_happened or None
    incident.consequences, incident.measures = account.consequences or None, account.measures or None


def notify_authority(
    incident: Incident, notified_at: datetime, reason: str | None, *, actor: Actor, now: datetime
) -> None:
    """Write down when the authority was notified; after 72 hours with the reason (R-533). Raises Invalid, NotNow."""
    _check_undecided(incident, actor)
    rules.check_notified(incident.known_at, notified_at, reason, now=now)
    incident.authority, incident.notified_at = AuthorityState.NOTIFIED, notified_at
    incident.authority_reason = (reason or "").strip() or None
    _stop_clock(incident, actor, now, on=local_date(notified_at))


def need_not_notify(incident: Incident, reason: str, *, actor: Actor, now: datetime) -> None:
    """Write down why the authority need not be notified. Raises Invalid without a reason, NotNow."""
    _check_undecided(incident, actor)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    incident.authority, incident.authority_reason = AuthorityState.NOT_REQUIRED, reason.strip()
    _stop_clock(incident, actor, now)


def set_telling(
    incident: Incident,
    state: TellingState,
    *,
    plan: str | None,
    holder: str | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Say how far telling the women has come: a plan for their safety comes first (R-534). Raises Invalid, Stale."""
    _check_open(incident, actor)
    check_version(version, incident.version)
    rules.check_telling(state, plan, holder)
    incident.telling, incident.telling_plan, incident.plan_holder = state, plan or None, holder or None
    incident.told_at = now if state is TellingState.TOLD else None
    _mark(incident, Audit.INCIDENT_TOLD, actor, now)


def contain(incident: Incident, *, actor: Actor, now: datetime) -> None:
    """Say that it goes on no longer: the clock runs on. Raises NotNow the second time."""
    _check_open(incident, actor)
    if incident.state is not IncidentState.OPEN:
        raise NotNow
    incident.state = IncidentState.CONTAINED
    _mark(incident, Audit.INCIDENT_CHANGED, actor, now)


def close(incident: Incident, *, actor: Actor, now: datetime) -> None:
    """Close an incident in which everything is settled. Raises NotNow with what is not (R-534)."""
    _check_open(incident, actor)
    points = rules.open_points(
        state=incident.state,
        authority=incident.authority,
        telling=incident.telling,
        is_location=incident.is_location,
    )
    if points:
        raise NotNow(points[0])
    incident.state, incident.closed_at = IncidentState.CLOSED, now
    _mark(incident, Audit.INCIDENT_CLOSED, actor, now)


def _check_open(incident: Incident, actor: Actor) -> None:
    require(actor, Permission.INCIDENT_MANAGE)
    if incident.state is IncidentState.CLOSED:
        raise NotNow


def _check_undecided(incident: Incident, actor: Actor) -> None:
    _check_open(incident, actor)
    if incident.authority is not AuthorityState.UNDECIDED:
        raise NotNow


def _stop_clock(incident: Incident, actor: Actor, now: datetime, *, on: date | None = None) -> None:
    deadlines.finish(DeadlineKind.BREACH_NOTICE, incident.public_id, actor=actor, now=now, on=on)
    _mark(incident, Audit.INCIDENT_NOTIFIED, actor, now)


def _mark(incident: Incident, tag: Audit, actor: Actor, now: datetime) -> None:
    audit.record(tag, SubjectType.INCIDENT, incident.public_id, actor=actor, now=now)
    db.session.flush()
