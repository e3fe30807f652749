"""Three clocks of the rule book drive rows of the work list, and whether the psychologist's hours were offered."""

import sqlalchemy as sa
from alembic import op

revision = "0049_clocks"
down_revision = "0048_journal_of_meetings"
branch_labels = None
depends_on = None

NEW = ("psychologist_start", "first_municipal_meeting", "shelter_statistics")
# The lists of kinds grow in several migrations, so each constraint is read and added to.
KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
OTHER = "'other'::text"
NAMES = "".join(f", '{name}'::text" for name in NEW)


def upgrade() -> None:
    for table, column in KINDS:
        _rewrite(table, column, OTHER, f"{OTHER}{NAMES}")
    op.add_column("leaving_bridge", sa.Column("psychologist_offer", sa.Text()))
    known = "psychologist_offer IN ('offered', 'declined')"
    op.create_check_constraint("psychologist_offer_known", "leaving_bridge", known)


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_constraint(op.f("ck_leaving_bridge_psychologist_offer_known"), "leaving_bridge", type_="check")
    op.drop_column("leaving_bridge", "psychologist_offer")
    listed = ", ".join(f"'{name}'" for name in NEW)
    op.execute(f"DELETE FROM deadline_change WHERE deadline_id IN (SELECT id FROM deadline WHERE kind IN ({listed}))")
    for table, column in KINDS:
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")
        _rewrite(table, column, NAMES, "")


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
