"""Responsibility for a case: offered with a note, declined with a reason, taken back; who stays by her consent."""

import sqlalchemy as sa
from alembic import op

revision = "0035_transfers"
down_revision = "0034_imports"
branch_labels = None
depends_on = None

KINDS = ("silence", "transfer_answer", "transfer_waits")
STATES = "'proposed', 'accepted', 'declined'"
RUNS_THE_HOUSE = "bro_role() IN ('programme_lead', 'safety_officer', 'data_protection_officer', 'administrator')"
HOUSE = f"(from_organisation_id = bro_organisation() OR to_organisation_id = bro_organisation()) AND {RUNS_THE_HOUSE}"
TEAM = "case_id IN (SELECT bro_cases())"


def upgrade() -> None:
    op.add_column("case_transfer", sa.Column("hand_over", sa.LargeBinary()))
    op.add_column("case_transfer", sa.Column("decline_reason", sa.LargeBinary()))
    op.add_column("case_transfer", sa.Column("stays_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_case_transfer_stays_id_user_account"), "case_transfer", "user_account", ["stays_id"], ["id"]
    )
    op.create_index("ix_case_transfer_case_id_id", "case_transfer", ["case_id", "id"])
    _states(f"{STATES}, 'withdrawn'")
    _rules(f"({HOUSE}) OR {TEAM}")
    for table, column in (("deadline", "kind"), ("message", "deadline_kind")):
        _rewrite(table, column, "'other'::text", ", ".join(f"'{word}'::text" for word in ("other", *KINDS)))


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute("DELETE FROM deadline WHERE kind IN ('silence', 'transfer_answer', 'transfer_waits')")
    op.execute("DELETE FROM message WHERE deadline_kind IN ('silence', 'transfer_answer', 'transfer_waits')")
    for table, column in (("deadline", "kind"), ("message", "deadline_kind")):
        _rewrite(table, column, "".join(f", '{word}'::text" for word in KINDS), "")
    _rules(HOUSE)
    op.execute("UPDATE case_transfer SET state = 'declined' WHERE state = 'withdrawn'")
    _states(STATES)
    op.drop_index("ix_case_transfer_case_id_id", "case_transfer")
    for column in ("stays_id", "decline_reason", "hand_over"):
        op.drop_column("case_transfer", column)


def _states(words: str) -> None:
    op.execute("ALTER TABLE case_transfer DROP CONSTRAINT ck_case_transfer_state_known")
    op.execute(f"ALTER TABLE case_transfer ADD CONSTRAINT ck_case_transfer_state_known CHECK (state IN ({words}))")


def _rules(rule: str) -> None:
    op.execute(f"ALTER POLICY reads ON case_transfer USING ({rule})")
    op.execute(f"ALTER POLICY writes ON case_transfer WITH CHECK ({rule})")
    op.execute(f"ALTER POLICY changes ON case_transfer USING ({rule})")


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
