"""Each child with a record of its own, which notes and meetings are about it, and notices of concern."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_children"
down_revision = "0025_risk"
branch_labels = None
depends_on = None

SEALED = ("birth_date", "custody", "contact", "contact_text")
# Seen when the child is seen: the child's own policy answers.
OF_CHILD = "EXISTS (SELECT 1 FROM child parent WHERE parent.id = child_id)"
CASE = "case_id IN (SELECT bro_cases())"
ALL, KEEP = "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, DELETE"
# Table → who reads and writes a row, what the application may do, and whether its people take rows away. A notice of
# concern is taken away by an erasure alone.
TABLES = {
    "child_period": (OF_CHILD, ALL, True),
    "child_setting": (OF_CHILD, ALL, False),
    "former_child_place": (OF_CHILD, ALL, True),
    "child_step": (OF_CHILD, KEEP, True),
    "child_consent": (OF_CHILD, KEEP, False),
    "note_child": (OF_CHILD, KEEP, False),
    "meeting_child": (OF_CHILD, KEEP, False),
    "concern_notice": (CASE, ALL, False),
}
# The lists of kinds grow in several migrations, so the constraint is read and added to, not written anew.
KINDS = (("deadline", "kind"), ("message", "deadline_kind"))
NEW = ("concern_receipt", "child_unseen")


def _key(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _to(column: str, table: str, *, is_empty: bool = False, key: str = "id") -> sa.Column:
    kind = sa.BigInteger() if key == "id" else sa.Text()
    return sa.Column(column, kind, sa.ForeignKey(f"{table}.{key}"), nullable=is_empty)


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _known(table: str, column: str, *values: str) -> None:
    words = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(f"{column}_known", table, f"{column} IN ({words})")


def upgrade() -> None:
    _system()
    for column in SEALED:
        op.add_column("child", sa.Column(column, sa.LargeBinary(), nullable=True))
    op.add_column("child", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("child", sa.Column("needs_interpreter", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("child", sa.Column("last_spoken_on", sa.Date(), nullable=True))
    op.create_index("ix_child_last_spoken_on", "child", ["last_spoken_on", "id"], postgresql_where=sa.text("is_along"))
    op.add_column("claim", sa.Column("worry", sa.LargeBinary(), nullable=True))
    op.add_column("claim", sa.Column("worried_at", sa.DateTime(timezone=True), nullable=True))
    _of_children()
    _links()
    _concerns()
    for table, (rule, rights, is_taken_away) in TABLES.items():
        _wall(table, rule, rights, is_taken_away=is_taken_away)
    for table, column in KINDS:
        _rewrite(table, column, "'other'::text", ", ".join(f"'{word}'::text" for word in ("other", *NEW)))


def _of_children() -> None:
    child = _to("child_id", "child")
    _key(
        "child_period",
        child,
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        _version(),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_child_period_period_not_empty")),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(child_id, child_id, '[]')"), "&&"),
            ("period", "&&"),
            using="gist",
            name="ex_child_period_one_place",
        ),
    )
    _known("child_period", "kind", "with_her", "other_parent", "placed", "other")
    op.create_index("ix_child_period_child_id", "child_period", ["child_id"])
    _key(
        "child_setting",
        _to("child_id", "child"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("may_collect", sa.LargeBinary(), nullable=True),
        sa.Column("may_say", sa.LargeBinary(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        _to("told_by_id", "user_account", is_empty=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        _to("assessed_by_id", "user_account", is_empty=True),
        sa.Column("assessment", sa.LargeBinary(), nullable=True),
        _version(),
        sa.UniqueConstraint("child_id", "kind", name=op.f("uq_child_setting_child_id_kind")),
    )
    _known("child_setting", "kind", "school", "daycare", "handover")
    _key(
        "former_child_place",
        _to("child_id", "child"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
    )
    _known("former_child_place", "kind", "school", "daycare", "handover")
    op.create_index("ix_former_child_place_child_id", "former_child_place", ["child_id"])
    op.create_index("ix_former_child_place_replaced_at", "former_child_place", ["replaced_at"])
    _key(
        "child_step",
        _to("child_id", "child"),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        _to("noted_by_id", "user_account"),
        sa.UniqueConstraint("child_id", "step", "done_on", name=op.f("uq_child_step_child_id_step_done_on")),
    )
    steps = ("talk", "activity_alone", "activity_group", "mother_child_talk")
    _known("child_step", "step", *steps, "safety_school", "safety_daycare", "safety_handover")
    _key(
        "child_consent",
        _to("child_id", "child"),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        _to("recorded_by_id", "user_account"),
    )
    _known("child_consent", "question", "talks", "activities", "psychologist", "school_contact", "photos")
    _known("child_consent", "given_by", "her", "both", "other_parent", "child")
    op.create_index("ix_child_consent_child_id_question_id", "child_consent", ["child_id", "question", "id"])


def _links() -> None:
    for of in ("note", "meeting"):
        table = f"{of}_child"
        said = [sa.Column("was_spoken_with", sa.Boolean(), nullable=False)] if of == "note" else []
        op.create_table(
            table,
            _to(f"{of}_id", of),
            _to("child_id", "child"),
            *said,
            sa.PrimaryKeyConstraint(f"{of}_id", "child_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_child_id", table, ["child_id"])


def _concerns() -> None:
    _key(
        "concern_notice",
        _to("case_id", "client_case"),
        _to("child_id", "child"),
        _to("author_id", "user_account"),
        _to("organisation_id", "organisation"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("violence_suspected", sa.Boolean(), nullable=False),
        sa.Column("is_kept_back", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        _to("released_by_id", "user_account", is_empty=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_how", sa.Text(), nullable=True),
        _to("municipality_code", "municipality", is_empty=True, key="code"),
        sa.Column("receipt_due_on", sa.Date(), nullable=True),
        sa.Column("receipted_on", sa.Date(), nullable=True),
        _version(),
    )
    _known("concern_notice", "state", "drafted", "sent", "receipted")
    _known("concern_notice", "duty", "professional", "everybody")
    _known("concern_notice", "sent_how", "digital_post", "secure_mail", "form", "phone", "by_hand")
    for name, rule in (
        ("sent_when_sent", "(state = 'drafted') = (sent_on IS NULL)"),
        ("receipt_due_when_sent", "(sent_on IS NULL) = (receipt_due_on IS NULL)"),
        ("receipted_when_receipted", "(state = 'receipted') = (receipted_on IS NOT NULL)"),
        ("receipt_after_sending", "receipted_on >= sent_on"),
    ):
        op.create_check_constraint(name, "concern_notice", rule)
    op.create_index("ix_concern_notice_case_id_id", "concern_notice", ["case_id", "id"])
    op.create_index("ix_concern_notice_child_id", "concern_notice", ["child_id"])


def _wall(table: str, rule: str, rights: str, *, is_taken_away: bool) -> None:
    removes = rule if is_taken_away else "bro_is_system()"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({removes})")
    op.execute(f"GRANT {rights} ON {table} TO bro_app")


def downgrade() -> None:
    _system()
    op.execute(f"DELETE FROM deadline WHERE kind IN {NEW}")
    op.execute(f"DELETE FROM message WHERE deadline_kind IN {NEW}")
    for table, column in KINDS:
        _rewrite(table, column, "".join(f", '{word}'::text" for word in NEW), "")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("claim", "worried_at")
    op.drop_column("claim", "worry")
    op.drop_index("ix_child_last_spoken_on", table_name="child")
    for column in ("last_spoken_on", "needs_interpreter", "language", *reversed(SEALED)):
        op.drop_column("child", column)


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
