"""Columns of volunteers, their tasks and furnishing help."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "volunteer",
        R.VOLUNTEER,
        About.USER,
        "id public_id version user_id organisation_id",
        Part("region skills pledged_on trained_on certificate_until opens_on is_suspended", C.S2, F.VOLUNTEER_PROFILE),
    ),
    Table(
        "volunteer_match",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version enrolment_id volunteer_id",
        Part("started_on ended_on", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "task",
        R.TASK_PRIVATE,
        About.CLIENT,
        "id public_id version organisation_id case_id enrolment_id created_by_id created_at held_at",
        Part("alias", C.S3, F.TASK_PRIVATE, key=K.CASE),
        Part("meeting_point", C.S4_LOCATION, F.TASK_PRIVATE, key=K.LOCATION),
        Part("address", C.S4_LOCATION, F.TASK_ADDRESS, key=K.LOCATION),
        Part(
            "reference kind state region week_of part_of_day skills has_children is_accompanied places taken",
            C.S1,
            F.TASK_CARD_PUBLIC,
        ),
        Part("starts_at ends_at", C.S2, F.TASK_PRIVATE),
    ),
    Table(
        "claim",
        R.TASK_PRIVATE,
        About.USER,
        "id public_id version task_id volunteer_id confirmed_by_id",
        Part("report worry", C.S3, F.TASK_PRIVATE, key=K.CASE, about=About.CLIENT),
        Part("may_see_address", C.S2, F.TASK_ADDRESS),
        Part("outcome worried_at", C.S2, F.TASK_PRIVATE, about=About.CLIENT),
        Part("state claimed_at confirmed_at released_at knows_her done_at minutes", C.S2, F.VOLUNTEER_PROFILE),
    ),
    Table(
        "furnishing_project",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version enrolment_id organisation_id architect_id held_at",
        Part("wishes", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("state budget_ore work_day_on", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "furnishing_item",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version project_id",
        Part("what", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("room quantity is_must state source cost_ore", C.S2, F.ENROL_TRACK_STATE),
    ),
)
