"""Columns of follow-ups and what was measured."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "follow_up",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id enrolment_id organisation_id owner_id completed_by_id",
        Part("point span state opens_on due_on closes_on completed_at mode", C.S2, F.OUTCOME_SCORES),
    ),
    Table(
        "measure",
        R.JOURNAL,
        About.CLIENT,
        "id public_id follow_up_id case_id",
        Part("answers", C.S3, F.OUTCOME_SCORES, key=K.CASE),
        Part("instrument taken_on score band", C.S2, F.OUTCOME_SCORES),
    ),
    Table(
        "measure_value",
        R.JOURNAL,
        About.CLIENT,
        "measure_id",
        Part("item value", C.S2, F.OUTCOME_SCORES),
    ),
)
