"""Leaving and being away: hand-overs, sleeping roles, organisations that leave, a municipality's own sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0011_people"
down_revision = "0010_rights"
branch_labels = None
depends_on = None


ROLES = """
contact_person municipal_adviser intake programme_worker group_leader housing_coordinator volunteer_coordinator
volunteer grant_officer grant_approver grant_payer programme_lead safety_officer data_protection_officer administrator
system
"""
KNOWN_ROLES = ", ".join(f"'{role}'" for role in ROLES.split())


def upgrade() -> None:
    op.create_table(
        "used_state",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_used_state")),
    )
    op.create_index(op.f("ix_used_state_used_at"), "used_state", ["used_at"], unique=False)
    op.create_table(
        "identity_provider",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("assurance", sa.Text(), nullable=False),
        sa.Column("email_domain", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "assurance IN ('low', 'substantial', 'high')", name=op.f("ck_identity_provider_assurance_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_identity_provider_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_identity_provider_organisation_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_identity_provider_public_id")),
    )
    op.create_table(
        "link_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_link_code_made_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_link_code_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_link_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_code")),
    )
    op.create_index("ix_link_code_user_id", "link_code", ["user_id"], unique=False)
    op.create_table(
        "organisation_exit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_role", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destruction_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destruction_asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("destruction_asked_role", sa.Text(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'frozen', 'revoked', 'destruction_asked', 'destroyed', 'called_off')",
            name=op.f("ck_organisation_exit_state_known"),
        ),
        sa.CheckConstraint(f"asked_role IN ({KNOWN_ROLES})", name=op.f("ck_organisation_exit_asked_role_known")),
        sa.CheckConstraint(
            f"destruction_asked_role IN ({KNOWN_ROLES})",
            name=op.f("ck_organisation_exit_destruction_asked_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_organisation_exit_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["destroyed_by_id"], ["user_account.id"], name=op.f("fk_organisation_exit_destroyed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["destruction_asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_organisation_exit_destruction_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["user_account.id"], name=op.f("fk_organisation_exit_frozen_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_exit_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_exit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_exit_public_id")),
    )
    op.create_index(
        "uq_organisation_exit_live",
        "organisation_exit",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'called_off'"),
    )
    op.create_table(
        "case_transfer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("from_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("to_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)", name=op.f("ck_case_transfer_answered_when_answered")
        ),
        sa.CheckConstraint("basis IN ('fresh_consent', 'legal_basis')", name=op.f("ck_case_transfer_basis_known")),
        sa.CheckConstraint("state IN ('proposed', 'accepted', 'declined')", name=op.f("ck_case_transfer_state_known")),
        sa.CheckConstraint("from_organisation_id <> to_organisation_id", name=op.f("ck_case_transfer_somewhere_else")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_case_transfer_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["client_case.id"], name=op.f("fk_case_transfer_case_id_client_case")),
        sa.ForeignKeyConstraint(
            ["from_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_case_transfer_from_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_case_transfer_proposed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisation.id"], name=op.f("fk_case_transfer_to_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_transfer_public_id")),
    )
    op.create_index(
        "ix_case_transfer_from_organisation_id", "case_transfer", ["from_organisation_id", "id"], unique=False
    )
    op.create_index(
        "ix_case_transfer_to_organisation_id_state",
        "case_transfer",
        ["to_organisation_id", "state", "id"],
        unique=False,
    )
    op.create_index(
        "uq_case_transfer_open",
        "case_transfer",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("is_end", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_hand_over_made_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_hand_over_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hand_over_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hand_over_public_id")),
    )
    op.create_index("ix_hand_over_membership_id", "hand_over", ["membership_id"], unique=False)
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_provider.id"], name=op.f("fk_linked_identity_provider_id_identity_provider")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_linked_identity_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_identity_issuer_subject")),
        sa.UniqueConstraint("provider_id", "user_id", name=op.f("uq_linked_identity_provider_id_user_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_linked_identity_public_id")),
    )
    op.create_table(
        "membership_absence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_membership_absence_days_in_order")),
        sa.CheckConstraint("membership_id <> deputy_id", name=op.f("ck_membership_absence_somebody_else")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["membership.id"], name=op.f("fk_membership_absence_deputy_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_membership_absence_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_membership_absence_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_absence_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_absence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_absence_public_id")),
    )
    op.create_index("ix_membership_absence_membership_id", "membership_absence", ["membership_id"], unique=False)
    op.create_index(
        "ix_membership_absence_open",
        "membership_absence",
        ["from_on", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "hand_over_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hand_over_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('case', 'group', 'request', 'other')", name=op.f("ck_hand_over_item_kind_known")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_item_hand_over_id_hand_over")
        ),
        sa.ForeignKeyConstraint(
            ["to_user_id"], ["user_account.id"], name=op.f("fk_hand_over_item_to_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_item")),
    )
    op.create_index("ix_hand_over_item_hand_over_id_id", "hand_over_item", ["hand_over_id", "id"], unique=False)
    op.add_column(
        "membership", sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    )
    op.add_column("membership", sa.Column("attested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("suspended_for", sa.Text(), nullable=True))
    op.add_column("membership", sa.Column("woken_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_membership_suspended_for_known"), "membership", "suspended_for IN ('dormant', 'unattested')"
    )
    op.create_check_constraint(
        op.f("ck_membership_suspended_for_a_reason"), "membership", "(suspended_at IS NULL) = (suspended_for IS NULL)"
    )
    op.add_column("team_member", sa.Column("absence_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_team_member_absence_id"), "team_member", ["absence_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_team_member_absence_id_membership_absence"),
        "team_member",
        "membership_absence",
        ["absence_id"],
        ["id"],
    )
    op.add_column("organisation", sa.Column("is_frozen", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("user_account", sa.Column("person_index", sa.LargeBinary(), nullable=True))
    op.add_column("user_account", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_user_account_person_index"), "user_account", ["person_index"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_user_account_person_index"), table_name="user_account")
    op.drop_column("user_account", "signed_in_at")
    op.drop_column("user_account", "person_index")
    op.drop_column("organisation", "is_frozen")
    op.drop_constraint(op.f("fk_team_member_absence_id_membership_absence"), "team_member", type_="foreignkey")
    op.drop_index(op.f("ix_team_member_absence_id"), table_name="team_member")
    op.drop_column("team_member", "absence_id")
    op.drop_constraint(op.f("ck_membership_suspended_for_a_reason"), "membership", type_="check")
    op.drop_constraint(op.f("ck_membership_suspended_for_known"), "membership", type_="check")
    op.drop_column("membership", "woken_at")
    op.drop_column("membership", "suspended_for")
    op.drop_column("membership", "suspended_at")
    op.drop_column("membership", "attested_at")
    op.drop_column("membership", "given_at")
    op.drop_index("ix_hand_over_item_hand_over_id_id", table_name="hand_over_item")
    op.drop_table("hand_over_item")
    op.drop_index(
        "ix_membership_absence_open", table_name="membership_absence", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_membership_absence_membership_id", table_name="membership_absence")
    op.drop_table("membership_absence")
    op.drop_table("linked_identity")
    op.drop_index("ix_hand_over_membership_id", table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_index("uq_case_transfer_open", table_name="case_transfer", postgresql_where=sa.text("state = 'proposed'"))
    op.drop_index("ix_case_transfer_to_organisation_id_state", table_name="case_transfer")
    op.drop_index("ix_case_transfer_from_organisation_id", table_name="case_transfer")
    op.drop_table("case_transfer")
    op.drop_index(
        "uq_organisation_exit_live", table_name="organisation_exit", postgresql_where=sa.text("state <> 'called_off'")
    )
    op.drop_table("organisation_exit")
    op.drop_index("ix_link_code_user_id", table_name="link_code")
    op.drop_table("link_code")
    op.drop_table("identity_provider")
    op.drop_index(op.f("ix_used_state_used_at"), table_name="used_state")
    op.drop_table("used_state")
