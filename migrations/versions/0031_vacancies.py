"""What has room and who is told; what happens while a request waits: its ladder, the order of its list, and why not."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031_vacancies"
down_revision = "0030_documents"
branch_labels = None
depends_on = None

KINDS = (
    ("message", "kind", "referral_received", ("referral_waits", "referral_late", "place_opened")),
    ("deadline", "kind", "other", ("referral_late", "still_wanted")),
    ("message", "deadline_kind", "other", ("referral_late", "still_wanted")),
)
MARKS = "'taken_before', 'passed', 'skipped', 'still_wanted'"
MARK_REASONS = "'safety', 'moves_soon', 'only_she_fits', 'room_does_not_fit', 'not_reached', 'her_wish', 'other'"
DECLINES = "'criteria', 'capacity', 'other_help_fits', 'safety', 'her_wish', 'not_reached'"
DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"
INSIDE = "session_user <> current_user"
# The place in the list, by the programme's own rule; only how many come before is told.
RANK = """CASE rule
        WHEN 'leaving_date' THEN coalesce(c.planned_move_on - DATE '2000-01-01', 1000000)
        WHEN 'children_first' THEN -(SELECT count(*) FROM child k WHERE k.client_id = c.client_id AND k.is_along)::int
        ELSE 0 END"""
BEFORE = f"""
CREATE OR REPLACE FUNCTION bro_waiting_before(wanted bigint, since timestamptz, request bigint) RETURNS bigint
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    rule CONSTANT text := (SELECT p.rules->>'waiting_order' FROM offer o JOIN programme p ON p.id = o.programme_id
        WHERE o.id = wanted);
    own CONSTANT integer := (SELECT {RANK} FROM track_request r JOIN client_case c ON c.id = r.case_id
        WHERE r.id = request);
BEGIN
    RETURN (SELECT count(*) FROM track_request r JOIN client_case c ON c.id = r.case_id
        WHERE r.offer_id = wanted AND r.state = 'waitlisted' AND r.id <> request
        AND ({RANK}, r.waiting_since, r.id) < (own, since, request));
END $$
"""
BEFORE_BY_DAY = f"""
CREATE OR REPLACE FUNCTION bro_waiting_before(wanted bigint, since timestamptz, request bigint) RETURNS bigint
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN (SELECT count(*) FROM track_request r WHERE r.offer_id = wanted AND r.state = 'waitlisted'
        AND (r.waiting_since, r.id) < (since, request));
END $$
"""
# Homes that stand ready, the largest of them, and when the next will be; no home comes out.
HOMES = f"""
CREATE FUNCTION bro_homes(wanted bigint, OUT homes bigint, OUT ready bigint, OUT children bigint, OUT next_on date)
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    SELECT count(*), count(*) FILTER (WHERE u.state IN ('vacant_ready', 'accepting')), max(u.max_children),
        min(u.ready_on) FILTER (WHERE u.state = 'vacant_not_ready')
        INTO homes, ready, children, next_on FROM housing_unit u WHERE u.offer_id = wanted;
END $$
"""
# How long those waited who were taken in within two years: the middle half, in weeks, never of fewer than five.
WAITS = f"""
CREATE FUNCTION bro_waits(wanted bigint, OUT low integer, OUT high integer) LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    many bigint;
BEGIN
    SELECT count(*), floor(percentile_cont(0.25) WITHIN GROUP (ORDER BY w.weeks)),
        ceil(percentile_cont(0.75) WITHIN GROUP (ORDER BY w.weeks)) INTO many, low, high
        FROM (SELECT extract(epoch FROM r.offered_at - r.waiting_since) / 604800 AS weeks FROM track_request r
            WHERE r.offer_id = wanted AND r.state = 'accepted' AND r.offered_at >= r.waiting_since
            AND r.decided_at > now() - interval '2 years') w;
    IF many < 5 THEN
        low := NULL;
        high := NULL;
    END IF;
