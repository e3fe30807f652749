"""The second wall: row-level security on every table with case data, and what the application's role may do (ADR 7).

A new table with case data is one line in RULES and one in GRANTS, in the migration that makes it:
`tests/wall/test_wall_meta.py` finds the table and says so.
"""

from alembic import op

revision = "0012_wall"
down_revision = "0011_people"
branch_labels = None
depends_on = None

# Who acts, from the settings that the portal makes at the begin of each transaction (portal/wall.py).
WHO = """
CREATE FUNCTION bro_user() RETURNS bigint LANGUAGE sql STABLE
    RETURN nullif(current_setting('bro.user_id', true), '')::bigint;
CREATE FUNCTION bro_organisation() RETURNS bigint LANGUAGE sql STABLE
    RETURN nullif(current_setting('bro.organisation_id', true), '')::bigint;
CREATE FUNCTION bro_role() RETURNS text LANGUAGE sql STABLE
    RETURN nullif(current_setting('bro.role', true), '');
CREATE FUNCTION bro_is_system() RETURNS boolean LANGUAGE sql STABLE
    RETURN current_setting('bro.scope', true) = 'system';
"""

# The questions that the policies ask. Each set is made once per statement and table, however many rows are looked at:
# `case_id IN (SELECT bro_cases())` becomes a hashed list. They read behind the wall, as the owner of the tables, or a
# policy on `team_member` would have to ask itself. PL/pgSQL because it keeps its plans (one for everybody: planning
# anew for each person would cost more than the question); nothing runs once per row.
DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"
QUESTIONS = f"""
-- Blocked for this person or for any organisation that she works for.
CREATE FUNCTION bro_blocked_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 10 AS $$
DECLARE
    me CONSTANT bigint := bro_user();
BEGIN
    RETURN QUERY
        SELECT b.case_id FROM case_block b WHERE b.ended_at IS NULL AND b.user_id = me
        UNION ALL SELECT b.case_id FROM membership m
            JOIN case_block b ON b.organisation_id = m.organisation_id AND b.ended_at IS NULL
            WHERE m.user_id = me AND m.ended_at IS NULL;
END $$;

-- Blocked or erased: hidden whatever the relation.
CREATE FUNCTION bro_hidden_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 10 AS $$
BEGIN
    RETURN QUERY
        SELECT c.id FROM client_case c WHERE c.erased_at IS NOT NULL
        UNION ALL SELECT bro_blocked_cases();
END $$;

-- Cases to which the person in this role has a relation, without asking whether they are hidden.
CREATE FUNCTION bro_related_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
DECLARE
    me CONSTANT bigint := bro_user();
    mine CONSTANT bigint := bro_organisation();
    job CONSTANT text := bro_role();
BEGIN
    IF job IN ('contact_person', 'municipal_adviser', 'programme_worker', 'intake', 'group_leader',
               'housing_coordinator') THEN
        RETURN QUERY
            SELECT m.case_id FROM team_member m
            WHERE m.user_id = me AND m.organisation_id = mine AND m.ended_at IS NULL
            AND job NOT IN ('group_leader', 'housing_coordinator')
            UNION ALL SELECT g.case_id FROM break_glass g
            WHERE g.user_id = me AND g.organisation_id = mine AND g.ends_at > now() AND g.ended_at IS NULL;
    END IF;
    IF job IN ('intake', 'municipal_adviser', 'programme_lead') THEN
        RETURN QUERY SELECT r.case_id FROM track_request r
            WHERE r.organisation_id = mine AND r.state <> 'draft';
    ELSIF job IN ('group_leader', 'housing_coordinator') THEN
        RETURN QUERY SELECT r.case_id FROM track_request r
            JOIN offer o ON o.id = r.offer_id JOIN programme p ON p.id = o.programme_id
            WHERE r.organisation_id = mine AND r.state <> 'draft'
            AND p.kind = CASE job WHEN 'group_leader' THEN 'group' ELSE 'housing' END;
    END IF;
    IF job IN ('group_leader', 'housing_coordinator', 'volunteer_coordinator', 'programme_lead') THEN
        RETURN QUERY SELECT e.case_id FROM enrolment e
            WHERE e.organisation_id = mine AND CASE job
                WHEN 'group_leader' THEN e.kind = 'group'
                WHEN 'housing_coordinator' THEN e.kind = 'housing'
                WHEN 'volunteer_coordinator' THEN e.kind IN ('volunteer_network', 'furnishing')
                ELSE true END;
    END IF;
    IF job = 'volunteer_coordinator' THEN
        RETURN QUERY SELECT t.case_id FROM task t WHERE t.organisation_id = mine AND t.case_id IS NOT NULL;
    ELSIF job IN ('grant_officer', 'grant_approver', 'grant_payer') THEN
        RETURN QUERY SELECT a.case_id FROM grant_application a JOIN fund f ON f.id = a.fund_id
            WHERE f.organisation_id = mine AND a.submitted_at IS NOT NULL;
    ELSIF job IN ('programme_lead', 'safety_officer', 'data_protection_officer') THEN
        RETURN QUERY SELECT c.id FROM client_case c WHERE c.owner_organisation_id = mine;
    END IF;
END $$;

CREATE FUNCTION bro_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    RETURN QUERY SELECT r FROM bro_related_cases() r WHERE r NOT IN (SELECT bro_hidden_cases());
END $$;

CREATE FUNCTION bro_clients() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    RETURN QUERY SELECT c.client_id FROM client_case c WHERE c.id IN (SELECT bro_cases());
END $$;

-- Cases that the own organisation has referred: what became of the referral is told, nothing of the case.
CREATE FUNCTION bro_referred_cases() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    IF bro_role() IN ('contact_person', 'municipal_adviser', 'programme_worker', 'intake') THEN
        RETURN QUERY SELECT r.case_id FROM referral r
            WHERE r.organisation_id = bro_organisation() AND r.sent_at IS NOT NULL
            AND r.case_id NOT IN (SELECT bro_hidden_cases());
    END IF;
END $$;

CREATE FUNCTION bro_requests() RETURNS SETOF bigint LANGUAGE plpgsql {DEFINER} ROWS 50 AS $$
BEGIN
    RETURN QUERY SELECT r.id FROM track_request r
        WHERE r.case_id IN (SELECT bro_cases()) OR r.case_id IN (SELECT bro_referred_cases());
END $$;

-- A case without a team, a person without a case: there for the moment in which they are written, to nobody later.
CREATE FUNCTION bro_is_new_case(wanted bigint) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN NOT EXISTS (SELECT 1 FROM team_member m WHERE m.case_id = wanted);
END $$;
CREATE FUNCTION bro_is_new_client(wanted bigint) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN NOT EXISTS (SELECT 1 FROM client_case c WHERE c.client_id = wanted);
END $$;
"""

