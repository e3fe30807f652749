"""Columns of requests about own data, erasures, holds, retention and incidents."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "rights_request",
        R.AUDIT,
        About.CLIENT,
        "id public_id organisation_id case_id child_id recorded_by_id taken_by_id decided_by_id seconded_by_id version",
        Part(
            "asked_by_note wishes extension_reason harm_reason harm_before decision_reason return_reason",
            C.S3,
            F.EXPORT_SUBJECT_ACCESS,
            key=K.CASE,
        ),
        Part(
            "kind state capacity identity_check received_on due_on recorded_at taken_at harm decided_at refusal_ground "
            "seconded_at delivery closed_at",
            C.S2,
            F.EXPORT_SUBJECT_ACCESS,
        ),
    ),
    Table(
        "subject_export",
        R.SHORT_LIVED,
        About.NOBODY,
        "id public_id request_id built_by_id fetched_by_id",
        Part("content", C.S3, F.EXPORT_SUBJECT_ACCESS, key=K.CASE),
        Part("built_at fetched_at deleted_at", C.S2, F.EXPORT_SUBJECT_ACCESS),
    ),
    Table(
        "dossier_text",
        R.SHORT_LIVED,
        About.NOBODY,
        "id public_id request_id version",
        Part("text spans", C.S3, F.EXPORT_SUBJECT_ACCESS, key=K.CASE),
        Part("number source", C.S2, F.EXPORT_SUBJECT_ACCESS),
    ),
    Table(
        "legal_hold",
        R.AUDIT,
        About.CLIENT,
        "id public_id case_id set_by_id lifted_by_id",
        Part("reason lift_reason", C.S3, F.EXPORT_SUBJECT_ACCESS, key=K.CASE),
        Part("set_at lifted_at", C.S2, F.EXPORT_SUBJECT_ACCESS),
    ),
    Table(
        "erasure",
        R.AUDIT,
        About.NOBODY,
        "id public_id organisation_id first_by_id second_by_id",
        Part("subject_hash", C.K),
        Part("basis at rows_deleted rows_blanked verified_at left_over", C.S2, F.EXPORT_SUBJECT_ACCESS),
    ),
    Table(
        "retention_item",
        R.AUDIT,
        About.NOBODY,
        "id public_id organisation_id case_id",
        Part("rule subject_key due_on found_at told_on state acted_at rows", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "retention_setting",
        R.AUDIT,
        About.NOBODY,
        "id public_id organisation_id asked_by_id agreed_by_id",
        Part("rule days asked_at agreed_at", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "incident",
        R.AUDIT,
        About.NOBODY,
        "id public_id organisation_id recorded_by_id version",
        Part(
            "what_happened consequences measures authority_reason telling_plan plan_holder",
            C.S3,
            F.AUDIT_SYSTEM,
            key=K.ORGANISATION,
        ),
        Part(
            "reference kind state known_at happened_at people groups is_location authority notified_at telling told_at "
            "recorded_at closed_at",
            C.S2,
            F.AUDIT_SYSTEM,
        ),
    ),
)
