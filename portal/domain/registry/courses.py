"""Columns of courses: enrolments and what is special about each kind."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "enrolment",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id offer_id programme_version_id organisation_id request_id "
        "worker_id round_id created_at",
        Part("end_note checked_by", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part(
            "kind state started_on planned_end_on ended_on end_reason unchecked_reason pause_review_on",
            C.S2,
            F.ENROL_TRACK_STATE,
        ),
    ),
    Table(
        "cti_course",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version enrolment_id",
        Part("late_basis", C.S3, F.CTI_PHASE_CONTACTS, key=K.CASE),
        Part("t0 phase", C.S2, F.CTI_PHASE_CONTACTS),
    ),
    Table(
        "phase_plan",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version course_id",
        Part("plan review", C.S3, F.CTI_PHASE_CONTACTS, key=K.CASE),
        Part("phase areas written_on reviewed_on", C.S2, F.CTI_PHASE_CONTACTS),
    ),
    Table(
        "coordinating_counselling",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id stay_id enrolment_id offered_by_id offered_from_id"
        " extension_approved_by_id is_current missed_on missed_lead_on",
        Part("extension_reason", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("municipality_code", C.S2, F.ADDR_AREA),
        Part(
            "left_on state offered_on offered_how has_interpreter attempts ask_again_on answered_on started_on"
            " planned_end_on ended_on end_reason areas",
            C.S2,
            F.ENROL_TRACK_STATE,
        ),
    ),
    Table(
        "counselling_promise",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id counselling_id noted_by_id organisation_id",
        # Which office helps her may tell where she is.
        Part("authority promised", C.S3, F.ENROL_TRACK_STATE, key=K.CASE),
        Part("area promised_on due_on settled_on is_kept", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "hour_entitlement",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version enrolment_id child_id",
        Part("minutes_total minutes_used", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "hour_entry",
        R.JOURNAL,
        About.CLIENT,
        "id public_id entitlement_id corrects_id registered_by_id registered_at",
        Part("held_on minutes authorisation", C.S2, F.ENROL_TRACK_STATE),
    ),
    Table(
        "housing_unit",
        R.PLACES,
        About.NOBODY,
        "id public_id version offer_id organisation_id",
        # Belongs to no one person: sealed with the organisation's key.
        Part("address", C.S4_LOCATION, F.HOUSING_UNIT_IDENTITY, key=K.ORGANISATION),
        Part("number state max_children ready_on", C.S2, F.HOUSING_OFFER_STATE),
    ),
    Table(
        "tenancy",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version enrolment_id extension_asked_by_id extension_decided_by_id",
        Part("unit_id", C.S2, F.HOUSING_UNIT_IDENTITY, retention=R.PLACES),
        Part("gap_reason extension_wish extension_reason", C.S3, F.HOUSING_OFFER_STATE, key=K.CASE),
        Part(
            "state period months extension_asked_at extension_decided_at moved_out_on destination",
            C.S2,
            F.HOUSING_OFFER_STATE,
        ),
    ),
)
