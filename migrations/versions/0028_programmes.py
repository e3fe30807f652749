"""Programmes that a lead makes: their versions, pinned by requests and courses; follow-ups after any number of weeks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_programmes"
down_revision = "0027_enquiries"
branch_labels = None
depends_on = None

# Check of a table, the last value it knows, and what it learns.
WIDER = (
    ("follow_up", "ck_follow_up_point_known", "'after_12'::text", ("between", "later")),
    ("deadline", "ck_deadline_kind_known", "'second_person'::text", ("programme_clock",)),
)
OPEN = "state IN ('draft', 'scheduled')"


def upgrade() -> None:
    _make_versions()
    op.add_column("programme", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.add_column("programme", sa.Column("retired_on", sa.Date(), nullable=True))
    op.create_foreign_key(op.f("fk_programme_owner_id_organisation"), "programme", "organisation", ["owner_id"], ["id"])
    op.create_index(op.f("ix_programme_owner_id"), "programme", ["owner_id"])
    for table in ("track_request", "enrolment"):
        op.add_column(table, sa.Column("programme_version_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_programme_version_id_programme_version"),
            table,
            "programme_version",
            ["programme_version_id"],
            ["id"],
        )
        op.create_index(op.f(f"ix_{table}_programme_version_id"), table, ["programme_version_id"])
    op.add_column("follow_up", sa.Column("span", sa.Text(), server_default="", nullable=False))
    op.drop_constraint("uq_follow_up_enrolment_id_point", "follow_up", type_="unique")
    op.create_unique_constraint(
        op.f("uq_follow_up_enrolment_id_point_span"), "follow_up", ["enrolment_id", "point", "span"]
    )
    for table, name, last, new in WIDER:
        _rewrite(table, name, last, last + _list(new))


def downgrade() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute("DELETE FROM measure_value WHERE measure_id IN (SELECT id FROM measure WHERE follow_up_id IN "
               "(SELECT id FROM follow_up WHERE point IN ('between', 'later')))")  # fmt: skip
    op.execute(
        "DELETE FROM measure WHERE follow_up_id IN (SELECT id FROM follow_up WHERE point IN ('between', 'later'))"
    )
    op.execute("DELETE FROM follow_up WHERE point IN ('between', 'later')")
    op.execute("DELETE FROM deadline WHERE kind = 'programme_clock'")
    for table, name, last, new in WIDER:
        _rewrite(table, name, last + _list(new), last)
    op.drop_constraint(op.f("uq_follow_up_enrolment_id_point_span"), "follow_up", type_="unique")
    op.create_unique_constraint("uq_follow_up_enrolment_id_point", "follow_up", ["enrolment_id", "point"])
    op.drop_column("follow_up", "span")
    for table in ("enrolment", "track_request"):
        op.drop_index(op.f(f"ix_{table}_programme_version_id"), table_name=table)
        op.drop_column(table, "programme_version_id")
    op.drop_index(op.f("ix_programme_owner_id"), table_name="programme")
    op.drop_column("programme", "retired_on")
    op.drop_column("programme", "owner_id")
    op.drop_table("programme_version")


def _make_versions() -> None:
    op.create_table(
        "programme_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'in_force', 'replaced', 'retired')",
            name=op.f("ck_programme_version_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL)", name=op.f("ck_programme_version_published_once")
        ),
        sa.CheckConstraint(
            "(state = 'draft') OR valid_from IS NOT NULL", name=op.f("ck_programme_version_published_from_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_version_programme_id_programme")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_programme_version_{column}_user_account")
            )
            for column in ("created_by_id", "edited_by_id", "published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_version_public_id")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_version_programme_id_number")),
    )
    for name, where in (("open", OPEN), ("in_force", "state = 'in_force'")):
        op.create_index(
            f"uq_programme_version_{name}",
            "programme_version",
            ["programme_id"],
            unique=True,
            postgresql_where=sa.text(where),
        )
    # It is about nobody: no wall stands before it. A draft may be thrown away.
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON programme_version TO bro_app")


def _list(values: tuple[str, ...]) -> str:
    return "".join(f", '{value}'::text" for value in values)


def _rewrite(table: str, name: str, old: str, new: str) -> None:
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
