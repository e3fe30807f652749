"""The invented women: who they are, how they came, stayed and moved."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactChannel, SafetyLevel
from portal.core.plans import ConfirmedHow
from portal.core.states import DeadlineState
from portal.db import db
from portal.demo.stage import Stage
from portal.domain.stays import Destination
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.stays import StatutoryNotice
from portal.queries import cases as case_queries
from portal.services import cases, children, notices, risk, stay_plans
from portal.services.children import ChildRecord

CODES = {"aarhus": "751", "odense": "461"}
CARD_DAYS, SAFETY_DAYS, PLAN_DAYS = 30, 90, 42
REASONS = (
    "Hun er blevet kontaktet af sin tidligere partner flere gange.",
    "Han har opsøgt hendes søster for at finde hende.",
    "Der er trusler på sociale medier.",
)


@dataclass(slots=True)
class Woman:
    """One invented woman. Days are counted back from today; what is not known is None."""

    key: str
    name: str | None
    birth_year: int
    contact: str
    municipality: str
    admitted: int | None = None
    moved: int | None = None
    # Days until she plans to move.
    planned: int | None = None
    language: str = "dansk"
    needs_interpreter: bool = False
    children: tuple[int, ...] = ()
    protection: int = 0
    has_raised_risk: bool = False
    # Left the centre for something else than her own home.
    destination: Destination = Destination.OWN_HOME
    case_id: int = 0
    public_id: str = ""
    requests: dict[str, str] = field(default_factory=dict)
    courses: dict[str, str] = field(default_factory=dict)
    # Where her answers lie between the lowest and the highest, from 0 to 1.
    rank: float = 0.5

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows her name."""
        return self.name is None


def get(stage: Stage, woman: Woman, by: str) -> tuple[Case, Actor]:
    """Her case as somebody on the team opens it."""
    actor = stage.actors[by]
    return case_queries.get(actor, woman.public_id), actor


def arrive(stage: Stage, woman: Woman) -> None:
    """Let her come to the centre, be settled there, and move if her time has come."""
    if woman.admitted is None:
        return
    stage.on(woman.admitted, lambda now: _open(stage, woman, now))
    stage.on(woman.admitted - 2, lambda now: _notify(stage, woman, now))
    if woman.moved is not None:
        stage.on(woman.moved, lambda now: _move(stage, woman, now))
        stage.on(woman.moved - 2, lambda now: _notify(stage, woman, now))
    elif woman.admitted > PLAN_DAYS:
        stage.on(woman.admitted - 35, lambda now: _plan_stay(stage, woman, now))
    _keep_fresh(stage, woman, woman.admitted)


def _open(stage: Stage, woman: Woman, now: datetime) -> None:
    actor = stage.actors[woman.contact]
    case = cases.open_case(
        actor=actor,
        now=now,
        name=woman.name,
        birth_year=None if woman.is_anonymous else woman.birth_year,
        language=woman.language,
        needs_interpreter=woman.needs_interpreter,
        responsible_municipality_code=None if woman.is_anonymous else CODES[woman.municipality],
    )
    woman.case_id, woman.public_id = case.id, case.public_id
    for year in woman.children:
        children.add(case, ChildRecord(birth_year=year), actor=actor, now=now)
    if woman.protection:
        cases.set_address(case, protection_level=woman.protection, actor=actor, now=now)
    _write_card(stage, case, actor, now)
    _assess(stage, woman, case, actor, now)
    if woman.admitted is not None:
        cases.record_stay(
            case,
            admitted_on=stage.day(woman.admitted),
            planned_move_on=_planned_on(stage, woman),
            previous_stay_ever=stage.random.random() < 0.25,
            actor=actor,
            now=now,
        )


def open_without_stay(stage: Stage, woman: Woman, days_ago: int) -> None:
    """Let somebody open a case for her who does not stay at a centre."""
    stage.on(days_ago, lambda now: _open(stage, woman, now))
    _keep_fresh(stage, woman, days_ago)


def _planned_on(stage: Stage, woman: Woman) -> date | None:
    if woman.moved is not None:
        return stage.day(woman.moved)
    return None if woman.planned is None else stage.day(-woman.planned)


