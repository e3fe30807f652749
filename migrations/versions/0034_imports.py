"""Cases from a spreadsheet: the rows until they are in, how columns are read, and the house's own numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0034_imports"
down_revision = "0033_plans"
branch_labels = None
depends_on = None

# The lists of kinds grow in several migrations, so each constraint is read and added to: table, column, after, new.
KINDS = (
    *((table, "subject_type", "'activity'::text", "case_import") for table in ("deadline", "message", "audit_event")),
    ("message", "kind", "'audit_sealed'::text", "import_ended"),
)
STATES = "'mapping', 'checked', 'queued', 'running', 'done', 'failed', 'dropped'"
# Whoever handed a file in sees it, nobody else; how columns are read is the house's.
OWN = "organisation_id = bro_organisation() AND made_by_id = bro_user()"
HOUSE = "organisation_id = bro_organisation() AND bro_role() = 'contact_person'"
CASE = "case_id IN (SELECT bro_cases())"
RULES = {"case_import": OWN, "import_layout": HOUSE, "import_key": CASE}
COUNTS = ("new_count", "alike_count", "here_count", "differs_count", "wrong_count", "done_count")


def upgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    for table, column, after, new in KINDS:
        _rewrite(table, column, after, f"{after}, '{new}'::text")
    _imports()
    op.create_table(
        "import_layout",
        *_keys("import_layout"),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        _to("import_layout", "organisation_id", "organisation"),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_import_layout_organisation_id")),
    )
    op.create_table(
        "import_key",
        *_keys("import_key"),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("own_number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprints", sa.LargeBinary(), nullable=False),
        _to("import_key", "organisation_id", "organisation"),
        _to("import_key", "case_id", "client_case"),
    )
    op.create_index(op.f("ix_import_key_case_id"), "import_key", ["case_id"])
    op.create_index(
        "uq_import_key_organisation_id_number_index", "import_key", ["organisation_id", "number_index"], unique=True
    )
    for table, rule in RULES.items():
        _wall(table, rule)


def _imports() -> None:
    op.create_table(
        "case_import",
        *_keys("case_import"),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("fields", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("findings", sa.LargeBinary()),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
        sa.Column("with_alike", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attempt_id", sa.Text()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_case_import_state_known")),
        _to("case_import", "organisation_id", "organisation"),
        _to("case_import", "made_by_id", "user_account"),
        _to("case_import", "membership_id", "membership"),
    )
    op.create_index("ix_case_import_made_by_id_id", "case_import", ["made_by_id", sa.text("id DESC")])
    op.create_index("ix_case_import_organisation_id_finished_at", "case_import", ["organisation_id", "finished_at"])
    op.create_index(
        "ix_case_import_waiting", "case_import", ["id"], postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.create_index(
        "ix_case_import_ends_at", "case_import", ["ends_at"], postgresql_where=sa.text("content IS NOT NULL")
    )


def _keys(table: str) -> tuple[sa.Column[int] | sa.Column[str] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _wall(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    for table in RULES:
        op.drop_table(table)
    for table, column, _after, new in KINDS:
        # The trail keeps what it says.
        if table != "audit_event":
            op.execute(f"DELETE FROM {table} WHERE {column} = '{new}'")
            _rewrite(table, column, f", '{new}'::text", "")


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one()
    # Said already where the trail kept it.
    if old in rule and "case_import" not in rule.replace(old, ""):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule.replace(old, new, 1)}")
