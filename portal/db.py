"""The database: the model base, column types that refuse mistakes, and the one way to save."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar, cast

import flask_sqlalchemy.session
import sqlalchemy as sa
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, orm
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from portal.core.errors import Conflict, Stale, Unlogged
from portal.core.ids import new_public_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
E = TypeVar("E", bound=StrEnum)
BUSY = frozenset({"40001", "40P01", "55P03"})  # serialisation failure, deadlock, lock not available in time
# A unique or an exclusion constraint: two people took the only one at the same moment.
TAKEN = frozenset({"23505", "23P01"})


class UTCDateTime(sa.TypeDecorator[datetime]):
    """A moment, aware and in UTC. Refuses naive values on the way in."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Choice(sa.TypeDecorator[E]):
    """A value of a closed vocabulary, stored as text. Pair it with `one_of` so that the database refuses others."""

    impl = sa.Text()
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> E | None:
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> sa.CheckConstraint:
    """A check that the column holds a value of the vocabulary."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return sa.CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


class Base(DeclarativeBase):
    """What every table inherits. The registry makes `Mapped[datetime]` an aware moment."""

    registry = orm.registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UTCDateTime(),
            str: sa.Text(),
            dict[str, Any]: JSONB(),
            list[str]: ARRAY(sa.Text()),
        },
    )


class Keyed:
    """An integer key for inside, and a random one for addresses (128 bits, 22 characters)."""

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, sort_order=-10)
    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True, default=new_public_id, sort_order=-9)


class Versioned:
    """Catches two saves at the same moment: the second gets `Stale`."""

    version: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1", sort_order=90)

    @orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - the decorator hands over the class
        return {"version_id_col": cast(Any, cls).version}


# Loads nothing by itself and raises when touched unloaded: a query says what it loads.
relationship = partial(orm.relationship, lazy="raise")


class Session(flask_sqlalchemy.session.Session):
    """A session that ends with a commit when it has only read.

    A rollback makes the driver forget every statement that it has prepared, and planning is half of what a page costs
    the database: it would plan each page anew. What has written or has something to write is never committed here.
    """

    def close(self) -> None:
        """End the transaction and give the connection back."""
        if self._has_only_read():
            self.commit()
        super().close()

    def _has_only_read(self) -> bool:
        connection: sa.Connection | None = self.info.get(CONNECTION)
        if not (self.in_transaction() and self.is_active) or connection is None:
            return False
        has_ended = connection.closed or connection.invalidated
        return not (has_ended or connection.info.get(WROTE) or self.new or self.dirty or self.deleted)


CONNECTION, WROTE = "connection", "wrote"


@event.listens_for(Session, "after_begin")
def _remember(session: orm.Session, _transaction: orm.SessionTransaction, connection: sa.Connection) -> None:
    session.info[CONNECTION] = connection
    connection.info[WROTE] = False


@event.listens_for(sa.Engine, "before_cursor_execute")
def _note_writing(connection: sa.Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    if not statement.startswith("SELECT"):
        connection.info[WROTE] = True


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": Session})
migrate = Migrate(compare_type=True)


def _is_unlogged(failure: DBAPIError) -> bool:
    """Whether it was a line of the audit trail that could not be written, or not take its place at the commit."""
    where = getattr(getattr(failure.orig, "diag", None), "context", None) or ""
    return "INSERT INTO audit_event" in (failure.statement or "") or "audit_seal()" in where


@contextmanager
def transaction() -> Iterator[None]:
    """The only place where something is saved: all of it or nothing.

    Raises Stale when another save came first, Conflict when it took the only place or held the row for too long,
    Unlogged when the audit trail takes no line (R-486).
    """
    try:
        yield
        db.session.commit()
    except StaleDataError as stale:
        db.session.rollback()
        raise Stale from stale
    except DBAPIError as failure:
        db.session.rollback()
        if _is_unlogged(failure):
            raise Unlogged from failure
        if getattr(failure.orig, "sqlstate", None) in BUSY | TAKEN:
            raise Conflict from failure
        raise
    except BaseException:
        db.session.rollback()
        raise
