"""What the second person wants changed in a request about own data, with a message to the first. Messages: that a role
would soon have slept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_told_what"
down_revision = "0018_waits_for_somebody"
branch_labels = None
depends_on = None

NAME = "ck_message_kind_known"
FIRST = "'rights_requested'::text"
NEW = ("rights_sent_back", "role_sleeps_soon")
ADDED = "".join(f", '{word}'::text" for word in NEW)


def upgrade() -> None:
    op.add_column("rights_request", sa.Column("return_reason", sa.LargeBinary(), nullable=True))
    _rewrite(FIRST, FIRST + ADDED)


def downgrade() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute(f"DELETE FROM message WHERE kind IN {NEW}")
    _rewrite(ADDED, "")
    op.drop_column("rights_request", "return_reason")


def _rewrite(old: str, new: str) -> None:
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": NAME}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE message DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT {NAME} {rule}")
