"""The lead's figures: of the own organisation, counted in the database, without a name of a woman (R-092)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint, InstrumentKey, Phase
from portal.core.states import DeadlineState, EnrolmentState, FollowUpState, RequestState, UnitState
from portal.db import db
from portal.domain.cti import weighted_caseload
from portal.domain.followup_steps import SETTLED
from portal.models.cti import CtiCourse
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp, Measure
from portal.models.housing import HousingUnit
from portal.models.outbox import MailState, OutgoingMail
from portal.models.programmes import Offer, Programme
from portal.models.referrals import TrackRequest
from portal.models.users import Membership, User
from portal.queries.visibility import LIVE

AHEAD_DAYS = 14
WAITING = (RequestState.SUBMITTED, RequestState.NEEDS_INFO, RequestState.IN_VISITATION)
PHASES = (Phase.PRE, Phase.P1, Phase.P2, Phase.P3)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: one programme's offer or all, and a period from a day up to another."""

    starts_on: date
    ends_on: date
    offer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The tiles, and whether mail gets out."""

    active: int
    waiting: int
    oldest_sent_at: datetime | None
    ahead: int
    passed: int
    occupied: int
    units: int
    on_time: int
    asked: int
    mail_waiting: int
    mail_needs_human: int


@dataclass(frozen=True, slots=True)
class Caseload:
    """One worker's courses by phase; `other` are those without phases."""

    worker_id: int
    name: str
    phases: tuple[int, int, int, int]
    other: int
    weighted: float
    overdue: int

    @property
    def total(self) -> int:
        """All live courses."""
        return sum(self.phases) + self.other


