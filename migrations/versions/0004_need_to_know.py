"""Who is kept out of a case, whom we watch for, emergency access, and new things that can be told about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_need_to_know"
down_revision = "0003_answers_by_kind"
branch_labels = None
depends_on = None

SUBJECTS = """
case referral request enrolment meeting round unit tenancy task claim furnishing grant follow_up counselling notice
user session programme volunteer system
"""
NEW_SUBJECTS = """
block watch_hit break_glass alert sample rights_request incident invitation organisation
"""
DEADLINES = """
referral_answer referral_info referral_offer referral_draft admission_notice discharge_notice stay_plan
counselling_offer counselling_end safe_contact_check risk_review first_contact cti_phase_plan cti_phase_change
cti_legal_basis tenancy_rung tenancy_extension group_attendance meeting_outcome welfare_check task_confirm task_report
furnishing_answer grant_answer grant_approval grant_payment grant_receipt follow_up course_end other
"""
NEW_DEADLINES = """
protection_lapse break_glass_review sample_review rights_answer breach_notice retention_run attestation
"""
MESSAGES = """
referral_received referral_info_wanted referral_info_given referral_answered referral_offered referral_accepted
referral_waitlisted referral_declined referral_withdrawn case_shared enrolment_assigned enrolment_changed
meeting_changed task_published task_claimed task_confirmed task_released task_cancelled task_reported grant_submitted
grant_info_wanted grant_needs_approval grant_needs_payment grant_approved grant_declined grant_paid tenancy_changed
extension_asked extension_decided deadline_near deadline_passed concern_raised mail_failed
"""
NEW_MESSAGES = """
safety_alert break_glass_used protection_lapses protection_changed case_without_team case_handed_over account_changed
sample_drawn rights_requested second_person_needed incident_opened retention_ahead
"""

# Whatever changes who may see a case changes this row; the database sees to it, so that no service can forget.
TOUCH = """
CREATE FUNCTION new_case_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_access (case_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER client_case_access AFTER INSERT ON client_case FOR EACH ROW EXECUTE FUNCTION new_case_access();

CREATE FUNCTION touch_case_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'client' THEN
        UPDATE case_access SET version = version + 1
        WHERE case_id IN (SELECT id FROM client_case WHERE client_id = NEW.id);
    ELSIF TG_TABLE_NAME = 'client_case' THEN
        UPDATE case_access SET version = version + 1 WHERE case_id = NEW.id;
    ELSE
        UPDATE case_access SET version = version + 1 WHERE case_id = NEW.case_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER team_member_access AFTER INSERT OR UPDATE ON team_member
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
CREATE TRIGGER case_block_access AFTER INSERT OR UPDATE ON case_block
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
CREATE TRIGGER consent_access AFTER INSERT OR UPDATE ON consent
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
CREATE TRIGGER break_glass_access AFTER INSERT OR UPDATE ON break_glass
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
CREATE TRIGGER client_access AFTER UPDATE OF protection_level ON client
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
CREATE TRIGGER client_case_changed AFTER UPDATE OF state, erased_at ON client_case
    FOR EACH ROW EXECUTE FUNCTION touch_case_access();
INSERT INTO case_access (case_id) SELECT id FROM client_case;
"""

LISTS = (
    ("audit_entry", "subject_type", SUBJECTS, NEW_SUBJECTS),
    ("deadline", "subject_type", SUBJECTS, NEW_SUBJECTS),
    ("message", "subject_type", SUBJECTS, NEW_SUBJECTS),
    ("deadline", "kind", DEADLINES, NEW_DEADLINES),
    ("message", "deadline_kind", DEADLINES, NEW_DEADLINES),
    ("message", "kind", MESSAGES, NEW_MESSAGES),
)


def _allow(table: str, column: str, *lists: str) -> None:
    known = ", ".join(f"'{value}'" for values in lists for value in values.split())
    name = op.f(f"ck_{table}_{column}_known")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.create_check_constraint(name, table, f"{column} IN ({known})")


def upgrade() -> None:
    op.create_table(
        "break_glass",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "category IN ('acute_danger', 'primary_unreachable', 'legal_deadline')",
            name=op.f("ck_break_glass_category_known"),
        ),
        sa.CheckConstraint("verdict IN ('justified', 'not_justified')", name=op.f("ck_break_glass_verdict_known")),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (verdict IS NULL)", name=op.f("ck_break_glass_reviewed_with_verdict")
        ),
        sa.CheckConstraint("ends_at > started_at", name=op.f("ck_break_glass_ends_after_start")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_break_glass_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_break_glass_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_break_glass_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_break_glass_reviewed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_break_glass_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        sa.UniqueConstraint("public_id", name=op.f("uq_break_glass_public_id")),
    )
    op.create_index("ix_break_glass_case_id_ends_at", "break_glass", ["case_id", "ends_at"], unique=False)
    op.create_index(
        "ix_break_glass_open",
        "break_glass",
        ["organisation_id", "id"],
        unique=False,
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )
    op.create_index("ix_break_glass_user_id_started_at", "break_glass", ["user_id", "started_at"], unique=False)
    op.create_table(
        "case_access",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_case_access_case_id_client_case")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_access")),
    )
    op.create_table(
        "case_block",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("lift_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_case_block_one_target")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_case_block_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_case_block_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_case_block_ended_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["lift_asked_by_id"], ["user_account.id"], name=op.f("fk_case_block_lift_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_block_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_block_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_block")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_block_public_id")),
    )
    op.create_index(
        "ix_case_block_case_id_user_id",
        "case_block",
        ["case_id", "user_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_case_block_organisation",
        "case_block",
        ["organisation_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
    )
    op.create_index(
        "uq_case_block_user",
        "case_block",
        ["user_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND user_id IS NOT NULL"),
    )
    op.create_table(
        "watched_person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("name_year_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("cpr_index", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "relation IN ('former_partner', 'his_family', 'her_family', 'other')",
            name=op.f("ck_watched_person_relation_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_watched_person_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_watched_person_created_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_watched_person_public_id")),
    )
    op.create_index("ix_watched_person_case_id", "watched_person", ["case_id"], unique=False)
    op.create_index(
        "ix_watched_person_cpr_index",
        "watched_person",
        ["cpr_index"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_watched_person_email_index",
        "watched_person",
        ["email_index"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_watched_person_name_index",
        "watched_person",
        ["name_index"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_watched_person_name_year_index",
        "watched_person",
        ["name_year_index"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_watched_person_phone_index",
        "watched_person",
        ["phone_index"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "watch_hit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("watched_person_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("matched_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'same_person', 'another_person')", name=op.f("ck_watch_hit_state_known")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_watch_hit_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_watch_hit_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["watched_person_id"], ["watched_person.id"], name=op.f("fk_watch_hit_watched_person_id_watched_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_hit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_watch_hit_public_id")),
        sa.UniqueConstraint("watched_person_id", "user_id", name=op.f("uq_watch_hit_watched_person_id_user_id")),
    )
    op.create_index("ix_watch_hit_user_id", "watch_hit", ["user_id"], unique=False)
    op.add_column("client_case", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_session", sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(TOUCH)
    for table, column, *lists in LISTS:
        _allow(table, column, *lists)


def downgrade() -> None:
    for table, column, old, new in LISTS:
        gone = ", ".join(f"'{value}'" for value in new.split())
        if table != "audit_entry":
            op.execute(f"DELETE FROM {table} WHERE {column} IN ({gone})")
        _allow(table, column, old)
    op.execute("DROP FUNCTION touch_case_access() CASCADE")
    op.execute("DROP FUNCTION new_case_access() CASCADE")
    op.drop_column("user_session", "stepped_up_at")
    op.drop_column("client_case", "erased_at")
    op.drop_index("ix_watch_hit_user_id", table_name="watch_hit")
    op.drop_table("watch_hit")
    op.drop_index(
        "ix_watched_person_phone_index", table_name="watched_person", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_watched_person_name_year_index", table_name="watched_person", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_watched_person_name_index", table_name="watched_person", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_watched_person_email_index", table_name="watched_person", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_watched_person_cpr_index", table_name="watched_person", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_watched_person_case_id", table_name="watched_person")
    op.drop_table("watched_person")
    op.drop_index(
        "uq_case_block_user",
        table_name="case_block",
        postgresql_where=sa.text("ended_at IS NULL AND user_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_case_block_organisation",
        table_name="case_block",
        postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_case_block_case_id_user_id", table_name="case_block", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_table("case_block")
    op.drop_table("case_access")
    op.drop_index("ix_break_glass_user_id_started_at", table_name="break_glass")
    op.drop_index("ix_break_glass_open", table_name="break_glass", postgresql_where=sa.text("reviewed_at IS NULL"))
    op.drop_index("ix_break_glass_case_id_ends_at", table_name="break_glass")
    op.drop_table("break_glass")
