"""The review of looks: drawn by lot each week, answered by the safety officer; and who is about to leave."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.alerts import Answer
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.audit_sample import draw, due_on
from portal.models.alerts import AuditSample, Departure
from portal.models.audit import AuditEvent
from portal.models.users import Membership
from portal.queries import reviews as queries
from portal.queries.reviewers import list_explainers
from portal.services import audit, deadlines
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
        insert(AuditSample).on_conflict_do_nothing(index_elements=["event_id"]).returning(AuditSample), rows
    ).all()
    _tell(organisation_id, week, drawn, now)
    return len(drawn)


def _tell(organisation_id: int, week: str, drawn: Sequence[AuditSample], now: datetime) -> None:
    """Tell those who explain them, each by the first look that she may know of, and put it on their work list."""
    if not drawn:
        return
    audit.record(Audit.SAMPLE_DRAWN, SubjectType.SAMPLE, drawn[0].public_id, actor=SYSTEM, now=now)
    for user_id, first in _put_up(drawn, now).items():
        notify(
            MessageKind.SAMPLE_DRAWN,
            user_id,
            SubjectType.SAMPLE,
            first,
            actor=SYSTEM,
            now=now,
            dedupe_key=f"sample:{organisation_id}:{week}:{user_id}",
        )


def _put_up(waiting: Sequence[AuditSample], now: datetime) -> dict[int, str]:
    """Put the answer on the work list, by a look that as many as possible may know of. Returns who explains them."""
    organisation_id = waiting[0].organisation_id
    role, explainers = list_explainers([one.id for one in waiting], organisation_id)
    seen = set(explainers.values()) or {waiting[0].public_id}
    deadlines.put_up(
        DeadlineKind.SAMPLE_REVIEW,
        SubjectType.SAMPLE,
        [one.public_id for one in waiting if one.public_id in seen][-1],
        due_on=waiting[0].due_on,
        organisation_id=organisation_id,
        queue_role=role,
        now=now,
    )
    return explainers


def answer_sample(public_id: str, answer: Answer, remark: str, *, actor: Actor, now: datetime) -> None:
    """Say what a drawn look was for. Nobody explains her own (R-502).

    The last answer of a draw takes it off the work list. Raises NotFound, Forbidden, NotNow, Invalid.
    """
    queries.get_sample(actor, public_id)
    wanted = sa.select(AuditSample).where(AuditSample.public_id == public_id).with_for_update()
    sample = db.session.scalars(wanted).one()
    looked, case_id = db.session.execute(
        sa.select(AuditEvent.actor_id, AuditEvent.case_id).where(AuditEvent.id == sample.event_id)
    ).one()
    if looked == actor.user_id:
        raise Forbidden(_("This look is your own. A colleague must explain it."))
    if sample.answered_at is not None:
        raise NotNow
    sample.answer, sample.remark = answer, check_remark(remark)
    sample.answered_at, sample.answered_by_id = now, actor.user_id
    audit.record(
        Audit.SAMPLE_ANSWERED,
        SubjectType.SAMPLE,
        public_id,
        actor=actor,
        now=now,
        case_id=case_id,
        reason_category=answer.value,
    )
    db.session.flush()
    _finish(sample, actor, now)


def _finish(sample: AuditSample, actor: Actor, now: datetime) -> None:
    """Take it off the work list when nothing of the draw is left for her; what is left for others stands there anew."""
    same = (AuditSample.organisation_id == sample.organisation_id, AuditSample.drawn_at == sample.drawn_at)
    drawn = db.session.scalars(sa.select(AuditSample).where(*same).order_by(AuditSample.id)).all()
    waiting = [one for one in drawn if one.answered_at is None]
    if queries.has_sample(actor, [one.id for one in waiting]):
        return
    for one in drawn:
        deadlines.finish(DeadlineKind.SAMPLE_REVIEW, one.public_id, actor=actor, now=now)
    if waiting:
        _put_up(waiting, now)


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
