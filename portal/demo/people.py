"""The people behind the desks in the story: a holiday with somebody who stands in, and a colleague who is expected."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.enums import Language, Role
from portal.db import db
from portal.demo.stage import Stage
from portal.models.users import Membership, User
from portal.services import absences, users

# A week away that lies ahead, so that nobody's list of today changes.
AWAY_IN, AWAY_DAYS = 9, 7


def tell(stage: Stage) -> None:
    """Let it happen. The lots that others draw stay what they are."""
    lots = stage.random.getstate()
    stage.on(2, lambda now: _go_away(stage, now), hour=14)
    stage.on(1, lambda now: _expect_somebody(stage, now), hour=9)
    stage.at(0, 7, lambda now: _were_here(stage, now))
    stage.random.setstate(lots)


def _were_here(stage: Stage, now: datetime) -> None:
    """Everybody last signed in three days ago, so that her day has something to tell of what others did since."""
    people = [actor.user_id for actor in stage.actors.values()]
    before = sa.update(User).where(User.id.in_(people), User.signed_in_at.is_(None))
    db.session.execute(before.values(signed_in_at=now - timedelta(days=3)))


def _go_away(stage: Stage, now: datetime) -> None:
    first = stage.weekday(AWAY_IN)
    days = absences.Days(first, first + timedelta(days=AWAY_DAYS - 1))
    membership = db.session.get_one(Membership, stage.actors["tove"].membership_id).public_id
    deputy = db.session.get_one(User, stage.actors["katrine"].user_id).public_id
    absences.plan(membership, deputy, days, actor=stage.actors["tove"], now=now)


def _expect_somebody(stage: Stage, now: datetime) -> None:
    users.add_person(
        "Vibeke Lund Sørensen",
        "vibeke@bro.example",
        Role.PROGRAMME_WORKER,
        Language.DANISH,
        actor=stage.actors["mette"],
        now=now,
    )
