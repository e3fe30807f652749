"""What the alarms count in the audit trail, in the mail queue and in the runs of scheduled work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.audit_tags import REVEALS, Audit, Outcome
from portal.core.safety import HitState
from portal.core.sign_in import CodePurpose
from portal.core.states import CaseState
from portal.db import db
from portal.domain.alerts import MEDIAN_DAYS, MEDIAN_HOURS
from portal.models.audit import AccessEntry, AuditEntry, AuditEvent
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.outbox import JobRun, MailState, OutgoingMail
from portal.models.sign_in import AccountCode
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries.barriers import blocked_cases


@dataclass(frozen=True, slots=True)
class Counted:
    """How much somebody did in a window, at which organisation."""

    user_id: int
    organisation_id: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line that may ring by itself."""

    id: int
    user_id: int
    organisation_id: int | None
    case_id: int | None
    at: datetime
    session: str | None
    device: str | None


def count_refusals(user_id: int | None, *, since: datetime) -> int:
    """How many addresses of things somebody was refused since a moment."""
    condition = (
        AuditEntry.actor_id == user_id,
        AuditEntry.action == Audit.ACCESS_DENIED,
        AuditEntry.subject_public_id.is_not(None),
        AuditEntry.at > since,
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(*condition)) or 0


def _revealed() -> tuple[sa.ColumnElement[bool], ...]:
    return AuditEntry.action.in_(REVEALS), AuditEntry.outcome == Outcome.ALLOWED


def cases_opened(*, since: datetime, more_than: int) -> list[Counted]:
    """Who has opened more than so many distinct cases since a moment."""
    count = sa.func.count(AccessEntry.case_id.distinct())
    rows = db.session.execute(
        sa.select(AccessEntry.actor_id, AccessEntry.organisation_id, count)
        .where(AccessEntry.at > since, AccessEntry.case_id.is_not(None))
        .group_by(AccessEntry.actor_id, AccessEntry.organisation_id)
        .having(count > more_than)
    )
    return _counted(rows)


def usual_cases(user_id: int, *, before: datetime) -> float | None:
    """The median of distinct cases that somebody opens in an hour in which she opens any, over the last 30 days."""
    hour = sa.func.date_trunc("hour", AccessEntry.at)
    hours = (
        sa.select(sa.func.count(AccessEntry.case_id.distinct()).label("opened"))
        .where(
            AccessEntry.actor_id == user_id,
            AccessEntry.case_id.is_not(None),
            AccessEntry.at > before - MEDIAN_DAYS,
            AccessEntry.at <= before,
        )
        .group_by(hour)
        .subquery()
    )
    median = sa.func.percentile_cont(0.5).within_group(hours.c.opened)
    busy, usual = db.session.execute(sa.select(sa.func.count(), median).select_from(hours)).one()
    return float(usual) if busy >= MEDIAN_HOURS else None


def reveals(*, since: datetime) -> list[Counted]:
    """How many protected values each person has opened since a moment."""
    rows = db.session.execute(
        sa.select(AuditEntry.actor_id, AuditEntry.organisation_id, sa.func.count())
        .where(AuditEntry.at >= since, AuditEntry.actor_id.is_not(None), *_revealed())
        .group_by(AuditEntry.actor_id, AuditEntry.organisation_id)
    )
    return _counted(rows)


def search_misses(*, since: datetime) -> list[Counted]:
    """How many searches for people found nobody, by person, since a moment."""
    rows = db.session.execute(
        sa.select(AuditEntry.actor_id, AuditEntry.organisation_id, sa.func.count())
        .where(
            AuditEntry.at > since,
            AuditEntry.actor_id.is_not(None),
            AuditEntry.action == Audit.CASE_SEARCHED,
            AuditEntry.shown == 0,
            # Neither a day nor what somebody looks for who cannot find people by it.
            ~sa.or_(AuditEntry.fields.contains(["day"]), AuditEntry.fields.contains(["other"])),
        )
        .group_by(AuditEntry.actor_id, AuditEntry.organisation_id)
    )
    return _counted(rows)


