"""The database's clock: it decides where security depends on the time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.db import db

# The moment of the running statement, not of its transaction: what was set a moment ago counts.
NOW: sa.ColumnElement[Any] = sa.func.statement_timestamp(type_=sa.DateTime(timezone=True))


def database_now() -> datetime:
    """The moment at which the running statement began, by the database's clock."""
    now: datetime = db.session.execute(sa.select(NOW)).scalar_one()
    return now
