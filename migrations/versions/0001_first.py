"""Every table that the portal starts with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail cannot be changed';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("cpr_number", sa.LargeBinary(), nullable=True),
        sa.Column("cpr_index", sa.LargeBinary(), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("protection_level", sa.SmallInteger(), nullable=False),
        sa.Column("protection_until", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name=op.f("ck_client_birth_year_sane")),
        sa.CheckConstraint("protection_level < 2 OR address IS NULL", name=op.f("ck_client_no_address_at_level_2")),
        sa.CheckConstraint("protection_level BETWEEN 0 AND 2", name=op.f("ck_client_protection_level_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_public_id")),
    )
    op.create_index(op.f("ix_client_cpr_index"), "client", ["cpr_index"], unique=False)
    op.create_index(op.f("ix_client_name_index"), "client", ["name_index"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_run")),
    )
    op.create_index("ix_job_run_job_slot", "job_run", ["job", sa.literal_column("slot DESC")], unique=False)
    op.create_table(
        "municipality",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "region IN ('Hovedstaden', 'Sjælland', 'Syddanmark', 'Midtjylland', 'Nordjylland')",
            name=op.f("ck_municipality_region_known"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("may_hold_cpr", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('shelter', 'municipality', 'ngo')", name=op.f("ck_organisation_kind_known")),
        sa.CheckConstraint(
            "region IN ('Hovedstaden', 'Sjælland', 'Syddanmark', 'Midtjylland', 'Nordjylland')",
            name=op.f("ck_organisation_region_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_da", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("summary_da", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind IN ('individual_counselling', 'group', 'housing', 'transition_support', 'cti', 'coordinating_counselling', 'entitlement', 'volunteer_network', 'furnishing', 'grant', 'course')",
            name=op.f("ck_programme_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_public_id")),
    )
    op.create_table(
        "rate_counter",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counter")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('da', 'en')", name=op.f("ck_user_account_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email_index", name=op.f("uq_user_account_email_index")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=False),
        sa.Column("is_along", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1980 AND 2100", name=op.f("ck_child_birth_year_sane")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_child_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("public_id", name=op.f("uq_child_public_id")),
    )
    op.create_index(op.f("ix_child_client_id"), "child", ["client_id"], unique=False)
    op.create_table(
        "client_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("lead_reference", sa.Text(), nullable=False),
        sa.Column("owner_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responsible_municipality_code", sa.Text(), nullable=True),
        sa.Column("paying_municipality_code", sa.Text(), nullable=True),
        sa.Column("planned_move_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_client_case_closed_when_closed")
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_client_case_state_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_case_client_id_client")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user_account.id"], name=op.f("fk_client_case_opened_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["owner_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_client_case_owner_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["paying_municipality_code"],
            ["municipality.code"],
            name=op.f("fk_client_case_paying_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["responsible_municipality_code"],
            ["municipality.code"],
            name=op.f("fk_client_case_responsible_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_case")),
        sa.UniqueConstraint("lead_reference", name=op.f("uq_client_case_lead_reference")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_case_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_client_case_reference")),
    )
    op.create_index(op.f("ix_client_case_client_id"), "client_case", ["client_id"], unique=False)
    op.create_index(
        "ix_client_case_owner_organisation_id_state_id",
        "client_case",
        ["owner_organisation_id", "state", "id"],
        unique=False,
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('contact_person', 'municipal_adviser', 'intake', 'programme_worker', 'group_leader', 'housing_coordinator', 'volunteer_coordinator', 'volunteer', 'grant_officer', 'grant_approver', 'grant_payer', 'programme_lead', 'safety_officer', 'data_protection_officer', 'administrator', 'system')",
            name=op.f("ck_membership_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_public_id")),
    )
    op.create_index("ix_membership_organisation_id_role", "membership", ["organisation_id", "role"], unique=False)
    op.create_index(
        "uq_membership_live",
        "membership",
        ["user_id", "organisation_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("is_accepting", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_offer_capacity_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_offer_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("programme_id", "organisation_id", name=op.f("uq_offer_programme_id_organisation_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_public_id")),
    )
    op.create_index(op.f("ix_offer_organisation_id"), "offer", ["organisation_id"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("may_resend", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("resends", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'accepted', 'unknown', 'needs_human', 'cancelled', 'expired')",
            name=op.f("ck_outgoing_mail_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["user_account.id"], name=op.f("fk_outgoing_mail_recipient_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outgoing_mail_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outgoing_mail_public_id")),
    )
    op.create_index(
        "ix_outgoing_mail_needs_human",
        "outgoing_mail",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'needs_human'"),
    )
    op.create_index(op.f("ix_outgoing_mail_recipient_id"), "outgoing_mail", ["recipient_id"], unique=False)
    op.create_index(
        "ix_outgoing_mail_waiting",
        "outgoing_mail",
        ["next_try_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'leased', 'unknown')"),
    )
    op.create_table(
        "safe_contact_card",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("from_hour", sa.SmallInteger(), nullable=True),
        sa.Column("to_hour", sa.SmallInteger(), nullable=True),
        sa.Column("may_leave_voicemail", sa.Boolean(), nullable=False),
        sa.Column("may_say_who_calls", sa.Boolean(), nullable=False),
        sa.Column("is_device_shared", sa.Boolean(), nullable=False),
        sa.Column("code_word", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('sms', 'phone', 'email', 'letter', 'only_contact_person')",
            name=op.f("ck_safe_contact_card_channel_known"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_safe_contact_card_client_id_client")),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["user_account.id"], name=op.f("fk_safe_contact_card_verified_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_contact_card")),
        sa.UniqueConstraint("public_id", name=op.f("uq_safe_contact_card_public_id")),
    )
    op.create_index(
        "ix_safe_contact_card_client_id_verified_at",
        "safe_contact_card",
        ["client_id", sa.literal_column("verified_at DESC")],
        unique=False,
    )
    op.create_table(
        "submission",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_submission_user_id_user_account")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_created_at"), "submission", ["created_at"], unique=False)
    op.create_table(
        "volunteer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "region IN ('Hovedstaden', 'Sjælland', 'Syddanmark', 'Midtjylland', 'Nordjylland')",
            name=op.f("ck_volunteer_region_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_volunteer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_volunteer_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteer_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_volunteer_user_id")),
    )
    op.create_index("ix_volunteer_organisation_id_region", "volunteer", ["organisation_id", "region"], unique=False)
    op.create_table(
        "access_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('contact_person', 'municipal_adviser', 'intake', 'programme_worker', 'group_leader', 'housing_coordinator', 'volunteer_coordinator', 'volunteer', 'grant_officer', 'grant_approver', 'grant_payer', 'programme_lead', 'safety_officer', 'data_protection_officer', 'administrator', 'system')",
            name=op.f("ck_access_entry_role_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_access_entry_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_access_entry_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_entry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_access_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    op.create_index(
        "ix_access_entry_case_id_id", "access_entry", ["case_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "ix_access_entry_user_id_id", "access_entry", ["user_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_public_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('contact_person', 'municipal_adviser', 'intake', 'programme_worker', 'group_leader', 'housing_coordinator', 'volunteer_coordinator', 'volunteer', 'grant_officer', 'grant_approver', 'grant_payer', 'programme_lead', 'safety_officer', 'data_protection_officer', 'administrator', 'system')",
            name=op.f("ck_audit_entry_role_known"),
        ),
        sa.CheckConstraint(
            "subject_type IN ('case', 'referral', 'request', 'enrolment', 'meeting', 'round', 'unit', 'tenancy', 'task', 'claim', 'furnishing', 'grant', 'follow_up', 'counselling', 'notice', 'user', 'session', 'programme', 'volunteer', 'system')",
            name=op.f("ck_audit_entry_subject_type_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_entry_actor_id_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_audit_entry_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_audit_entry_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_entry_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        "ix_audit_entry_actor_id_id", "audit_entry", ["actor_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index("ix_audit_entry_case_id_id", "audit_entry", ["case_id", sa.literal_column("id DESC")], unique=False)
    op.create_index(
        "ix_audit_entry_organisation_id_id",
        "audit_entry",
        ["organisation_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("recipient_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("form IN ('written', 'oral')", name=op.f("ck_consent_form_known")),
        sa.CheckConstraint(
            "purpose IN ('referral', 'progress_back', 'follow_up', 'statistics')", name=op.f("ck_consent_purpose_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_consent_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["recipient_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_consent_recipient_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_consent_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_public_id")),
    )
    op.create_index("ix_consent_case_id_purpose", "consent", ["case_id", "purpose"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("queue_role", sa.Text(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_public_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_attempts", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('referral_answer', 'referral_info', 'referral_offer', 'referral_draft', 'admission_notice', 'discharge_notice', 'stay_plan', 'counselling_offer', 'counselling_end', 'safe_contact_check', 'risk_review', 'first_contact', 'cti_phase_plan', 'cti_phase_change', 'cti_legal_basis', 'tenancy_rung', 'tenancy_extension', 'group_attendance', 'meeting_outcome', 'welfare_check', 'task_confirm', 'task_report', 'furnishing_answer', 'grant_answer', 'grant_approval', 'grant_payment', 'grant_receipt', 'follow_up', 'course_end', 'other')",
            name=op.f("ck_deadline_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_deadline_state_known")),
        sa.CheckConstraint(
            "subject_type IN ('case', 'referral', 'request', 'enrolment', 'meeting', 'round', 'unit', 'tenancy', 'task', 'claim', 'furnishing', 'grant', 'follow_up', 'counselling', 'notice', 'user', 'session', 'programme', 'volunteer', 'system')",
            name=op.f("ck_deadline_subject_type_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_deadline_case_id_client_case")),
        sa.ForeignKeyConstraint(["done_by_id"], ["user_account.id"], name=op.f("fk_deadline_done_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_deadline_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_deadline_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deadline_public_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_deadline_source_key")),
    )
    op.create_index(
        "ix_deadline_case",
        "deadline",
        ["case_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_deadline_organisation",
        "deadline",
        ["organisation_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_deadline_owner",
        "deadline",
        ["owner_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_deadline_reminder",
        "deadline",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL"),
    )
    op.create_index("ix_deadline_subject", "deadline", ["subject_type", "subject_public_id"], unique=False)
    op.create_table(
        "fund",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("budget_ore", sa.BigInteger(), nullable=False),
        sa.Column("reserved_ore", sa.BigInteger(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.Column("second_approval_above_ore", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "reserved_ore >= 0 AND spent_ore >= 0 AND reserved_ore + spent_ore <= budget_ore",
            name=op.f("ck_fund_not_overspent"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_fund_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_fund_offer_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_public_id")),
    )
    op.create_index(op.f("ix_fund_organisation_id"), "fund", ["organisation_id"], unique=False)
    op.create_table(
        "group_round",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_at_time", sa.Time(), nullable=False),
        sa.Column("session_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("session_count", sa.SmallInteger(), nullable=False),
        sa.Column("step_days", sa.SmallInteger(), nullable=False),
        sa.Column("places_min", sa.SmallInteger(), nullable=False),
        sa.Column("places_max", sa.SmallInteger(), nullable=False),
        sa.Column("taken", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'enrolling', 'confirmed', 'running', 'completed', 'cancelled')",
            name=op.f("ck_group_round_state_known"),
        ),
        sa.CheckConstraint("places_min <= places_max", name=op.f("ck_group_round_places_in_order")),
        sa.CheckConstraint("taken BETWEEN 0 AND places_max", name=op.f("ck_group_round_seats_not_overbooked")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_group_round_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_group_round_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_round_public_id")),
    )
    op.create_index(
        "ix_group_round_organisation_id_starts_on_id",
        "group_round",
        ["organisation_id", "starts_on", "id"],
        unique=False,
    )
    op.create_table(
        "housing_unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("max_children", sa.SmallInteger(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('vacant_not_ready', 'vacant_ready', 'accepting', 'held', 'occupied', 'notice_given', 'out_of_service')",
            name=op.f("ck_housing_unit_state_known"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_housing_unit_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_unit_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_unit")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_housing_unit_offer_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_housing_unit_public_id")),
    )
    op.create_index(op.f("ix_housing_unit_organisation_id"), "housing_unit", ["organisation_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_public_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('referral_received', 'referral_info_wanted', 'referral_info_given', 'referral_answered', 'referral_withdrawn', 'case_shared', 'enrolment_assigned', 'enrolment_changed', 'meeting_changed', 'task_published', 'task_claimed', 'task_confirmed', 'task_released', 'task_cancelled', 'task_reported', 'grant_submitted', 'grant_info_wanted', 'grant_needs_approval', 'grant_needs_payment', 'grant_decided', 'grant_paid', 'tenancy_changed', 'deadline_near', 'deadline_passed', 'concern_raised', 'mail_failed')",
            name=op.f("ck_message_kind_known"),
        ),
        sa.CheckConstraint(
            "subject_type IN ('case', 'referral', 'request', 'enrolment', 'meeting', 'round', 'unit', 'tenancy', 'task', 'claim', 'furnishing', 'grant', 'follow_up', 'counselling', 'notice', 'user', 'session', 'programme', 'volunteer', 'system')",
            name=op.f("ck_message_subject_type_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_message_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["user_account.id"], name=op.f("fk_message_recipient_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
    )
    op.create_index(
        "ix_message_recipient_id_id", "message", ["recipient_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "ix_message_unread", "message", ["recipient_id"], unique=False, postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("referrer_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("own_words", sa.LargeBinary(), nullable=True),
        sa.Column("planned_move_on", sa.Date(), nullable=True),
        sa.Column("stale_safety_reason", sa.LargeBinary(), nullable=True),
        sa.Column("may_see_progress", sa.Boolean(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "source IN ('shelter', 'municipality', 'self', 'relative')", name=op.f("ck_referral_source_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_referral_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["referrer_id"], ["user_account.id"], name=op.f("fk_referral_referrer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("public_id", name=op.f("uq_referral_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False)
    op.create_index(
        "ix_referral_organisation_id_id", "referral", ["organisation_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "ix_referral_referrer_id_id", "referral", ["referrer_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "safety_assessment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("assessed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('ordinary', 'raised', 'high')", name=op.f("ck_safety_assessment_level_known")),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["user_account.id"], name=op.f("fk_safety_assessment_assessed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_safety_assessment_case_id_client_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_assessment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_safety_assessment_public_id")),
    )
    op.create_index(
        "ix_safety_assessment_case_id_assessed_on",
        "safety_assessment",
        ["case_id", sa.literal_column("assessed_on DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("previous_stay_ever", sa.Boolean(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("discharged_on >= admitted_on", name=op.f("ck_stay_ends_after_start")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_stay_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stay_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stay_public_id")),
    )
    op.create_index("uq_stay_open", "stay", ["case_id"], unique=True, postgresql_where=sa.text("discharged_on IS NULL"))
    op.create_table(
        "team_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('full', 'municipal')", name=op.f("ck_team_member_scope_known")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_team_member_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_team_member_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_team_member_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_team_member_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_member_public_id")),
    )
    op.create_index(
        "ix_team_member_user_id_case_id",
        "team_member",
        ["user_id", "case_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_team_member_live",
        "team_member",
        ["case_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_team_member_primary",
        "team_member",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND is_primary"),
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_user_session_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "round_leader",
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["group_round.id"], name=op.f("fk_round_leader_round_id_group_round")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_round_leader_user_id_user_account")),
        sa.PrimaryKeyConstraint("round_id", "user_id", name=op.f("pk_round_leader")),
    )
    op.create_index(op.f("ix_round_leader_user_id"), "round_leader", ["user_id"], unique=False)
    op.create_table(
        "statutory_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('admission', 'discharge')", name=op.f("ck_statutory_notice_kind_known")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_statutory_notice_case_id_client_case")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_statutory_notice_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statutory_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statutory_notice_public_id")),
        sa.UniqueConstraint("stay_id", "kind", name=op.f("uq_statutory_notice_stay_id_kind")),
    )
    op.create_index(op.f("ix_statutory_notice_case_id"), "statutory_notice", ["case_id"], unique=False)
    op.create_table(
        "track_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("paused_days_left", sa.SmallInteger(), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("info_wanted", sa.LargeBinary(), nullable=True),
        sa.Column("info_given", sa.LargeBinary(), nullable=True),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("her_answer", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_on", sa.Date(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("decline_text", sa.LargeBinary(), nullable=True),
        sa.Column("alternative_offer_id", sa.BigInteger(), nullable=True),
        sa.Column("alternative_text", sa.LargeBinary(), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "decline_reason IN ('criteria', 'capacity', 'other_help_fits', 'safety', 'her_wish', 'not_reached')",
            name=op.f("ck_track_request_decline_reason_known"),
        ),
        sa.CheckConstraint(
            "her_answer IN ('not_asked', 'yes', 'no', 'thinking')", name=op.f("ck_track_request_her_answer_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_info', 'in_visitation', 'offered', 'accepted', 'waitlisted', 'declined', 'withdrawn', 'lapsed', 'redirected')",
            name=op.f("ck_track_request_state_known"),
        ),
        sa.CheckConstraint(
            "withdraw_reason IN ('her_wish', 'other_help', 'moved_away', 'mistake')",
            name=op.f("ck_track_request_withdraw_reason_known"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_track_request_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["alternative_offer_id"], ["offer.id"], name=op.f("fk_track_request_alternative_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_track_request_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_track_request_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["user_account.id"], name=op.f("fk_track_request_holder_id_user_account")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_track_request_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_track_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_track_request_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_track_request_public_id")),
    )
    op.create_index(
        "ix_track_request_offer_id_state_waiting_since",
        "track_request",
        ["offer_id", "state", "waiting_since", "id"],
        unique=False,
    )
    op.create_index(
        "ix_track_request_organisation_id_state_answer_due_on_id",
        "track_request",
        ["organisation_id", "state", "answer_due_on", "id"],
        unique=False,
    )
    op.create_index("ix_track_request_referral_id", "track_request", ["referral_id"], unique=False)
    op.create_index(
        "uq_track_request_open",
        "track_request",
        ["case_id", "offer_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('draft', 'declined', 'withdrawn', 'lapsed', 'redirected')"),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_note", sa.LargeBinary(), nullable=True),
        sa.Column("pause_review_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "end_reason IN ('completed', 'her_wish', 'moved_away', 'back_at_centre', 'other_help', 'safety', 'died', 'other')",
            name=op.f("ck_enrolment_end_reason_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('individual_counselling', 'group', 'housing', 'transition_support', 'cti', 'coordinating_counselling', 'entitlement', 'volunteer_network', 'furnishing', 'grant', 'course')",
            name=op.f("ck_enrolment_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'paused', 'completed', 'ended_early', 'transferred', 'never_started')",
            name=op.f("ck_enrolment_state_known"),
        ),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_enrolment_ends_after_start")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_enrolment_case_id_client_case")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_enrolment_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enrolment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["track_request.id"], name=op.f("fk_enrolment_request_id_track_request")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["group_round.id"], name=op.f("fk_enrolment_round_id_group_round")),
        sa.ForeignKeyConstraint(["worker_id"], ["user_account.id"], name=op.f("fk_enrolment_worker_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_public_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_enrolment_request_id")),
    )
    op.create_index("ix_enrolment_case_id", "enrolment", ["case_id"], unique=False)
    op.create_index("ix_enrolment_offer_id_state", "enrolment", ["offer_id", "state"], unique=False)
    op.create_index(
        "ix_enrolment_organisation_id_state_kind_id",
        "enrolment",
        ["organisation_id", "state", "kind", "id"],
        unique=False,
    )
    op.create_index("ix_enrolment_round_id", "enrolment", ["round_id"], unique=False)
    op.create_index("ix_enrolment_worker_id_state_id", "enrolment", ["worker_id", "state", "id"], unique=False)
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["case_id", "offer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'active', 'paused')"),
    )
    op.create_table(
        "request_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_request_event_actor_id_user_account")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["track_request.id"], name=op.f("fk_request_event_request_id_track_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    op.create_index("ix_request_event_request_id_id", "request_event", ["request_id", "id"], unique=False)
    op.create_table(
        "coordinating_counselling",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("offered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.LargeBinary(), nullable=True),
        sa.Column("extension_approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('not_offered', 'offered', 'accepted', 'declined', 'no_answer', 'started', 'ended')",
            name=op.f("ck_coordinating_counselling_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["client_case.id"], name=op.f("fk_coordinating_counselling_case_id_client_case")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_coordinating_counselling_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["extension_approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_coordinating_counselling_extension_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["user_account.id"], name=op.f("fk_coordinating_counselling_offered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinating_counselling")),
        sa.UniqueConstraint("case_id", name=op.f("uq_coordinating_counselling_case_id")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_coordinating_counselling_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coordinating_counselling_public_id")),
    )
    op.create_table(
        "cti_course",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("t0", sa.Date(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("late_basis", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("phase IN ('pre', 'p1', 'p2', 'p3', 'ended')", name=op.f("ck_cti_course_phase_known")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_cti_course_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cti_course")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_cti_course_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cti_course_public_id")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "point IN ('start', 'phase_2', 'phase_3', 'end', 'after_3', 'after_6', 'after_12')",
            name=op.f("ck_follow_up_point_known"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'due', 'completed', 'partly_completed', 'declined', 'unreachable', 'skipped_unsafe', 'expired', 'cancelled')",
            name=op.f("ck_follow_up_state_known"),
        ),
        sa.CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name=op.f("ck_follow_up_window_in_order")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_follow_up_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["user_account.id"], name=op.f("fk_follow_up_completed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_follow_up_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_up_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_follow_up_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("enrolment_id", "point", name=op.f("uq_follow_up_enrolment_id_point")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_up_public_id")),
    )
    op.create_index("ix_follow_up_case_id_due_on", "follow_up", ["case_id", "due_on"], unique=False)
    op.create_index(
        "ix_follow_up_organisation_id_state_due_on_id",
        "follow_up",
        ["organisation_id", "state", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "furnishing_project",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("architect_id", sa.BigInteger(), nullable=True),
        sa.Column("budget_ore", sa.BigInteger(), nullable=False),
        sa.Column("work_day_on", sa.Date(), nullable=True),
        sa.Column("wishes", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'accepted', 'scoping', 'designed', 'sourcing', 'scheduled', 'delivered', 'closed', 'cancelled')",
            name=op.f("ck_furnishing_project_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["architect_id"], ["volunteer.id"], name=op.f("fk_furnishing_project_architect_id_volunteer")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_furnishing_project_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_furnishing_project_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_furnishing_project")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_furnishing_project_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_furnishing_project_public_id")),
    )
    op.create_index(
        op.f("ix_furnishing_project_organisation_id"), "furnishing_project", ["organisation_id"], unique=False
    )
    op.create_table(
        "grant_application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("applicant_id", sa.BigInteger(), nullable=False),
        sa.Column("applicant_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("other_support", sa.LargeBinary(), nullable=True),
        sa.Column("payee_kind", sa.Text(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("info_wanted", sa.LargeBinary(), nullable=True),
        sa.Column("recommended_ore", sa.BigInteger(), nullable=True),
        sa.Column("recommended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("recommendation", sa.LargeBinary(), nullable=True),
        sa.Column("approved_ore", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("decline_text", sa.LargeBinary(), nullable=True),
        sa.Column("ordered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("receipt_due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "decline_reason IN ('criteria', 'capacity', 'other_help_fits', 'safety', 'her_wish', 'not_reached')",
            name=op.f("ck_grant_application_decline_reason_known"),
        ),
        sa.CheckConstraint(
            "payee_kind IN ('landlord', 'shop', 'centre', 'her_account')",
            name=op.f("ck_grant_application_payee_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_info', 'screening', 'assessed', 'approved', 'declined', 'payment_ordered', 'paid', 'receipted', 'withdrawn')",
            name=op.f("ck_grant_application_state_known"),
        ),
        sa.CheckConstraint("approved_ore >= 0", name=op.f("ck_grant_application_approved_not_negative")),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["user_account.id"], name=op.f("fk_grant_application_applicant_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_grant_application_applicant_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_grant_application_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_grant_application_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_grant_application_fund_id_fund")),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["user_account.id"], name=op.f("fk_grant_application_ordered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["recommended_by_id"], ["user_account.id"], name=op.f("fk_grant_application_recommended_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_application")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_grant_application_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grant_application_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_grant_application_reference")),
    )
    op.create_index("ix_grant_application_case_id", "grant_application", ["case_id"], unique=False)
    op.create_index(
        "ix_grant_application_fund_id_state_submitted_at_id",
        "grant_application",
        ["fund_id", "state", "submitted_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_grant_application_open",
        "grant_application",
        ["case_id", "fund_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('paid', 'receipted', 'declined', 'withdrawn')"),
    )
    op.create_table(
        "hour_entitlement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes_total", sa.Integer(), nullable=False),
        sa.Column("minutes_used", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("minutes_used BETWEEN 0 AND minutes_total", name=op.f("ck_hour_entitlement_not_overdrawn")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_hour_entitlement_child_id_child")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_hour_entitlement_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entitlement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hour_entitlement_public_id")),
    )
    op.create_index(
        "uq_hour_entitlement_holder",
        "hour_entitlement",
        ["enrolment_id", sa.literal_column("coalesce(child_id, 0)")],
        unique=True,
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("responsible_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("theme", sa.LargeBinary(), nullable=True),
        sa.Column("has_interpreter", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name=op.f("ck_meeting_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "cancel_reason IN ('her_wish', 'staff_ill', 'safety', 'holiday', 'other')",
            name=op.f("ck_meeting_cancel_reason_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('talk', 'home_visit', 'phone', 'group_session', 'intake_talk', 'cooperation', 'network_meeting', 'accompaniment', 'psychologist', 'furnishing', 'volunteer_meeting', 'residents')",
            name=op.f("ck_meeting_kind_known"),
        ),
        sa.CheckConstraint(
            "place_kind IN ('our_rooms', 'her_home', 'phone', 'video', 'agreed_place')",
            name=op.f("ck_meeting_place_kind_known"),
        ),
        sa.CheckConstraint("state IN ('planned', 'held', 'not_met', 'cancelled')", name=op.f("ck_meeting_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_meeting_case_id_client_case")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_meeting_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["track_request.id"], name=op.f("fk_meeting_request_id_track_request")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["user_account.id"], name=op.f("fk_meeting_responsible_id_user_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["group_round.id"], name=op.f("fk_meeting_round_id_group_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    op.create_index("ix_meeting_case_id_starts_at_id", "meeting", ["case_id", "starts_at", "id"], unique=False)
    op.create_index("ix_meeting_enrolment_id_starts_at", "meeting", ["enrolment_id", "starts_at"], unique=False)
    op.create_index(
        "ix_meeting_organisation_id_starts_at_id", "meeting", ["organisation_id", "starts_at", "id"], unique=False
    )
    op.create_index("ix_meeting_request_id", "meeting", ["request_id"], unique=False)
    op.create_index(
        "ix_meeting_responsible_id_starts_at_id", "meeting", ["responsible_id", "starts_at", "id"], unique=False
    )
    op.create_index("uq_meeting_round_id_number", "meeting", ["round_id", "number"], unique=True)
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=True),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "mode IN ('phone', 'message', 'visit_home', 'visit_other', 'with_client_to_service', 'provider_meeting', 'network_meeting', 'chat')",
            name=op.f("ck_note_mode_known"),
        ),
        sa.CheckConstraint("result IN ('reached', 'not_reached', 'message_left')", name=op.f("ck_note_result_known")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_note_author_id_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_note_case_id_client_case")),
        sa.ForeignKeyConstraint(["corrects_id"], ["note.id"], name=op.f("fk_note_corrects_id_note")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_note_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_note_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_public_id")),
    )
    op.create_index(
        "ix_note_case_id_happened_at_id",
        "note",
        ["case_id", sa.literal_column("happened_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("part_of_day", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("has_children", sa.Boolean(), nullable=False),
        sa.Column("is_accompanied", sa.Boolean(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("taken", sa.SmallInteger(), nullable=False),
        sa.Column("alias", sa.LargeBinary(), nullable=True),
        sa.Column("meeting_point", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('assemble_beds', 'assemble_furniture', 'fetch_furniture', 'move_boxes', 'paint_room', 'room_plan', 'hang_curtains', 'homework_help', 'accompany_outing', 'walk_and_talk', 'network_event')",
            name=op.f("ck_task_kind_known"),
        ),
        sa.CheckConstraint(
            "part_of_day IN ('morning', 'afternoon', 'evening')", name=op.f("ck_task_part_of_day_known")
        ),
        sa.CheckConstraint(
            "region IN ('Hovedstaden', 'Sjælland', 'Syddanmark', 'Midtjylland', 'Nordjylland')",
            name=op.f("ck_task_region_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'full', 'confirmed', 'reported', 'verified', 'cancelled', 'expired')",
            name=op.f("ck_task_state_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_task_ends_after_start")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_task_places_not_overbooked")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_task_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_task_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_task_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_task_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_task_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_task_reference")),
    )
    op.create_index(
        "ix_task_board",
        "task",
        ["organisation_id", "region", "starts_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index("ix_task_case_id", "task", ["case_id"], unique=False)
    op.create_index("ix_task_enrolment_id", "task", ["enrolment_id"], unique=False)
    op.create_index(
        "ix_task_organisation_id_state_starts_at_id",
        "task",
        ["organisation_id", "state", "starts_at", "id"],
        unique=False,
    )
    op.create_table(
        "tenancy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("gap_reason", sa.LargeBinary(), nullable=True),
        sa.Column("extension_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("moved_out_on", sa.Date(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(unit_id, unit_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            where=sa.text("state NOT IN ('moved_out', 'not_taken')"),
            using="gist",
            name="ex_tenancy_unit_period",
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'active', 'extension_requested', 'extended', 'notice', 'moved_out', 'not_taken')",
            name=op.f("ck_tenancy_state_known"),
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_tenancy_period_not_empty")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_tenancy_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["extension_decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_tenancy_extension_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["housing_unit.id"], name=op.f("fk_tenancy_unit_id_housing_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_tenancy_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tenancy_public_id")),
    )
    op.create_index("ix_tenancy_unit_id", "tenancy", ["unit_id"], unique=False)
    op.create_table(
        "volunteer_match",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_volunteer_match_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_volunteer_match_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_volunteer_match_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_match")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteer_match_public_id")),
    )
    op.create_index("ix_volunteer_match_volunteer_id", "volunteer_match", ["volunteer_id"], unique=False)
    op.create_index(
        "uq_volunteer_match_live",
        "volunteer_match",
        ["enrolment_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "presence IN ('expected', 'present', 'late', 'left_early', 'excused', 'not_met', 'not_applicable')",
            name=op.f("ck_attendance_presence_known"),
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_attendance_set_by_id_user_account")),
        sa.PrimaryKeyConstraint("meeting_id", "enrolment_id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_enrolment_id", "attendance", ["enrolment_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("may_see_address", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("outcome IN ('went_well', 'needs_help', 'concern')", name=op.f("ck_claim_outcome_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'done', 'released', 'withdrawn_by_staff')",
            name=op.f("ck_claim_state_known"),
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_claim_minutes_in_a_day")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_claim_confirmed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_claim_task_id_task")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_claim_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
    )
    op.create_index("ix_claim_volunteer_id_state_id", "claim", ["volunteer_id", "state", "id"], unique=False)
    op.create_index(
        "uq_claim_live",
        "claim",
        ["task_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'confirmed', 'done')"),
    )
    op.create_table(
        "furnishing_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
        sa.Column("is_must", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("cost_ore", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('wished', 'needed', 'reserved', 'in_stock', 'delivered', 'dropped')",
            name=op.f("ck_furnishing_item_state_known"),
        ),
        sa.CheckConstraint("cost_ore >= 0", name=op.f("ck_furnishing_item_cost_not_negative")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_furnishing_item_quantity_sane")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["furnishing_project.id"], name=op.f("fk_furnishing_item_project_id_furnishing_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_furnishing_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_furnishing_item_public_id")),
    )
    op.create_index("ix_furnishing_item_project_id_id", "furnishing_item", ["project_id", "id"], unique=False)
    op.create_table(
        "grant_approval",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("approver_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["grant_application.id"],
            name=op.f("fk_grant_approval_application_id_grant_application"),
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["user_account.id"], name=op.f("fk_grant_approval_approver_id_user_account")
        ),
        sa.PrimaryKeyConstraint("application_id", "approver_id", name=op.f("pk_grant_approval")),
    )
    op.create_table(
        "grant_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=True),
        sa.Column("requested_ore", sa.BigInteger(), nullable=False),
        sa.Column("approved_ore", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "category IN ('deposit', 'moving', 'basic_furniture', 'clothes', 'toys', 'other')",
            name=op.f("ck_grant_line_category_known"),
        ),
        sa.CheckConstraint(
            "approved_ore BETWEEN 0 AND requested_ore", name=op.f("ck_grant_line_approved_within_request")
        ),
        sa.CheckConstraint("requested_ore > 0", name=op.f("ck_grant_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["grant_application.id"], name=op.f("fk_grant_line_application_id_grant_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grant_line_public_id")),
    )
    op.create_index("ix_grant_line_application_id_id", "grant_line", ["application_id", "id"], unique=False)
    op.create_table(
        "hour_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("authorisation", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("registered_by_id", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corrects_id"], ["hour_entry.id"], name=op.f("fk_hour_entry_corrects_id_hour_entry")),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["hour_entitlement.id"], name=op.f("fk_hour_entry_entitlement_id_hour_entitlement")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["user_account.id"], name=op.f("fk_hour_entry_registered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_hour_entry_corrects_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hour_entry_public_id")),
    )
    op.create_index(
        "ix_hour_entry_entitlement_id_held_on_id", "hour_entry", ["entitlement_id", "held_on", "id"], unique=False
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "instrument IN ('exposure', 'safety_feeling', 'who5', 'itq', 'pcl5', 'ucla3', 'domain_rating', 'problem_rating')",
            name=op.f("ck_measure_instrument_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_measure_case_id_client_case")),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_measure_follow_up_id_follow_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("follow_up_id", "instrument", name=op.f("uq_measure_follow_up_id_instrument")),
        sa.UniqueConstraint("public_id", name=op.f("uq_measure_public_id")),
    )
    op.create_index(
        "ix_measure_case_id_instrument_taken_on", "measure", ["case_id", "instrument", "taken_on"], unique=False
    )
    op.create_table(
        "phase_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("phase IN ('pre', 'p1', 'p2', 'p3', 'ended')", name=op.f("ck_phase_plan_phase_known")),
        sa.CheckConstraint("cardinality(areas) BETWEEN 1 AND 3", name=op.f("ck_phase_plan_one_to_three_areas")),
        sa.ForeignKeyConstraint(["course_id"], ["cti_course.id"], name=op.f("fk_phase_plan_course_id_cti_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_plan")),
        sa.UniqueConstraint("course_id", "phase", name=op.f("uq_phase_plan_course_id_phase")),
        sa.UniqueConstraint("public_id", name=op.f("uq_phase_plan_public_id")),
    )
    op.create_table(
        "measure_value",
        sa.Column("measure_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_value_measure_id_measure")),
        sa.PrimaryKeyConstraint("measure_id", "item", name=op.f("pk_measure_value")),
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("measure_value")
    op.drop_table("phase_plan")
    op.drop_index("ix_measure_case_id_instrument_taken_on", table_name="measure")
    op.drop_table("measure")
    op.drop_index("ix_hour_entry_entitlement_id_held_on_id", table_name="hour_entry")
    op.drop_table("hour_entry")
    op.drop_index("ix_grant_line_application_id_id", table_name="grant_line")
    op.drop_table("grant_line")
    op.drop_table("grant_approval")
    op.drop_index("ix_furnishing_item_project_id_id", table_name="furnishing_item")
    op.drop_table("furnishing_item")
    op.drop_index(
        "uq_claim_live", table_name="claim", postgresql_where=sa.text("state IN ('pending', 'confirmed', 'done')")
    )
    op.drop_index("ix_claim_volunteer_id_state_id", table_name="claim")
    op.drop_table("claim")
    op.drop_index("ix_attendance_enrolment_id", table_name="attendance")
    op.drop_table("attendance")
    op.drop_index("uq_volunteer_match_live", table_name="volunteer_match", postgresql_where=sa.text("ended_on IS NULL"))
    op.drop_index("ix_volunteer_match_volunteer_id", table_name="volunteer_match")
    op.drop_table("volunteer_match")
    op.drop_index("ix_tenancy_unit_id", table_name="tenancy")
    op.drop_table("tenancy")
    op.drop_index("ix_task_organisation_id_state_starts_at_id", table_name="task")
    op.drop_index("ix_task_enrolment_id", table_name="task")
    op.drop_index("ix_task_case_id", table_name="task")
    op.drop_index("ix_task_board", table_name="task", postgresql_where=sa.text("state = 'published'"))
    op.drop_table("task")
    op.drop_index("ix_note_case_id_happened_at_id", table_name="note")
    op.drop_table("note")
    op.drop_index("uq_meeting_round_id_number", table_name="meeting")
    op.drop_index("ix_meeting_responsible_id_starts_at_id", table_name="meeting")
    op.drop_index("ix_meeting_request_id", table_name="meeting")
    op.drop_index("ix_meeting_organisation_id_starts_at_id", table_name="meeting")
    op.drop_index("ix_meeting_enrolment_id_starts_at", table_name="meeting")
    op.drop_index("ix_meeting_case_id_starts_at_id", table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("uq_hour_entitlement_holder", table_name="hour_entitlement")
    op.drop_table("hour_entitlement")
    op.drop_index(
        "uq_grant_application_open",
        table_name="grant_application",
        postgresql_where=sa.text("state NOT IN ('paid', 'receipted', 'declined', 'withdrawn')"),
    )
    op.drop_index("ix_grant_application_fund_id_state_submitted_at_id", table_name="grant_application")
    op.drop_index("ix_grant_application_case_id", table_name="grant_application")
    op.drop_table("grant_application")
    op.drop_index(op.f("ix_furnishing_project_organisation_id"), table_name="furnishing_project")
    op.drop_table("furnishing_project")
    op.drop_index("ix_follow_up_organisation_id_state_due_on_id", table_name="follow_up")
    op.drop_index("ix_follow_up_case_id_due_on", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_table("cti_course")
    op.drop_table("coordinating_counselling")
    op.drop_index("ix_request_event_request_id_id", table_name="request_event")
    op.drop_table("request_event")
    op.drop_index(
        "uq_enrolment_live",
        table_name="enrolment",
        postgresql_where=sa.text("state IN ('proposed', 'active', 'paused')"),
    )
    op.drop_index("ix_enrolment_worker_id_state_id", table_name="enrolment")
    op.drop_index("ix_enrolment_round_id", table_name="enrolment")
    op.drop_index("ix_enrolment_organisation_id_state_kind_id", table_name="enrolment")
    op.drop_index("ix_enrolment_offer_id_state", table_name="enrolment")
    op.drop_index("ix_enrolment_case_id", table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(
        "uq_track_request_open",
        table_name="track_request",
        postgresql_where=sa.text("state NOT IN ('draft', 'declined', 'withdrawn', 'lapsed', 'redirected')"),
    )
    op.drop_index("ix_track_request_referral_id", table_name="track_request")
    op.drop_index("ix_track_request_organisation_id_state_answer_due_on_id", table_name="track_request")
    op.drop_index("ix_track_request_offer_id_state_waiting_since", table_name="track_request")
    op.drop_table("track_request")
    op.drop_index(op.f("ix_statutory_notice_case_id"), table_name="statutory_notice")
    op.drop_table("statutory_notice")
    op.drop_index(op.f("ix_round_leader_user_id"), table_name="round_leader")
    op.drop_table("round_leader")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(
        "uq_team_member_primary", table_name="team_member", postgresql_where=sa.text("ended_at IS NULL AND is_primary")
    )
    op.drop_index("uq_team_member_live", table_name="team_member", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(
        "ix_team_member_user_id_case_id", table_name="team_member", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_table("team_member")
    op.drop_index("uq_stay_open", table_name="stay", postgresql_where=sa.text("discharged_on IS NULL"))
    op.drop_table("stay")
    op.drop_index("ix_safety_assessment_case_id_assessed_on", table_name="safety_assessment")
    op.drop_table("safety_assessment")
    op.drop_index("ix_referral_referrer_id_id", table_name="referral")
    op.drop_index("ix_referral_organisation_id_id", table_name="referral")
    op.drop_index(op.f("ix_referral_case_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index("ix_message_unread", table_name="message", postgresql_where=sa.text("read_at IS NULL"))
    op.drop_index("ix_message_recipient_id_id", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_housing_unit_organisation_id"), table_name="housing_unit")
    op.drop_table("housing_unit")
    op.drop_index("ix_group_round_organisation_id_starts_on_id", table_name="group_round")
    op.drop_table("group_round")
    op.drop_index(op.f("ix_fund_organisation_id"), table_name="fund")
    op.drop_table("fund")
    op.drop_index("ix_deadline_subject", table_name="deadline")
    op.drop_index(
        "ix_deadline_reminder",
        table_name="deadline",
        postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL"),
    )
    op.drop_index("ix_deadline_owner", table_name="deadline", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_deadline_organisation", table_name="deadline", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_deadline_case", table_name="deadline", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("deadline")
    op.drop_index("ix_consent_case_id_purpose", table_name="consent")
    op.drop_table("consent")
    op.drop_index("ix_audit_entry_organisation_id_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_case_id_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_id_id", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("ix_access_entry_user_id_id", table_name="access_entry")
    op.drop_index("ix_access_entry_case_id_id", table_name="access_entry")
    op.drop_table("access_entry")
    op.drop_index("ix_volunteer_organisation_id_region", table_name="volunteer")
    op.drop_table("volunteer")
    op.drop_index(op.f("ix_submission_created_at"), table_name="submission")
    op.drop_table("submission")
    op.drop_index("ix_safe_contact_card_client_id_verified_at", table_name="safe_contact_card")
    op.drop_table("safe_contact_card")
    op.drop_index(
        "ix_outgoing_mail_waiting",
        table_name="outgoing_mail",
        postgresql_where=sa.text("state IN ('pending', 'leased', 'unknown')"),
    )
    op.drop_index(op.f("ix_outgoing_mail_recipient_id"), table_name="outgoing_mail")
    op.drop_index(
        "ix_outgoing_mail_needs_human", table_name="outgoing_mail", postgresql_where=sa.text("state = 'needs_human'")
    )
    op.drop_table("outgoing_mail")
    op.drop_index(op.f("ix_offer_organisation_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_index("uq_membership_live", table_name="membership", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_membership_organisation_id_role", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_client_case_owner_organisation_id_state_id", table_name="client_case")
    op.drop_index(op.f("ix_client_case_client_id"), table_name="client_case")
    op.drop_table("client_case")
    op.drop_index(op.f("ix_child_client_id"), table_name="child")
    op.drop_table("child")
    op.drop_table("user_account")
    op.drop_table("reference_counter")
    op.drop_table("rate_counter")
    op.drop_table("programme")
    op.drop_table("organisation")
    op.drop_table("municipality")
    op.drop_index("ix_job_run_job_slot", table_name="job_run")
    op.drop_table("job_run")
    op.drop_index(op.f("ix_client_name_index"), table_name="client")
    op.drop_index(op.f("ix_client_cpr_index"), table_name="client")
    op.drop_table("client")
    op.execute("DROP FUNCTION refuse_change() CASCADE")
