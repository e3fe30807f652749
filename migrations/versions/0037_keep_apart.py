"""Keeping apart: who must not meet whom, what a team is asked before a placement, and furnishing that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0037_keep_apart"
down_revision = "0036_national_indexes"
branch_labels = None
depends_on = None

CASE = "case_id IN (SELECT bro_cases())"
PATHS = "'pair', 'seat', 'course', 'home', 'task', 'match', 'furnishing', 'meeting', 'worker', 'team'"
DEADLINES = ("apart_question", "apart_review")
NEWS = ("placement_go_ahead", "placement_no", "visits_postponed", "visits_resumed")
# The lists of kinds grow in several migrations, so each constraint is read and added to: table, column, after, new.
KINDS = (
    ("deadline", "kind", "'other'::text", DEADLINES),
    ("message", "deadline_kind", "'other'::text", DEADLINES),
    ("message", "kind", "'task_cancelled'::text", NEWS),
)


def upgrade() -> None:
    _system()
    for table, column, after, new in KINDS:
        _rewrite(table, column, after, ", ".join((after, *(f"'{word}'::text" for word in new))))
    _flags()
    _questions()
    op.add_column("furnishing_project", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    for table in ("keep_apart", "apart_question"):
        _wall(table)


def downgrade() -> None:
    _system()
    op.drop_column("furnishing_project", "held_at")
    op.drop_table("apart_question")
    op.drop_table("keep_apart")
    for table, column, _after, new in KINDS:
        words = ", ".join(f"'{word}'" for word in new)
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({words})")
        _rewrite(table, column, "".join(f", '{word}'::text" for word in new), "")


def _key_columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
    ]


def _keys(table: str, *users: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f(f"fk_{table}_case_id_client_case")),
        *(
            sa.ForeignKeyConstraint([column], ["user_account.id"], name=op.f(f"fk_{table}_{column}_user_account"))
            for column in users
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _flags() -> None:
    op.create_table(
        "keep_apart",
        *_key_columns(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("other_case_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("named", sa.LargeBinary(), nullable=True),
        sa.Column("areas", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('case', 'person', 'area')", name=op.f("ck_keep_apart_kind_known")),
        sa.CheckConstraint("state IN ('asked', 'in_force', 'ended')", name=op.f("ck_keep_apart_state_known")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_keep_apart_ended_when_ended")),
        *_keys("keep_apart", "user_id", "set_by_id", "ended_by_id"),
    )
    for column in ("case_id", "other_case_id", "user_id"):
        op.create_index(f"ix_keep_apart_{column}", "keep_apart", [column])
    waits = sa.text("state = 'asked' AND looked_at IS NULL")
    op.create_index("ix_keep_apart_asked", "keep_apart", ["id"], postgresql_where=waits)


def _questions() -> None:
    op.create_table(
        "apart_question",
        *_key_columns(),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("place_key", sa.Text(), nullable=False),
        sa.Column("whom_key", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"path IN ({PATHS})", name=op.f("ck_apart_question_path_known")),
        sa.CheckConstraint("answer IN ('go_ahead', 'no')", name=op.f("ck_apart_question_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_apart_question_answered_when_answered")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR answer = 'go_ahead'", name=op.f("ck_apart_question_used_after_go_ahead")
        ),
        *_keys("apart_question", "asked_by_id", "answered_by_id"),
    )
    op.create_index("ix_apart_question_case_id", "apart_question", ["case_id"])
    about = ["path", "place_key", "whom_key"]
    op.create_index("ix_apart_question_path_about", "apart_question", about)
    op.create_index(
        "uq_apart_question_open",
        "apart_question",
        ["flag_id", *about],
        unique=True,
        postgresql_where=sa.text("answer IS NULL"),
    )


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({CASE})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def _system() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")


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
