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
    Table(
        "need_rating",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id recorded_by_id recorded_at",
        Part("area point rated_by score rated_on", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "stay_plan",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id written_by_id written_at",
        Part("wish offers children", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("number state next_review_on confirmed_how confirmed_on agreed_at", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "stay_plan_goal",
        R.JOURNAL,
        About.CLIENT,
        "id public_id stay_plan_id goal_id",
        Part("wish", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
    ),
    Table(
        "municipal_plan",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id noted_by_id noted_at",
        Part("kind plan_on consent_on sent_on next_meeting_on", C.S2, F.ENROL_TRACK_STATE),
    ),
)
