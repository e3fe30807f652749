"""Columns of the trail, the work list, messages, mail, scheduled work and keys."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "audit_event",
        R.AUDIT,
        About.USER,
        "id public_id actor_id membership_id organisation_id case_id subject_type subject_public_id request_id "
        "chain seq",
        Part("reason", C.S3, F.AUDIT_CASE_ACCESS, key=K.ORGANISATION),
        Part("prev_hash hash session device", C.K, about=About.NOBODY),
        Part(
            "kind at role relation action page fields shown reason_category outcome rule network policy sealed_at",
            C.S2,
            F.AUDIT_CASE_ACCESS,
            F.AUDIT_SYSTEM,
        ),
    ),
    Table("audit_head", R.AUDIT, About.NOBODY, "chain seq anchored_seq anchored_at", Part("hash", C.K)),
    Table(
        "deadline",
        R.JOURNAL,
        About.CLIENT,
        "id public_id source_key organisation_id owner_id queue_role given_by_id case_id subject_type "
        "subject_public_id created_at done_by_id reminded_at remind_attempts",
        Part("kind state due_on done_at", C.S2, F.CASE_EXISTS),
    ),
    Table(
        "deadline_change",
        R.JOURNAL,
        About.CLIENT,
        "id public_id deadline_id case_id asked_by_id answered_by_id",
        Part("reason", C.S3, F.CASE_EXISTS, key=K.CASE),
        Part("cause from_on to_on at state answered_at", C.S2, F.CASE_EXISTS),
    ),
    Table(
        "message",
        R.JOURNAL,
        About.USER,
        "id public_id recipient_id subject_type subject_public_id case_id dedupe_key",
        Part("kind deadline_kind created_at read_at held_until", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "outgoing_mail",
        R.MAIL_LOG,
        About.USER,
        "id public_id recipient_id dedupe_key may_resend next_try_at first_tried_at attempts resends attempt_id "
        "lease_until provider_id failure",
        Part("template state created_at accepted_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table("job_run", R.SHORT_LIVED, About.NOBODY, "job slot started_at lease_until finished_at done failed error"),
    Table("rate_counter", R.SHORT_LIVED, About.NOBODY, "hits expires_at", Part("key", C.K)),
    Table(
        "kept_form",
        R.SHORT_LIVED,
        About.NOBODY,
        "id public_id user_id membership_id action kept_at",
        Part("content", C.S3, F.NOTE_CASE, key=K.SUBJECT),
    ),
    Table("submission", R.SHORT_LIVED, About.NOBODY, "user_id location created_at", Part("key digest", C.K)),
    Table(
        "organisation_key",
        R.IN_USE,
        About.NOBODY,
        "id organisation_id created_at retired_at",
        Part("root wrapped", C.K),
    ),
    Table(
        "data_key",
        R.IN_USE,
        About.NOBODY,
        "id kind owner organisation_key_id created_at retired_at",
        Part("wrapped", C.K),
    ),
    Table(
        "erasure_proof",
        R.AUDIT,
        About.NOBODY,
        "id public_id",
        Part("subject_hash", C.K),
        Part("basis keys_destroyed indexes_removed values_unreadable erased_at", C.S2, F.AUDIT_SYSTEM),
    ),
)
