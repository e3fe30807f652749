"""Who asks for a longer tenancy and why, why it was decided so, and the messages about it."""

import sqlalchemy as sa
from alembic import op

revision = "0002_extension_asked_by"
down_revision = "0001_first"
branch_labels = None
depends_on = None

KINDS = (
    "referral_received",
    "referral_info_wanted",
    "referral_info_given",
    "referral_answered",
    "referral_withdrawn",
    "case_shared",
    "enrolment_assigned",
    "enrolment_changed",
    "meeting_changed",
    "task_published",
    "task_claimed",
    "task_confirmed",
    "task_released",
    "task_cancelled",
    "task_reported",
    "grant_submitted",
    "grant_info_wanted",
    "grant_needs_approval",
    "grant_needs_payment",
    "grant_decided",
    "grant_paid",
    "tenancy_changed",
    "deadline_near",
    "deadline_passed",
    "concern_raised",
    "mail_failed",
)
NEW_KINDS = ("extension_asked", "extension_decided")


def _allow(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    known = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({known})")


def upgrade() -> None:
    op.add_column("tenancy", sa.Column("extension_asked_by_id", sa.BigInteger(), nullable=True))
    op.add_column("tenancy", sa.Column("extension_wish", sa.LargeBinary(), nullable=True))
    op.add_column("tenancy", sa.Column("extension_reason", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_tenancy_extension_asked_by_id_user_account"),
        "tenancy",
        "user_account",
        ["extension_asked_by_id"],
        ["id"],
    )
    _allow((*KINDS, *NEW_KINDS))


def downgrade() -> None:
    # What says no more than that there is something new may go; the thing itself stays where it is.
    op.execute("DELETE FROM message WHERE kind IN ('extension_asked', 'extension_decided')")
    _allow(KINDS)
    op.drop_constraint(op.f("fk_tenancy_extension_asked_by_id_user_account"), "tenancy", type_="foreignkey")
    for column in ("extension_reason", "extension_wish", "extension_asked_by_id"):
        op.drop_column("tenancy", column)