def _count(model: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


def _of_offer(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.offer_id is None else Enrolment.offer_id == scope.offer_id


def figures(actor: Actor, scope: Scope, *, today: date) -> Figures:
    """The five tiles of the overview and the state of the mail, in one statement."""
    own = actor.organisation_id
    waiting = [TrackRequest.organisation_id == own, TrackRequest.state.in_(WAITING)]
    if scope.offer_id is not None:
        waiting.append(TrackRequest.offer_id == scope.offer_id)
    active = [Enrolment.organisation_id == own, Enrolment.state == EnrolmentState.ACTIVE, _of_offer(scope)]
    open_ = [Deadline.organisation_id == own, Deadline.state == DeadlineState.OPEN]
    units = [HousingUnit.organisation_id == own, HousingUnit.state != UnitState.OUT_OF_SERVICE]
    lived_in = HousingUnit.state.in_((UnitState.OCCUPIED, UnitState.NOTICE_GIVEN))
    asked = _asked(actor, scope, today)
    on_time = sa.func.timezone("Europe/Copenhagen", FollowUp.completed_at).cast(sa.Date) <= FollowUp.closes_on
    row = db.session.execute(
        sa.select(
            _count(Enrolment, *active),
            _count(TrackRequest, *waiting),
            sa.select(sa.func.min(TrackRequest.sent_at)).where(*waiting).scalar_subquery(),
            _count(Deadline, *open_, Deadline.due_on.between(today, today + timedelta(days=AHEAD_DAYS))),
            _count(Deadline, *open_, Deadline.due_on < today),
            _count(HousingUnit, *units, lived_in),
            _count(HousingUnit, *units),
            _count(FollowUp, *asked, FollowUp.state.in_(SETTLED), on_time),
            _count(FollowUp, *asked),
            *_mail(actor),
        )
    ).one()
    return Figures(*row)


def _asked(actor: Actor, scope: Scope, today: date) -> list[sa.ColumnElement[bool]]:
    """Follow-ups of the period that are due by now, but not those called off."""
    conditions = [
        FollowUp.organisation_id == actor.organisation_id,
        FollowUp.state != FollowUpState.CANCELLED,
        FollowUp.due_on >= scope.starts_on,
        FollowUp.due_on < min(scope.ends_on, today + timedelta(days=1)),
    ]
    if scope.offer_id is not None:
        conditions.append(
            FollowUp.enrolment_id.in_(sa.select(Enrolment.id).where(Enrolment.offer_id == scope.offer_id))
        )
    return conditions


def _mail(actor: Actor) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    colleagues = sa.select(Membership.user_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None)
    )
    ours = OutgoingMail.recipient_id.in_(colleagues)
    is_waiting = OutgoingMail.state.in_((MailState.PENDING, MailState.LEASED, MailState.UNKNOWN))
    return _count(OutgoingMail, ours, is_waiting, OutgoingMail.attempts > 0), _count(
        OutgoingMail, ours, OutgoingMail.state == MailState.NEEDS_HUMAN
    )


def caseloads(actor: Actor, scope: Scope, *, today: date) -> list[Caseload]:
    """Live courses by worker and phase with the weighted load, the heaviest first. One statement."""
    late = (
        sa.select(sa.func.count())
        .select_from(Deadline)
        .where(
            Deadline.owner_id == Enrolment.worker_id,
            Deadline.organisation_id == actor.organisation_id,
            Deadline.state == DeadlineState.OPEN,
            Deadline.due_on < today,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Enrolment.worker_id, User.name, CtiCourse.phase, sa.func.count(), late)
        .join(User, User.id == Enrolment.worker_id)
        .outerjoin(CtiCourse, CtiCourse.enrolment_id == Enrolment.id)
        .where(Enrolment.organisation_id == actor.organisation_id, Enrolment.state.in_(LIVE), _of_offer(scope))
        .group_by(Enrolment.worker_id, User.id, CtiCourse.phase)
    )
    found: dict[int, tuple[str, dict[Phase | None, int], int]] = {}
    for worker, name, phase, count, overdue in rows:
        found.setdefault(worker, (name, {}, overdue))[1][phase] = count
    loads = [_load(worker, *known) for worker, known in found.items()]
    return sorted(loads, key=lambda load: (-load.total, load.name))


def _load(worker: int, name: str, counts: dict[Phase | None, int], overdue: int) -> Caseload:
    p = tuple(counts.get(phase, 0) for phase in PHASES)
    weighted = weighted_caseload(phase for phase in PHASES for _ in range(counts.get(phase, 0)))
    other = sum(count for phase, count in counts.items() if phase not in PHASES)
    return Caseload(worker, name, (p[0], p[1], p[2], p[3]), other, weighted, overdue)


def waited_days(actor: Actor, scope: Scope) -> list[int]:
    """Days from the referral to the start, for the courses that began in the period."""
    rows = db.session.execute(
        sa.select(TrackRequest.sent_at, Enrolment.started_on)
        .join(TrackRequest, TrackRequest.id == Enrolment.request_id)
        .where(
            Enrolment.organisation_id == actor.organisation_id,
            TrackRequest.sent_at.is_not(None),
            Enrolment.started_on >= scope.starts_on,
            Enrolment.started_on < scope.ends_on,
            _of_offer(scope),
        )
    )
    return [(started - local_date(sent)).days for sent, started in rows if sent and started]


def exposure(actor: Actor, scope: Scope) -> dict[FollowUpPoint, tuple[int, int]]:
    """How many were exposed to violence and how many were asked, by point in time, over the CTI courses.

    All courses up to the end of the period: a quarter alone would be a handful.
    """
    rows = db.session.execute(
        sa.select(FollowUp.point, sa.func.sum(Measure.score), sa.func.count())
        .join(FollowUp, FollowUp.id == Measure.follow_up_id)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(
            FollowUp.organisation_id == actor.organisation_id,
            Enrolment.kind == TrackKind.CTI,
            _of_offer(scope),
            Measure.instrument == InstrumentKey.EXPOSURE,
            Measure.score.is_not(None),
            Measure.taken_on < scope.ends_on,
        )
        .group_by(FollowUp.point)
    )
    return {point: (int(exposed or 0), n) for point, exposed, n in rows}


def offers_of(actor: Actor) -> list[tuple[int, str, str, str]]:
    """The organisation's offers as (key, public id, Danish name, English name), to choose among."""
    rows = db.session.execute(
        sa.select(Offer.id, Offer.public_id, Programme.name_da, Programme.name_en)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(Offer.organisation_id == actor.organisation_id)
        .order_by(Programme.name_da)
    )
    return [(key, public_id, name_da, name_en) for key, public_id, name_da, name_en in rows]
