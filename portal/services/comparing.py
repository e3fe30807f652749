"""How often one person may name somebody who is then compared across all organisations (security rule 4.3)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date, start_of_local_day
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.domain.decisions import DAILY_COMPARISONS
from portal.queries import pace

# A number of our own, so that this lock meets no other.
COMPARING_LOCK = 610


def check_pace(*, actor: Actor, now: datetime, field: str) -> None:
    """Whether this person may name one more today, over all her sessions and roles (R-610). Raises Invalid.

    Asked before anything is compared, so that the refusal says nothing of anybody. What is counted is the trail's own
    line of each; the second of two windows waits here, and counts the first.
    """
    if actor.user_id is None:
        return
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(COMPARING_LOCK, actor.user_id)))
    if pace.compared_since(actor.user_id, start_of_local_day(local_date(now))) >= DAILY_COMPARISONS:
        raise Invalid(
            _(
                "You have written in as many people or numbers as one person may in a day. A colleague or the safety"
                " officer can do it today, or you tomorrow."
            ),
            field=field,
        )