# Numbers over everybody's rows, for those who may not see the rows: nothing but the number comes out.
COUNTS = f"""
CREATE FUNCTION bro_room(wanted bigint, OUT taken bigint, OUT held bigint, OUT waiting bigint, OUT opening date)
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    SELECT count(*), min(e.planned_end_on) INTO taken, opening FROM enrolment e
        WHERE e.offer_id = wanted AND e.state IN ('proposed', 'active', 'paused');
    SELECT count(*) FILTER (WHERE r.state = 'offered'), count(*) FILTER (WHERE r.state = 'waitlisted')
        INTO held, waiting FROM track_request r WHERE r.offer_id = wanted AND r.state IN ('offered', 'waitlisted');
END $$;
CREATE FUNCTION bro_waiting_before(wanted bigint, since timestamptz, request bigint) RETURNS bigint
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN (SELECT count(*) FROM track_request r WHERE r.offer_id = wanted AND r.state = 'waitlisted'
        AND (r.waiting_since, r.id) < (since, request));
END $$;
CREATE FUNCTION bro_live_courses(worker bigint) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN (SELECT count(*) FROM enrolment e
        WHERE e.worker_id = worker AND e.state IN ('proposed', 'active', 'paused'));
END $$;

-- A volunteer sees no case. Of one she is told whether it is open and the woman consents to her organisation's help
-- today, or it is the organisation's own; and the level of protection, the highest where there is none.
CREATE FUNCTION bro_is_shared(wanted bigint, organisation bigint) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'Europe/Copenhagen')::date;
BEGIN
    RETURN EXISTS (SELECT 1 FROM client_case c WHERE c.id = wanted AND c.closed_at IS NULL AND c.erased_at IS NULL
        AND (c.owner_organisation_id = organisation OR EXISTS (SELECT 1 FROM consent a
            WHERE a.case_id = c.id AND a.recipient_organisation_id = organisation AND a.purpose = 'referral'
            AND a.given_on <= today AND a.expires_on > today AND a.withdrawn_at IS NULL)));
END $$;
CREATE FUNCTION bro_protection_level(wanted bigint) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    RETURN coalesce((SELECT l.protection_level FROM client_case c JOIN client l ON l.id = c.client_id
        WHERE c.id = wanted), CASE WHEN wanted IS NULL THEN 0 ELSE 2 END);
END $$;
"""
FUNCTIONS = (
    "bro_protection_level(bigint)",
    "bro_is_shared(bigint, bigint)",
    "bro_live_courses(bigint)",
    "bro_waiting_before(bigint, timestamptz, bigint)",
    "bro_room(bigint)",
    "bro_is_new_client(bigint)",
    "bro_is_new_case(bigint)",
    "bro_requests()",
    "bro_referred_cases()",
    "bro_clients()",
    "bro_cases()",
    "bro_related_cases()",
    "bro_hidden_cases()",
    "bro_blocked_cases()",
    "bro_is_system()",
    "bro_role()",
    "bro_organisation()",
    "bro_user()",
)
# What those functions read. The owner sees rows inside a function that somebody else has called, and nowhere else:
# the wall is forced on the owner too.
READ_INSIDE = (
    *("break_glass", "case_block", "client", "client_case", "consent", "enrolment", "grant_application", "referral"),
    *("task", "team_member", "track_request"),
)
INSIDE = "session_user <> current_user"
# What triggers write: who has access, and the place of a line in the chain of the trail (migration 0007).
WRITTEN_INSIDE = ("audit_event", "case_access")
# They keep `case_access` whoever changes a case.
TRIGGERS = ("new_case_access()", "touch_case_access()")

