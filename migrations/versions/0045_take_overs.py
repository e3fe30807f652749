"""A colleague is asked to take a course over, and it is hers when she says yes."""

import sqlalchemy as sa
from alembic import op

revision = "0045_take_overs"
down_revision = "0044_journal"
branch_labels = None
depends_on = None

NEW = ("course_offered", "course_unanswered")
TABLES = (("deadline", "kind"), ("message", "deadline_kind"))
STATES = "('asked', 'taken', 'refused', 'called_back')"
REASONS = "('no_room', 'too_close', 'away', 'other')"


def upgrade() -> None:
    for table, column in TABLES:
        _rewrite(table, column, "'other'::text", ", ".join(f"'{kind}'::text" for kind in ("other", *NEW)))
    op.create_table(
        "take_over",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        *(sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=False) for name, table in LINKS),
        sa.Column("hand_over", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over")),
        sa.UniqueConstraint("public_id", name=op.f("uq_take_over_public_id")),
        sa.CheckConstraint(f"state IN {STATES}", name="state_known"),
        sa.CheckConstraint(f"reason IN {REASONS}", name="reason_known"),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_when_answered"),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
        sa.CheckConstraint("to_id <> from_id", name="somebody_else"),
    )
    open_ = sa.text("state = 'asked'")
    op.create_index("uq_take_over_open", "take_over", ["enrolment_id"], unique=True, postgresql_where=open_)
    op.create_index("ix_take_over_to_id_state_id", "take_over", ["to_id", "state", "id"])
    op.create_index("ix_take_over_case_id", "take_over", ["case_id"])
    _wall("take_over", "case_id IN (SELECT bro_cases())")


LINKS = (
    ("case_id", "client_case"),
    ("enrolment_id", "enrolment"),
    *((name, "user_account") for name in ("to_id", "from_id", "by_id")),
)


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_table("take_over")
    words = ", ".join(f"'{kind}'" for kind in NEW)
    op.execute(f"DELETE FROM deadline WHERE kind IN ({words})")
    op.execute(f"DELETE FROM message WHERE deadline_kind IN ({words})")
    for table, column in TABLES:
        _rewrite(table, column, "".join(f", '{kind}'::text" for kind in NEW), "")


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
