"""Runs the migrations on the application's own engine."""

from alembic import context
from flask import current_app

from portal.models import render_item

migrate = current_app.extensions["migrate"]


def run() -> None:
    """Apply what is asked for, one transaction per call."""
    with migrate.db.engine.connect() as connection:
        # Migrations may wait longer for a lock, and take longer, than a page may.
        connection.exec_driver_sql("SET statement_timeout = 0; SET lock_timeout = '30s'")
        connection.commit()
        context.configure(
            connection=connection, target_metadata=migrate.db.metadata, compare_type=True, render_item=render_item
        )
        with context.begin_transaction():
            context.run_migrations()


run()
