"""Receipts for the cases that an organisation receives when it leaves; the ledger of grants goes after its years."""

import sqlalchemy as sa
from alembic import op

revision = "0014_returning"
down_revision = "0013_told_later"
branch_labels = None
depends_on = None

ROLES = """
contact_person municipal_adviser intake programme_worker group_leader housing_coordinator volunteer_coordinator
volunteer grant_officer grant_approver grant_payer programme_lead safety_officer data_protection_officer administrator
system
"""
KNOWN_ROLES = ", ".join(f"'{role}'" for role in ROLES.split())
# Who finishes an organisation's leaving, at the own one. A receipt is never changed and never taken away.
OWN = "organisation_id = bro_organisation() AND bro_role() IN ('administrator', 'data_protection_officer')"
# Rule R16 is new; it takes away what stayed as a shell at an erasure.
RULES = [f"R{number}" for number in range(1, 17)]
WITH_RULES = ("retention_item", "retention_setting")


def upgrade() -> None:
    _receipts()
    _wall()
    _know(RULES)
    op.execute("GRANT DELETE ON grant_application TO bro_app")


def _know(rules: list[str]) -> None:
    known = ", ".join(f"'{rule}'" for rule in rules)
    for table in WITH_RULES:
        op.drop_constraint(op.f(f"ck_{table}_rule_known"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_rule_known"), table, f"rule IN ({known})")


def _receipts() -> None:
    op.create_table(
        "organisation_return",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("exit_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_role", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("certificate_sha256", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"made_role IN ({KNOWN_ROLES})", name=op.f("ck_organisation_return_made_role_known")),
        sa.CheckConstraint("cases >= 0 AND size > 0", name=op.f("ck_organisation_return_counted")),
        sa.CheckConstraint(
            "length(sha256) = 64 AND length(certificate_sha256) = 64", name=op.f("ck_organisation_return_hashes")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_return_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["organisation_exit.id"], name=op.f("fk_organisation_return_exit_id_organisation_exit")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_organisation_return_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_return")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_return_public_id")),
    )
    op.create_index("ix_organisation_return_organisation_id_id", "organisation_return", ["organisation_id", "id"])


def _wall() -> None:
    op.execute("ALTER TABLE organisation_return ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE organisation_return FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON organisation_return USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON organisation_return FOR SELECT TO bro_app USING ({OWN})")
    op.execute(f"CREATE POLICY writes ON organisation_return FOR INSERT TO bro_app WITH CHECK ({OWN})")
    op.execute("GRANT SELECT, INSERT ON organisation_return TO bro_app")


def downgrade() -> None:
    op.execute("REVOKE DELETE ON grant_application FROM bro_app")
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    for table in WITH_RULES:
        op.execute(f"DELETE FROM {table} WHERE rule = 'R16'")
    _know(RULES[:-1])
    op.drop_table("organisation_return")
