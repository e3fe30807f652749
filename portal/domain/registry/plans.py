"""Columns of her plan."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "goal",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id owner_id created_by_id created_at",
        Part("wish sign helper", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("area is_hers due_on state attainment", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "goal_step",
        R.JOURNAL,
        About.CLIENT,
        "id public_id goal_id owner_id",
        Part("text", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("due_on done_on", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "goal_change",
        R.JOURNAL,
        About.CLIENT,
        "id public_id goal_id by_id",
        Part("reason", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("state attainment at", C.S2, F.ENROL_TRACK_STATE),
    ),
)
