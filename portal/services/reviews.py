"""The review of looks: drawn by lot each week, answered by the safety officer; and who is about to leave."""

import secrets
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.alerts import Answer
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import DeadlineKind, SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.audit_sample import draw, due_on
from portal.models.alerts import AuditSample, Departure
from portal.models.audit import AuditEvent
from portal.models.users import Membership
from portal.queries import reviews as queries
from portal.services import audit, deadlines, safety_desk
from portal.services.alerts import check_remark
from portal.services.messages import notify

WEEK = timedelta(days=7)


def draw_samples(organisation_id: int, *, now: datetime, seed: bytes | None = None) -> int:
    """Draw looks of the last week for the safety officers of an organisation to explain (R-502).

    The seed is made here and thrown away: nobody can tell beforehand which looks will be asked about. A second draw
    for the same week changes nothing. Returns how many were drawn.
    """
    today = local_date(now)
    week = f"{today.isocalendar().year}-{today.isocalendar().week}"
    start = sa.select(AuditSample.id).where(
        AuditSample.organisation_id == organisation_id, AuditSample.drawn_at > now - WEEK + timedelta(days=1)
    )
    if db.session.scalar(start.limit(1)) is not None:
        return 0
    chosen = draw(
        queries.list_candidates(organisation_id, since=now - WEEK, until=now), seed or secrets.token_bytes(32)
    )
    if not chosen:
        return 0
    rows = [
        {
            "public_id": new_public_id(),
            "event_id": event_id,
            "organisation_id": organisation_id,
            "drawn_at": now,
            "due_on": due_on(today),
        }
        # In the order of time: who is asked about a week reads it as it went.
        for event_id in sorted(chosen)
    ]
    drawn = db.session.scalars(
        insert(AuditSample).on_conflict_do_nothing(index_elements=["event_id"]).returning(AuditSample.public_id), rows
    ).all()
    _tell(organisation_id, week, rows[0]["public_id"], now)
    return len(drawn)


def _tell(organisation_id: int, week: str, first: object, now: datetime) -> None:
    """Tell the safety officers, and put the answer on their work list; a house without one has others who answer."""
    subject = f"{organisation_id}:{week}"
    audit.record(Audit.SAMPLE_DRAWN, SubjectType.SAMPLE, str(first), actor=SYSTEM, now=now)
    officers = safety_desk.people(organisation_id, Role.SAFETY_OFFICER)
    others = [] if officers else safety_desk.people(organisation_id, Role.DATA_PROTECTION_OFFICER)
    deadlines.put_up(
        DeadlineKind.SAMPLE_REVIEW,
        SubjectType.SAMPLE,
        str(first),
        due_on=due_on(local_date(now)),
        organisation_id=organisation_id,
        queue_role=Role.DATA_PROTECTION_OFFICER if others else Role.SAFETY_OFFICER,
        now=now,
    )
    for user_id in (*officers, *others):
        notify(
            MessageKind.SAMPLE_DRAWN,
            user_id,
            SubjectType.SAMPLE,
            str(first),
            actor=SYSTEM,
            now=now,
            dedupe_key=f"sample:{subject}:{user_id}",
        )


def answer_sample(public_id: str, answer: Answer, remark: str, *, actor: Actor, now: datetime) -> None:
    """Say what a drawn look was for. Nobody explains her own (R-502).

    The last answer of a draw takes it off the work list. Raises NotFound, Forbidden, NotNow, Invalid.
    """
    sample = db.session.scalar(sa.select(AuditSample).where(AuditSample.public_id == public_id).with_for_update())
    if sample is None or sample.organisation_id != actor.organisation_id:
        raise NotFound
    looked = db.session.scalar(sa.select(AuditEvent.actor_id).where(AuditEvent.id == sample.event_id))
    if looked == actor.user_id:
        raise Forbidden(_("This look is your own. A colleague must explain it."))
    if sample.answered_at is not None:
        raise NotNow
    sample.answer, sample.remark = answer, check_remark(remark)
    sample.answered_at, sample.answered_by_id = now, actor.user_id
    audit.record(
        Audit.SAMPLE_ANSWERED, SubjectType.SAMPLE, public_id, actor=actor, now=now, reason_category=answer.value
    )
    db.session.flush()
    _finish(sample, actor, now)


def _finish(sample: AuditSample, actor: Actor, now: datetime) -> None:
    same = (AuditSample.organisation_id == sample.organisation_id, AuditSample.drawn_at == sample.drawn_at)
    rest = sa.select(AuditSample.id).where(*same, AuditSample.answered_at.is_(None)).limit(1)
    if db.session.scalar(rest) is None:
        for public_id in db.session.scalars(sa.select(AuditSample.public_id).where(*same)):
            deadlines.finish(DeadlineKind.SAMPLE_REVIEW, public_id, actor=actor, now=now)


def note_departure(membership_id: int, last_day: date, *, actor: Actor, now: datetime) -> None:
    """Note that somebody has given notice or is to be dismissed: what she opens from now on rings (R-498)."""
    values = {"last_day": last_day, "noted_at": now, "noted_by_id": actor.user_id}
    statement = insert(Departure).values(membership_id=membership_id, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["membership_id"], set_=values))
    audit.record(Audit.DEPARTURE_NOTED, SubjectType.USER, _public_id(membership_id), actor=actor, now=now)


def forget_departure(membership_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the note away again: she stays. Nothing happens when there is none."""
    gone = sa.delete(Departure).where(Departure.membership_id == membership_id).returning(Departure.membership_id)
    if db.session.scalar(gone) is not None:
        audit.record(Audit.DEPARTURE_FORGOTTEN, SubjectType.USER, _public_id(membership_id), actor=actor, now=now)


def _public_id(membership_id: int) -> str | None:
    found: str | None = db.session.scalar(sa.select(Membership.public_id).where(Membership.id == membership_id))
    return found
