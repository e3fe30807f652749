"""To whom a late request is given, and until when its ladder rests for that."""

import sqlalchemy as sa
from alembic import op

revision = "0039_referral_leftovers"
down_revision = "0038_leftovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track_request", sa.Column("given_to_id", sa.BigInteger()))
    op.add_column("track_request", sa.Column("given_until", sa.Date()))
    op.create_foreign_key(
        op.f("fk_track_request_given_to_id_user_account"), "track_request", "user_account", ["given_to_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_track_request_given_to_id_user_account"), "track_request", type_="foreignkey")
    op.drop_column("track_request", "given_until")
    op.drop_column("track_request", "given_to_id")