def _counted(rows: sa.Result[int | None, int | None, int]) -> list[Counted]:
    return [Counted(user_id, organisation_id, count) for user_id, organisation_id, count in rows if user_id]


def list_reveals(*, since: datetime, by: Sequence[int] | None = None) -> list[Event]:
    """Every opening of a protected value since a moment, the oldest first; only by some people where they are named."""
    condition = [AuditEntry.at >= since, AuditEntry.actor_id.is_not(None), *_revealed()]
    if by is not None:
        condition.append(AuditEntry.actor_id.in_(by))
    return _events(AuditEntry, sa.and_(*condition))


def list_opened_long_closed(*, since: datetime, closed_for: timedelta) -> list[Event]:
    """Looks at cases, and openings of protected values in them, that had been closed for longer than that."""
    is_look = sa.or_(AuditEvent.page.is_not(None), AuditEvent.action.in_(REVEALS))
    closed = sa.select(Case.id).where(Case.id == AuditEvent.case_id, AuditEvent.at - Case.closed_at > closed_for)
    return _events(
        AuditEvent, sa.and_(AuditEvent.at >= since, AuditEvent.actor_id.is_not(None), is_look, closed.exists())
    )


def list_blocked_tries(*, since: datetime) -> list[tuple[Event, int]]:
    """Refusals to people who are kept out of the case that they asked for, each with the house that has the case."""
    rows = db.session.execute(
        sa.select(AuditEntry.id, AuditEntry.actor_id, Case.id, AuditEntry.at, Case.owner_organisation_id)
        .join(Case, Case.id == AuditEntry.case_id)
        .where(
            AuditEntry.at >= since,
            AuditEntry.action == Audit.ACCESS_DENIED,
            Case.id.in_(blocked_cases(AuditEntry.actor_id)),
        )
        .order_by(AuditEntry.id)
    )
    return [(Event(event, user or 0, None, case, at, None, None), owner) for event, user, case, at, owner in rows]


def _events(kind: type[AuditEvent], condition: sa.ColumnElement[bool]) -> list[Event]:
    rows = db.session.execute(
        sa.select(kind.id, kind.actor_id, kind.organisation_id, kind.case_id, kind.at, kind.session, kind.device)
        .where(condition)
        .order_by(kind.id)
    )
    return [Event(row[0], row[1] or 0, *row[2:]) for row in rows]


def is_new_device(event: Event) -> bool:
    """Whether somebody who has been here before has done nothing on this kind of device in an earlier session."""
    if event.device is None:
        return False
    earlier = sa.and_(
        AuditEvent.actor_id == event.user_id,
        AuditEvent.id < event.id,
        AuditEvent.device.is_not(None),
        AuditEvent.session.is_distinct_from(event.session),
        AuditEvent.session.is_not(None),
    )
    been_here, same = db.session.execute(
        sa.select(sa.exists().where(earlier), sa.exists().where(earlier, AuditEvent.device == event.device))
    ).one()
    return bool(been_here and not same)


def list_used_own_access(*, since: datetime, within: timedelta) -> list[Event]:
    """Looks at a case by somebody who within that time before changed who may look: gave or woke a role, made a
    volunteer of herself, put herself on the team, or opened a block.

    Whoever opened the case was put on its team by that, and is left out.
    """
    soon = sa.literal(within, sa.Interval)
    change, began = aliased(AuditEntry), AccessEntry.at - soon
    changed = sa.exists().where(
        change.actor_id == AccessEntry.actor_id,
        change.id < AccessEntry.id,
        change.at > began,
        change.at <= AccessEntry.at,
        _lets_in(change),
    )
    # The line of a role that was taken up names nobody: who invites stands in the invitation.
    gave = sa.exists().where(
        AccountCode.purpose == CodePurpose.INVITATION,
        AccountCode.created_by_id == AccessEntry.actor_id,
        AccountCode.used_at > began,
        AccountCode.used_at <= AccessEntry.at,
    )
    looks = sa.and_(AccessEntry.at >= since, AccessEntry.case_id.is_not(None))
    return _events(AccessEntry, sa.and_(looks, sa.or_(changed, gave)))


