"""Messages: that a case has been reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0023_reopened"
down_revision = "0022_homes_and_volunteers"
branch_labels = None
depends_on = None

NAME = "ck_message_kind_known"
FIRST = "'case_handed_over'::text"
NEW = "case_reopened"
ADDED = f", '{NEW}'::text"


def upgrade() -> None:
    _rewrite(FIRST, FIRST + ADDED)


def downgrade() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute(f"DELETE FROM message WHERE kind = '{NEW}'")
    _rewrite(ADDED, "")


def _rewrite(old: str, new: str) -> None:
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": NAME}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE message DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT {NAME} {rule}")
