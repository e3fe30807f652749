"""Her plan: goals, their steps, what became of them; the work list asks for goals and steps."""

import sqlalchemy as sa
from alembic import op

revision = "0024_plans"
down_revision = "0023_reopened"
branch_labels = None
depends_on = None

AREAS = "'health', 'safety', 'daily_activities', 'network', 'finances', 'housing', 'work'"
STATES = "'open', 'in_progress', 'reached', 'partly_reached', 'dropped'"
KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
NEW = ("goal", "goal_step")
CASE = "case_id IN (SELECT bro_cases())"
GOAL = "EXISTS (SELECT 1 FROM goal parent WHERE parent.id = goal_id)"
SYSTEM = "bro_is_system()"
# Table → who reads and writes a row, and who changes one: the history of a goal only grows.
WALL = {"goal": (CASE, CASE), "goal_step": (GOAL, GOAL), "goal_change": (GOAL, SYSTEM)}


def _keys() -> list[sa.Column]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("public_id", sa.String(22), unique=True, nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "goal",
        *_keys(),
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("client_case.id"), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.Column("sign", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=True),
        sa.Column("is_hers", sa.Boolean(), nullable=False),
        sa.Column("helper", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attainment", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(f"area IN ({AREAS})", name="area_known"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state_known"),
        sa.CheckConstraint("attainment BETWEEN 0 AND 4", name="attainment_in_range"),
    )
    op.create_index("ix_goal_case_id_id", "goal", ["case_id", "id"])
    op.create_table(
        "goal_step",
        *_keys(),
        sa.Column("goal_id", sa.BigInteger(), sa.ForeignKey("goal.id"), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
    )
    op.create_index("ix_goal_step_goal_id_id", "goal_step", ["goal_id", "id"])
    op.create_table(
        "goal_change",
        *_keys(),
        sa.Column("goal_id", sa.BigInteger(), sa.ForeignKey("goal.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attainment", sa.SmallInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name="state_known"),
        sa.CheckConstraint("attainment BETWEEN 0 AND 4", name="attainment_in_range"),
    )
    op.create_index("ix_goal_change_goal_id_id", "goal_change", ["goal_id", "id"])
    for table, (rule, change) in WALL.items():
        _wall(table, rule, change)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")
    for table, column in KINDS:
        _rewrite(table, column, "'other'::text", ", ".join(f"'{word}'::text" for word in ("other", *NEW)))


def downgrade() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute(f"DELETE FROM deadline WHERE kind IN {NEW}")
    op.execute(f"DELETE FROM message WHERE deadline_kind IN {NEW}")
    for table, column in KINDS:
        _rewrite(table, column, "".join(f", '{word}'::text" for word in NEW), "")
    for table in reversed(WALL):
        op.drop_table(table)


def _wall(table: str, rule: str, change: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING ({SYSTEM})")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({change})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({SYSTEM})")


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
