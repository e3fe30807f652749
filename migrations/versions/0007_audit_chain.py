"""One table for what was done and what was looked at, chained line to line; alerts; samples."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_audit_chain"
down_revision = "0006_vault"
branch_labels = None
depends_on = None

ROLES = """
contact_person municipal_adviser intake programme_worker group_leader housing_coordinator volunteer_coordinator
volunteer grant_officer grant_approver grant_payer programme_lead safety_officer data_protection_officer administrator
system
"""
SUBJECTS = """
case referral request enrolment meeting round unit tenancy task claim furnishing grant follow_up counselling notice
user session programme volunteer block watch_hit break_glass alert sample rights_request incident invitation
organisation system
"""

MESSAGES = """
referral_received referral_info_wanted referral_info_given referral_answered referral_offered referral_accepted
referral_waitlisted referral_declined referral_withdrawn case_shared enrolment_assigned enrolment_changed
meeting_changed task_published task_claimed task_confirmed task_released task_cancelled task_reported grant_submitted
grant_info_wanted grant_needs_approval grant_needs_payment grant_approved grant_declined grant_paid tenancy_changed
extension_asked extension_decided deadline_near deadline_passed concern_raised mail_failed safety_alert
break_glass_used protection_lapses protection_changed case_without_team case_handed_over account_changed sample_drawn
rights_requested second_person_needed incident_opened retention_ahead
"""

# The words that a line's hash is made of: the same list, in the same order, as `portal/domain/audit_chain.py`.
LINE = """
CREATE FUNCTION audit_line(e audit_event) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT jsonb_build_array(
        1, e.id, e.chain, e.seq,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        to_char(e.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.kind, e.actor_id, e.membership_id, e.organisation_id, e.role, e.relation, e.action, e.page,
        e.subject_type, e.subject_public_id, e.case_id, to_jsonb(e.fields), e.shown, e.reason_category,
        encode(e.reason, 'hex'), e.outcome, e.rule, e.request_id, e.session, e.device, e.network, e.policy,
        e.public_id
    )::text
$$;
"""

# A line is written at any moment of a transaction and takes its place in the chain when the transaction commits:
# the head is locked last and briefly, and the heads of several chains always in the same order, so that two
# transactions never wait for each other. `id >= NEW.id AND seq IS NULL` is what this transaction has written: lines
# of others are either invisible or have their place already.
SEAL = """
CREATE FUNCTION audit_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.seq := NULL; NEW.prev_hash := NULL; NEW.hash := NULL; NEW.sealed_at := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e audit_event;
    head audit_head;
BEGIN
    PERFORM 1 FROM audit_event WHERE id = NEW.id AND seq IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    FOR e IN SELECT * FROM audit_event WHERE id >= NEW.id AND seq IS NULL ORDER BY chain, id LOOP
        IF head.chain IS DISTINCT FROM e.chain THEN
            IF head.chain IS NOT NULL THEN
                UPDATE audit_head SET seq = head.seq, hash = head.hash WHERE chain = head.chain;
            END IF;
            INSERT INTO audit_head (chain, seq, hash) VALUES (e.chain, 0, decode(repeat('00', 32), 'hex'))
            ON CONFLICT (chain) DO NOTHING;
            SELECT * INTO STRICT head FROM audit_head WHERE chain = e.chain FOR UPDATE;
        END IF;
        e.seq := head.seq + 1;
        e.prev_hash := head.hash;
        e.sealed_at := clock_timestamp();
        e.hash := sha256(e.prev_hash || convert_to('|' || e.seq || '|' || audit_line(e), 'UTF8'));
        UPDATE audit_event SET seq = e.seq, prev_hash = e.prev_hash, hash = e.hash, sealed_at = e.sealed_at
        WHERE id = e.id;
        head.seq := e.seq;
        head.hash := e.hash;
    END LOOP;
    UPDATE audit_head SET seq = head.seq, hash = head.hash WHERE chain = head.chain;
    RETURN NULL;
END $$;

-- Only the sealing above, itself a trigger, may touch a line; nothing may take one away.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit trail cannot be changed';
END $$;

CREATE TRIGGER audit_event_unsealed BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_unsealed();
CREATE CONSTRAINT TRIGGER audit_event_sealed AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

MOVE = """
INSERT INTO audit_event (
    public_id, kind, at, actor_id, membership_id, organisation_id, role, relation, action, page, subject_type, subject_public_id,
    case_id, fields, reason, outcome, request_id
)
SELECT public_id, kind, at, actor_id, membership_id, organisation_id, role, relation, action, page, subject_type,
       subject_public_id, case_id, fields, reason, 'allowed', request_id
FROM (
    SELECT public_id, 'done' AS kind, at, actor_id, membership_id, organisation_id, role, NULL AS relation, action, NULL AS page,
           subject_type, subject_public_id, case_id, fields, reason, request_id, id
    FROM audit_entry
    UNION ALL
    SELECT NULL, 'seen', at, user_id, membership_id, organisation_id, role, relation, NULL, page,
           'case', NULL, case_id, '{}'::text[], NULL, request_id, id
    FROM access_entry
) old
ORDER BY at, kind, id;
-- Gives the lines their places now, so that the table can be changed further in the same transaction.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

MOVE_BACK = """
INSERT INTO audit_entry (
    public_id, at, actor_id, membership_id, organisation_id, role, action, subject_type, subject_public_id, case_id, fields,
    reason, request_id
)
SELECT public_id, at, actor_id, membership_id, organisation_id, role, action, subject_type, subject_public_id,
       case_id, fields, reason, request_id
FROM audit_event WHERE kind = 'done' ORDER BY id;
INSERT INTO access_entry (at, user_id, membership_id, organisation_id, role, relation, case_id, page, request_id)
SELECT at, actor_id, membership_id, organisation_id, role, relation, case_id, page, request_id
FROM audit_event WHERE kind = 'seen' AND case_id IS NOT NULL AND relation IS NOT NULL ORDER BY id;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail cannot be changed';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def _known(table: str, column: str, words: str) -> sa.CheckConstraint:
    known = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({known})", name=op.f(f"ck_{table}_{column}_known"))


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        _id(),
        sa.Column("public_id", sa.String(length=22)),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("membership_id", sa.BigInteger()),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text()),
        sa.Column("action", sa.Text()),
        sa.Column("page", sa.Text()),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_public_id", sa.Text()),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("shown", sa.Integer()),
        sa.Column("reason_category", sa.Text()),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text()),
        sa.Column("request_id", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("device", sa.Text()),
        sa.Column("network", sa.Text()),
        sa.Column("policy", sa.Text()),
        sa.Column(
            "chain", sa.BigInteger(), sa.Computed("COALESCE(organisation_id, 0)", persisted=True), nullable=False
        ),
        sa.Column("seq", sa.BigInteger()),
        sa.Column("prev_hash", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("sealed_at", sa.DateTime(timezone=True)),
        _known("audit_event", "kind", "done seen"),
        _known("audit_event", "role", ROLES),
        _known("audit_event", "subject_type", SUBJECTS),
        _known("audit_event", "outcome", "allowed denied failed"),
        sa.CheckConstraint("(kind = 'done') = (action IS NOT NULL)", name=op.f("ck_audit_event_done_names_action")),
        sa.CheckConstraint("(kind = 'seen') = (page IS NOT NULL)", name=op.f("ck_audit_event_seen_names_page")),
        _to("audit_event", "actor_id", "user_account"),
        _to("audit_event", "membership_id", "membership"),
        _to("audit_event", "organisation_id", "organisation"),
        _to("audit_event", "case_id", "client_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("uq_audit_event_chain_seq", "audit_event", ["chain", "seq"], unique=True)
    for column in ("case_id", "organisation_id", "actor_id"):
        op.create_index(f"ix_audit_event_{column}_id", "audit_event", [column, sa.literal_column("id DESC")])
    op.create_index(
        "ix_audit_event_at", "audit_event", ["at"], postgresql_using="brin", postgresql_with={"pages_per_range": 16}
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("anchored_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("anchored_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    _alerts()
    _departures()
    _messages(f"{MESSAGES} audit_sealed")
    op.execute(LINE)
    op.execute(SEAL)
    op.execute(MOVE)
    op.drop_table("audit_entry")
    op.drop_table("access_entry")


def _messages(words: str) -> None:
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    known = ", ".join(f"'{word}'" for word in words.split())
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({known})")


def _answer(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by_id", sa.BigInteger()),
        sa.Column("answer", sa.Text()),
        sa.Column("remark", sa.LargeBinary()),
        _known(table, "answer", "explained not_explained"),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f(f"ck_{table}_answered_with_answer")),
        _to(table, "answered_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _alerts() -> None:
    op.create_table(
        "alert",
        _id(),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("about_user_id", sa.BigInteger()),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_from", sa.DateTime(timezone=True)),
        sa.Column("window_to", sa.DateTime(timezone=True)),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        _known("alert", "rule", "L1 L2 L2-stop L3 L4 L5 L8 L9 L10 L11 L12 L13 L14 L15 L16"),
        _to("alert", "organisation_id", "organisation"),
        _to("alert", "about_user_id", "user_account"),
        _to("alert", "case_id", "client_case"),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
        *_answer("alert"),
    )
    op.create_index("ix_alert_organisation_id_id", "alert", ["organisation_id", sa.literal_column("id DESC")])
    op.create_index(
        "ix_alert_open", "alert", ["organisation_id", "id"], postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_table(
        "audit_sample",
        _id(),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _to("audit_sample", "event_id", "audit_event"),
        _to("audit_sample", "organisation_id", "organisation"),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_sample_event_id")),
        *_answer("audit_sample"),
    )
    op.create_index(
        "ix_audit_sample_organisation_id_id", "audit_sample", ["organisation_id", sa.literal_column("id DESC")]
    )


def _departures() -> None:
    op.create_table(
        "departure",
        sa.Column("membership_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=False),
        _to("departure", "membership_id", "membership"),
        _to("departure", "noted_by_id", "user_account"),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_departure")),
    )


def downgrade() -> None:
    op.drop_table("departure")
    op.execute("DELETE FROM message WHERE kind = 'audit_sealed'")
    _messages(MESSAGES)
    op.drop_table("audit_sample")
    op.drop_table("alert")
    op.create_table(
        "audit_entry",
        _id(),
        sa.Column("public_id", sa.String(length=22)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("membership_id", sa.BigInteger()),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_public_id", sa.Text()),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("request_id", sa.Text()),
        _known("audit_entry", "role", ROLES),
        _known("audit_entry", "subject_type", SUBJECTS),
        _to("audit_entry", "actor_id", "user_account"),
        _to("audit_entry", "membership_id", "membership"),
        _to("audit_entry", "organisation_id", "organisation"),
        _to("audit_entry", "case_id", "client_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "access_entry",
        _id(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text()),
        _known("access_entry", "role", ROLES),
        _to("access_entry", "user_id", "user_account"),
        _to("access_entry", "membership_id", "membership"),
        _to("access_entry", "organisation_id", "organisation"),
        _to("access_entry", "case_id", "client_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    for column in ("case_id", "organisation_id", "actor_id"):
        op.create_index(f"ix_audit_entry_{column}_id", "audit_entry", [column, sa.literal_column("id DESC")])
    for column in ("case_id", "user_id"):
        op.create_index(f"ix_access_entry_{column}_id", "access_entry", [column, sa.literal_column("id DESC")])
    op.execute(MOVE_BACK)
    op.execute("DROP FUNCTION audit_line(audit_event)")
    op.drop_table("audit_event")
    op.drop_table("audit_head")
    op.execute("DROP FUNCTION audit_seal()")
    op.execute("DROP FUNCTION audit_unsealed()")
