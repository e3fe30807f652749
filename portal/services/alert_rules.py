"""Looks for unusual use, rule by rule (R-490). Each function raises what it finds and returns how many were new."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.alerts import AlertRule as R
from portal.core.clock import local_date, start_of_local_day
from portal.core.jobs import OutsideWork
from portal.db import db
from portal.domain import alerts as rules
from portal.models.alerts import Departure
from portal.models.users import Membership
from portal.queries import alert_counts, kinship
from portal.queries.alert_counts import Event
from portal.services.alerts import raise_now
from portal.wall import as_system

# What rings by itself is looked for so far back, should the worker have stood still.
BACK = timedelta(days=1)


def many_cases(now: datetime) -> int:
    """L1: unusually many cases opened within an hour (R-491)."""
    since, new = now - rules.HOUR, 0
    for who in alert_counts.cases_opened(since=since, more_than=rules.CASES_FLOOR):
        usual = alert_counts.usual_cases(who.user_id, before=since)
        if rules.is_many_cases(who.count, usual):
            new += _about(R.MANY_CASES, who.user_id, who.organisation_id, f"{now:%Y-%m-%dT%H}", since, now)
    return new


def many_reveals(now: datetime) -> int:
    """L2: many protected values opened in one Danish day (R-492)."""
    since, new = start_of_local_day(local_date(now)), 0
    for who in alert_counts.reveals(since=since):
        for rule in rules.reveal_rules(who.count):
            new += _about(rule, who.user_id, who.organisation_id, str(local_date(now)), since, now)
    return new


def search_misses(now: datetime) -> int:
    """L4: searches for people that found nobody (R-494)."""
    since, new = now - rules.HOUR, 0
    for who in alert_counts.search_misses(since=since):
        if rules.is_many_misses(who.count):
            new += _about(R.SEARCH_MISSES, who.user_id, who.organisation_id, f"{now:%Y-%m-%dT%H}", since, now)
    return new


def _about(rule: R, user_id: int, organisation_id: int | None, when: str, since: datetime, now: datetime) -> bool:
    return raise_now(
        rule,
        organisation_id=organisation_id,
        about_user_id=user_id,
        key=f"{user_id}:{when}",
        now=now,
        window_from=since,
        window_to=now,
    )


def blocked_tries(now: datetime) -> int:
    """L5: somebody who is kept out of a case asked for it, in whatever way. Once a day for each case (R-507).

    Looked for in the trail, not raised at the refusal: a blocked person must not be able to measure that there is a
    case to be kept out of. The safety officer of the house that has the case is told.
    """
    return sum(
        raise_now(
            R.BLOCKED_TRIED,
            organisation_id=owner_id,
            about_user_id=one.user_id,
            case_id=one.case_id,
            key=f"{one.user_id}:{one.case_id}:{local_date(one.at)}",
            now=now,
            window_from=one.at,
            window_to=one.at,
        )
        for one, owner_id in alert_counts.list_blocked_tries(since=now - BACK)
    )


def night_or_new_device(now: datetime) -> int:
    """L8: protected values opened at night, or from a kind of device that she has not used before (R-495)."""
    new = 0
    for event in alert_counts.list_reveals(since=now - BACK):
        if rules.is_night(event.at):
            new += _because_of(R.NIGHT_OR_NEW_DEVICE, event, f"night:{local_date(event.at)}", now)
        if alert_counts.is_new_device(event):
            new += _because_of(R.NIGHT_OR_NEW_DEVICE, event, f"device:{event.device}", now)
    return new


def closed_cases(now: datetime) -> int:
    """L9: looks at cases that were closed more than 30 days before (R-496)."""
    events = alert_counts.list_opened_long_closed(since=now - BACK, closed_for=rules.CLOSED_SINCE)
    return sum(_because_of(R.CLOSED_CASE, one, f"{one.case_id}:{local_date(one.at)}", now) for one in events)


def reopened(case_id: int, *, actor: Actor, now: datetime) -> bool:
    """L9 as well: such a case is reopened, and from then on no look at it would be one at a closed case (R-496)."""
    event = Event(0, actor.user_id or 0, actor.organisation_id, case_id, now, None, None)
    return bool(_because_of(R.CLOSED_CASE, event, f"{case_id}:{local_date(now)}", now))


def leavers(now: datetime) -> int:
    """L11: protected values opened by somebody who has given notice or is to be dismissed (R-498)."""
    leaving = sa.select(Membership.user_id).join(Departure, Departure.membership_id == Membership.id)
    by = db.session.scalars(leaving).all()
    events = alert_counts.list_reveals(since=now - BACK, by=by) if by else []
    return sum(_because_of(R.LEAVER, one, str(local_date(one.at)), now) for one in events)


def own_access(now: datetime) -> int:
    """L12: somebody gave a role, put herself on a team or opened a block, and looked within 24 hours (R-499)."""
    events = alert_counts.list_used_own_access(since=now - BACK, within=rules.OWN_ACCESS_WINDOW)
    return sum(_because_of(R.OWN_ACCESS, one, f"{one.case_id}:{local_date(one.at)}", now) for one in events)


def _because_of(rule: R, event: Event, what: str, now: datetime) -> bool:
    return raise_now(
        rule,
        organisation_id=event.organisation_id,
        about_user_id=event.user_id,
        case_id=event.case_id,
        key=f"{event.user_id}:{what}",
        now=now,
        window_from=event.at,
        window_to=event.at,
    )


def close_to_party(now: datetime) -> int:
    """L13: an employee bears the surname of somebody in an open case that her organisation has to do with, or somebody
    on its watch list writes from such an organisation (R-500).

    The case owner's safety officer is told. Once for each pair; of a workplace once, and about nobody in particular.
    """
    return _same_surname(now) + sum(
        raise_now(R.CLOSE_TO_PARTY, organisation_id=owner, case_id=case, key=f"workplace:{house}:{case}", now=now)
        for case, owner, house in kinship.list_colleagues()
    )


def _same_surname(now: datetime) -> int:
    return sum(
        raise_now(
            R.CLOSE_TO_PARTY,
            organisation_id=kin.owner_organisation_id,
            about_user_id=kin.user_id,
            case_id=kin.case_id,
            key=f"{kin.user_id}:{kin.case_id}",
            now=now,
        )
        for kin in kinship.list_kin()
    )


@as_system()
def active_elsewhere(case_id: int, request: str, *, receiver_id: int, now: datetime) -> bool:
    """L10: somebody who is referred has an open case elsewhere (R-506). The receiver's safety officer alone is told."""
    if not alert_counts.is_active_elsewhere(case_id):
        return False
    return raise_now(R.ACTIVE_ELSEWHERE, organisation_id=receiver_id, case_id=case_id, key=request, now=now)


