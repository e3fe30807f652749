"""A centre may say which telephone is answered at night: a number that it publishes itself, of nobody's own."""

import sqlalchemy as sa
from alembic import op

revision = "0052_duty_phone"
down_revision = "0051_waiting_told"
branch_labels = None
depends_on = None

ONE_NUMBER = "duty_phone IS NULL OR (offer_id IS NULL AND duty_phone ~ '^[1-9][0-9]{7}$')"


def upgrade() -> None:
    op.add_column("place", sa.Column("duty_phone", sa.Text()))
    op.create_check_constraint("duty_phone_of_a_centre", "place", ONE_NUMBER)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_place_duty_phone_of_a_centre"), "place", type_="check")
    op.drop_column("place", "duty_phone")
