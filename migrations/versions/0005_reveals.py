"""How much somebody may open in a day, lower protection by two people, and where she lived before."""

import sqlalchemy as sa
from alembic import op

revision = "0005_reveals"
down_revision = "0004_need_to_know"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_former_address_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_address")),
        sa.UniqueConstraint("public_id", name=op.f("uq_former_address_public_id")),
    )
    op.create_index("ix_former_address_client_id", "former_address", ["client_id"], unique=False)
    op.create_table(
        "reveal_allowance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("a_day", sa.SmallInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("given_by_id", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("a_day BETWEEN 1 AND 30", name=op.f("ck_reveal_allowance_a_day_sane")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user_account.id"], name=op.f("fk_reveal_allowance_given_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_reveal_allowance_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal_allowance")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reveal_allowance_public_id")),
    )
    op.create_index("ix_reveal_allowance_user_id_until", "reveal_allowance", ["user_id", "until"], unique=False)
    op.create_table(
        "protection_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("to_level", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> asked_by_id", name=op.f("ck_protection_change_two_people")
        ),
        sa.CheckConstraint("to_level BETWEEN 0 AND 1", name=op.f("ck_protection_change_to_level_lower")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["user_account.id"], name=op.f("fk_protection_change_agreed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_protection_change_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_protection_change_case_id_client_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_protection_change_public_id")),
    )
    op.create_index(
        "uq_protection_change_open",
        "protection_change",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.add_column("volunteer", sa.Column("opens_on", sa.Date(), nullable=True))
    op.drop_constraint(op.f("uq_volunteer_user_id"), "volunteer", type_="unique")
    op.create_unique_constraint(
        op.f("uq_volunteer_user_id_organisation_id"), "volunteer", ["user_id", "organisation_id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_volunteer_user_id_organisation_id"), "volunteer", type_="unique")
    op.create_unique_constraint(op.f("uq_volunteer_user_id"), "volunteer", ["user_id"])
    op.drop_column("volunteer", "opens_on")
    op.drop_index(
        "uq_protection_change_open", table_name="protection_change", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_table("protection_change")
    op.drop_index("ix_reveal_allowance_user_id_until", table_name="reveal_allowance")
    op.drop_table("reveal_allowance")
    op.drop_index("ix_former_address_client_id", table_name="former_address")
    op.drop_table("former_address")
