"""Columns of hand-overs, absences, a municipality's own sign-in, and organisations that leave."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "hand_over",
        R.SECURITY_LOG,
        About.USER,
        "id public_id membership_id organisation_id made_by_id",
        Part("made_at is_end", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "hand_over_item",
        R.SECURITY_LOG,
        About.USER,
        "id hand_over_id to_user_id",
        Part("kind reference things", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "membership_absence",
        R.SECURITY_LOG,
        About.USER,
        "id public_id membership_id deputy_id organisation_id made_by_id",
        Part("from_on to_on made_at started_at ended_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "identity_provider",
        R.IN_USE,
        About.NOBODY,
        "id public_id organisation_id is_active set_at",
        Part("issuer client_id assurance email_domain", C.S1, F.STATS_RELEASED),
        Part("client_secret", C.S3, F.USER_MEMBERSHIP, key=K.ORGANISATION),
    ),
    Table(
        "linked_identity",
        R.IN_USE,
        About.USER,
        "id public_id provider_id user_id",
        Part("issuer subject linked_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "link_code",
        R.SHORT_LIVED,
        About.NOBODY,
        "user_id organisation_id made_at made_by_id ends_at used_at",
        Part("code_hash", C.K),
    ),
    Table("used_state", R.SHORT_LIVED, About.NOBODY, "used_at", Part("state_hash", C.K)),
    Table(
        "organisation_exit",
        R.AUDIT,
        About.NOBODY,
        "id public_id version organisation_id asked_by_id frozen_by_id destruction_asked_by_id destroyed_by_id",
        Part(
            "state asked_at asked_role frozen_at revoked_at destruction_asked_at destruction_asked_role destroyed_at",
            C.S2,
            F.AUDIT_SYSTEM,
        ),
    ),
    Table(
        "organisation_return",
        R.AUDIT,
        About.NOBODY,
        "id public_id organisation_id exit_id made_by_id",
        Part("made_at made_role cases size sha256 certificate_sha256 signature", C.S2, F.AUDIT_SYSTEM),
    ),
    Table(
        "take_over",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id enrolment_id to_id from_id by_id",
        Part("state reason asked_at answered_at", C.S2, F.ENROL_TRACK_STATE),
        Part("hand_over", C.S3, F.NOTE_TRACK, key=K.CASE),
    ),
    Table(
        "case_transfer",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id from_organisation_id to_organisation_id proposed_by_id answered_by_id stays_id",
        Part("basis state proposed_at answered_at", C.S2, F.CASE_EXISTS),
        Part("note hand_over decline_reason", C.S3, F.CASE_EXISTS, key=K.CASE),
    ),
)
