"""News that wait while an answer may be undone, a course that was given by a slip, and a contact that was."""

import sqlalchemy as sa
from alembic import op

revision = "0042_undo"
down_revision = "0041_notes_and_cards"
branch_labels = None
depends_on = None

REASONS = "'completed', 'her_wish', 'moved_away', 'back_at_centre', 'other_help', 'safety', 'died', 'other'"
REASON = "ck_enrolment_end_reason_known"
SLIP = "ck_note_withdraws_something"


def upgrade() -> None:
    op.add_column("message", sa.Column("held_until", sa.DateTime(timezone=True)))
    op.add_column("note", sa.Column("is_withdrawal", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_check_constraint(op.f(SLIP), "note", "NOT is_withdrawal OR corrects_id IS NOT NULL")
    op.create_index(
        "uq_note_withdrawn", "note", ["corrects_id"], unique=True, postgresql_where=sa.text("is_withdrawal")
    )
    _reasons(f"{REASONS}, 'undone'")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute("UPDATE enrolment SET end_reason = 'other' WHERE end_reason = 'undone'")
    _reasons(REASONS)
    op.drop_index("uq_note_withdrawn", "note")
    op.drop_constraint(op.f(SLIP), "note", type_="check")
    op.drop_column("note", "is_withdrawal")
    # What was held is told: nobody could know any more that it waits.
    op.drop_column("message", "held_until")


def _reasons(known: str) -> None:
    op.drop_constraint(op.f(REASON), "enrolment", type_="check")
    op.create_check_constraint(op.f(REASON), "enrolment", f"end_reason IN ({known})")
