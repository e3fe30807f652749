"""To whom a late request is given, until when its ladder rests for that, and why somebody is first on a list."""

import sqlalchemy as sa
from alembic import op

revision = "0039_referral_leftovers"
down_revision = "0038_leftovers"
branch_labels = None
depends_on = None

DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"
MARKS = "'taken_before', 'passed', 'skipped', 'still_wanted'"
REASONS = "'safety', 'moves_soon', 'only_she_fits', 'room_does_not_fit', 'not_reached', 'her_wish', 'other'"
RANK = """CASE rule
        WHEN 'leaving_date' THEN coalesce(c.planned_move_on - DATE '2000-01-01', 1000000)
        WHEN 'children_first' THEN -(SELECT count(*) FROM child k WHERE k.client_id = c.client_id AND k.is_along)::int
        ELSE 0 END"""
# Whom the lead has put first comes before the programme's own rule.
FIRST = "(r.priority_reason IS NULL)::int"


def _before(first: str, own_first: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION bro_waiting_before(wanted bigint, since timestamptz, request bigint) RETURNS bigint
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    rule CONSTANT text := (SELECT p.rules->>'waiting_order' FROM offer o JOIN programme p ON p.id = o.programme_id
        WHERE o.id = wanted);
    own CONSTANT integer := (SELECT {RANK} FROM track_request r JOIN client_case c ON c.id = r.case_id
        WHERE r.id = request);
    own_first CONSTANT integer := {own_first};
BEGIN
    RETURN (SELECT count(*) FROM track_request r JOIN client_case c ON c.id = r.case_id
        WHERE r.offer_id = wanted AND r.state = 'waitlisted' AND r.id <> request
        AND ({first}, {RANK}, r.waiting_since, r.id) < (own_first, own, since, request));
END $$
"""


def upgrade() -> None:
    op.add_column("track_request", sa.Column("given_to_id", sa.BigInteger()))
    op.add_column("track_request", sa.Column("given_until", sa.Date()))
    op.create_foreign_key(
        op.f("fk_track_request_given_to_id_user_account"), "track_request", "user_account", ["given_to_id"], ["id"]
    )
    op.add_column("track_request", sa.Column("priority_reason", sa.Text()))
    op.create_check_constraint(
        op.f("ck_track_request_priority_reason_known"), "track_request", f"priority_reason IN ({REASONS})"
    )
    _marks(f"{MARKS}, 'put_first', 'first_ended'")
    op.execute(_before(FIRST, f"(SELECT {FIRST} FROM track_request r WHERE r.id = request)"))


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.execute(_before("0", "0"))
    op.execute("DELETE FROM waiting_mark WHERE kind IN ('put_first', 'first_ended')")
    _marks(MARKS)
    op.drop_constraint(op.f("ck_track_request_priority_reason_known"), "track_request", type_="check")
    op.drop_column("track_request", "priority_reason")
    op.drop_constraint(op.f("fk_track_request_given_to_id_user_account"), "track_request", type_="foreignkey")
    op.drop_column("track_request", "given_until")
    op.drop_column("track_request", "given_to_id")


def _marks(known: str) -> None:
    op.drop_constraint(op.f("ck_waiting_mark_kind_known"), "waiting_mark", type_="check")
    op.create_check_constraint(op.f("ck_waiting_mark_kind_known"), "waiting_mark", f"kind IN ({known})")