CASE = "case_id IN (SELECT bro_cases())"
OPEN = "(case_id IS NULL OR case_id NOT IN (SELECT bro_hidden_cases()))"
REFERRED = "case_id IN (SELECT bro_referred_cases())"
CLIENT = "client_id IN (SELECT bro_clients())"
OWN = "organisation_id = bro_organisation()"
SOMEBODY = "bro_user() IS NOT NULL"


def _of(parent: str, column: str) -> str:
    """Seen when the row it hangs on is seen: the parent's own policy answers."""
    return f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {column})"


NEW_CASE = "opened_by_id = bro_user() AND bro_is_new_case(id)"
# Officers answer for what happened in a case also when it has been erased; never for one that they are kept out of.
OFFICER = "bro_role() IN ('safety_officer', 'data_protection_officer')"
NOT_KEPT_OUT = "(case_id IS NULL OR case_id NOT IN (SELECT bro_blocked_cases()))"
OVERSEER = f"{OWN} AND {OFFICER} AND {NOT_KEPT_OUT}"
HUSK = (
    f"erased_at IS NOT NULL AND owner_organisation_id = bro_organisation() AND {OFFICER}"
    " AND id NOT IN (SELECT bro_blocked_cases())"
)
RUNS_THE_HOUSE = "bro_role() IN ('programme_lead', 'safety_officer', 'data_protection_officer', 'administrator')"
# A line of the portal itself, such as an alarm or the check of the trail.
PORTAL_LINE = "actor_id IS NULL AND organisation_id IS NULL"
# What waits for a role at its organisation.
QUEUE = f"{OWN} AND queue_role = bro_role()"
# Her own, a talk about a request, or a group's, which is nobody's case.
MEETING = f"""{CASE} OR (responsible_id = bro_user() AND request_id IS NULL AND {OPEN})
    OR (case_id IS NULL AND request_id IN (SELECT bro_requests()))
    OR (case_id IS NULL AND request_id IS NULL AND enrolment_id IS NULL AND {SOMEBODY})"""
OWN_CLAIM = "bro_role() <> 'volunteer' OR EXISTS (SELECT 1 FROM volunteer v WHERE v.id = volunteer_id AND v.user_id = bro_user())"

