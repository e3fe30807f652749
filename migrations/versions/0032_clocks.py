"""Which days of the work list have become others, and more time that somebody asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0032_clocks"
down_revision = "0031_vacancies"
branch_labels = None
depends_on = None

KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
NEW = "extension_wanted"
CASE = "case_id IN (SELECT bro_cases())"


def upgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    for table, column in KINDS:
        _rewrite(table, column, "'other'::text", f"'other'::text, '{NEW}'::text")
    op.create_table(
        "deadline_change",
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("cause IN ('moved', 'put_off', 'extended')", name=op.f("ck_deadline_change_cause_known")),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'refused')", name=op.f("ck_deadline_change_state_known")),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_deadline_change_answered_when_answered")
        ),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_change_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_deadline_change_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_deadline_change_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_deadline_change_answered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deadline_change_public_id")),
    )
    op.create_index("ix_deadline_change_case_id_at", "deadline_change", ["case_id", "at"])
    op.create_index("ix_deadline_change_deadline_id_at", "deadline_change", ["deadline_id", "at"])
    op.create_index(
        "uq_deadline_change_asked",
        "deadline_change",
        ["deadline_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    _wall("deadline_change")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_table("deadline_change")
    op.execute(f"DELETE FROM deadline WHERE kind = '{NEW}'")
    op.execute(f"DELETE FROM message WHERE deadline_kind = '{NEW}'")
    for table, column in KINDS:
        _rewrite(table, column, f", '{NEW}'::text", "")


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({CASE})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
