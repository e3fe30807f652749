"""The ten homes of the story: nine lived in, one that is being made ready, and those who hope for it."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.clock import add_months
from portal.core.deadlines import DeadlineKind
from portal.core.states import DeadlineState
from portal.db import db
from portal.demo import referring, women
from portal.demo.cast import Cast
from portal.demo.house import BEGINNING
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain import housing as rules
from portal.domain.housing import UnitAction
from portal.domain.stays import Destination
from portal.models.deadlines import Deadline
from portal.models.housing import HousingUnit, Tenancy
from portal.queries import enrolments as enrolment_queries
from portal.queries import housing as queries
from portal.queries import tenancies as tenancy_queries
from portal.services import housing, tenancies, worklist

# Home by home: in which month of her tenancy she is; None where it stands empty. In the last one it is time to ask.
MONTHS = (9, 23, None, 31, 4, 11, 2, 13, 7, 17)
ASKED, EXTENDED = 23, 31
# Whose contact is somebody with a printed log-in: she can be seen asking, and told of the answer.
FOLLOWED = {23: "katrine", 17: "katrine"}
EMPTY = 3
SENT_BEFORE = 30


def tell(stage: Stage, cast: Cast) -> None:
    """Let the homes be opened, given and lived in."""
    stage.on(BEGINNING - 1, lambda now: _open_all(stage, now))
    _former_tenant(stage, cast)
    for number, month in enumerate(MONTHS, 1):
        if month is not None:
            _tenant(stage, cast, number, month)
    _nominations(stage, cast)
    for days_ago in range(720, 9, -30):
        stage.on(days_ago, lambda now: _talk_about_the_end(stage, now), hour=11)


def _talk_about_the_end(stage: Stage, now: datetime) -> None:
    """What the ladder of each tenancy asked for has been done."""
    rows = sa.select(Deadline).where(
        Deadline.kind == DeadlineKind.TENANCY_RUNG,
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_on <= stage.day(stage.ago_of(now)),
    )
    for row in db.session.scalars(rows.order_by(Deadline.id)).all():
        worklist.mark_done(row, actor=stage.actors["anne"], now=now)


def _open_all(stage: Stage, now: datetime) -> None:
    anne = stage.actors["anne"]
    for number in range(1, len(MONTHS) + 1):
        unit = housing.add_unit(
            stage.offers["homes"],
            number,
            address=f"Opdigtet Stræde {number}, 0000 Ingensteds",
            max_children=2 + number % 3,
            actor=anne,
            now=now,
        )
        for action in (UnitAction.MAKE_READY, UnitAction.ACCEPT):
            housing.change_unit(unit, action, actor=anne, now=now)


def _unit(stage: Stage, number: int) -> HousingUnit:
    found = sa.select(HousingUnit.public_id).where(HousingUnit.number == number)
    return queries.get_unit(stage.actors["anne"], db.session.execute(found).scalar_one())


def _tenancy(stage: Stage, number: int) -> Tenancy:
    public_id = tenancy_queries.find_tenancy_id(_unit(stage, number).id)
    return tenancy_queries.get_tenancy(stage.actors["anne"], public_id or "")


def _comes(stage: Stage, cast: Cast, number: int, moved_in: int, contact: str | None = None) -> Woman:
    """A woman is nominated from the centre, talked with, given the home and moves in directly."""
    anne, sent = stage.actors["anne"], moved_in + SENT_BEFORE
    woman = cast.next(admitted=sent + stage.random.randrange(15, 70), moved=moved_in, contact=contact)
    woman.destination = Destination.TRANSITION_HOME
    women.arrive(stage, woman)
    referring.refer(stage, woman, ["homes"], sent=sent)
    taken = referring.admit(stage, woman, "homes", sent=sent)

    def hold(now: datetime) -> None:
        enrolment = enrolment_queries.get(anne, woman.courses["homes"])
        housing.reserve(_unit(stage, number), enrolment, stage.day(moved_in), actor=anne, now=now)

    def move_in(now: datetime) -> None:
        tenancies.move_in(_tenancy(stage, number), stage.day(moved_in), actor=anne, now=now)

    stage.on(taken - 2, hold, hour=10)
    stage.on(moved_in, move_in, hour=17)
    return woman


def _tenant(stage: Stage, cast: Cast, number: int, month: int) -> None:
    moved_in = stage.ago(add_months(stage.today, 1 - month)) + 12
    woman = _comes(stage, cast, number, moved_in, FOLLOWED.get(month))
    start = stage.day(moved_in)
    if month in (ASKED, EXTENDED):
        stage.on(stage.ago(_asks_on(start)), lambda now: _ask(stage, woman, number, now))
    if month == EXTENDED:
        stage.on(stage.ago(_asks_on(start)) - 20, lambda now: _extend(stage, number, now))


def _asks_on(start: date) -> date:
    return add_months(rules.end_of(start), -7)


def _ask(stage: Stage, woman: Woman, number: int, now: datetime) -> None:
    reason = "Hun er skrevet op til en almen bolig, men får den tidligst et halvt år efter, at lejemålet slutter."
    tenancies.ask_extension(_tenancy(stage, number), reason, actor=stage.actors[woman.contact], now=now)


def _extend(stage: Stage, number: int, now: datetime) -> None:
    reason = "Den ældste er lige begyndt i skole, og der er ingen bolig endnu."
    tenancies.decide_extension(_tenancy(stage, number), 12, reason, actor=stage.actors["anne"], now=now)


def _former_tenant(stage: Stage, cast: Cast) -> None:
    """She left three weeks ago; the home is being painted and is free from next month."""
    anne = stage.actors["anne"]
    _comes(stage, cast, EMPTY, 760)
    free_on = add_months(stage.today.replace(day=1), 1)

    def leave(now: datetime) -> None:
        tenancies.give_notice(_tenancy(stage, EMPTY), stage.day(21), actor=anne, now=now)

    def out(now: datetime) -> None:
        tenancies.move_out(_tenancy(stage, EMPTY), stage.day(21), rules.Destination.OWN_HOME, actor=anne, now=now)

    def paint(now: datetime) -> None:
        unit = _unit(stage, EMPTY)
        housing.change_unit(
            unit, UnitAction.CLOSE_DOWN, reason="Males og får nyt gulv", ready_on=free_on, actor=anne, now=now
        )
        housing.change_unit(unit, UnitAction.REOPEN, ready_on=free_on, actor=anne, now=now)

    stage.on(110, leave)
    stage.on(21, out)
    stage.on(18, paint)


def _nominations(stage: Stage, cast: Cast) -> None:
    """One whose second talk is today, one on the waiting list, one of whom something is not known yet."""
    today, waits, unclear = (cast.next(admitted=days, planned=ahead) for days, ahead in ((95, 20), (120, 40), (40, 60)))
    for woman, sent in ((today, 4), (waits, 15), (unclear, 6)):
        women.arrive(stage, woman)
        referring.refer(stage, woman, ["homes"], sent=sent)
    referring.take(stage, today, "homes", on=3)
    referring.talk(stage, today, "homes", "motivation", planned=3, held=1)
    referring.talk(stage, today, "homes", "safety", planned=1, held=0)
    referring.take(stage, waits, "homes", on=14)
    referring.talk(stage, waits, "homes", "motivation", planned=14, held=12)
    referring.talk(stage, waits, "homes", "safety", planned=14, held=10)
    referring.wait(stage, waits, "homes", on=9)
    referring.take(stage, unclear, "homes", on=5, is_met=False)
    referring.ask(stage, unclear, "homes", "Hvornår er hun flyttet ind på centret?", on=3)