# Table → who reads a row; then, where they differ, who writes one and who changes one.
RULES: dict[str, tuple[str, ...]] = {
    "client": ("id IN (SELECT bro_clients()) OR bro_is_new_client(id)",),
    "client_case": (
        f"id IN (SELECT bro_cases()) OR id IN (SELECT bro_referred_cases()) OR ({NEW_CASE}) OR ({HUSK})",
        NEW_CASE,
        "id IN (SELECT bro_cases())",
    ),
    "team_member": (
        # One's own rows first: what is hidden is the smaller question.
        f"(user_id = bro_user() AND {OPEN}) OR {CASE}",
        f"{CASE} OR (user_id = bro_user() AND bro_is_new_case(case_id))",
        CASE,
    ),
    "child": (CLIENT,),
    "former_address": (CLIENT,),
    "safe_contact_card": (CLIENT,),
    **dict.fromkeys(
        (
            *("case_access", "case_block", "consent", "coordinating_counselling", "follow_up", "grant_application"),
            *("legal_hold", "measure", "note", "protection_change", "safety_assessment", "statutory_notice", "stay"),
            "watched_person",
        ),
        (CASE,),
    ),
    "referral": (f"{CASE} OR ({OWN} AND {REFERRED})",),
    "track_request": (f"{CASE} OR {REFERRED}",),
    "enrolment": (f"{CASE} OR {REFERRED}", CASE, CASE),
    "meeting": (MEETING,),
    "task": (f"{CASE} OR ({OWN} AND bro_role() IN ('volunteer', 'volunteer_coordinator') AND {OPEN})",),
    "break_glass": (f"(user_id = bro_user() AND {OPEN}) OR {CASE}",),
    # The set of one's own cases is asked first: most rows need no other.
    "deadline": (f"{CASE} OR ((owner_id = bro_user() OR ({QUEUE})) AND {OPEN})",),
    "message": (f"{CASE} OR (recipient_id = bro_user() AND {OPEN})",),
    # Her own lines whatever becomes of the case: what she has opened is counted by them. The portal's own are about no
    # case, or for officers.
    "audit_event": (
        f"actor_id = bro_user() OR ({OVERSEER}) OR {CASE}"
        f" OR ({PORTAL_LINE} AND {SOMEBODY} AND (case_id IS NULL OR {OFFICER}))",
        f"actor_id = bro_user() OR ({PORTAL_LINE} AND role = 'system')",
    ),
    "audit_sample": (f"{OWN} AND {OFFICER}",),
    "alert": (f"(organisation_id IS NULL OR {OWN}) AND {RUNS_THE_HOUSE}",),
    # Who asks about her data: for the officers of the organisation that answers, and for the team.
    "rights_request": (f"({OVERSEER}) OR {CASE}",),
    "dossier_text": (_of("rights_request", "request_id"),),
    "subject_export": (_of("rights_request", "request_id"),),
    "retention_item": (OVERSEER,),
    "case_transfer": (
        f"(from_organisation_id = bro_organisation() OR to_organisation_id = bro_organisation()) AND {RUNS_THE_HOUSE}",
    ),
    # No case of anybody's, and yet nobody else's business.
    "kept_form": ("user_id = bro_user()",),
    "hand_over": (f"{OWN}",),
    "hand_over_item": (_of("hand_over", "hand_over_id"),),
    "incident": (f"{OWN} AND {OFFICER}",),
    "erasure": (f"{OWN} AND {OFFICER}",),
    "request_event": (_of("track_request", "request_id"),),
    "cti_course": (_of("enrolment", "enrolment_id"),),
    "furnishing_project": (_of("enrolment", "enrolment_id"),),
    "hour_entitlement": (_of("enrolment", "enrolment_id"),),
    "tenancy": (_of("enrolment", "enrolment_id"),),
    "volunteer_match": (_of("enrolment", "enrolment_id"),),
    "attendance": (_of("enrolment", "enrolment_id"),),
    "phase_plan": (_of("cti_course", "course_id"),),
    "hour_entry": (_of("hour_entitlement", "entitlement_id"),),
    "furnishing_item": (_of("furnishing_project", "project_id"),),
    "claim": (f"{_of('task', 'task_id')} AND ({OWN_CLAIM})",),
    "grant_approval": (_of("grant_application", "application_id"),),
    "grant_line": (_of("grant_application", "application_id"),),
    "measure_value": (_of("measure", "measure_id"),),
    "watch_hit": (_of("watched_person", "watched_person_id"),),
}

