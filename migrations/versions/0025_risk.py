"""Risk and safety: how it was assessed, what asks for a new look, safety plans, new violence, the three questions, and
volunteer tasks that wait meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025_risk"
down_revision = "0024_plans"
branch_labels = None
depends_on = None

CASE = "case_id IN (SELECT bro_cases())"
MOMENTS = "'intake', 'on_the_way', 'before_exit'"
METHODS = "'judgement', 'sara', 'b_safer', 'patriark', 'dash', 'danger_assessment', 'freda', 'other'"
REASONS = (
    "'new_violence', 'safety_questions', 'new_address', 'moved', 'stay_ended', 'court_date', 'contact_begins',"
    " 'release', 'visits_wait'"
)
HOMES = "'centre', 'own_home', 'transition_home', 'with_others'"
RELATIONS = "'former_partner', 'partner', 'his_side', 'her_family', 'other', 'unknown'"
POLICE = "'yes', 'no', 'not_wanted'"
CHECKS = {
    "ck_safety_assessment_moment_known": f"moment IN ({MOMENTS})",
    "ck_safety_assessment_method_known": f"method IN ({METHODS})",
}
RESPONSIBLE = "fk_safety_assessment_responsible_id_user_account"
TABLES = ("safety_review", "safety_plan", "violence_report", "safety_check")
# The lists of kinds grow in several migrations, so the constraint is read and added to, not written anew.
KINDS = (
    ("deadline", "kind", "risk_review", ("safety_review", "safety_plan")),
    ("message", "deadline_kind", "risk_review", ("safety_review", "safety_plan")),
    ("message", "kind", "task_cancelled", ("task_postponed", "task_resumed", "safety_review_wanted")),
)


def upgrade() -> None:
    _system()
    for table, column, first, new in KINDS:
        _rewrite(table, column, f"'{first}'::text", ", ".join(f"'{word}'::text" for word in (first, *new)))
    for column in _assessed():
        op.add_column("safety_assessment", column)
    for name, rule in CHECKS.items():
        op.create_check_constraint(name, "safety_assessment", rule)
    op.create_foreign_key(RESPONSIBLE, "safety_assessment", "user_account", ["responsible_id"], ["id"])
    op.add_column("task", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    _reviews()
    _plans()
    _reports()
    _checks()
    for table in TABLES:
        _wall(table)


def downgrade() -> None:
    _system()
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("task", "held_at")
    op.drop_constraint(RESPONSIBLE, "safety_assessment", type_="foreignkey")
    for name in CHECKS:
        op.drop_constraint(name, "safety_assessment", type_="check")
    for column in _assessed():
        op.drop_column("safety_assessment", column.name)
    for table, column, _first, new in KINDS:
        words = ", ".join(f"'{word}'" for word in new)
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({words})")
        _rewrite(table, column, "".join(f", '{word}'::text" for word in new), "")


def _assessed() -> list[sa.Column]:
    return [
        sa.Column("moment", sa.Text(), server_default="on_the_way", nullable=False),
        sa.Column("method", sa.Text(), server_default="judgement", nullable=False),
        sa.Column("is_trained", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tool", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("children", sa.LargeBinary(), nullable=True),
        sa.Column("is_safe_to_move", sa.Boolean(), nullable=True),
        sa.Column("responsible_id", sa.BigInteger(), nullable=True),
    ]


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


def _known(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}_known"))


def _reviews() -> None:
    op.create_table(
        "safety_review",
        *_key_columns(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger(), nullable=True),
        _known("safety_review", "reason", REASONS),
        *_keys("safety_review", "asked_by_id", "closed_by_id"),
    )
    op.create_index("ix_safety_review_case_id", "safety_review", ["case_id"])
    op.create_index(
        "uq_safety_review_open",
        "safety_review",
        ["case_id", "reason"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _plans() -> None:
    op.create_table(
        "safety_plan",
        *_key_columns(),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("sections", sa.LargeBinary(), nullable=False),
        sa.Column("has_code_word", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=False),
        _known("safety_plan", "home", HOMES),
        *_keys("safety_plan", "written_by_id"),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_safety_plan_case_id_number")),
    )


def _reports() -> None:
    op.create_table(
        "violence_report",
        *_key_columns(),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("police", sa.Text(), nullable=True),
        sa.Column("is_order_breached", sa.Boolean(), nullable=True),
        sa.Column("did_children_see", sa.Boolean(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.BigInteger(), nullable=False),
        _known("violence_report", "by_whom", RELATIONS),
        _known("violence_report", "police", POLICE),
        *_keys("violence_report", "reported_by_id"),
    )
    op.create_index("ix_violence_report_case_id_happened_on", "violence_report", ["case_id", "happened_on"])


def _checks() -> None:
    op.create_table(
        "safety_check",
        *_key_columns(),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("new_violence", sa.Boolean(), nullable=True),
        sa.Column("unwanted_contact", sa.Boolean(), nullable=True),
        sa.Column("feels_safe", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("feels_safe BETWEEN 1 AND 7", name=op.f("ck_safety_check_feels_safe_in_range")),
        *_keys("safety_check", "asked_by_id"),
    )
    op.create_index("ix_safety_check_case_id_asked_at", "safety_check", ["case_id", "asked_at"])


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
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
