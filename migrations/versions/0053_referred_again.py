"""She may be referred again to a programme where her course has ended: an accepted request keeps no new one out."""

import sqlalchemy as sa
from alembic import op

revision = "0053_referred_again"
down_revision = "0052_duty_phone"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "uq_track_request_open", "track_request", ["case_id", "offer_id"]
BEFORE = "state NOT IN ('draft', 'declined', 'withdrawn', 'lapsed', 'redirected')"
AFTER = "state NOT IN ('draft', 'accepted', 'declined', 'withdrawn', 'lapsed', 'redirected')"


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE, postgresql_where=sa.text(BEFORE))
    op.create_index(NAME, TABLE, COLUMNS, unique=True, postgresql_where=sa.text(AFTER))


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE, postgresql_where=sa.text(AFTER))
    op.create_index(NAME, TABLE, COLUMNS, unique=True, postgresql_where=sa.text(BEFORE))