# Whose rows somebody takes away who works with them. Elsewhere only the system does: erasure, retention, housekeeping.
TAKEN_AWAY = (
    *("dossier_text", "grant_approval", "grant_line", "kept_form", "measure", "measure_value", "referral"),
    "track_request",
)

# What the application's role may do: everything it needs, nothing else. The audit trail can only grow.
APPEND, KEEP, EDIT = "SELECT, INSERT", "SELECT, INSERT, DELETE", "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS: dict[str, str] = {
    **dict.fromkeys(RULES, ALL),
    # What stays as a shell when a woman is erased (`domain/subject_data.py`), and what is nobody's to take away.
    **dict.fromkeys(("alert", "audit_sample", "break_glass", "case_access", "client", "client_case", "erasure"), EDIT),
    **dict.fromkeys(("grant_application", "incident", "legal_hold", "retention_item"), EDIT),
    **dict.fromkeys(("rights_request", "subject_export"), EDIT),
    **dict.fromkeys(("audit_event", "erasure_proof", "hand_over", "hand_over_item"), APPEND),
    "request_event": KEEP,
    **dict.fromkeys(("account_code", "code_wish", "factor", "half_sign_in", "known_device", "link_code"), ALL),
    **dict.fromkeys(("passkey_challenge", "recovery_code", "round_leader", "departure"), ALL),
    **dict.fromkeys(("linked_identity", "used_state"), KEEP),
    **dict.fromkeys(("job_run", "outgoing_mail", "rate_counter", "submission", "user_session"), ALL),
    # Keys are wrapped anew and destroyed.
    **dict.fromkeys(("data_key", "organisation_key"), ALL),
    **dict.fromkeys(
        ("fund", "group_round", "housing_unit", "membership", "municipality", "offer", "organisation"), EDIT
    ),
    **dict.fromkeys(("identity_provider", "membership_absence", "organisation_exit", "programme"), EDIT),
    **dict.fromkeys(("reference_counter", "retention_setting", "reveal_allowance", "user_account", "volunteer"), EDIT),
    # The chain is made by a trigger of the owner's; the portal says what is anchored outside, and no more.
    "audit_head": "SELECT, UPDATE (anchored_seq, anchored_at)",
    "alembic_version": "SELECT",
}
NEEDS_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bro_app') THEN
        RAISE EXCEPTION 'the role bro_app is missing: see "portal db roles"';
    END IF;
END $$
"""


def _wall(table: str, read: str, write: str | None = None, change: str | None = None) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({read})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({write or read})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({change or read})")
    removes = change or read if table in TAKEN_AWAY else "bro_is_system()"
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({removes})")


def upgrade() -> None:
    op.execute(NEEDS_ROLE)
    op.create_index("ix_client_case_erased", "client_case", ["id"], postgresql_where="erased_at IS NOT NULL")
    op.execute(WHO)
    op.execute(QUESTIONS)
    op.execute(COUNTS)
    for trigger in TRIGGERS:
        op.execute(f"ALTER FUNCTION {trigger} {DEFINER.removeprefix('STABLE ')}")
    for table, rule in RULES.items():
        _wall(table, *rule)
    for table in READ_INSIDE:
        op.execute(f"CREATE POLICY inside ON {table} FOR SELECT TO CURRENT_USER USING ({INSIDE})")
    for table in WRITTEN_INSIDE:
        op.execute(f"CREATE POLICY inside ON {table} TO CURRENT_USER USING ({INSIDE})")
    op.execute("GRANT USAGE ON SCHEMA public TO bro_app")
    for table, rights in GRANTS.items():
        op.execute(f"GRANT {rights} ON {table} TO bro_app")


def downgrade() -> None:
    for table in GRANTS:
        op.execute(f"REVOKE ALL ON {table} FROM bro_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM bro_app")
    for table in RULES:
        for policy in ("system", "reads", "writes", "changes", "removes", "inside"):
            op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for trigger in TRIGGERS:
        op.execute(f"ALTER FUNCTION {trigger} SECURITY INVOKER RESET ALL")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_client_case_erased", table_name="client_case")
