"""The second wall asks once per statement whose cases somebody sees, however many tables the statement reads.

Every policy asks `bro_cases()`, and a page's statement reads ten tables. The answer is kept in a setting of the
transaction, under the moment at which the statement began: the next statement asks anew, so that a block counts from
there. Keeping it opens nothing: who could write that setting can say who acts as well.
"""

from alembic import op

revision = "0015_asked_once"
down_revision = "0014_returning"
branch_labels = None
depends_on = None

DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"
QUESTION = "RETURN QUERY SELECT r FROM bro_related_cases() r WHERE r NOT IN (SELECT bro_hidden_cases())"
ASK_ONCE = f"""
CREATE FUNCTION bro_cases_now() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    {QUESTION};
END $$;
CREATE OR REPLACE FUNCTION bro_cases() RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
    statement CONSTANT text := statement_timestamp()::text;
    kept text[] := string_to_array(current_setting('bro.cases', true), '|');
BEGIN
    IF kept[1] IS DISTINCT FROM statement THEN
        kept := ARRAY[statement, (SELECT coalesce(string_agg(c::text, ','), '') FROM bro_cases_now() c)];
        PERFORM set_config('bro.cases', array_to_string(kept, '|'), true);
    END IF;
    RETURN QUERY SELECT unnest(string_to_array(kept[2], ',')::bigint[]);
END $$;
ALTER FUNCTION bro_cases() SECURITY INVOKER RESET ALL
"""
ASK_EACH_TIME = f"""
CREATE OR REPLACE FUNCTION bro_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    {QUESTION};
END $$
"""


def upgrade() -> None:
    op.execute(ASK_ONCE)


def downgrade() -> None:
    op.execute(ASK_EACH_TIME)
    op.execute("DROP FUNCTION bro_cases_now()")
