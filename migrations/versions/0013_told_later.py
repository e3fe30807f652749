"""A match with the watch list is told outside the request that found it."""

import sqlalchemy as sa
from alembic import op

revision = "0013_told_later"
down_revision = "0012_wall"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("watch_hit", sa.Column("told_at", sa.DateTime(timezone=True)))
    # Until now they were told at once.
    op.execute("UPDATE watch_hit SET told_at = found_at")


def downgrade() -> None:
    op.drop_column("watch_hit", "told_at")
