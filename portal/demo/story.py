"""The story that the demo tells: two centres, two municipalities, three associations and about sixty invented women.

Told through the services, as people would have done it, with every day counted from today.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from portal.core.clock import utc_now
from portal.db import db, transaction
from portal.demo import (
    advising,
    amira,
    apart,
    bridging,
    children,
    cti_courses,
    daily,
    days,
    documents,
    helping,
    homes,
    house,
    imports,
    looking,
    measuring,
    mentor,
    misplaced,
    money,
    moving,
    municipality,
    people,
    plans,
    rights,
    risk,
    rounds,
    safety,
    standing,
    vacancies,
    waiting,
)
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.services import mail
from portal.wall import as_system

SEED = 2026


class NotTheDemo(RuntimeError):
    """The story is told to the demo's own database alone."""


def tell(now: datetime | None = None, *, seed: int = SEED) -> bool:
    """Tell the story to an empty database of the demo. False, and nothing done, when there is something already.

    Raises NotTheDemo for any other database: invented women never come among real ones.
    """
    check_own()
    with as_system():
        if db.session.scalar(sa.select(sa.exists(sa.select(Case.id)) | sa.exists(sa.select(Organisation.id)))):
            db.session.rollback()
            return False
        with transaction():
            _play(now or utc_now(), seed)
    return True


def _play(now: datetime, seed: int) -> None:
    stage = Stage(now, seed)
    house.build(stage)
    cast = Cast(stage)
    star = amira.tell(stage, cast)
    moved = cti_courses.tell(stage, cast)
    homes.tell(stage, cast)
    joining = [moved[days] for days in (112, 128, 140, 155, 187, 203, 240)] + [star]
    rounds.tell(stage, cast, joining, [moved[days] for days in (41, 58, 77)])
    waiting.tell(stage, cast)
    helping.tell(stage, moved)
    money.tell(stage, moved)
    municipality.tell(stage, cast)
    advising.tell(stage)
    days.tell(stage, cast, moved)
    measuring.sweep(stage, cast, amira.SPARED)
    looking.tell(stage)
    safety.tell(stage, cast)
    children.tell(stage, cast)
    rights.tell(stage, cast)
    documents.tell(stage, cast)
    people.tell(stage)
    risk.tell(stage, cast)
    apart.tell(stage, cast)
    plans.tell(stage, cast)
    misplaced.tell(stage, cast)
    vacancies.tell(stage)
    imports.tell(stage)
    daily.tell(stage)
    bridging.tell(stage, cast)
    mentor.tell(stage, cast)
    moving.tell(stage, cast)
    standing.tell(stage, moved)
    stage.play()
    mail.cancel_untried(now - timedelta(hours=1))


def check_own() -> None:
    """Raise NotTheDemo for any database but the demo's own."""
    if not current_app.config["PORTAL_DEMO"]:
        raise NotTheDemo("The story is told in the demo alone (PORTAL_ENV=demo).")
    name, wanted = db.engine.url.database or "", str(current_app.config["DATABASE_NAME"])
    if name != wanted:
        raise NotTheDemo(f"The story is told to the database {wanted}, not to {name}.")
