"""Somebody is taken off the watch list by two, as a block is lifted; why he was put there, and by what words somebody
was kept out, is kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_watch_ended"
down_revision = "0015_asked_once"
branch_labels = None
depends_on = None

TABLE = "watched_person"
PEOPLE = ("lift_asked_by_id", "ended_by_id")


def upgrade() -> None:
    op.add_column("case_block", sa.Column("email", sa.LargeBinary(), nullable=True))
    op.add_column(TABLE, sa.Column("reason", sa.LargeBinary(), nullable=True))
    op.add_column(TABLE, sa.Column("lift_asked_at", sa.DateTime(timezone=True), nullable=True))
    for column in PEOPLE:
        op.add_column(TABLE, sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{TABLE}_{column}_user_account"), TABLE, "user_account", [column], ["id"])


def downgrade() -> None:
    for column in ("reason", "lift_asked_at", *PEOPLE):
        op.drop_column(TABLE, column)
    op.drop_column("case_block", "email")