def _lets_in(change: type[AuditEntry]) -> sa.ColumnElement[bool]:
    """A line by which whoever wrote it may have let herself in to the case that is looked at, or to any."""
    mine, volunteer = aliased(Membership), aliased(Volunteer)
    own = sa.select(mine.public_id).where(mine.user_id == change.actor_id)
    herself = sa.select(volunteer.public_id).where(volunteer.user_id == change.actor_id)
    opened = sa.select(Case.id).where(Case.id == change.case_id, Case.opened_by_id == change.actor_id)
    joined = sa.and_(change.action == Audit.TEAM_JOINED, change.subject_public_id.in_(own), ~opened.exists())
    let_go = sa.and_(change.action == Audit.WATCH_ANSWERED, change.fields.contains([HitState.ANOTHER_PERSON.value]))
    return sa.or_(
        change.action == Audit.MEMBERSHIP_WOKEN,
        sa.and_(change.action == Audit.VOLUNTEER_REGISTERED, change.subject_public_id.in_(herself)),
        sa.and_(change.case_id == AccessEntry.case_id, sa.or_(joined, change.action == Audit.BLOCK_LIFTED, let_go)),
    )


def count_mail_events(*, since: datetime) -> int:
    """How many messages of the mail provider were refused since a moment."""
    condition = (AuditEntry.at > since, AuditEntry.action == Audit.MAIL_EVENT_REFUSED)
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(*condition)) or 0


def oldest_mail_due() -> datetime | None:
    """Since when the mail that has waited longest has been due."""
    waiting = OutgoingMail.state.in_((MailState.PENDING, MailState.LEASED))
    found: datetime | None = db.session.scalar(sa.select(sa.func.min(OutgoingMail.next_try_at)).where(waiting))
    return found


def late_jobs(intervals: Mapping[str, timedelta], *, late: timedelta, now: datetime) -> list[str]:
    """The jobs whose last run ended longer ago than their interval and so much more. One that never ran is new."""
    ended = sa.select(JobRun.job, sa.func.max(JobRun.finished_at)).group_by(JobRun.job)
    last = {job: at for job, at in db.session.execute(ended) if at is not None}
    return sorted(job for job, interval in intervals.items() if job in last and now - last[job] > interval + late)


def has_last_failed(job: str) -> bool:
    """Whether the last run of a job, if there was any, did not end well."""
    last = sa.select(JobRun.finished_at.is_(None)).where(JobRun.job == job).order_by(JobRun.slot.desc()).limit(1)
    return db.session.scalar(last) or False


def is_active_elsewhere(case_id: int) -> bool:
    """Whether the same person, by CPR number or telephone, has an open case at another owner."""
    case, client, other = aliased(Case), aliased(Client), aliased(Case)
    same = sa.or_(
        Client.cpr_cross_index == client.cpr_cross_index, Client.phone_cross_index == client.phone_cross_index
    )
    rows = db.session.execute(
        sa.select(Client.cpr_number, Client.phone, client.cpr_number, client.phone)
        .select_from(case)
        .join(client, client.id == case.client_id)
        .join(Client, same)
        .join(other, other.client_id == Client.id)
        .where(
            case.id == case_id,
            other.state == CaseState.OPEN,
            other.id != case.id,
            other.owner_organisation_id != case.owner_organisation_id,
        )
        .limit(10)
    )
    # What an index proposes is opened and compared.
    return any((cpr and cpr == her_cpr) or (phone and phone == her_phone) for cpr, phone, her_cpr, her_phone in rows)
