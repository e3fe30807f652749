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
        Part("reason", C.S3, F.BLOCK_LIST, key=K.CASE),
        Part("user_id organisation_id created_at lift_asked_at ended_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "watched_person",
        R.PERPETRATOR,
        About.CLIENT,
        "id public_id case_id created_by_id",
        Part("name phone email", C.S3, F.BLOCK_LIST, key=K.CASE),
        Part("name_index name_year_index phone_index email_index cpr_index", C.K, about=About.NOBODY),
        Part("relation created_at ended_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "watch_hit",
        R.PERPETRATOR,
        About.NOBODY,
        "id public_id watched_person_id user_id answered_by_id",
        Part("matched_by found_at state answered_at", C.S2, F.BLOCK_LIST),
    ),
    Table(
        "break_glass",
        R.AUDIT,
        About.CLIENT,
        "id public_id case_id user_id membership_id organisation_id reviewed_by_id",
        Part("reason remark", C.S3, F.AUDIT_CASE_ACCESS, key=K.CASE),
        Part("category started_at ends_at ended_at reviewed_at verdict", C.S2, F.AUDIT_CASE_ACCESS),
    ),
)
