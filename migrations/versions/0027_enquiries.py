"""What a house does from day to day: enquiries, contacts with other parties, stays in full, the bridge, events."""

import sqlalchemy as sa
from alembic import op

revision = "0027_enquiries"
down_revision = "0026_children"
branch_labels = None
depends_on = None

# The lists of kinds grow in several migrations, so each constraint is read and added to: table, column, after, new.
KINDS = (
    *(
        (
            table,
            column,
            "'second_person'::text",
            ("enquiry_call_back", "bridge_receiver", "bridge_first_contact", "bridge_address", "bridge_grant",
             "bridge_civil_offer"),
        )
        for table, column in (("deadline", "kind"), ("message", "deadline_kind"))
    ),
    *((table, "subject_type", "'invitation'::text", ("enquiry", "activity"))
      for table in ("deadline", "message", "audit_event")),
    ("meeting", "kind", "'accompaniment'::text", ("escort",)),
    *((table, "rule", "'R16'::text", ("R17",)) for table in ("retention_item", "retention_setting")),
)  # fmt: skip

IN_THE_HOUSE = "organisation_id = bro_organisation() AND bro_role() IN ('contact_person', 'intake')"
CASE = "case_id IN (SELECT bro_cases())"
# What has become a case is hidden with the case; a colleague who is not on its team reads that it was one, no more.
ENQUIRY = f"""({IN_THE_HOUSE} AND (case_id IS NULL OR case_id NOT IN (SELECT bro_hidden_cases()))) OR {CASE}"""
STAFF = "organisation_id = bro_organisation() AND bro_role() IN ('contact_person', 'programme_lead')"
# A woman's timeline names the event also to her team at another house.
ACTIVITY = f"({STAFF}) OR EXISTS (SELECT 1 FROM activity_attendance seat WHERE seat.activity_id = activity.id)"
RULES: dict[str, tuple[str, str]] = {
    "outside_contact": (CASE, CASE),
    "stay_correction": (CASE, CASE),
    "leaving_bridge": (CASE, CASE),
    "activity_attendance": (CASE, CASE),
    "enquiry": (ENQUIRY, f"({IN_THE_HOUSE}) OR {CASE}"),
    "activity": (ACTIVITY, STAFF),
}
TAKEN_AWAY = ("activity_attendance",)
TABLES = ("stay_correction", "leaving_bridge", "activity_attendance", "activity", "outside_contact", "enquiry")
STAY = (
    ("decided_by_id", sa.BigInteger()),
    ("previous_stay_id", sa.BigInteger()),
    ("link_reason", sa.Text()),
    ("delay_reason", sa.Text()),
    ("main_activity", sa.Text()),
    ("permit", sa.Text()),
    ("is_reported", sa.Boolean()),
    ("counselling", sa.Text()),
)
STAY_CHECKS = {
    "link_reason_known": "link_reason IN ('same_course', 'safety')",
    "delay_reason_known": "delay_reason IN ('none', 'no_home', 'waits_for_municipality', 'waits_for_permit', 'safety',"
    " 'health', 'other')",
    "main_activity_known": "main_activity IN ('job', 'education', 'unemployed', 'leave', 'pension', 'other', 'unknown')",
    "permit_known": "permit IN ('not_needed', 'permanent', 'temporary', 'awaiting', 'unknown')",
    "counselling_known": "counselling IN ('accepted', 'declined', 'not_offered', 'unknown')",
    "linked_for_a_reason": "(previous_stay_id IS NULL) = (link_reason IS NULL)",
    "not_linked_to_itself": "previous_stay_id <> id",
}


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _keyed(table: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _must(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _texts(name: str) -> sa.Column:
    return sa.Column(name, sa.ARRAY(sa.Text()), server_default="{}", nullable=False)


MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _enquiries()
    _contacts()
    _stays()
    _bridge()
    _activities()
    for table, column, after, new in KINDS:
        _rewrite(table, column, after, after + "".join(f", '{word}'::text" for word in new))
    for table in ("activity_attendance", *(name for name in RULES if name != "activity_attendance")):
        _wall(table, *RULES[table])
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def _enquiries() -> None:
    table = "enquiry"
    _keyed(
        table,
        _must("version", sa.Integer()),
        _must("organisation_id", sa.BigInteger()),
        _must("received_at", MOMENT),
        _must("channel", sa.Text()),
        _must("asker", sa.Text()),
        _may("name", sa.LargeBinary()),
        _may("phone", sa.LargeBinary()),
        _may("phone_index", sa.LargeBinary()),
        _must("child_count", sa.SmallInteger()),
        _texts("child_bands"),
        _texts("violence_forms"),
        _may("region", sa.Text()),
        _may("wish", sa.LargeBinary()),
        _must("conclusions", sa.ARRAY(sa.Text())),
        _texts("reject_reasons"),
        _must("codes_version", sa.SmallInteger()),
        _may("offered_instead", sa.LargeBinary()),
        _may("call_back_on", sa.Date()),
        _may("called_back_at", MOMENT),
        _must("recorded_at", MOMENT),
        _must("recorded_by_id", sa.BigInteger()),
        _may("case_id", sa.BigInteger()),
        _check(
            table,
            "channel_known",
            "channel IN ('phone', 'door', 'mail', 'police', 'municipality', 'other_centre', 'relative')",
        ),
        _check(table, "asker_known", "asker IN ('herself', 'relative', 'authority', 'professional')"),
        _check(table, "child_count_sane", "child_count BETWEEN 0 AND 20"),
        _check(table, "has_a_conclusion", "cardinality(conclusions) > 0"),
        _check(table, "rejected_with_reasons", "('rejected' = ANY (conclusions)) = (cardinality(reject_reasons) > 0)"),
        _check(table, "called_back_on_a_day", "('call_back' = ANY (conclusions)) = (call_back_on IS NOT NULL)"),
        _check(table, "only_admitted_becomes_a_case", "case_id IS NULL OR 'admitted' = ANY (conclusions)"),
        _key(table, "organisation_id", "organisation"),
        _key(table, "recorded_by_id", "user_account"),
        _key(table, "case_id", "client_case"),
    )
    op.create_index("ix_enquiry_phone_index", table, ["phone_index"])
    op.create_index("ix_enquiry_organisation_id_received_at_id", table, ["organisation_id", "received_at", "id"])
    op.create_index("ix_enquiry_case_id", table, ["case_id"], postgresql_where=sa.text("case_id IS NOT NULL"))


def _contacts() -> None:
    table = "outside_contact"
    _keyed(
        table,
        _must("case_id", sa.BigInteger()),
        _must("author_id", sa.BigInteger()),
        _must("organisation_id", sa.BigInteger()),
        _must("happened_at", MOMENT),
        _must("written_at", MOMENT),
        _must("direction", sa.Text()),
        _must("channel", sa.Text()),
        _must("party", sa.Text()),
        _may("party_name", sa.LargeBinary()),
        _must("themes", sa.ARRAY(sa.Text())),
        _must("codes_version", sa.SmallInteger()),
        _must("basis", sa.Text()),
        _may("minutes", sa.SmallInteger()),
        _may("text", sa.LargeBinary()),
        _check(table, "direction_known", "direction IN ('out', 'in')"),
        _check(
            table,
            "channel_known",
            "channel IN ('phone', 'mail', 'digital_post', 'letter', 'meeting', 'visit')",
        ),
        _check(
            table,
            "party_known",
            "party IN ('own_municipality', 'other_municipality', 'police', 'lawyer', 'family_law_agency', 'health',"
            " 'psychiatry', 'school_daycare', 'housing_association', 'bank', 'employer', 'private_network',"
            " 'other_centre', 'ngo', 'other')",
        ),
        _check(
            table,
            "basis_known",
            "basis IN ('nothing_told', 'consent', 'concern_duty', 'administration_act', 'case_preparation',"
            " 'police_cooperation', 'danger_to_life')",
        ),
        _check(table, "minutes_sane", "minutes BETWEEN 0 AND 1440"),
        _check(table, "about_something", "cardinality(themes) > 0"),
        _key(table, "case_id", "client_case"),
        _key(table, "author_id", "user_account"),
        _key(table, "organisation_id", "organisation"),
    )
    newest = ["case_id", sa.text("happened_at DESC"), sa.text("id DESC")]
    op.create_index("ix_outside_contact_case_id_happened_at_id", table, newest)


def _stays() -> None:
    op.alter_column("stay", "organisation_id", nullable=True)
    for name, kind in STAY:
        op.add_column("stay", _may(name, kind))
    op.add_column("stay", _texts("admission_reasons"))
    op.add_column("stay", sa.Column("codes_version", sa.SmallInteger(), server_default="1", nullable=False))
    op.create_foreign_key(op.f("fk_stay_decided_by_id_user_account"), "stay", "user_account", ["decided_by_id"], ["id"])
    op.create_foreign_key(op.f("fk_stay_previous_stay_id_stay"), "stay", "stay", ["previous_stay_id"], ["id"])
    for name, rule in STAY_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_stay_{name}"), "stay", rule)
    op.create_index("ix_stay_case_id_admitted_on", "stay", ["case_id", "admitted_on"])
    _keyed(
        "stay_correction",
        _must("case_id", sa.BigInteger()),
        _must("stay_id", sa.BigInteger()),
        _must("original", sa.LargeBinary()),
        _must("corrected_at", MOMENT),
        _must("corrected_by_id", sa.BigInteger()),
        _key("stay_correction", "case_id", "client_case"),
        _key("stay_correction", "stay_id", "stay"),
        _key("stay_correction", "corrected_by_id", "user_account"),
    )
    op.create_index("ix_stay_correction_stay_id_id", "stay_correction", ["stay_id", "id"])


def _bridge() -> None:
    table = "leaving_bridge"
    _keyed(
        table,
        _must("version", sa.Integer()),
        _must("case_id", sa.BigInteger()),
        _may("receiver", sa.LargeBinary()),
        _may("received_on", sa.Date()),
        _may("first_contact_on", sa.Date()),
        _may("address_checked_on", sa.Date()),
        _may("grant_answer", sa.Text()),
        _may("civil_offer", sa.Text()),
        _may("civil_reason", sa.LargeBinary()),
        _check(table, "grant_answer_known", "grant_answer IN ('applied', 'not_needed', 'declined')"),
        _check(table, "civil_offer_known", "civil_offer IN ('yes', 'no', 'declined')"),
        _check(table, "received_on_a_day", "(receiver IS NULL) = (received_on IS NULL)"),
        _key(table, "case_id", "client_case"),
        sa.UniqueConstraint("case_id", name=op.f("uq_leaving_bridge_case_id")),
    )


def _activities() -> None:
    table = "activity"
    _keyed(
        table,
        _must("version", sa.Integer()),
        _must("organisation_id", sa.BigInteger()),
        _must("kind", sa.Text()),
        _may("title", sa.Text()),
        _must("guests", sa.ARRAY(sa.Text())),
        _texts("child_bands"),
        _must("starts_at", MOMENT),
        _must("ends_at", MOMENT),
        _must("responsible_id", sa.BigInteger()),
        sa.Column("named", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("others", sa.SmallInteger(), server_default="0", nullable=False),
        _may("registered_at", MOMENT),
        _may("cancelled_at", MOMENT),
        _check(
            table,
            "kind_known",
            "kind IN ('social', 'creative', 'body', 'workshop_job', 'workshop_housing', 'workshop_rights', 'children',"
            " 'communal_dinner', 'reunion_day', 'residents_meeting')",
        ),
        _check(table, "ends_after_start", "ends_at > starts_at"),
        _check(table, "for_somebody", "cardinality(guests) > 0"),
        _check(table, "numbers_sane", "others BETWEEN 0 AND 500 AND named BETWEEN 0 AND 500"),
        _key(table, "organisation_id", "organisation"),
        _key(table, "responsible_id", "user_account"),
    )
    op.create_index("ix_activity_organisation_id_starts_at_id", table, ["organisation_id", "starts_at", "id"])
    op.create_table(
        "activity_attendance",
        _must("activity_id", sa.BigInteger()),
        _must("case_id", sa.BigInteger()),
        _must("set_by_id", sa.BigInteger()),
        _must("set_at", MOMENT),
        sa.PrimaryKeyConstraint("activity_id", "case_id", name=op.f("pk_activity_attendance")),
        _key("activity_attendance", "activity_id", "activity"),
        _key("activity_attendance", "case_id", "client_case"),
        _key("activity_attendance", "set_by_id", "user_account"),
    )
    op.create_index("ix_activity_attendance_case_id", "activity_attendance", ["case_id"])


def _wall(table: str, read: str, write: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({read})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({write})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({write})")
    removes = write if table in TAKEN_AWAY else "bro_is_system()"
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({removes})")


def downgrade() -> None:
    _system()
    for table, column, _after, new in KINDS:
        if table != "audit_event":
            words = ", ".join(f"'{word}'" for word in new)
            if column == "kind" and table == "meeting":
                op.execute(f"UPDATE meeting SET kind = 'accompaniment' WHERE kind IN ({words})")
            else:
                op.execute(f"DELETE FROM {table} WHERE {column} IN ({words})")
            _rewrite(table, column, "".join(f", '{word}'::text" for word in new), "")
    op.execute("DROP POLICY reads ON activity")
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_stay_case_id_admitted_on", table_name="stay")
    for name in STAY_CHECKS:
        op.drop_constraint(op.f(f"ck_stay_{name}"), "stay", type_="check")
    for name, _kind in STAY:
        op.drop_column("stay", name)
    op.drop_column("stay", "admission_reasons")
    op.drop_column("stay", "codes_version")
    op.execute("UPDATE stay SET organisation_id = c.owner_organisation_id FROM client_case c"
               " WHERE c.id = stay.case_id AND stay.organisation_id IS NULL")  # fmt: skip
    op.alter_column("stay", "organisation_id", nullable=False)


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
