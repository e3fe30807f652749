"""Columns of the documents of a case, and of handovers under way."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "case_document",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id enrolment_id organisation_id added_by_id removed_by_id recipient_organisation_id",
        Part("theme content digest removal_reason", C.S3, F.DOCUMENT_FILE, key=K.CASE),
        Part("kind state media size dated_on added_at removed_at basis", C.S2, F.DOCUMENT_FILE),
    ),
    Table(
        "passing_draft",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id recipient_organisation_id begun_by_id",
        Part("texts reason", C.S3, F.DOCUMENT_FILE, key=K.CASE),
        Part("language basis sections begun_at", C.S2, F.DOCUMENT_FILE),
    ),
)
