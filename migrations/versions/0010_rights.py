"""Requests about own data, erasures, holds, what is due to disappear, incidents, and the scope of a consent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_rights"
down_revision = "0009_sign_in"
branch_labels = None
depends_on = None

# The lists of kinds grow in several migrations, so the constraint is read and added to, not written anew.
KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
NEW_KIND = "consent_renewal"


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_by_id", sa.BigInteger(), nullable=True),
        sa.Column("second_by_id", sa.BigInteger(), nullable=True),
        sa.Column("rows_deleted", sa.Integer(), nullable=False),
        sa.Column("rows_blanked", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_over", sa.Integer(), nullable=True),
        sa.CheckConstraint("basis IN ('her_request', 'retention')", name=op.f("ck_erasure_basis_known")),
        sa.ForeignKeyConstraint(["first_by_id"], ["user_account.id"], name=op.f("fk_erasure_first_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_erasure_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["user_account.id"], name=op.f("fk_erasure_second_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_public_id")),
    )
    op.create_index(op.f("ix_erasure_organisation_id"), "erasure", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_erasure_subject_hash"), "erasure", ["subject_hash"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("groups", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_location", sa.Boolean(), nullable=False),
        sa.Column("what_happened", sa.LargeBinary(), nullable=True),
        sa.Column("consequences", sa.LargeBinary(), nullable=True),
        sa.Column("measures", sa.LargeBinary(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority_reason", sa.LargeBinary(), nullable=True),
        sa.Column("telling", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("telling_plan", sa.LargeBinary(), nullable=True),
        sa.Column("plan_holder", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(authority = 'notified') = (notified_at IS NOT NULL)", name=op.f("ck_incident_notified_at_a_moment")
        ),
        sa.CheckConstraint("(telling = 'told') = (told_at IS NOT NULL)", name=op.f("ck_incident_told_at_a_moment")),
        sa.CheckConstraint(
            "authority IN ('undecided', 'notified', 'not_required')", name=op.f("ck_incident_authority_known")
        ),
        sa.CheckConstraint(
            "kind IN ('wrong_recipient', 'unauthorised_access', 'lost_device', 'published', 'lost_data', 'changed_data', 'attack', 'other')",
            name=op.f("ck_incident_kind_known"),
        ),
        sa.CheckConstraint(
            "people IN ('one_to_four', 'five_to_nineteen', 'twenty_to_ninety_nine', 'hundred_or_more', 'not_known')",
            name=op.f("ck_incident_people_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'contained', 'closed')", name=op.f("ck_incident_state_known")),
        sa.CheckConstraint(
            "telling IN ('undecided', 'safety_first', 'planned', 'told', 'not_needed')",
            name=op.f("ck_incident_telling_known"),
        ),
        sa.CheckConstraint("happened_at <= known_at", name=op.f("ck_incident_known_after_it_happened")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_incident_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_incident_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_reference")),
    )
    op.create_index(
        "ix_incident_organisation_id_known_at_id", "incident", ["organisation_id", "known_at", "id"], unique=False
    )
    op.create_table(
        "retention_setting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "rule IN ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'R14', 'R15')",
            name=op.f("ck_retention_setting_rule_known"),
        ),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_by_id IS NULL)", name=op.f("ck_retention_setting_agreed_by_somebody")
        ),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("ck_retention_setting_two_people")),
        sa.CheckConstraint("days BETWEEN 1 AND 3653", name=op.f("ck_retention_setting_days_sane")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["user_account.id"], name=op.f("fk_retention_setting_agreed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_retention_setting_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_retention_setting_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_setting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_retention_setting_public_id")),
    )
    op.create_index(
        "ix_retention_setting_organisation_id_rule_id",
        "retention_setting",
        ["organisation_id", "rule", "id"],
        unique=False,
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("lift_reason", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_legal_hold_lifted_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_legal_hold_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["user_account.id"], name=op.f("fk_legal_hold_lifted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_legal_hold_set_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_legal_hold_public_id")),
    )
    op.create_index(
        "uq_legal_hold_live", "legal_hold", ["case_id"], unique=True, postgresql_where=sa.text("lifted_at IS NULL")
    )
    op.create_table(
        "retention_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "rule IN ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'R14', 'R15')",
            name=op.f("ck_retention_item_rule_known"),
        ),
        sa.CheckConstraint("state IN ('ahead', 'done', 'void')", name=op.f("ck_retention_item_state_known")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_retention_item_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_retention_item_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_retention_item_public_id")),
        sa.UniqueConstraint("rule", "subject_key", name=op.f("uq_retention_item_rule_subject_key")),
    )
    op.create_index(
        "ix_retention_item_ahead",
        "retention_item",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'ahead'"),
    )
    op.create_index(op.f("ix_retention_item_case_id"), "retention_item", ["case_id"], unique=False)
    op.create_index(
        "ix_retention_item_organisation_id_state_due_on_id",
        "retention_item",
        ["organisation_id", "state", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "rights_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("asked_by_note", sa.LargeBinary(), nullable=True),
        sa.Column("wishes", sa.LargeBinary(), nullable=True),
        sa.Column("identity_check", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extension_reason", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("harm", sa.Text(), nullable=True),
        sa.Column("harm_reason", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("refusal_ground", sa.Text(), nullable=True),
        sa.Column("seconded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal_ground IS NOT NULL)", name=op.f("ck_rights_request_refused_with_ground")
        ),
        sa.CheckConstraint(
            "capacity IN ('herself', 'custodial_parent', 'other_parent', 'lawyer', 'municipality')",
            name=op.f("ck_rights_request_capacity_known"),
        ),
        sa.CheckConstraint("delivery IN ('in_person', 'digital_post')", name=op.f("ck_rights_request_delivery_known")),
        sa.CheckConstraint("harm IN ('none_seen', 'possible', 'serious')", name=op.f("ck_rights_request_harm_known")),
        sa.CheckConstraint(
            "identity_check IN ('not_yet', 'known', 'photo_id', 'national_login', 'custody_paper', 'power_of_attorney')",
            name=op.f("ck_rights_request_identity_check_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('access', 'child_dossier', 'erasure', 'rectification', 'restriction')",
            name=op.f("ck_rights_request_kind_known"),
        ),
        sa.CheckConstraint(
            "refusal_ground IN ('harm', 'other_people', 'not_entitled', 'identity', 'duty_to_keep', 'excessive')",
            name=op.f("ck_rights_request_refusal_ground_known"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'in_work', 'waiting', 'granted', 'closed', 'refused', 'withdrawn')",
            name=op.f("ck_rights_request_state_known"),
        ),
        sa.CheckConstraint("seconded_by_id <> taken_by_id", name=op.f("ck_rights_request_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_rights_request_case_id_client_case")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_rights_request_child_id_child")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_rights_request_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rights_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_rights_request_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["seconded_by_id"], ["user_account.id"], name=op.f("fk_rights_request_seconded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["user_account.id"], name=op.f("fk_rights_request_taken_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rights_request_public_id")),
    )
    op.create_index("ix_rights_request_case_id", "rights_request", ["case_id"], unique=False)
    op.create_index(
        "ix_rights_request_organisation_id_due_on_id",
        "rights_request",
        ["organisation_id", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "dossier_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("spans", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["rights_request.id"], name=op.f("fk_dossier_text_request_id_rights_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_text")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dossier_text_public_id")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_dossier_text_request_id_number")),
    )
    op.create_table(
        "subject_export",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built_by_id", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_by_id", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["built_by_id"], ["user_account.id"], name=op.f("fk_subject_export_built_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["fetched_by_id"], ["user_account.id"], name=op.f("fk_subject_export_fetched_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["rights_request.id"], name=op.f("fk_subject_export_request_id_rights_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_export")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subject_export_public_id")),
    )
    op.create_index(
        "ix_subject_export_open",
        "subject_export",
        ["built_at"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(op.f("ix_subject_export_request_id"), "subject_export", ["request_id"], unique=False)
    op.add_column("consent", sa.Column("scope", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_index("ix_consent_expires_on", "consent", ["expires_on"], unique=False)
    for table, column in KINDS:
        _rewrite(table, column, "ARRAY[", f"ARRAY['{NEW_KIND}'::text, ")


def downgrade() -> None:
    for table, column in KINDS:
        op.execute(f"DELETE FROM {table} WHERE {column} = '{NEW_KIND}'")
        _rewrite(table, column, f"'{NEW_KIND}'::text, ", "")
    op.drop_index("ix_consent_expires_on", table_name="consent")
    op.drop_column("consent", "scope")
    op.drop_index(op.f("ix_subject_export_request_id"), table_name="subject_export")
    op.drop_index("ix_subject_export_open", table_name="subject_export", postgresql_where=sa.text("deleted_at IS NULL"))
    op.drop_table("subject_export")
    op.drop_table("dossier_text")
    op.drop_index("ix_rights_request_organisation_id_due_on_id", table_name="rights_request")
    op.drop_index("ix_rights_request_case_id", table_name="rights_request")
    op.drop_table("rights_request")
    op.drop_index("ix_retention_item_organisation_id_state_due_on_id", table_name="retention_item")
    op.drop_index(op.f("ix_retention_item_case_id"), table_name="retention_item")
    op.drop_index("ix_retention_item_ahead", table_name="retention_item", postgresql_where=sa.text("state = 'ahead'"))
    op.drop_table("retention_item")
    op.drop_index("uq_legal_hold_live", table_name="legal_hold", postgresql_where=sa.text("lifted_at IS NULL"))
    op.drop_table("legal_hold")
    op.drop_index("ix_retention_setting_organisation_id_rule_id", table_name="retention_setting")
    op.drop_table("retention_setting")
    op.drop_index("ix_incident_organisation_id_known_at_id", table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_erasure_subject_hash"), table_name="erasure")
    op.drop_index(op.f("ix_erasure_organisation_id"), table_name="erasure")
    op.drop_table("erasure")
