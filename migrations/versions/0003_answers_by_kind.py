"""Messages that say which answer a referral or an application got."""

from alembic import op

revision = "0003_answers_by_kind"
down_revision = "0002_extension_asked_by"
branch_labels = None
depends_on = None

STAYING = """
referral_received referral_info_wanted referral_info_given referral_answered referral_withdrawn case_shared
enrolment_assigned enrolment_changed meeting_changed task_published task_claimed task_confirmed task_released
task_cancelled task_reported grant_submitted grant_info_wanted grant_needs_approval grant_needs_payment
grant_paid tenancy_changed extension_asked extension_decided deadline_near deadline_passed concern_raised
mail_failed
"""
OLD = ("grant_decided",)
NEW = (
    "referral_offered",
    "referral_accepted",
    "referral_waitlisted",
    "referral_declined",
    "grant_approved",
    "grant_declined",
)


def _allow(*kinds: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in (*STAYING.split(), *kinds))
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({known})")


def upgrade() -> None:
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    # The application knows how it was decided: its state, when the message was written, is its state still.
    op.execute(
        "UPDATE message SET kind = CASE WHEN grant_application.state = 'declined' THEN 'grant_declined' "
        "ELSE 'grant_approved' END FROM grant_application "
        "WHERE message.kind = 'grant_decided' AND message.subject_public_id = grant_application.public_id"
    )
    op.execute("DELETE FROM message WHERE kind = 'grant_decided'")
    _allow(*NEW)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.execute(
        "UPDATE message SET kind = 'referral_answered' WHERE kind IN "
        "('referral_offered', 'referral_accepted', 'referral_waitlisted', 'referral_declined')"
    )
    op.execute("UPDATE message SET kind = 'grant_decided' WHERE kind IN ('grant_approved', 'grant_declined')")
    _allow(*OLD)
