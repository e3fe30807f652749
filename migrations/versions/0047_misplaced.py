"""A note in the wrong case is put aside by one, and taken out by two."""

import sqlalchemy as sa
from alembic import op

revision = "0047_misplaced"
down_revision = "0046_standing"
branch_labels = None
depends_on = None

EMPTY_ASIDE = (
    "aside IS NULL OR (text IS NULL AND mode IS NULL AND result IS NULL AND minutes IS NULL AND talk IS NULL"
    " AND enrolment_id IS NULL AND counselling_id IS NULL AND corrects_id IS NULL"
    " AND cardinality(took_part) = 0 AND cardinality(themes) = 0)"
)
STATES = "('asked', 'called_back', 'left', 'taken_out')"
REASONS = "('wrong_case', 'somebody_else', 'not_to_keep')"
STANDING = "state IN ('asked', 'taken_out')"
# The lists of kinds grow in several migrations, so each constraint is read and added to: table, column, after, new.
KINDS = (
    ("deadline", "kind", "'other'::text", "note_aside"),
    ("message", "deadline_kind", "'other'::text", "note_aside"),
    ("message", "kind", "'task_cancelled'::text", "note_decided"),
)


def upgrade() -> None:
    for table, column, after, new in KINDS:
        _rewrite(table, column, after, f"{after}, '{new}'::text")
    op.add_column("note", sa.Column("aside", sa.Text()))
    op.add_column("note", sa.Column("is_moved_in", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_check_constraint("aside_known", "note", "aside IN ('waits', 'out')")
    op.create_check_constraint("empty_aside", "note", EMPTY_ASIDE)
    op.create_index("ix_note_aside", "note", ["case_id"], postgresql_where=sa.text("aside = 'waits'"))
    op.create_table(
        "note_misplacement",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("client_case.id"), nullable=False),
        sa.Column("note_id", sa.BigInteger(), sa.ForeignKey("note.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("target_case_id", sa.BigInteger()),
        *(sa.Column(name, sa.LargeBinary()) for name in ("remark", "held", "answer")),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), sa.ForeignKey("user_account.id")),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_misplacement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_misplacement_public_id")),
        sa.CheckConstraint(f"state IN {STATES}", name="state_known"),
        sa.CheckConstraint(f"reason IN {REASONS}", name="reason_known"),
        sa.CheckConstraint("(state = 'asked') = (held IS NOT NULL)", name="held_while_asked"),
        sa.CheckConstraint("state = 'asked' OR (target_case_id IS NULL AND remark IS NULL)", name="forgotten_after"),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_when_decided"),
        sa.CheckConstraint("(state IN ('left', 'taken_out')) = (decided_by_id IS NOT NULL)", name="decided_by_one"),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
    )
    for column in ("note_id", "case_id"):
        op.create_index(f"ix_note_misplacement_{column}", "note_misplacement", [column])
    standing = sa.text(STANDING)
    op.create_index(
        "uq_note_misplacement_standing", "note_misplacement", ["note_id"], unique=True, postgresql_where=standing
    )
    _wall("note_misplacement", "case_id IN (SELECT bro_cases())")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    # What waits for a second person would be lost with the table that holds it.
    waiting = op.get_bind().execute(sa.text("SELECT count(*) FROM note WHERE aside = 'waits'")).scalar_one()
    if waiting:
        raise RuntimeError(f"{waiting} notes wait for a second person: they must be decided on first")
    op.drop_table("note_misplacement")
    op.drop_index("ix_note_aside", "note")
    for name in ("empty_aside", "aside_known"):
        op.drop_constraint(op.f(f"ck_note_{name}"), "note", type_="check")
    for column in ("is_moved_in", "aside"):
        op.drop_column("note", column)
    for table, column, _after, new in KINDS:
        op.execute(f"DELETE FROM {table} WHERE {column} = '{new}'")
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
