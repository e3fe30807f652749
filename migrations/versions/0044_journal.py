"""What kind of talk a note is about, who took part, who reads it, which ones are pinned, and a day to come back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044_journal"
down_revision = "0043_early_ends"
branch_labels = None
depends_on = None

TALKS = "talk IN ('support', 'violence', 'mother_child', 'child', 'practical')"
NEW = "note_follow_up"
TABLES = (("deadline", "kind"), ("message", "deadline_kind"))
# Seen when the note is seen: the note's own policy answers.
OF_NOTE = "EXISTS (SELECT 1 FROM note parent WHERE parent.id = note_id)"


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    for table in ("note", "meeting"):
        op.add_column(table, sa.Column("talk", sa.Text()))
        op.create_check_constraint("talk_known", table, TALKS)
    op.add_column("note", sa.Column("took_part", texts, server_default="{}", nullable=False))
    op.add_column("note", sa.Column("readers", sa.Text(), server_default="team", nullable=False))
    op.create_check_constraint("readers_known", "note", "readers IN ('team', 'house', 'worker')")
    for table, column in TABLES:
        _rewrite(table, column, "'other'::text", f"'other'::text, '{NEW}'::text")
    op.create_table(
        "note_pin",
        sa.Column("note_id", sa.BigInteger(), sa.ForeignKey("note.id"), nullable=False),
        sa.Column("pinned_by_id", sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_pin")),
    )
    _wall("note_pin", OF_NOTE)


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_table("note_pin")
    op.execute(f"DELETE FROM deadline WHERE kind = '{NEW}'")
    op.execute(f"DELETE FROM message WHERE deadline_kind = '{NEW}'")
    for table, column in TABLES:
        _rewrite(table, column, f", '{NEW}'::text", "")
    op.drop_column("meeting", "talk")
    for column in ("readers", "took_part", "talk"):
        op.drop_column("note", column)


def _rewrite(table: str, column: str, old: str, new: str) -> None:
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one()
    if old not in rule:
        raise RuntimeError(f"{name} does not say {old}")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule.replace(old, new, 1)}")


def _wall(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({rule})")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO bro_app")
