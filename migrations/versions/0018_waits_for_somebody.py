"""The work list: that a case or a course waits for somebody, and that something waits for a second person. An index by
which every look asks how many cases its reader has opened in the last minutes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_waits_for_somebody"
down_revision = "0017_nobody_answers"
branch_labels = None
depends_on = None

# The lists of kinds grow in several migrations, so the constraint is read and added to, not written anew.
KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
NEW = ("team_wanted", "worker_wanted", "course_left", "meeting_called_off", "second_person")


def upgrade() -> None:
    _system()
    for table, column in KINDS:
        _rewrite(table, column, "'other'::text", ", ".join(f"'{word}'::text" for word in ("other", *NEW)))
    op.create_index(
        "ix_audit_event_actor_id_at_looks",
        "audit_event",
        ["actor_id", "at"],
        postgresql_include=["case_id"],
        postgresql_where=sa.text("page IS NOT NULL AND case_id IS NOT NULL"),
    )
    op.execute(
        "UPDATE deadline SET kind = 'team_wanted', source_key = 'team_wanted:' || subject_public_id"
        " WHERE kind = 'other' AND subject_type = 'organisation'"
    )


def downgrade() -> None:
    _system()
    op.drop_index("ix_audit_event_actor_id_at_looks", table_name="audit_event")
    op.execute(
        "UPDATE deadline SET kind = 'other', source_key = 'other:' || subject_public_id || '\\:without_team'"
        " WHERE kind = 'team_wanted'"
    )
    op.execute(f"DELETE FROM deadline WHERE kind IN {NEW}")
    op.execute(f"DELETE FROM message WHERE deadline_kind IN {NEW}")
    for table, column in KINDS:
        _rewrite(table, column, "".join(f", '{word}'::text" for word in NEW), "")


def _system() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, new, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
