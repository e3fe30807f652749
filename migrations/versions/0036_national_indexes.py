"""What the pages of one case and one inbox ask is found by an index, however many notes and answers there are.

Which note corrects which was looked for among all notes; an inbox counted the answers of ten years; and whether a case
has had a team was asked of all teams, by the wall, whenever somebody joined one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036_national_indexes"
down_revision = "0035_transfers"
branch_labels = None
depends_on = None

TEAMS = "ix_team_member_case_id"
CORRECTIONS = "ix_note_corrects_id"
DECIDED = "ix_track_request_organisation_id_decided_at_id"


def upgrade() -> None:
    op.create_index(TEAMS, "team_member", ["case_id"])
    op.create_index(CORRECTIONS, "note", ["corrects_id"], postgresql_where=sa.text("corrects_id IS NOT NULL"))
    op.create_index(
        DECIDED,
        "track_request",
        ["organisation_id", "decided_at", "id"],
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(DECIDED, "track_request")
    op.drop_index(CORRECTIONS, "note")
    op.drop_index(TEAMS, "team_member")
