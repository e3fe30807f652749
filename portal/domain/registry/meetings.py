"""Columns of what stands in calendars."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "group_round",
        R.IN_USE,
        About.NOBODY,
        "id public_id version offer_id organisation_id",
        Part(
            "name state starts_on starts_at_time session_minutes session_count step_days places_min places_max taken",
            C.S1,
            F.CALENDAR_ENTRY,
        ),
    ),
    Table("round_leader", R.IN_USE, About.NOBODY, "round_id user_id"),
    Table(
        "meeting",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version organisation_id responsible_id case_id enrolment_id round_id request_id registered_at",
        Part("place", C.S4_LOCATION, F.ADDR_EXACT, key=K.LOCATION, retention=R.PLACES),
        Part("theme note", C.S3, F.NOTE_TRACK, key=K.CASE),
        Part("talk", C.S2, F.NOTE_CASE, F.NOTE_TRACK),
        Part(
            "step number kind state starts_at ends_at place_kind has_interpreter cancel_reason moved_from",
            C.S2,
            F.CALENDAR_ENTRY,
        ),
    ),
    Table(
        "attendance",
        R.JOURNAL,
        About.CLIENT,
        "meeting_id enrolment_id set_by_id",
        Part("presence set_at", C.S2, F.ENROL_TRACK_STATE),
    ),
)
