"""Second factors, recovery codes, codes read out by telephone, known devices; with what a session was opened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_sign_in"
down_revision = "0008_exit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_wish",
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("email_index", name=op.f("pk_code_wish")),
    )
    op.create_table(
        "account_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "code_index IS NULL OR purpose <> 'factors' OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_account_code_second_person_first"),
        ),
        sa.CheckConstraint("language IN ('da', 'en')", name=op.f("ck_account_code_language_known")),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'password', 'factors')", name=op.f("ck_account_code_purpose_known")
        ),
        sa.CheckConstraint(
            "role IN ('contact_person', 'municipal_adviser', 'intake', 'programme_worker', 'group_leader', 'housing_coordinator', 'volunteer_coordinator', 'volunteer', 'grant_officer', 'grant_approver', 'grant_payer', 'programme_lead', 'safety_officer', 'data_protection_officer', 'administrator', 'system')",
            name=op.f("ck_account_code_role_known"),
        ),
        sa.CheckConstraint("(user_id IS NULL) = (role IS NOT NULL)", name=op.f("ck_account_code_invites_or_concerns")),
        sa.CheckConstraint("confirmed_by_id <> created_by_id", name=op.f("ck_account_code_two_people")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_account_code_confirmed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_account_code_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_code_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_account_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_code_public_id")),
    )
    op.create_index(
        "ix_account_code_email_index",
        "account_code",
        ["email_index"],
        unique=False,
        postgresql_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index("ix_account_code_organisation_id", "account_code", ["organisation_id", "id"], unique=False)
    op.create_table(
        "factor",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL)", name=op.f("ck_factor_credential_of_a_passkey")
        ),
        sa.CheckConstraint("(kind = 'totp') = (secret IS NOT NULL)", name=op.f("ck_factor_secret_of_an_app")),
        sa.CheckConstraint("kind IN ('totp', 'passkey')", name=op.f("ck_factor_kind_known")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_factor_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_factor_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_factor_public_id")),
    )
    op.create_index("ix_factor_user_id", "factor", ["user_id"], unique=False)
    op.create_index(
        "uq_factor_app",
        "factor",
        ["user_id", sa.text("(confirmed_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("kind = 'totp'"),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_half_sign_in_user_id_user_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_half_sign_in")),
    )
    op.create_index(op.f("ix_half_sign_in_ends_at"), "half_sign_in", ["ends_at"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id_user_account")),
        sa.PrimaryKeyConstraint("token_hash", "user_id", name=op.f("pk_known_device")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("ceremony", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ceremony IN ('register', 'sign_in', 'step_up')", name=op.f("ck_passkey_challenge_ceremony_known")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_passkey_challenge_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_ends_at"), "passkey_challenge", ["ends_at"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("locator", sa.String(length=4), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "locator", name=op.f("uq_recovery_code_user_id_locator")),
    )
    op.add_column("user_session", sa.Column("proof", sa.Text(), server_default="password", nullable=False))
    op.add_column("user_session", sa.Column("browser", sa.Text(), server_default="other", nullable=False))
    op.create_check_constraint(
        op.f("ck_user_session_proof_known"),
        "user_session",
        "proof IN ('password', 'code', 'recovery_code', 'passkey')",
    )
    op.create_check_constraint(
        op.f("ck_user_session_browser_known"),
        "user_session",
        "browser IN ('chrome', 'edge', 'firefox', 'safari', 'other')",
    )


def downgrade() -> None:
    op.drop_column("user_session", "browser")
    op.drop_column("user_session", "proof")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_passkey_challenge_ends_at"), table_name="passkey_challenge")
    op.drop_table("passkey_challenge")
    op.drop_table("known_device")
    op.drop_index(op.f("ix_half_sign_in_ends_at"), table_name="half_sign_in")
    op.drop_table("half_sign_in")
    op.drop_index("uq_factor_app", table_name="factor", postgresql_where=sa.text("kind = 'totp'"))
    op.drop_index("ix_factor_user_id", table_name="factor")
    op.drop_table("factor")
    op.drop_index("ix_account_code_organisation_id", table_name="account_code")
    op.drop_index(
        "ix_account_code_email_index",
        table_name="account_code",
        postgresql_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_table("account_code")
    op.drop_table("code_wish")
