"""Why she waits and what she can have meanwhile; and earlier questions to the sender with their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0051_waiting_told"
down_revision = "0050_notice_ahead"
branch_labels = None
depends_on = None

REASONS = "'no_room', 'next_round', 'not_ready', 'her_wish'"
OFFER = "fk_track_request_meanwhile_offer_id_offer"


def upgrade() -> None:
    op.add_column("track_request", sa.Column("wait_reason", sa.Text()))
    op.create_check_constraint(
        op.f("ck_track_request_wait_reason_known"), "track_request", f"wait_reason IN ({REASONS})"
    )
    op.add_column("track_request", sa.Column("meanwhile_offer_id", sa.BigInteger()))
    op.create_foreign_key(op.f(OFFER), "track_request", "offer", ["meanwhile_offer_id"], ["id"])
    op.add_column("track_request", sa.Column("meanwhile_text", sa.LargeBinary()))
    op.add_column("track_request", sa.Column("info_before", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("track_request", "info_before")
    op.drop_column("track_request", "meanwhile_text")
    op.drop_constraint(op.f(OFFER), "track_request", type_="foreignkey")
    op.drop_column("track_request", "meanwhile_offer_id")
    op.drop_constraint(op.f("ck_track_request_wait_reason_known"), "track_request", type_="check")
    op.drop_column("track_request", "wait_reason")
