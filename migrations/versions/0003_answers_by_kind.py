"""Messages that say which answer a referral or an application got, and which deadline is near."""

import sqlalchemy as sa
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

DEADLINES = """
referral_answer referral_info referral_offer referral_draft admission_notice discharge_notice stay_plan
counselling_offer counselling_end safe_contact_check risk_review first_contact cti_phase_plan cti_phase_change
cti_legal_basis tenancy_rung tenancy_extension group_attendance meeting_outcome welfare_check task_confirm
task_report furnishing_answer grant_answer grant_approval grant_payment grant_receipt follow_up course_end
other
"""


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
    op.add_column("message", sa.Column("deadline_kind", sa.Text(), nullable=True))
    known = ", ".join(f"'{kind}'" for kind in DEADLINES.split())
    op.create_check_constraint(op.f("ck_message_deadline_kind_known"), "message", f"deadline_kind IN ({known})")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_message_deadline_kind_known"), "message", type_="check")
    op.drop_column("message", "deadline_kind")
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.execute(
        "UPDATE message SET kind = 'referral_answered' WHERE kind IN "
        "('referral_offered', 'referral_accepted', 'referral_waitlisted', 'referral_declined')"
    )
    op.execute("UPDATE message SET kind = 'grant_decided' WHERE kind IN ('grant_approved', 'grant_declined')")
    _allow(*OLD)