def _write_card(stage: Stage, case: Case, actor: Actor, now: datetime) -> None:
    channel = stage.random.choice((ContactChannel.SMS, ContactChannel.SMS, ContactChannel.PHONE))
    cases.set_safe_contact(
        case,
        channel=channel,
        days="weekdays",
        from_hour=9,
        to_hour=14,
        may_leave_voicemail=False,
        is_device_shared=stage.random.random() < 0.2,
        actor=actor,
        now=now,
    )


def _assess(stage: Stage, woman: Woman, case: Case, actor: Actor, now: datetime) -> None:
    level = SafetyLevel.RAISED if woman.has_raised_risk else SafetyLevel.ORDINARY
    reason = stage.random.choice(REASONS) if woman.has_raised_risk else None
    risk.assess_safety(case, level=level, reason=reason, assessed_on=stage.day(stage.ago_of(now)), actor=actor, now=now)


def assess(stage: Stage, woman: Woman, by: str, now: datetime) -> None:
    """Look at her safety again, and at how she may be reached."""
    case, actor = get(stage, woman, by)
    _assess(stage, woman, case, actor, now)
    _write_card(stage, case, actor, now)


def _keep_fresh(stage: Stage, woman: Woman, since: int) -> None:
    """Ask again how she may be reached and how dangerous it is; one in twenty has been forgotten lately."""
    if since <= CARD_DAYS or stage.random.random() < 1 / 20:
        return
    latest = min(since - 5, stage.random.randrange(2, 24))
    stage.on(latest, lambda now: assess(stage, woman, woman.contact, now))


def _plan_stay(stage: Stage, woman: Woman, now: datetime) -> None:
    waiting = db.session.scalar(
        sa.select(Deadline.id).where(
            Deadline.case_id == woman.case_id,
            Deadline.kind == DeadlineKind.STAY_PLAN,
            Deadline.state == DeadlineState.OPEN,
        )
    )
    if waiting is None:
        return
    case, actor = get(stage, woman, woman.contact)
    written = stay_plans.Written(
        "Ro til at sove og tænke, og hjælp til at finde et sted at bo.",
        offers="Samtale hver uge. Hjælp til papirer og til at skrive sig op til en bolig.",
        children="De skal kunne lege og gå i skole som andre børn." if woman.children else None,
    )
    today = stage.day(stage.ago_of(now))
    stay_plans.write(case, written, actor=actor, now=now)
    stay_plans.agree(case, how=ConfirmedHow.ORALLY, confirmed_on=today, actor=actor, now=now)


def _notify(stage: Stage, woman: Woman, now: datetime) -> None:
    """Send what the law asks for to the municipality; now and then it is late, or forgotten."""
    if stage.random.random() < 0.03:
        return
    if stage.random.random() < 0.12 and stage.ago_of(now) > 6:
        stage.on(stage.ago_of(now) - 5, lambda later: _send(stage, woman, later))
    else:
        _send(stage, woman, now)


def _send(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = get(stage, woman, woman.contact)
    open_ones = sa.select(StatutoryNotice).where(
        StatutoryNotice.case_id == woman.case_id, StatutoryNotice.sent_on.is_(None)
    )
    for notice in db.session.scalars(open_ones).all():
        notices.send(case, notice, sent_on=stage.day(stage.ago_of(now)), actor=actor, now=now)


def _move(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = get(stage, woman, woman.contact)
    today = stage.day(stage.ago_of(now))
    cases.end_stay(case, discharged_on=today, destination=woman.destination, actor=actor, now=now)
    if woman.destination is Destination.OWN_HOME:
        cases.record_move(case, today, actor=actor, now=now)
        if woman.protection < 2:
            number = stage.random.randrange(1, 90)
            cases.set_address(
                case,
                protection_level=woman.protection,
                address=f"Opdigtet Vej {number}, 0000 Ingensteds",
                actor=actor,
                now=now,
            )


def planned_days(stage: Stage, woman: Woman, now: datetime) -> int:
    """How many days until she moves, seen from that moment; 35 where nobody knows."""
    on = _planned_on(stage, woman)
    return 35 if on is None else (on - stage.day(stage.ago_of(now))) // timedelta(days=1)
