"""Volunteers who know the woman; the watch list without the indexes that no account has anything to compare with."""

import sqlalchemy as sa
from alembic import op

revision = "0021_knows_her"
down_revision = "0020_trail_moves"
branch_labels = None
depends_on = None

UNUSED = ("name_year_index", "cpr_index")
LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("claim", sa.Column("knows_her", sa.Boolean(), server_default=sa.false(), nullable=False))
    for column in (*UNUSED, "phone_index"):
        op.drop_index(f"ix_watched_person_{column}", table_name="watched_person")
    for column in UNUSED:
        op.drop_column("watched_person", column)


def downgrade() -> None:
    for column in UNUSED:
        op.add_column("watched_person", sa.Column(column, sa.LargeBinary(), nullable=True))
    for column in (*UNUSED, "phone_index"):
        op.create_index(f"ix_watched_person_{column}", "watched_person", [column], postgresql_where=LIVE)
    op.drop_column("claim", "knows_her")
