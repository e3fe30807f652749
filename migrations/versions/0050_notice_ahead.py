"""A notice of discharge may be sent before she leaves: it keeps the day that it said."""

import sqlalchemy as sa
from alembic import op

revision = "0050_notice_ahead"
down_revision = "0049_clocks"
branch_labels = None
depends_on = None

ONLY_AHEAD = "told_on IS NULL OR (kind = 'discharge' AND sent_on IS NOT NULL)"


def upgrade() -> None:
    op.add_column("statutory_notice", sa.Column("told_on", sa.Date()))
    op.create_check_constraint("told_when_sent", "statutory_notice", ONLY_AHEAD)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_statutory_notice_told_when_sent"), "statutory_notice", type_="check")
    op.drop_column("statutory_notice", "told_on")
