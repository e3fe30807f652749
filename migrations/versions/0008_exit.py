"""What was typed when a session ended, kept sealed for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0008_exit"
down_revision = "0007_audit_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_kept_form_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_kept_form_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kept_form_public_id")),
    )
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"], unique=False)
    op.create_index("ix_kept_form_membership_id_kept_at", "kept_form", ["membership_id", "kept_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_kept_form_membership_id_kept_at", table_name="kept_form")
    op.drop_index(op.f("ix_kept_form_kept_at"), table_name="kept_form")
    op.drop_table("kept_form")
