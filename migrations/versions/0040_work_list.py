"""Who gave a row of a work list to a colleague, and when somebody had signed in before."""

import sqlalchemy as sa
from alembic import op

revision = "0040_work_list"
down_revision = "0039_referral_leftovers"
branch_labels = None
depends_on = None

GIVER = "fk_deadline_given_by_id_user_account"
OF_GIVER = "ix_deadline_given"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("given_by_id", sa.BigInteger()))
    op.create_foreign_key(op.f(GIVER), "deadline", "user_account", ["given_by_id"], ["id"])
    open_ = sa.text("state = 'open' AND given_by_id IS NOT NULL")
    op.create_index(OF_GIVER, "deadline", ["given_by_id", "due_on", "id"], postgresql_where=open_)
    op.add_column("user_account", sa.Column("signed_in_before_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("user_account", "signed_in_before_at")
    op.drop_index(OF_GIVER, table_name="deadline")
    op.drop_constraint(op.f(GIVER), "deadline", type_="foreignkey")
    op.drop_column("deadline", "given_by_id")
