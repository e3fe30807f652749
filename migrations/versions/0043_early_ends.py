"""Why nobody looked at her safety before a course ended early, and for a look made elsewhere, by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0043_early_ends"
down_revision = "0042_undo"
branch_labels = None
depends_on = None

REASONS = "'not_reached', 'not_wanted', 'elsewhere'"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("unchecked_reason", sa.Text()))
    op.add_column("enrolment", sa.Column("checked_by", sa.LargeBinary()))
    op.create_check_constraint(
        op.f("ck_enrolment_unchecked_reason_known"), "enrolment", f"unchecked_reason IN ({REASONS})"
    )
    op.create_index(
        "ix_enrolment_unchecked",
        "enrolment",
        ["organisation_id", "ended_on", "id"],
        postgresql_where=sa.text("unchecked_reason IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_enrolment_unchecked", "enrolment")
    op.drop_constraint(op.f("ck_enrolment_unchecked_reason_known"), "enrolment", type_="check")
    op.drop_column("enrolment", "checked_by")
    op.drop_column("enrolment", "unchecked_reason")
