"""Why a stay was corrected, whether she needs a place without stairs, and a way of reaching her that was stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0038_leftovers"
down_revision = "0037_keep_apart"
branch_labels = None
depends_on = None

NEW = "contact_blocked"
TABLES = (("deadline", "kind"), ("message", "deadline_kind"))


def upgrade() -> None:
    op.add_column("client", sa.Column("needs_accessible", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("stay_correction", sa.Column("reason", sa.LargeBinary()))
    for table, column in TABLES:
        _rewrite(table, column, "'other'::text", f"'other'::text, '{NEW}'::text")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute(f"DELETE FROM deadline WHERE kind = '{NEW}'")
    op.execute(f"DELETE FROM message WHERE deadline_kind = '{NEW}'")
    for table, column in TABLES:
        _rewrite(table, column, f", '{NEW}'::text", "")
    op.drop_column("stay_correction", "reason")
    op.drop_column("client", "needs_accessible")


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one()
    if old not in rule:
        raise RuntimeError(f"{name} does not say {old}")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule.replace(old, new, 1)}")
