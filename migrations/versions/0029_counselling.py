"""The statutory counselling once for each time that she moves out, with what other authorities have promised her."""

import sqlalchemy as sa
from alembic import op

revision = "0029_counselling"
down_revision = "0028_programmes"
branch_labels = None
depends_on = None

OWN, PROMISE, PERIOD = "coordinating_counselling", "counselling_promise", "municipality_period"
# Rule → the value before which the new ones come, and those.
WIDER = {
    (OWN, "ck_coordinating_counselling_state_known"): ("no_answer", ("later",)),
    ("deadline", "ck_deadline_kind_known"): (
        "counselling_end",
        ("counselling_ask_again", "counselling_missed", "counselling_missed_lead", "counselling_promise"),
    ),
}
LEFT = f"""
UPDATE {OWN} c SET
    stay_id = s.id, left_on = least(s.discharged_on, k.moved_on), municipality_code = CASE
        WHEN least(s.discharged_on, k.moved_on) IS NOT NULL THEN k.responsible_municipality_code END,
    offered_from_id = (SELECT m.organisation_id FROM team_member m
        WHERE m.case_id = c.case_id AND m.user_id = c.offered_by_id ORDER BY m.id DESC LIMIT 1)
FROM client_case k LEFT JOIN LATERAL (
    SELECT y.id, y.discharged_on FROM stay y WHERE y.case_id = k.id ORDER BY y.admitted_on DESC, y.id DESC LIMIT 1
) s ON true
WHERE k.id = c.case_id
"""
# What is known of each case is the first line of its history.
FIRST = f"""
INSERT INTO {PERIOD} (public_id, case_id, duty, municipality_code, from_on, reason, recorded_by_id, recorded_at)
SELECT substr(md5(k.public_id || d.duty), 1, 22), k.id, d.duty, d.code,
    (k.opened_at AT TIME ZONE 'Europe/Copenhagen')::date, 'first', k.opened_by_id, k.opened_at
FROM client_case k CROSS JOIN LATERAL (VALUES ('responsible', k.responsible_municipality_code),
    ('paying', k.paying_municipality_code)) d (duty, code)
WHERE d.code IS NOT NULL AND k.erased_at IS NULL
"""
AREAS = "'housing', 'finances', 'work', 'school', 'daycare', 'health', 'network', 'treatment', 'safety', 'practical'"
CASE = "case_id IN (SELECT bro_cases())"


def upgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    for name in WIDER:
        _rewrite(*name, wider=True)
    yes, no = sa.true(), sa.false()
    for column in (
        sa.Column("is_current", sa.Boolean(), nullable=False, server_default=yes),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("offered_from_id", sa.BigInteger(), nullable=True),
        sa.Column("offered_how", sa.Text(), nullable=True),
        sa.Column("has_interpreter", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.Column("missed_lead_on", sa.Date(), nullable=True),
    ):
        op.add_column(OWN, column)
    op.execute(LEFT)
    for name in ("is_current", "has_interpreter", "attempts"):
        op.alter_column(OWN, name, server_default=None)
    op.create_foreign_key(f"fk_{OWN}_stay_id_stay", OWN, "stay", ["stay_id"], ["id"])
    op.create_foreign_key(
        f"fk_{OWN}_municipality_code_municipality", OWN, "municipality", ["municipality_code"], ["code"]
    )
    op.create_foreign_key(f"fk_{OWN}_offered_from_id_organisation", OWN, "organisation", ["offered_from_id"], ["id"])
    op.create_check_constraint(
        f"ck_{OWN}_offered_how_known", OWN, "offered_how IN ('in_person', 'phone', 'letter', 'through_centre')"
    )
    op.create_check_constraint(f"ck_{OWN}_counted", OWN, "attempts >= 0")
    op.create_unique_constraint(f"uq_{OWN}_stay_id", OWN, ["stay_id"])
    op.drop_constraint(f"uq_{OWN}_case_id", OWN, type_="unique")
    op.create_index(f"uq_{OWN}_current", OWN, ["case_id"], unique=True, postgresql_where=sa.text("is_current"))
    op.create_index(f"ix_{OWN}_case_id_id", OWN, ["case_id", "id"])
    op.create_index(f"ix_{OWN}_municipality_code_left_on", OWN, ["municipality_code", "left_on"])
    missing = sa.text("is_current AND state = 'not_offered'")
    op.create_index(f"ix_{OWN}_missed", OWN, ["left_on", "id"], postgresql_where=missing)
    op.add_column("note", sa.Column("counselling_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(f"fk_note_counselling_id_{OWN}", "note", OWN, ["counselling_id"], ["id"])
    op.create_index("ix_note_counselling_id", "note", ["counselling_id"])
    _promises()
    _periods()


def _promises() -> None:
    op.create_table(
        PROMISE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("counselling_id", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("authority", sa.LargeBinary(), nullable=False),
        sa.Column("promised", sa.LargeBinary(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=True),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"area IN ({AREAS})", name=op.f(f"ck_{PROMISE}_area_known")),
        sa.CheckConstraint(
            "settled_on IS NOT NULL OR is_kept IS NULL", name=op.f(f"ck_{PROMISE}_settled_when_settled")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PROMISE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{PROMISE}_public_id")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{PROMISE}_{column}_{table}"))
            for column, table in (
                ("case_id", "client_case"),
                ("counselling_id", OWN),
                ("noted_by_id", "user_account"),
                ("organisation_id", "organisation"),
            )
        ),
    )
    op.create_index(f"ix_{PROMISE}_counselling_id_due_on", PROMISE, ["counselling_id", "due_on", "id"])
    still = sa.text("settled_on IS NULL")
    op.create_index(f"ix_{PROMISE}_case_id_due_on", PROMISE, ["case_id", "due_on", "id"], postgresql_where=still)
    _wall(PROMISE)


def _periods() -> None:
    op.create_table(
        PERIOD,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("duty IN ('responsible', 'paying')", name=op.f(f"ck_{PERIOD}_duty_known")),
        sa.CheckConstraint(
            "reason IN ('first', 'moved', 'agreed', 'decision', 'payer_differs')",
            name=op.f(f"ck_{PERIOD}_reason_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PERIOD}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{PERIOD}_public_id")),
        sa.UniqueConstraint("corrects_id", name=op.f(f"uq_{PERIOD}_corrects_id")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=op.f(f"fk_{PERIOD}_{column}_{table}"))
            for column, table, key in (
                ("case_id", "client_case", "id"),
                ("municipality_code", "municipality", "code"),
                ("corrects_id", PERIOD, "id"),
                ("recorded_by_id", "user_account", "id"),
            )
        ),
    )
    op.create_index(f"ix_{PERIOD}_case_id_duty_from_on", PERIOD, ["case_id", "duty", "from_on", "id"])
    op.execute(FIRST)
    _wall(PERIOD)


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({CASE})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({CASE})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def downgrade() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.drop_table(PERIOD)
    op.drop_table(PROMISE)
    op.drop_index("ix_note_counselling_id", table_name="note")
    op.drop_column("note", "counselling_id")
    op.execute(f"DELETE FROM {OWN} WHERE NOT is_current")
    op.execute(f"UPDATE {OWN} SET state = 'no_answer' WHERE state = 'later'")
    op.execute(f"UPDATE {OWN} SET end_reason = 'other' WHERE end_reason = 'returned'")
    kinds = ", ".join(f"'{kind}'" for kind in WIDER["deadline", "ck_deadline_kind_known"][1])
    op.execute(f"DELETE FROM deadline WHERE kind IN ({kinds})")
    for name in ("missed", "municipality_code_left_on", "case_id_id"):
        op.drop_index(f"ix_{OWN}_{name}", table_name=OWN)
    op.drop_index(f"uq_{OWN}_current", table_name=OWN)
    op.create_unique_constraint(f"uq_{OWN}_case_id", OWN, ["case_id"])
    for column in (
        *("missed_lead_on", "missed_on", "ask_again_on", "attempts", "has_interpreter", "offered_how"),
        *("offered_from_id", "municipality_code", "left_on", "stay_id", "is_current"),
    ):
        op.drop_column(OWN, column)
    for name in WIDER:
        _rewrite(*name, wider=False)


def _rewrite(table: str, name: str, *, wider: bool) -> None:
    before, new = WIDER[table, name]
    first = f"'{before}'::text"
    added = ", ".join((first, *(f"'{value}'::text" for value in new)))
    old, better = (first, added) if wider else (added, first)
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    rule = found.scalar_one().replace(old, better, 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
