"""She has died or moved abroad: what stands over a case, and what rests on the work list under it."""

import sqlalchemy as sa
from alembic import op

revision = "0046_standing"
down_revision = "0045_take_overs"
branch_labels = None
depends_on = None

# Table, column, a word of it, the new word beside that.
WORDS = (
    ("deadline", "state", "open", "rests"),
    ("follow_up", "state", "expired", "died"),
    ("meeting", "cancel_reason", "other", "died"),
)
LINKS = (
    ("case_id", "client_case", False),
    ("set_by_id", "user_account", False),
    ("lifted_by_id", "user_account", True),
)


def upgrade() -> None:
    for table, column, old, new in WORDS:
        _rewrite(table, column, f"'{old}'::text", f"'{old}'::text, '{new}'::text")
    op.create_index("ix_deadline_rests", "deadline", ["case_id"], postgresql_where=sa.text("state = 'rests'"))
    op.create_table(
        "standing_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        *(sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=free) for name, table, free in LINKS),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lift_reason", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_mark")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standing_mark_public_id")),
        sa.CheckConstraint("kind IN ('died', 'moved_abroad')", name="kind_known"),
        sa.CheckConstraint("source IN ('authority', 'family', 'other')", name="source_known"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
    )
    stands = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_standing_mark_stands", "standing_mark", ["case_id", "kind"], unique=True, postgresql_where=stands
    )
    op.create_index("ix_standing_mark_case_id", "standing_mark", ["case_id"])
    _wall("standing_mark", "case_id IN (SELECT bro_cases())")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_table("standing_mark")
    op.drop_index("ix_deadline_rests", "deadline")
    op.execute("UPDATE deadline SET state = 'open' WHERE state = 'rests'")
    op.execute("UPDATE follow_up SET state = 'unreachable' WHERE state = 'died'")
    op.execute("UPDATE meeting SET cancel_reason = 'other' WHERE cancel_reason = 'died'")
    for table, column, _old, new in WORDS:
        _rewrite(table, column, f", '{new}'::text", "")


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


def _wall(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")
