"""Refusals: each leaves a line, and many in a row end the session."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.alerts import AlertRule
from portal.core.audit_tags import Audit, Outcome
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.alerts import PROBE_WINDOW, is_probing
from portal.models.cases import Case
from portal.models.users import UserSession
from portal.queries import alert_counts, things
from portal.services import accounts, alerts, audit
from portal.wall import as_system


def note_refusal(asked: Sequence[str], *, rule: str, token: str | None, actor: Actor, now: datetime) -> None:
    """Write that somebody was refused the thing behind an address, and which rule refused (R-487).

    `asked` has the public ids of the address, the thing first, then what is within it. A thing that is there and one
    that is not take the same statements. The twentieth within ten minutes raises the alarm and ends the session of
    `token` (R-493). The caller commits.
    """
    _write(
        lambda: things.find_behind(asked, kept_out=actor.user_id),
        asked[0] if asked else None,
        rule=rule,
        actor=actor,
        now=now,
    )
    if not asked or token is None:
        return
    if is_probing(alert_counts.count_refusals(actor.user_id, since=now - PROBE_WINDOW)):
        _send_out(token, actor, now)


def note_reference(reference: str, *, rule: str, actor: Actor, now: datetime) -> None:
    """Write that somebody was refused a case that she named by its reference. What she typed is not kept (R-487)."""
    named = sa.select(Case.id).where(Case.reference == reference.strip())
    _write(lambda: things.find_case(named, kept_out=actor.user_id), None, rule=rule, actor=actor, now=now)


@as_system()
def _write(find_case: Callable[[], int | None], asked: str | None, *, rule: str, actor: Actor, now: datetime) -> None:
    """The line says of its subject no more than was asked: officers read the list, and are kept out of cases too."""
    audit.record(
        Audit.ACCESS_DENIED,
        SubjectType.SYSTEM,
        asked,
        actor=actor,
        now=now,
        case_id=find_case(),
        outcome=Outcome.DENIED,
        rule=rule,
    )


def _send_out(token: str, actor: Actor, now: datetime) -> None:
    ended = db.session.scalar(
        sa.update(UserSession)
        .where(UserSession.token_hash == accounts.token_hash(token), UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(UserSession.public_id)
    )
    if ended is None:
        return
    audit.record(Audit.SESSION_STOPPED, SubjectType.SESSION, ended, actor=actor, now=now, rule=AlertRule.PROBING.value)
    alerts.raise_now(
        AlertRule.PROBING,
        organisation_id=actor.organisation_id,
        about_user_id=actor.user_id,
        key=f"{actor.user_id}:{ended}",
        now=now,
        window_from=now - PROBE_WINDOW,
        window_to=now,
    )
