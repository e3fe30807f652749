"""What is written about a meeting is a note of the journal; a note may know its day and no hour."""

import sqlalchemy as sa
from alembic import op

revision = "0048_journal_of_meetings"
down_revision = "0047_misplaced"
branch_labels = None
depends_on = None

EMPTY_ASIDE = (
    "aside IS NULL OR (text IS NULL AND mode IS NULL AND result IS NULL AND minutes IS NULL AND talk IS NULL"
    " AND enrolment_id IS NULL AND counselling_id IS NULL AND corrects_id IS NULL{more}"
    " AND cardinality(took_part) = 0 AND cardinality(themes) = 0)"
)


def upgrade() -> None:
    op.add_column("note", sa.Column("meeting_id", sa.BigInteger(), sa.ForeignKey("meeting.id")))
    op.add_column("note", sa.Column("is_day_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    of_meeting = sa.text("meeting_id IS NOT NULL")
    op.create_index("ix_note_meeting_id", "note", ["meeting_id"], postgresql_where=of_meeting)
    _empty_aside(" AND meeting_id IS NULL")


def downgrade() -> None:
    _empty_aside("")
    op.drop_index("ix_note_meeting_id", "note")
    for column in ("is_day_only", "meeting_id"):
        op.drop_column("note", column)


def _empty_aside(more: str) -> None:
    op.drop_constraint(op.f("ck_note_empty_aside"), "note", type_="check")
    op.create_check_constraint("empty_aside", "note", EMPTY_ASIDE.format(more=more))
