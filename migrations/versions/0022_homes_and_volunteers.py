"""Homes and volunteers stand behind the second wall too: seen by their own house, and by a team through its case."""

from alembic import op

revision = "0022_homes_and_volunteers"
down_revision = "0021_knows_her"
branch_labels = None
depends_on = None

DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"
# Who works on the cases of women that live and are helped elsewhere. Everybody else knows her own house's alone.
ON_A_TEAM = "bro_role() IN ('contact_person', 'municipal_adviser', 'programme_worker')"
# The policy of `claim` asks `volunteer`, so that of `volunteer` may not ask `claim`: a function that reads behind the
# wall breaks the circle. What is blocked or erased is not among `bro_cases()`, and so nobody of it is here.
HELPERS = f"""
CREATE FUNCTION bro_helpers() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 20 AS $$
BEGIN
    IF {ON_A_TEAM} THEN
        RETURN QUERY SELECT c.volunteer_id FROM task t JOIN claim c ON c.task_id = t.id
            WHERE t.case_id IN (SELECT bro_cases())
        UNION ALL SELECT m.volunteer_id FROM enrolment e JOIN volunteer_match m ON m.enrolment_id = e.id
            WHERE e.case_id IN (SELECT bro_cases())
        UNION ALL SELECT p.architect_id FROM enrolment e JOIN furnishing_project p ON p.enrolment_id = e.id
            WHERE e.case_id IN (SELECT bro_cases()) AND p.architect_id IS NOT NULL;
    END IF;
END $$
"""
# What that function reads, beside what others read already (migration 0012).
READ_INSIDE = ("claim", "furnishing_project", "volunteer_match")
# The partial indexes that are there find what is live. All that has been asks too, and so does the page of a task.
INDEXES = (("claim", "task_id"), ("volunteer_match", "enrolment_id"))
INSIDE = "session_user <> current_user"

# A volunteer learns of no home and of no other volunteer, not even at her own association; nor does she write of
# herself what only her coordinator may say.
STAFF = "organisation_id = bro_organisation() AND bro_role() <> 'volunteer'"
# Not through `tenancy` alone: whoever has referred a case sees its courses, and nothing of where she lives.
HERS = f"""{ON_A_TEAM} AND EXISTS (SELECT 1 FROM tenancy parent JOIN enrolment course ON course.id = parent.enrolment_id
    WHERE parent.unit_id = housing_unit.id AND course.case_id IN (SELECT bro_cases()))"""
# Table → who reads a row beside the staff of its house.
ELSEWHERE = {
    "housing_unit": HERS,
    "volunteer": "user_id = bro_user() OR id IN (SELECT bro_helpers())",
}


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.execute(HELPERS)
    for table in READ_INSIDE:
        op.execute(f"CREATE POLICY inside ON {table} FOR SELECT TO CURRENT_USER USING ({INSIDE})")
    for table, elsewhere in ELSEWHERE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
        op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING (({STAFF}) OR ({elsewhere}))")
        op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({STAFF})")
        op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({STAFF})")


def downgrade() -> None:
    for table in ELSEWHERE:
        for policy in ("system", "reads", "writes", "changes"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in READ_INSIDE:
        op.execute(f"DROP POLICY inside ON {table}")
    op.execute("DROP FUNCTION bro_helpers()")
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
