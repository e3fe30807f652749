"""The oldest lines of the audit trail can be moved out: by the owner of the table, who says so, and by nobody else."""

from alembic import op

revision = "0020_trail_moves"
down_revision = "0019_told_what"
branch_labels = None
depends_on = None

# Only the sealing, itself a trigger, may touch a line. The portal signs in as another role than the owner.
MOVING = """
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_event' AND current_setting('bro.moving', true) = 'on'
        AND session_user = current_user
        AND session_user::regrole = (SELECT relowner FROM pg_class WHERE oid = TG_RELID)::regrole THEN
        RETURN NULL;
    END IF;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
%s    RAISE EXCEPTION 'the audit trail cannot be changed';
END $$;
"""


def upgrade() -> None:
    op.execute(REFUSE % MOVING)


def downgrade() -> None:
    op.execute(REFUSE % "")