END $$
"""
ALL, EDIT = "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE"
CASE = "case_id IN (SELECT bro_cases())"
OF_REQUEST = "EXISTS (SELECT 1 FROM track_request parent WHERE parent.id = request_id)"
OWN = "user_id = bro_user()"
WALLED = {"waiting_mark": CASE, "request_rung": OF_REQUEST, "place_watch": OWN, "place_standard": OWN}
TABLES = ("request_rung", "waiting_mark", "decline_rule", "place", "place_opening", "place_standard", "place_watch")


def upgrade() -> None:
    _system()
    op.add_column("track_request", sa.Column("cool_down_until", sa.Date()))
    op.add_column("track_request", sa.Column("clock_round", sa.SmallInteger(), server_default="1", nullable=False))
    _waiting()
    _places()
    for table, column, first, added in KINDS:
        _rewrite(table, column, f"'{first}'::text", ", ".join(f"'{word}'::text" for word in (first, *added)))
    op.execute(f"CREATE POLICY inside ON child FOR SELECT TO CURRENT_USER USING ({INSIDE})")
    op.execute(f"CREATE POLICY inside ON housing_unit FOR SELECT TO CURRENT_USER USING ({INSIDE})")
    for function in (BEFORE, HOMES, WAITS):
        op.execute(function)
    for table, rule in WALLED.items():
        _wall(table, rule)
    for table in TABLES:
        op.execute(
            f"GRANT {EDIT if table in ('place', 'decline_rule', 'place_opening') else ALL} ON {table} TO bro_app"
        )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _waiting() -> None:
    op.create_table(
        "request_rung",
        _id(),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("clock_round", sa.SmallInteger(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.BigInteger()),
        _to("request_rung", "request_id", "track_request"),
        _to("request_rung", "owner_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_rung")),
        sa.UniqueConstraint(
            "request_id", "clock_round", "rung", name=op.f("uq_request_rung_request_id_clock_round_rung")
        ),
    )
    op.create_table(
        "waiting_mark",
        _id(),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger()),
        sa.CheckConstraint(f"kind IN ({MARKS})", name=op.f("ck_waiting_mark_kind_known")),
        sa.CheckConstraint(f"reason IN ({MARK_REASONS})", name=op.f("ck_waiting_mark_reason_known")),
        _to("waiting_mark", "request_id", "track_request"),
        _to("waiting_mark", "case_id", "client_case"),
        _to("waiting_mark", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_mark")),
        sa.UniqueConstraint("public_id", name=op.f("uq_waiting_mark_public_id")),
    )
    op.create_index("ix_waiting_mark_request_id_made_at", "waiting_mark", ["request_id", "made_at"])
    op.create_index(op.f("ix_waiting_mark_case_id"), "waiting_mark", ["case_id"])
    op.create_table(
        "decline_rule",
        _id(),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cool_down_days", sa.SmallInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"reason IN ({DECLINES})", name=op.f("ck_decline_rule_reason_known")),
        sa.CheckConstraint("cool_down_days BETWEEN 0 AND 365", name=op.f("ck_decline_rule_cool_down_within_a_year")),
        _to("decline_rule", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline_rule")),
        sa.UniqueConstraint("organisation_id", "reason", name=op.f("uq_decline_rule_organisation_id_reason")),
    )


def _places() -> None:
    op.create_table(
        "place",
        _id(),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger()),
        sa.Column("rooms", sa.SmallInteger()),
        sa.Column("free_on", sa.Date()),
        sa.Column("most_children", sa.SmallInteger()),
        sa.Column("oldest_child", sa.SmallInteger()),
        sa.Column("is_accessible", sa.Boolean()),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by_id", sa.BigInteger()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(offer_id IS NULL) = (rooms IS NOT NULL)", name=op.f("ck_place_rooms_of_a_centre")),
        sa.CheckConstraint("rooms BETWEEN 0 AND 99", name=op.f("ck_place_rooms_counted")),
        _to("place", "organisation_id", "organisation"),
        _to("place", "offer_id", "offer"),
        _to("place", "told_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_place_public_id")),
    )
    _unique("uq_place_offer_id", "place", "offer_id", "offer_id IS NOT NULL")
    _unique("uq_place_rooms", "place", "organisation_id", "offer_id IS NULL")
    op.create_table(
        "place_opening",
        _id(),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        _to("place_opening", "organisation_id", "organisation"),
        _to("place_opening", "offer_id", "offer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_opening")),
    )
    _unique("uq_place_opening_offer", "place_opening", "offer_id", "closed_at IS NULL AND offer_id IS NOT NULL")
    _unique("uq_place_opening_rooms", "place_opening", "organisation_id", "closed_at IS NULL AND offer_id IS NULL")
    json = JSONB(astext_type=sa.Text())
    op.create_table(
        "place_standard",
        _id(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("wanted", json, nullable=False),
        _to("place_standard", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_standard")),
        sa.UniqueConstraint("user_id", name=op.f("uq_place_standard_user_id")),
    )
    op.create_table(
        "place_watch",
        _id(),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("wanted", json, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _to("place_watch", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_watch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_place_watch_public_id")),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index("ix_place_watch_live", "place_watch", ["user_id", "id"], postgresql_where=live)
    op.create_index("ix_place_watch_ends_on", "place_watch", ["ends_on"], postgresql_where=live)


def _unique(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], unique=True, postgresql_where=sa.text(where))


def _wall(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")


def downgrade() -> None:
    _system()
    op.execute("DROP FUNCTION bro_waits(bigint)")
    op.execute("DROP FUNCTION bro_homes(bigint)")
    op.execute(BEFORE_BY_DAY)
    op.execute("DROP POLICY inside ON housing_unit")
    op.execute("DROP POLICY inside ON child")
    op.execute("DELETE FROM deadline WHERE kind IN ('referral_late', 'still_wanted')")
    op.execute("DELETE FROM message WHERE kind IN ('referral_waits', 'referral_late', 'place_opened')")
    op.execute("DELETE FROM message WHERE deadline_kind IN ('referral_late', 'still_wanted')")
    for table, column, _first, added in KINDS:
        _rewrite(table, column, "".join(f", '{word}'::text" for word in added), "")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("track_request", "clock_round")
    op.drop_column("track_request", "cool_down_until")


def _system() -> None:
    # The wall stands before the owner too.
    op.execute("SELECT set_config('bro.scope', 'system', true)")


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
