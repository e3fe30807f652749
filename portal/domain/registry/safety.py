"""Columns of blocks, the watch list and emergency access."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table("case_access", R.IN_USE, About.NOBODY, "case_id version"),
    Table(
        "case_block",
        R.PERPETRATOR,
        About.CLIENT,
        "id public_id case_id created_by_id lift_asked_by_id ended_by_id",
        Part("email reason", C.S3, F.BLOCK_LIST, key=K.CASE),
        Part("user_id organisation_id created_at lift_asked_at ended_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "keep_apart",
        R.PERPETRATOR,
        About.CLIENT,
        "id public_id case_id other_case_id user_id set_by_id ended_by_id",
        Part("named areas note", C.S3, F.RISK_NARRATIVE_PERPETRATOR, key=K.CASE),
        Part("kind state review_on set_at looked_at ended_at", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
    ),
    Table(
        "apart_question",
        R.PERPETRATOR,
        About.CLIENT,
        "id public_id case_id flag_id asked_by_id answered_by_id",
        Part("path asked_at answer answered_at used_at", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
        Part("place_key whom_key", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
    ),
    Table(
        "watched_person",
        R.PERPETRATOR,
        About.CLIENT,
        "id public_id case_id created_by_id lift_asked_by_id ended_by_id",
        Part("name phone email reason", C.S3, F.BLOCK_LIST, key=K.CASE),
        Part("name_index phone_index email_index", C.K, about=About.NOBODY),
        Part("relation created_at lift_asked_at ended_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "watch_hit",
        R.PERPETRATOR,
        About.NOBODY,
        "id public_id watched_person_id user_id answered_by_id",
        Part("matched_by found_at told_at state answered_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "break_glass",
        R.AUDIT,
        About.CLIENT,
        "id public_id case_id user_id membership_id organisation_id reviewed_by_id",
        Part("reason remark", C.S3, F.AUDIT_CASE_ACCESS, key=K.CASE),
        Part("category started_at ends_at ended_at reviewed_at verdict", C.S2, F.AUDIT_CASE_ACCESS),
    ),
    Table(
        "reveal_allowance",
        R.AUDIT,
        About.USER,
        "id public_id user_id given_by_id",
        Part("reason", C.S3, F.AUDIT_SYSTEM, key=K.SUBJECT),
        Part("a_day until given_at", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "protection_change",
        R.AUDIT,
        About.CLIENT,
        "id public_id case_id asked_by_id agreed_by_id",
        Part("reason", C.S3, F.ADDR_PROTECTION_LEVEL, key=K.CASE),
        Part("to_level asked_at agreed_at closed_at", C.S2, F.ADDR_PROTECTION_LEVEL),
    ),
    Table(
        "former_address",
        R.PLACES,
        About.CLIENT,
        "id public_id client_id",
        Part("address", C.S4_LOCATION, F.ADDR_EXACT, key=K.LOCATION),
        Part("replaced_at", C.S2, F.ADDR_PROTECTION_LEVEL),
    ),
    Table(
        "alert",
        R.AUDIT,
        About.USER,
        "id public_id organisation_id about_user_id case_id key answered_by_id",
        Part("remark", C.S3, F.AUDIT_SYSTEM, key=K.ORGANISATION),
        Part("rule window_from window_to raised_at answered_at answer", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "audit_sample",
        R.AUDIT,
        About.USER,
        "id public_id event_id organisation_id answered_by_id",
        Part("remark", C.S3, F.AUDIT_SYSTEM, key=K.ORGANISATION),
        Part("drawn_at due_on answered_at answer", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "departure",
        R.SECURITY_LOG,
        About.USER,
        "membership_id noted_by_id",
        Part("last_day noted_at", C.S2, F.USER_MEMBERSHIP),
    ),
)
