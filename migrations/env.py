"""Runs the migrations as the owner of the tables, where one is named; the portal's own role may not."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.models import render_item

migrate = current_app.extensions["migrate"]


def run() -> None:
    """Apply what is asked for, one transaction per call."""
    owner = current_app.config.get("DATABASE_OWNER_URL")
    engine = sa.create_engine(owner, poolclass=sa.NullPool) if owner else migrate.db.engine
    with engine.connect() as connection:
        # Migrations may wait longer for a lock, and take longer, than a page may; and they change rows of every case.
        connection.exec_driver_sql("SET statement_timeout = 0; SET lock_timeout = '30s'; SET bro.scope = 'system'")
        connection.commit()
        context.configure(
            connection=connection, target_metadata=migrate.db.metadata, compare_type=True, render_item=render_item
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.exec_driver_sql("RESET bro.scope")
        connection.commit()


run()
