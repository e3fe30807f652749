"""Documents of a case, and handovers under way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_documents"
down_revision = "0029_counselling"
branch_labels = None
depends_on = None

CASE = "case_id IN (SELECT bro_cases())"
TABLES = ("case_document", "passing_draft")
# A handover that is dropped goes; a document stays as a row, also when its content has been taken out.
REMOVES = {"case_document": "bro_is_system()", "passing_draft": CASE}
KINDS = "'letter', 'decision', 'court', 'police', 'health', 'school', 'consent', 'photo', 'handover', 'other'"
BASES = "basis IN ('consent', 'child_concern', 'crime_prevention', 'negative_control')"


def upgrade() -> None:
    _documents()
    _drafts()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
        op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({CASE})")
        op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({CASE})")
        op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({CASE})")
        op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({REMOVES[table]})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def _documents() -> None:
    op.create_table(
        "case_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.BigInteger(), nullable=False),
        sa.Column("theme", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("removal_reason", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_case_document_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'clean', 'stopped', 'taken_out')", name=op.f("ck_case_document_state_known")
        ),
        sa.CheckConstraint("media IN ('pdf', 'jpg', 'png')", name=op.f("ck_case_document_media_known")),
        sa.CheckConstraint(BASES, name=op.f("ck_case_document_basis_known")),
        sa.CheckConstraint(
            "(recipient_organisation_id IS NULL) = (basis IS NULL)", name=op.f("ck_case_document_sent_by_a_basis")
        ),
        *_links("case_document", "added_by_id", "removed_by_id"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_case_document_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_document_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_document_public_id")),
    )
    op.create_index(op.f("ix_case_document_enrolment_id"), "case_document", ["enrolment_id"])
    op.create_index(
        "ix_case_document_case_id_dated_on_id",
        "case_document",
        ["case_id", sa.text("dated_on DESC"), sa.text("id DESC")],
    )
    op.create_index("ix_case_document_waiting", "case_document", ["id"], postgresql_where=sa.text("state = 'waiting'"))


def _drafts() -> None:
    op.create_table(
        "passing_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("sections", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(BASES, name=op.f("ck_passing_draft_basis_known")),
        sa.CheckConstraint("language IN ('da', 'en')", name=op.f("ck_passing_draft_language_known")),
        *_links("passing_draft", "begun_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passing_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passing_draft_public_id")),
    )
    op.create_index("uq_passing_draft_case_id_begun_by_id", "passing_draft", ["case_id", "begun_by_id"], unique=True)


def _links(table: str, *people: str) -> list[sa.ForeignKeyConstraint]:
    to = {
        "case_id": "client_case",
        "recipient_organisation_id": "organisation",
        **dict.fromkeys(people, "user_account"),
    }
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in to.items()
    ]


def downgrade() -> None:
    op.drop_table("passing_draft")
    op.drop_table("case_document")