def machine_late(now: datetime, intervals: Mapping[str, timedelta]) -> int:
    """L15: mail that has waited for more than 15 minutes, or work that is more than 5 minutes late (R-501).

    And a last backup that is more than 26 hours old, or a last restore that failed, once a day (R-595). Who has never
    reported one is not reminded: the portal cannot know that there should be one.
    """
    oldest, new, hour = alert_counts.oldest_mail_due(), 0, f"{now:%Y-%m-%dT%H}"
    if oldest is not None and now - oldest > rules.OUTBOX_LATE:
        new += raise_now(R.MACHINE_LATE, organisation_id=None, key=f"outbox:{hour}", now=now, window_from=oldest)
    for job in alert_counts.late_jobs(intervals, late=rules.TICK_LATE, now=now):
        new += raise_now(R.MACHINE_LATE, organisation_id=None, key=f"{job}:{hour}", now=now)
    return new + _unsafe_copies(now)


def _unsafe_copies(now: datetime) -> int:
    wrong = alert_counts.late_jobs({OutsideWork.BACKUP: rules.BACKUP_LATE}, late=timedelta(), now=now)
    if alert_counts.has_last_failed(OutsideWork.RESTORE_DRILL):
        wrong.append(OutsideWork.RESTORE_DRILL)
    today = local_date(now)
    return sum(raise_now(R.MACHINE_LATE, organisation_id=None, key=f"{one}:{today}", now=now) for one in wrong)


def mail_events(now: datetime) -> int:
    """L16: messages from the mail provider that are not signed, or about mails that we do not know (R-497)."""
    if rules.is_many_mail_events(alert_counts.count_mail_events(since=now - rules.HOUR)):
        return raise_now(R.MAIL_EVENTS, organisation_id=None, key=f"{now:%Y-%m-%dT%H}", now=now)
    return 0


EVERY_MINUTE = (
    many_cases,
    many_reveals,
    search_misses,
    blocked_tries,
    night_or_new_device,
    closed_cases,
    leavers,
    own_access,
    mail_events,
)
