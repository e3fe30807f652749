"""Columns of start-up grants."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "fund",
        R.IN_USE,
        About.NOBODY,
        "id public_id version organisation_id offer_id",
        Part("name budget_ore reserved_ore spent_ore second_approval_above_ore", C.S1, F.GRANT_DECISION_PAYMENT),
    ),
    Table(
        "grant_application",
        R.GRANT_LEDGER,
        About.CLIENT,
        "id public_id version case_id fund_id enrolment_id applicant_id applicant_organisation_id recommended_by_id "
        "ordered_by_id created_at",
        Part("other_support info_wanted", C.S3, F.GRANT_APPLICATION, key=K.CASE, retention=R.GRANT_STORY),
        Part("account", C.S3, F.GRANT_BANK_DETAILS, key=K.CASE, retention=R.GRANT_STORY),
        Part("recommendation decline_text", C.S3, F.GRANT_DECISION_PAYMENT, key=K.CASE, retention=R.GRANT_STORY),
        Part("reference state submitted_at answer_due_on payee_kind", C.S2, F.GRANT_APPLICATION),
        Part(
            "recommended_ore approved_ore decided_at decline_reason paid_on payment_reference receipt_due_on",
            C.S2,
            F.GRANT_DECISION_PAYMENT,
        ),
    ),
    Table(
        "grant_line",
        R.GRANT_LEDGER,
        About.CLIENT,
        "id public_id application_id",
        Part("purpose", C.S3, F.GRANT_APPLICATION, key=K.CASE, retention=R.GRANT_STORY),
        Part("category requested_ore approved_ore", C.S2, F.GRANT_APPLICATION),
    ),
    Table(
        "grant_approval",
        R.GRANT_LEDGER,
        About.CLIENT,
        "application_id approver_id",
        Part("amount_ore approved_at", C.S2, F.GRANT_DECISION_PAYMENT),
    ),
)
