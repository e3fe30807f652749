"""Columns of the work on risk and safety. Whatever tells of whom she fears goes when the rule for it says so."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "safety_assessment",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id assessed_by_id responsible_id created_at",
        Part("reason children", C.S3, F.RISK_NARRATIVE_PERPETRATOR, key=K.CASE, retention=R.PERPETRATOR),
        Part("tool result", C.S3, F.RISK_NARRATIVE_PERPETRATOR, key=K.CASE),
        Part("level assessed_on review_on moment method is_trained is_safe_to_move", C.S2, F.RISK_LEVEL),
    ),
    Table(
        "safety_review",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id asked_by_id closed_by_id",
        Part("reason", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
        Part("asked_at due_on closed_at", C.S2, F.RISK_LEVEL),
    ),
    Table(
        "safety_plan",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id written_by_id",
        Part("sections", C.S3, F.RISK_NARRATIVE_PERPETRATOR, key=K.CASE),
        Part("number home has_code_word confirmed_on written_at", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
    ),
    Table(
        "violence_report",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id reported_by_id",
        Part("text", C.S3, F.RISK_NARRATIVE_PERPETRATOR, key=K.CASE, retention=R.PERPETRATOR),
        Part(
            "happened_on kinds by_whom police is_order_breached did_children_see reported_at",
            C.S2,
            F.RISK_NARRATIVE_PERPETRATOR,
        ),
    ),
    Table(
        "safety_check",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id asked_by_id",
        Part("new_violence unwanted_contact feels_safe asked_at", C.S2, F.RISK_NARRATIVE_PERPETRATOR),
    ),
)
